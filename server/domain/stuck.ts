/** When an order needs a person: nothing more will happen to it by itself, or not soon enough (design Appendix A). */
import type { DisplayStatus, PaymentStatus } from './payment-status.ts'

const MINUTE_MS = 60_000

/** What is without an outcome for longer is stuck. */
export const STUCK_AFTER_MS = {
  /** Customers finish or give up long before. */
  pending: 30 * MINUTE_MS,
  /** An order that nobody has paid: people come back to it the same day. */
  created: 24 * 60 * MINUTE_MS,
  /** A capture or release of held money that was sent, and that nobody answered. */
  handling: 120 * MINUTE_MS,
} as const

/** Juspay's words for held money that is being taken or given back. */
export const HANDLING_CODES = ['CAPTURE_INITIATED', 'VOID_INITIATED'] as const
/** Cash on delivery waits for the delivery, which is no trouble. */
export const NEVER_STUCK_CODE = 'COD_INITIATED'

/** Stuck orders are looked for this far back: what is older has been given up, and counting it would never end. */
export const STUCK_LOOKBACK_MS = 30 * 86_400_000

/** Statuses that only a person ends, at any age. */
export const ATTENTION_STATUSES = [
  'review',
  'unknown',
  'disputed',
] as const satisfies readonly DisplayStatus[]

/** What says whether an order is stuck. */
export type WaitingOrder = {
  paymentStatus: PaymentStatus
  /** Juspay's own word. */
  providerStatus: string
  createdAt: Date
  changedAt: Date
}

/** Since when an order has waited for its outcome; null while that is not too long, and when it waits for none. */
export function stuckSince(order: WaitingOrder, now: Date): Date | null {
  const { paymentStatus, providerStatus, createdAt, changedAt } = order
  if (providerStatus === NEVER_STUCK_CODE) return null
  if (HANDLING_CODES.some((code) => code === providerStatus))
    return overdue(changedAt, STUCK_AFTER_MS.handling, now)
  if (paymentStatus === 'created') return overdue(createdAt, STUCK_AFTER_MS.created, now)
  const waits = paymentStatus === 'pending' || paymentStatus === 'unknown'
  return waits ? overdue(createdAt, STUCK_AFTER_MS.pending, now) : null
}

function overdue(since: Date, afterMs: number, now: Date): Date | null {
  return now.getTime() - since.getTime() > afterMs ? since : null
}
