/**
 * What to do after Juspay answered, or did not answer, a refund call (reliability §2.3). Pure and total: every kind of
 * answer has exactly one next step, and none of them guesses. The shapes accept what the Juspay client returns.
 */

/** The least time between two calls with the same amount on one order: Juspay refuses them within 5 s (§5.5). */
export const SAME_AMOUNT_GAP_MS = 6_000
/** How long a claim holds before others may conclude that its worker died. Longer than the call's total time-out. */
export const LEASE_MS = 60_000
/** A status read older than this does not count as fresh before sending (C17). */
export const FRESH_MS = 5_000
/** A call that never showed up may be given up (never re-keyed by itself) this long after it was sent (§2.1.10). */
export const GIVE_UP_AFTER_MS = 15 * 60_000

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The janitor's waits: after the last one hourly until a day has passed, then every six hours (§2.1.7). */
const LADDER_MS = [
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
] as const
const WATCHED_MS = 11 * DAY

/** The first look at a refund after its status changed. */
export const FIRST_LOOK_MS = LADDER_MS[0]

/**
 * When to look at an open refund next.
 * @param input.checkCount looks since its status last changed. Its age counts from the first sending: one that was held
 *   back for days and has just left is as young as any other.
 * @returns null when looking is over: after 11 days Juspay has put it into manual review and will say more itself.
 *   A refund whose outcome is unknown is looked at for ever.
 */
export function nextLookAt(input: {
  checkCount: number
  firstSentAt: Date | null
  createdAt: Date
  now: Date
  unknown: boolean
}): Date | null {
  const { checkCount, firstSentAt, createdAt, now, unknown } = input
  const age = now.getTime() - (firstSentAt ?? createdAt).getTime()
  if (age >= WATCHED_MS && !unknown) return null
  const step = LADDER_MS[checkCount]
  const wait = age >= DAY ? 6 * HOUR : (step ?? HOUR)
  return new Date(now.getTime() + wait)
}

/** What came back instead of an accepted refund, as the Juspay client says it. */
export type SendFailure =
  | { kind: 'rejected'; reason: string }
  | { kind: 'unauthorised' }
  | { kind: 'unavailable'; cause: 'not_sent' | 'throttled'; retryAfterMs: number | null }
  | { kind: 'uncertain'; retryAfterMs: number | null }
  | { kind: 'malformed' }

export type Verdict =
  /** This call refused the refund; whether it exists is for order status to say. */
  | { do: 'look'; ifAbsent: 'resend' | 'reject' }
  /** This call was not processed: as before it, and the same key again after the wait. */
  | { do: 'put_back'; waitMs: number; alarm: boolean }
  /** Nobody can tell: unknown until order status says. */
  | { do: 'doubt'; waitMs: number; alarm: boolean }

const UNAUTHORISED_WAIT_MS = 5 * MINUTE
const THROTTLED_WAIT_MS = 30 * SECOND

/** The first column of the table: what an unsuccessful answer to a refund call allows. */
export function readFailure(failure: SendFailure): Verdict {
  switch (failure.kind) {
    case 'rejected':
      // duplicate.call has two opposite meanings and one shape (§0.4): neither is success, neither is failure.
      return failure.reason === 'duplicate_id' || failure.reason === 'duplicate_amount'
        ? { do: 'look', ifAbsent: 'resend' }
        : { do: 'look', ifAbsent: 'reject' }
    case 'unauthorised':
      return { do: 'put_back', waitMs: UNAUTHORISED_WAIT_MS, alarm: true }
    case 'unavailable':
      return failure.cause === 'throttled'
        ? { do: 'put_back', waitMs: atLeast(failure.retryAfterMs, THROTTLED_WAIT_MS), alarm: false }
        : { do: 'put_back', waitMs: FIRST_LOOK_MS, alarm: false }
    case 'uncertain':
      return { do: 'doubt', waitMs: atLeast(failure.retryAfterMs, FIRST_LOOK_MS), alarm: false }
    case 'malformed':
      return { do: 'doubt', waitMs: FIRST_LOOK_MS, alarm: true }
  }
}

function atLeast(asked: number | null, least: number): number {
  return asked === null || asked < least ? least : asked
}

/** What order status said about our key: there, not there (or no such order), or no usable answer. */
export type Look = 'present' | 'absent' | 'unanswered'

export type NextStep =
  { do: 'adopt' } | { do: 'resend'; notBefore: Date } | { do: 'reject' } | { do: 'look_again' }

/** Whether a call that left at `sentAt`, and that nobody answered, may still arrive at Juspay (§2.1.10). */
export function mayArrive(sentAt: Date | null, now: Date): boolean {
  return sentAt !== null && now.getTime() - sentAt.getTime() < GIVE_UP_AFTER_MS
}

/**
 * The second column: what follows from the look. "Not there" is never failure by itself (C11): only together with a
 * definite refusal of the call does it reject the refund; otherwise the same key is sent again. A refusal ends the call
 * that it answers and no other: while an earlier one may still arrive, Juspay may still take it (§2.1.10).
 * @param input.doubtedAt when the newest call left of which nobody knows whether it arrived
 */
export function readLook(input: {
  look: Look
  ifAbsent: 'resend' | 'reject'
  lastSentAt: Date | null
  doubtedAt: Date | null
  now: Date
}): NextStep {
  const { look, ifAbsent, lastSentAt, doubtedAt, now } = input
  if (look === 'present') return { do: 'adopt' }
  if (look === 'unanswered') return { do: 'look_again' }
  if (ifAbsent === 'reject') return mayArrive(doubtedAt, now) ? { do: 'look_again' } : { do: 'reject' }
  return { do: 'resend', notBefore: new Date((lastSentAt?.getTime() ?? 0) + SAME_AMOUNT_GAP_MS) }
}
