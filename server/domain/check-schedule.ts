import type { PaymentStatus } from './payment-status.ts'
import { earlier } from './stamp.ts'

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

/**
 * A charged order changes no more by itself, but somebody may refund it in Juspay's portal while its webhooks are lost:
 * looked at daily (W24), through a budget of its own (`status-budget.ts`).
 */
const SETTLED_LADDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((days) => days * DAY)

/**
 * Money that only a webhook claims is confirmed with the order status API, which may be a second or two behind (§6.5).
 * What Juspay does not confirm within ten days is left to the person who has been told by then.
 */
const CONFIRM_SOON = [5, 15].map((seconds) => seconds * SECOND)
const CONFIRM_LADDER = [
  ...[1, 5, 15].map((minutes) => minutes * MINUTE),
  ...[1, 6].map((hours) => hours * HOUR),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((days) => days * DAY),
]

/** When Juspay does not answer: as long again as it has been, within these. */
const RETRY_MIN = MINUTE
const RETRY_MAX = HOUR

export type CheckState = {
  paymentStatus: PaymentStatus
  /** Whether a hold is being released: that may fail, or time out and leave the hold (§4.3). */
  releasing: boolean
  /** Whether a refund made elsewhere is not settled yet. */
  openRefunds: boolean
  /** When the order last changed. */
  changedAt: Date
  /** When Juspay last answered about it. */
  lastCheckedAt: Date | null
  /** Since when money is claimed by webhooks alone. */
  unconfirmedSince: Date | null
}

/** When to ask Juspay about an order next; null when nothing more is expected. */
export function nextCheckAt(state: CheckState, now: Date): Date | null {
  const due = [nextRung(state.changedAt, ladderOf(state), now), confirmAt(state, now)]
  return due.reduce(earlier, null)
}

/**
 * The claim's own ladder counts from the first claim, so that a stream of webhooks cannot keep pushing the question
 * away; one from the last change joins it, so that a new claim does not wait for the late rungs of an old one. That
 * one begins after a minute: such a stream must not use up the order's calls before the first claim is judged.
 */
function confirmAt({ unconfirmedSince, changedAt, lastCheckedAt }: CheckState, now: Date): Date | null {
  if (unconfirmedSince === null) return null
  const due = earlier(
    nextRung(unconfirmedSince, [...CONFIRM_SOON, ...CONFIRM_LADDER], now),
    nextRung(changedAt, CONFIRM_LADDER, now),
  )
  if (due !== null) return due
  // The question is still owed, however late.
  const answered = lastCheckedAt !== null && lastCheckedAt >= unconfirmedSince
  return answered ? null : new Date(now.getTime() + RETRY_MAX)
}

function nextRung(from: Date, ladder: readonly number[], now: Date): Date | null {
  const offset = ladder.find((step) => from.getTime() + step > now.getTime())
  return offset === undefined ? null : new Date(from.getTime() + offset)
}

function ladderOf(state: CheckState): readonly number[] {
  switch (state.paymentStatus) {
    case 'created':
    case 'pending':
    case 'authorised':
    case 'unknown':
      return OPEN_LADDER
    case 'failed':
      return FAILED_LADDER
    case 'charged':
      return state.openRefunds ? REFUND_LADDER : SETTLED_LADDER
    case 'voided':
      if (state.releasing) return OPEN_LADDER
      return state.openRefunds ? REFUND_LADDER : []
  }
}

/** When to ask again after Juspay gave no answer: later and later, at most an hour. */
export function retryCheckAt(changedAt: Date, now: Date): Date {
  const age = now.getTime() - changedAt.getTime()
  return new Date(now.getTime() + Math.min(RETRY_MAX, Math.max(RETRY_MIN, age)))
}
