import type { Finding } from './discrepancy.ts'
import type { OrderRecord } from './order.ts'
import { describeStatus, isSettledStatus, paymentStatusOf } from './payment-status.ts'
import type { ProviderOrder } from './provider-order.ts'

/**
 * Whether Juspay's order status answer contradicts what we hold after merging it. Only two different outcomes
 * contradict each other: an answer that is merely behind (reported to lag by seconds, API reference §6.5) does not,
 * and a failure elsewhere never takes a confirmed charge back without a person (§3.4).
 */
export function statusConflict(order: OrderRecord, told: ProviderOrder): Finding | null {
  if (told.providerStatus === null) return null
  const theirs = paymentStatusOf(told.providerStatus)
  if (theirs === order.paymentStatus) return null
  if (!isSettledStatus(theirs) || !isSettledStatus(order.paymentStatus)) return null
  return {
    kind: 'status_conflict',
    detail: `We hold ${describeStatus(order.providerStatus).label}; Juspay now answers ${describeStatus(told.providerStatus).label}.`,
    ours: order.providerStatus,
    theirs: told.providerStatus,
  }
}

/** Whether the answer says the same as we hold: only that ends a conflict, an answer that lags behind does not. */
export function statusAgrees(order: OrderRecord, told: ProviderOrder): boolean {
  return told.providerStatus !== null && paymentStatusOf(told.providerStatus) === order.paymentStatus
}
