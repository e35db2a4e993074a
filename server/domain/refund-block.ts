import { formatMoney } from './money.ts'
import type { OrderRecord } from './order.ts'
import type { RefundFacts } from './refund-display.ts'
import type { RefusalCode } from './refusal.ts'

/** Why no refund can be asked for at all right now, whoever asks. */
export type RefundBlock = { code: RefusalCode; message: string }

type Asked = Pick<OrderRecord, 'chargedMinor' | 'currency' | 'excessMinor' | 'disputed' | 'disputedMinor'> & {
  reservedMinor: bigint
  refundedMinor: bigint
  externalRefundedMinor: bigint
}

type Balance = Omit<Asked, 'currency' | 'excessMinor' | 'disputed'>
type Weighed = Balance & Pick<Asked, 'excessMinor'>

/** Why an order takes no refund, by kind, in the order in which it is decided. */
export const UNREFUNDABLE = ['not_charged', 'overrun', 'nothing_left', 'unconfirmed'] as const
export type Unrefundable = (typeof UNREFUNDABLE)[number]

/** The kinds in words, of one order or of many. */
export const UNREFUNDABLE_WORDS: Readonly<Record<Unrefundable, string>> = {
  not_charged: 'Order is not charged',
  overrun: 'More than was charged is refunded or on its way',
  nothing_left: 'Nothing left to refund',
  unconfirmed: 'Juspay has not confirmed the payment yet',
}

/** What of {@link refundBlockOf} and {@link unconfirmedBlock} stands in the way of an order in a list; null for neither. */
export function unrefundableOf(order: Weighed & { unconfirmedSince: Date | null }): Unrefundable | null {
  return balanceBlockOf(order) ?? (order.unconfirmedSince === null ? null : 'unconfirmed')
}

function balanceBlockOf(order: Weighed): Exclude<Unrefundable, 'unconfirmed'> | null {
  if (order.chargedMinor <= 0n) return 'not_charged'
  if (order.excessMinor > 0n) return 'overrun'
  return leftMinorOf(order) === 0n ? 'nothing_left' : null
}

/** What may still be asked for on the order, in minor units; never negative. */
export function leftMinorOf(order: Balance): bigint {
  const left = uncommitted(order)
  return left > 0n ? left : 0n
}

/** What has gone back to the customer: refunds made elsewhere count in the balance at once, here when they succeeded. */
export function refundedMinorOf(
  order: Pick<OrderRecord, 'refundedMinor' | 'externalRefundedMinor' | 'externalPendingMinor'>,
): bigint {
  return order.refundedMinor + order.externalRefundedMinor - order.externalPendingMinor
}

function uncommitted(order: Balance): bigint {
  const { chargedMinor, reservedMinor, refundedMinor, externalRefundedMinor, disputedMinor } = order
  return chargedMinor - reservedMinor - refundedMinor - externalRefundedMinor - disputedMinor
}

/**
 * Why a refund already set aside must not go out now: with it, more would leave than was charged and is not disputed.
 * Null when it may.
 */
export function overdrawnProblem(order: Asked): string | null {
  const show = (minor: bigint): string => formatMoney({ minor, currency: order.currency })
  if (order.excessMinor > 0n)
    return `Refunds made elsewhere leave ${show(order.excessMinor)} less than is asked for on this order.`
  if (order.reservedMinor === 0n || uncommitted(order) >= 0n) return null
  return `${disputedWords(order)}, and the rest does not cover what is asked for.`
}

/** "₹500.00 of this order is disputed": never more than was charged. */
function disputedWords({ chargedMinor, disputed, disputedMinor, currency }: Asked): string {
  const minor = disputedMinor < chargedMinor ? disputedMinor : chargedMinor
  const what = disputed ? 'is disputed' : 'was taken back after a dispute'
  return `${formatMoney({ minor, currency })} of this order ${what} by the customer's bank`
}

/** Whether money can be asked back: the order was charged, and something of it is left. */
export function refundBlockOf(order: Asked): RefundBlock | null {
  const kind = balanceBlockOf(order)
  if (kind === null) return null
  if (kind === 'not_charged') return { code: 'order_not_charged', message: 'Order is not charged.' }
  if (kind === 'overrun') {
    const excess = formatMoney({ minor: order.excessMinor, currency: order.currency })
    return { code: 'nothing_left', message: `${excess} more than was charged is refunded or on its way.` }
  }
  if (order.disputedMinor > 0n) return { code: 'nothing_left', message: `${disputedWords(order)}.` }
  return order.reservedMinor > 0n
    ? { code: 'nothing_left', message: 'Nothing left to refund: the rest is asked for or on its way.' }
    : { code: 'nothing_left', message: 'Nothing left to refund.' }
}

type Made = Pick<RefundFacts, 'amountMinor' | 'currency' | 'requestStatus' | 'refundStatus'>

/** "A refund of ₹1,500.00 is waiting for approval.": what nobody has decided on yet; null when there is nothing. */
export function waitingText(refunds: readonly Made[]): string | null {
  const waiting = refunds.filter(
    ({ requestStatus, refundStatus }) => requestStatus === 'pending_approval' && refundStatus === null,
  )
  const [first] = waiting
  if (first === undefined) return null
  const minor = waiting.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  const sum = formatMoney({ minor, currency: first.currency })
  return waiting.length === 1
    ? `A refund of ${sum} is waiting for approval.`
    : `${waiting.length} refunds of ${sum} in all are waiting for approval.`
}

/** The same for a person about to open the form: a refund in doubt has to be cleared up first (it resolves itself). */
export function formBlockOf(order: Asked, refunds: readonly Made[]): RefundBlock | null {
  if (refunds.some(({ refundStatus }) => refundStatus === 'unknown')) {
    return {
      code: 'refund_in_doubt',
      message: 'We do not know yet if another refund of this order was made. We keep asking Juspay.',
    }
  }
  const block = refundBlockOf(order)
  if (block?.code !== 'nothing_left' || order.reservedMinor === 0n) return block
  const waiting = waitingText(refunds)
  if (waiting === null) return block
  // What was asked for and not decided is the part of "the rest" that a person can do something about. That too much
  // went back, or is disputed, is said all the same: it stays so whatever is decided.
  const plain = order.excessMinor === 0n && order.disputedMinor === 0n
  return { ...block, message: `${plain ? 'Nothing left to refund.' : block.message} ${waiting}` }
}

/** Whether webhooks alone vouch for the order's money: it is not given back before Juspay says the same (W16). */
export function unconfirmedBlock(order: { unconfirmedSince: Date | null }): RefundBlock | null {
  if (order.unconfirmedSince === null) return null
  return {
    code: 'charge_unconfirmed',
    message: 'Juspay has not confirmed what a webhook says about the money of this order. We keep asking.',
  }
}
