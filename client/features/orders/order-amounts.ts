/** The amounts of an order in words, for the line at the top of its page and for paper. */
import { formatMoney } from '../../../server/domain/money.ts'
import type { OrderDetail } from './order-types.ts'

/** An amount, null while nobody knows it, and in the note what it is made of. */
export type OrderAmount = { label: string; minor: bigint | null; note: string | null }

/** In place of an amount that nobody has told yet. */
export const NOT_KNOWN = 'Not known yet'

export const UNCONFIRMED = 'Not confirmed by Juspay yet'

/** What there is left to refund, which is ours to know and no part of a receipt. */
export const LEFT = 'Left to refund'

/** The amounts, which add up: charged = refunded + pending + disputed + left. */
export function amountsOf(order: OrderDetail): OrderAmount[] {
  const { figures } = order
  const unknown = order.paymentStatus === 'charged' && isUnknown(order)
  return [
    unknown
      ? { label: 'Charged', minor: null, note: null }
      : { label: 'Charged', minor: figures.chargedMinor, note: chargedNote(order) },
    { label: 'Refunded', minor: figures.refundedMinor, note: refundedNote(order) },
    { label: 'Refund pending', minor: figures.pendingMinor, note: pendingNote(order) },
    ...(figures.disputedMinor > 0n
      ? [
          {
            ...(order.disputes.some(({ open }) => open)
              ? { label: 'Disputed', note: 'Held until the bank decides' }
              : { label: 'Taken back', note: 'By the bank, after a dispute' }),
            minor: figures.disputedMinor,
          },
        ]
      : []),
    { label: LEFT, minor: unknown ? null : figures.leftMinor, note: null },
  ]
}

function isUnknown({ explanation }: OrderDetail): boolean {
  return explanation.situation === 'amount_unknown'
}

/** By how much the amounts do not add up, as a sentence. */
export function gapText({ figures: { gapMinor }, currency }: OrderDetail): string {
  const minor = gapMinor < 0n ? -gapMinor : gapMinor
  return `Amounts do not add up by ${formatMoney({ minor, currency })}.`
}

function chargedNote(order: OrderDetail): string | null {
  const { figures, currency, unconfirmedSince, explanation } = order
  const text = (minor: bigint) => formatMoney({ minor, currency })
  const { charges, extraMinor } = figures
  if (isUnknown(order)) return 'Amount not known yet'
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
