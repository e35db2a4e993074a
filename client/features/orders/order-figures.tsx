import { formatMoney } from '../../../server/domain/money.ts'
import type { DiscrepancyKind } from '../../../server/domain/discrepancy.ts'
import { useKit } from '../../ui/kit-context.ts'
import { FigureStrip } from '../../ui/fact-list.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/states.tsx'
import type { OrderDetail } from './order-types.ts'
import css from './order.module.css'

/** Findings that are about amounts: one of them is why the line does not add up. */
const ABOUT_AMOUNTS: ReadonlySet<DiscrepancyKind> = new Set(['over_refunded', 'refund_amount_differs'])

const UNCONFIRMED = 'Not confirmed by Juspay yet'

/** The amounts, which add up: charged = refunded + pending + disputed + left. When they do not, the line says by how much. */
export function OrderFigures({ order }: { order: OrderDetail }) {
  const { currency, figures } = order
  const money = (minor: bigint) => <Money value={{ minor, currency }} />
  return (
    <>
      {figures.gapMinor === 0n ? null : <DoesNotAddUp order={order} />}
      <FigureStrip
        figures={[
          { label: 'Charged', value: money(figures.chargedMinor), note: chargedNote(order) },
          { label: 'Refunded', value: money(figures.refundedMinor), note: refundedNote(order) },
          { label: 'Refund pending', value: money(figures.pendingMinor), note: pendingNote(order) },
          ...(figures.disputedMinor > 0n
            ? [
                {
                  ...(order.disputes.some(({ open }) => open)
                    ? { label: 'Disputed', note: 'Held until the bank decides' }
                    : { label: 'Taken back', note: 'By the bank, after a dispute' }),
                  value: money(figures.disputedMinor),
                },
              ]
            : []),
          { label: 'Left to refund', value: money(figures.leftMinor) },
        ]}
      />
    </>
  )
}

function DoesNotAddUp({ order }: { order: OrderDetail }) {
  const { link: Link } = useKit()
  const { gapMinor } = order.figures
  const why = order.discrepancies.find(({ kind }) => ABOUT_AMOUNTS.has(kind))
  const text = (minor: bigint) => formatMoney({ minor, currency: order.currency })
  return (
    <div className={css['result']}>
      <Notice tone="review" title={`Amounts do not add up by ${text(gapMinor < 0n ? -gapMinor : gapMinor)}.`}>
        {why?.detail ??
          (gapMinor > 0n
            ? 'More is refunded, on its way or held than was charged.'
            : 'Less is accounted for than was charged.')}{' '}
        <Link to="/reconciliation">Open reconciliation</Link>
      </Notice>
    </div>
  )
}

function chargedNote({ figures, currency, unconfirmedSince, explanation }: OrderDetail): string | null {
  const text = (minor: bigint) => formatMoney({ minor, currency })
  const { charges, extraMinor } = figures
  if (unconfirmedSince !== null && explanation.situation !== 'confirming_refund') return UNCONFIRMED
  if (charges.length > 1)
    return charges.map(({ number, amountMinor }) => `Attempt ${number} ${text(amountMinor)}`).join(', ')
  if (figures.chargedMinor === 0n || extraMinor === 0n) return null
  return extraMinor > 0n ? `With ${text(extraMinor)} surcharge` : `After ${text(-extraMinor)} off`
}

function refundedNote({ figures, currency, explanation }: OrderDetail): string | null {
  const text = (minor: bigint) => formatMoney({ minor, currency })
  return joined([
    explanation.situation === 'confirming_refund' && UNCONFIRMED,
    figures.refundedElsewhereMinor > 0n && `${text(figures.refundedElsewhereMinor)} outside Paydesk`,
    figures.returnedByJuspayMinor > 0n && `${text(figures.returnedByJuspayMinor)} by Juspay itself`,
  ])
}

function pendingNote({ figures, currency }: OrderDetail): string | null {
  const text = (minor: bigint) => formatMoney({ minor, currency })
  return joined([
    figures.waitingMinor > 0n && `${text(figures.waitingMinor)} waits for approval`,
    figures.pendingElsewhereMinor > 0n && `${text(figures.pendingElsewhereMinor)} outside Paydesk`,
  ])
}

function joined(parts: readonly (string | false)[]): string | null {
  const said = parts.filter((part) => part !== false)
  return said.length === 0 ? null : said.join(', ')
}
