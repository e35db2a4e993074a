/**
 * Whether the provider answers, judged by the calls that are made anyway: nobody asks it only to find out. One call
 * without an answer is an accident, so an outage needs several over some time and no answer to anybody in between. One
 * order that the provider stumbles over is an accident too, however often it is asked about.
 */
import type { JuspayError, UncertainCause } from './provider-error.ts'

/** One call as it ended. */
export type CallSeen = { at: Date; answered: boolean; tookMs: number }

/** What is kept of an account's calls. Without failures since the last answer the three facts of them are empty. */
export type CallRecord = {
  answeredAt: Date | null
  /**
   * The first and the last call without an answer since the last answer, and how many there were. After an answer that
   * was told late the first may be earlier and there may be more of them: an outage is never said too early.
   */
  failingSince: Date | null
  failedAt: Date | null
  failures: number
  /** How long the last answers took, oldest first. */
  tookMs: readonly number[]
}

export type ProviderHealth =
  /** It answered when it was last asked. `p95Ms` is null of few or old answers. */
  | { state: 'answering'; answeredAt: Date; p95Ms: number | null }
  | { state: 'down'; since: Date }
  /** Nobody has asked it yet, or it did not answer and was not asked again since. */
  | { state: 'unknown' }

export const NO_CALLS: CallRecord = {
  answeredAt: null,
  failingSince: null,
  failedAt: null,
  failures: 0,
  tookMs: [],
}

/** What is seen may wait this long to be written down, when it says nothing new. */
export const WRITE_EVERY_MS = 10_000

/** An outage: as many calls, over a time in which the answers of every process would have been written down. */
export const OUTAGE_CALLS = 3
export const OUTAGE_MS = WRITE_EVERY_MS + 5_000

/** Within this time calls about one order that fail one after the other count as one: alone it needs minutes to be an outage. */
export const ONE_ORDER_MS = 60_000

/** The longest wait of what tries again by itself on the day it fails (refund-answer.ts), and a little: then nobody asks any more. */
export const FORGOTTEN_MS = 65 * 60_000

/** Times of answers kept, and how many are needed to speak of 95 in a hundred. */
export const TIMES_KEPT = 100
const TIMES_MIN = 10
/** Older answers say nothing about how fast it is now. */
const TIMES_FRESH_MS = 15 * 60_000

/** Answers that no provider gives which is well; the others are strange answers, but answers. */
const SILENT: ReadonlySet<UncertainCause> = new Set<UncertainCause>([
  'timeout',
  'connection_lost',
  'server_error',
  'redirect',
  'empty',
  'not_json',
  'content_type',
])

/** Whether a call that ended like this was answered; null when it says nothing about that. */
export function wasAnswered(error: JuspayError | null): boolean | null {
  switch (error?.kind) {
    case undefined:
    case 'unauthorised':
      return true
    case 'rejected':
      // Refused here, before it was sent.
      return error.httpStatus === null ? null : true
    case 'unavailable':
      return error.cause === 'throttled'
    case 'uncertain':
      return SILENT.has(error.cause) ? false : null
    case 'malformed':
      return null
  }
}

/** A call without an answer, and the order it was about; null when nobody was reached: no order is to blame for that. */
export type FailureSeen = { at: Date; orderRef: string | null }

/** A call about an order that ended like this, without an answer. */
export function failureSeen(error: JuspayError, orderRef: string, at: Date): FailureSeen {
  return { at, orderRef: error.kind === 'unavailable' ? null : orderRef }
}

/** Whether a failure tells more than the last that counted, without an answer in between. */
export function tellsMore(last: FailureSeen | null, { at, orderRef }: FailureSeen): boolean {
  if (last === null || orderRef === null || orderRef !== last.orderRef) return true
  return at.getTime() - last.at.getTime() >= ONE_ORDER_MS
}

/** The record after further calls, told late and in any order. */
export function recordCalls(record: CallRecord, calls: readonly CallSeen[]): CallRecord {
  return calls.toSorted((a, b) => a.at.getTime() - b.at.getTime()).reduce(recordCall, record)
}

function recordCall(record: CallRecord, { at, answered, tookMs }: CallSeen): CallRecord {
  const { answeredAt, failingSince, failedAt, failures } = record
  if (!answered) {
    // Older than an answer that is written down already.
    if (answeredAt !== null && at <= answeredAt) return record
    return {
      ...record,
      failingSince: failingSince === null || at < failingSince ? at : failingSince,
      failedAt: failedAt === null || at > failedAt ? at : failedAt,
      failures: failures + 1,
    }
  }
  const times = [...record.tookMs, tookMs].slice(-TIMES_KEPT)
  const newest = answeredAt === null || at > answeredAt ? at : answeredAt
  // Calls have failed since: it does not end what came after it.
  if (failedAt !== null && at < failedAt)
    return { ...record, ...failedAfter(record, at), answeredAt: newest, tookMs: times }
  return { ...NO_CALLS, answeredAt: newest, tookMs: times }
}

/** The failures after an answer that was told late: which of them the last was is known, of those between nothing is kept. */
function failedAfter({ failingSince, failedAt, failures }: CallRecord, answered: Date) {
  return failingSince === null || answered < failingSince
    ? { failingSince, failures }
    : { failingSince: failedAt, failures: 1 }
}

/** What may be said of the provider now. */
export function providerHealth(record: CallRecord | null, now: Date): ProviderHealth {
  if (record === null) return { state: 'unknown' }
  const { answeredAt, failingSince, failedAt, tookMs } = record
  if (failingSince !== null && failedAt !== null && isOutage(record))
    return now.getTime() - failedAt.getTime() <= FORGOTTEN_MS
      ? { state: 'down', since: failingSince }
      : { state: 'unknown' }
  if (answeredAt === null) return { state: 'unknown' }
  const fresh = now.getTime() - answeredAt.getTime() <= TIMES_FRESH_MS
  return { state: 'answering', answeredAt, p95Ms: fresh ? p95(tookMs) : null }
}

/** Whether the calls recorded amount to an outage. */
export function isOutage({ failingSince, failedAt, failures }: CallRecord): boolean {
  if (failingSince === null || failedAt === null || failures < OUTAGE_CALLS) return false
  return failedAt.getTime() - failingSince.getTime() >= OUTAGE_MS
}

function p95(times: readonly number[]): number | null {
  if (times.length < TIMES_MIN) return null
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null
}
