import type { DiscrepancyKind } from '../../../server/domain/discrepancy.ts'
import { useKit } from '../../ui/kit-context.ts'
import { FigureStrip } from '../../ui/fact-list.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/states.tsx'
import { amountsOf, gapText, NOT_KNOWN } from './order-amounts.ts'
import type { OrderDetail } from './order-types.ts'
import css from './order.module.css'

/** Findings that are about amounts: one of them is why the line does not add up. */
const ABOUT_AMOUNTS: ReadonlySet<DiscrepancyKind> = new Set(['over_refunded', 'refund_amount_differs'])

/** The amounts of an order in one line; over it, by how much they do not add up. */
export function OrderFigures({ order }: { order: OrderDetail }) {
  const { currency } = order
  return (
    <>
      {order.figures.gapMinor === 0n ? null : <DoesNotAddUp order={order} />}
      <FigureStrip
        figures={amountsOf(order).map(({ label, minor, note }) => ({
          label,
          value:
            minor === null ? (
              <span className="muted">{NOT_KNOWN}</span>
            ) : (
              <Money value={{ minor, currency }} />
            ),
          note,
        }))}
      />
    </>
  )
}

function DoesNotAddUp({ order }: { order: OrderDetail }) {
  const { link: Link } = useKit()
  const why = order.discrepancies.find(({ kind }) => ABOUT_AMOUNTS.has(kind))
  return (
    <div className={css['result']}>
      <Notice tone="review" title={gapText(order)}>
        {why?.detail ??
          (order.figures.gapMinor > 0n
            ? 'More is refunded, on its way or held than was charged.'
            : 'Less is accounted for than was charged.')}{' '}
        <Link to="/reconciliation">Open reconciliation</Link>
      </Notice>
    </div>
  )
}
