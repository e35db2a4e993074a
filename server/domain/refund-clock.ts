/**
 * Where a refund on its way is, and since when: the clocks that run beside it. Juspay queues it for up to 15 minutes,
 * the gateway pays it back, Juspay calls for a person after ten days (API reference §5.3), and the customer was
 * promised seven working days.
 */

import { INDIA_OFFSET_MS } from './indian-time.ts'

const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/** A refund waits at Juspay no longer than this before it goes to the gateway. */
export const QUEUE_MS = 15 * MINUTE_MS
/** After this Juspay itself moves a pending refund to manual review. */
export const REVIEW_AFTER_MS = 10 * DAY_MS
/** What customers are told. */
export const PROMISED_WORKING_DAYS = 7

/** Whole days since the epoch in India. */
function istDay(at: Date): number {
  return Math.floor((at.getTime() + INDIA_OFFSET_MS) / DAY_MS)
}

/** Monday to Friday. Day 0 of the epoch was a Thursday. Holidays differ by bank and state and are not known here. */
function isWorkingDay(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7
  return weekday !== 0 && weekday !== 6
}

/**
 * The instant `days` working days later, at the same time of day in India; a weekend does not count.
 * @param days negative goes back
 */
export function addWorkingDays(from: Date, days: number): Date {
  const step = days < 0 ? -1 : 1
  let day = istDay(from)
  let left = Math.abs(days)
  while (left > 0) {
    day += step
    if (isWorkingDay(day)) left -= 1
  }
  return new Date(from.getTime() + (day - istDay(from)) * DAY_MS)
}

/** Working days that have begun since `from`, in India; 0 on the same day. */
export function workingDaysSince(from: Date, now: Date): number {
  let count = 0
  for (let day = istDay(from) + 1; day <= istDay(now); day += 1) if (isWorkingDay(day)) count += 1
  return count
}

/** Whether the day of `at` is over in India: what was to be there by then should be there. */
export function isDayOver(at: Date, now: Date): boolean {
  return istDay(now) > istDay(at)
}

/** Whether a refund sent at `sentAt` and still pending has broken the promise to the customer. */
export function isLate(sentAt: Date, now: Date): boolean {
  return workingDaysSince(sentAt, now) > PROMISED_WORKING_DAYS
}

/** The end of the day before which a refund must have been sent to be late now: what a query can compare with. */
export function lateBefore(now: Date): Date {
  let day = istDay(now)
  for (let count = 0; ; day -= 1) {
    if (isWorkingDay(day)) count += 1
    // Everything sent on the day before this one, or earlier, has more than the promised days behind it.
    if (count > PROMISED_WORKING_DAYS) return new Date(day * DAY_MS - INDIA_OFFSET_MS)
  }
}

export type RefundClock = {
  place: 'queue' | 'gateway'
  /** It has been in the queue for longer than Juspay says it takes. */
  overdueInQueue: boolean
  /** Juspay's review clock. */
  reviewAt: Date
  daysToReview: number
  /** When the money should be there: as told, else as promised. */
  expectedAt: Date
  workingDays: number
  late: boolean
}

/** The clocks of a pending refund. */
export function refundClock(
  refund: { sentAt: Date; sentToGateway: boolean; expectedCreditAt: Date | null },
  now: Date,
): RefundClock {
  const { sentAt, sentToGateway, expectedCreditAt } = refund
  const age = now.getTime() - sentAt.getTime()
  const reviewAt = new Date(sentAt.getTime() + REVIEW_AFTER_MS)
  return {
    place: sentToGateway ? 'gateway' : 'queue',
    overdueInQueue: !sentToGateway && age > QUEUE_MS,
    reviewAt,
    daysToReview: Math.max(0, Math.ceil((reviewAt.getTime() - now.getTime()) / DAY_MS)),
    expectedAt: expectedCreditAt ?? addWorkingDays(sentAt, PROMISED_WORKING_DAYS),
    workingDays: workingDaysSince(sentAt, now),
    late: isLate(sentAt, now),
  }
}

/** Age of a refund on its way, in days since it was sent; the last holds everything older. */
export const AGE_BUCKETS = [
  { id: 'today', label: 'Under 1 day', fromDays: 0 },
  { id: 'days1', label: '1 to 2 days', fromDays: 1 },
  { id: 'days3', label: '3 to 4 days', fromDays: 3 },
  { id: 'days5', label: '5 to 6 days', fromDays: 5 },
  { id: 'days7', label: '7 to 9 days', fromDays: 7 },
  { id: 'days10', label: '10 days and more', fromDays: 10 },
] as const

export type AgeBucket = (typeof AGE_BUCKETS)[number]['id']

/** The bucket of an age; a refund dated in the future is new. */
export function ageBucketOf(ageDays: number): AgeBucket {
  let found: AgeBucket = 'today'
  for (const bucket of AGE_BUCKETS) if (ageDays >= bucket.fromDays) found = bucket.id
  return found
}
