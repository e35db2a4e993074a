import type { PaymentStatus } from './payment-status.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** While an outcome is expected: the ladder of the API reference §4.4, then daily until an order is ten days old. */
const OPEN_LADDER = [
  ...[15, 30, 45, 60, 75, 90].map((seconds) => seconds * SECOND),
  ...[2, 5, 10, 20].map((minutes) => minutes * MINUTE),
  ...[1, 2, 6, 12, 24].map((hours) => hours * HOUR),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10].map((days) => days * DAY),
]

/** A failure may still turn into a late success (§4.3), so it is watched for a day. */
const FAILED_LADDER = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY]

/** Refunds made elsewhere that are on their way: nobody else asks about them (ours have their own poller). */
const REFUND_LADDER = [HOUR, 6 * HOUR, ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((days) => days * DAY)]

/** A webhook's word about money is confirmed once with the order status API (§6.5). */
const CONFIRM_AFTER = 30 * SECOND

/** When Juspay does not answer: as long again as it has been, within these. */
const RETRY_MIN = MINUTE
const RETRY_MAX = HOUR

export type CheckState = {
  paymentStatus: PaymentStatus
  /** Whether a refund made elsewhere is not settled yet. */
  openRefunds: boolean
  /** When the order last changed. */
  changedAt: Date
  /** When Juspay last answered about it. */
  lastCheckedAt: Date | null
}

/** When to ask Juspay about an order next; null when nothing more is expected. */
export function nextCheckAt(state: CheckState, now: Date): Date | null {
  const confirmed = state.lastCheckedAt !== null && state.lastCheckedAt >= state.changedAt
  const offset = ladderOf(state, confirmed).find((step) => state.changedAt.getTime() + step > now.getTime())
  if (offset !== undefined) return new Date(state.changedAt.getTime() + offset)
  // The confirmation is still owed, however late.
  return confirmed ? null : new Date(now.getTime() + CONFIRM_AFTER)
}

function ladderOf(state: CheckState, confirmed: boolean): readonly number[] {
  switch (state.paymentStatus) {
    case 'created':
    case 'pending':
    case 'authorised':
    case 'unknown':
      return OPEN_LADDER
    case 'failed':
      return FAILED_LADDER
    case 'charged':
    case 'voided':
      return [...(confirmed ? [] : [CONFIRM_AFTER]), ...(state.openRefunds ? REFUND_LADDER : [])]
  }
}

/** When to ask again after Juspay gave no answer: later and later, at most an hour. */
export function retryCheckAt(changedAt: Date, now: Date): Date {
  const age = now.getTime() - changedAt.getTime()
  return new Date(now.getTime() + Math.min(RETRY_MAX, Math.max(RETRY_MIN, age)))
}
