/**
 * Orders of which nobody has named an amount that can be read: missing, masked, negative or text. Juspay takes no
 * payment of nothing (API reference §2.3), so nought is never an amount here; it stands for one that is not known.
 */
import type { MessageSource } from './confirmation.ts'
import type { Finding } from './discrepancy.ts'
import type { OrderAggregate, OrderRecord } from './order.ts'
import { describeStatus } from './payment-status.ts'

/** Whether neither the amount of an order nor what was charged for it is known. */
export function isAmountUnknown(order: Pick<OrderRecord, 'amountMinor' | 'chargedMinor'>): boolean {
  return order.amountMinor === 0n && order.chargedMinor === 0n
}

/** Orders that are charged with nobody knowing how much, as the list of orders is asked for them. */
export const UNKNOWN_CHARGES_QUERY = 'pay:charged is:amount_unknown'

/** Whether an order is charged and nobody knows how much. */
export function isChargeUnknown(held: OrderAggregate | null): boolean {
  return held !== null && held.order.paymentStatus === 'charged' && isAmountUnknown(held.order)
}

/**
 * The work item for a charge without an amount: as soon as a message makes it one, and again while Juspay's own answer
 * does not say more. Null for any other order, and for webhooks that merely repeat it.
 */
export function unknownChargeFinding(
  before: OrderAggregate | null,
  next: OrderAggregate,
  source: MessageSource,
): Finding | null {
  if (!isChargeUnknown(next)) return null
  if (source === 'webhook' && isChargeUnknown(before)) return null
  const { label } = describeStatus(next.order.providerStatus)
  const who = source === 'webhook' ? 'A webhook says' : 'Juspay answers'
  return {
    kind: 'unconfirmed_claim',
    detail: `${who} ${label}, and no amount that can be read.`,
    ours: next.order.providerStatus,
    theirs: null,
  }
}
