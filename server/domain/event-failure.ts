/**
 * Why an event needs a look, in words that stay the same whatever the message of one failure says: what the groups of
 * the failed events are made by. The store asks the database the same questions, from the same tables.
 */
export const FAILURE_REASONS = [
  'order_not_found',
  'unknown_event',
  'bad_body',
  'wrong_merchant',
  'database_busy',
  'code_error',
  'other',
] as const

export type FailureReason = (typeof FAILURE_REASONS)[number]

/** Outcomes whose reason needs no further look. `error` is told apart by its text. */
const BY_OUTCOME: Readonly<Record<string, FailureReason>> = {
  no_order_yet: 'order_not_found',
  unknown_event: 'unknown_event',
  parse_failed: 'bad_body',
  wrong_merchant: 'wrong_merchant',
}

/** Parts of messages of a database that was overloaded, restarting or blocked: it passes by itself. Lower case. */
export const BUSY_SIGNS = [
  'deadlock detected',
  'could not serialize access',
  'lock timeout',
  'statement timeout',
  'timeout exceeded when trying to connect',
  'connection terminated',
  'connection refused',
  'econnrefused',
  'econnreset',
  'too many clients',
  'remaining connection slots',
  'the database system is',
  'terminating connection',
  'out of shared memory',
] as const

/** The reason of one failure. */
export function failureReason(event: { outcome: string | null; error: string | null }): FailureReason {
  if (event.outcome === 'error') return isBusy(event.error) ? 'database_busy' : 'code_error'
  return (event.outcome === null ? undefined : BY_OUTCOME[event.outcome]) ?? 'other'
}

function isBusy(error: string | null): boolean {
  const text = error?.toLowerCase() ?? ''
  return BUSY_SIGNS.some((sign) => text.includes(sign))
}

/**
 * What a reason means in terms of stored fields: one of `outcomes`, and for errors whether the text shows a busy
 * database. `outcomes` null means every outcome that belongs to no other reason.
 */
export type ReasonTest = { outcomes: readonly string[] | null; busy: boolean | null }

/** The test that finds the events of `reason` and no others. */
export function reasonTest(reason: FailureReason): ReasonTest {
  if (reason === 'database_busy') return { outcomes: ['error'], busy: true }
  if (reason === 'code_error') return { outcomes: ['error'], busy: false }
  if (reason === 'other') return { outcomes: null, busy: null }
  const outcomes = Object.entries(BY_OUTCOME).flatMap(([outcome, named]) =>
    named === reason ? [outcome] : [],
  )
  return { outcomes, busy: null }
}

/** Outcomes that have a reason of their own. */
export const NAMED_OUTCOMES: readonly string[] = [...Object.keys(BY_OUTCOME), 'error']

/** The group's name on screen. */
export const REASON_LABELS: Readonly<Record<FailureReason, string>> = {
  order_not_found: 'Order not found yet',
  unknown_event: 'Unknown event name',
  bad_body: 'Bad body',
  wrong_merchant: 'Wrong merchant',
  database_busy: 'Database busy',
  code_error: 'Code error',
  other: 'Other reason',
}

/** What a person should know about the group. */
export const REASON_DETAILS: Readonly<Record<FailureReason, string>> = {
  order_not_found: 'They tell too little about an order that neither we nor Juspay know yet.',
  unknown_event: 'We do not know the name. They are held and change nothing.',
  bad_body: 'The bytes cannot be read as an event. Trying again cannot change that.',
  wrong_merchant: 'They are about another merchant than the address they came to.',
  database_busy: 'The database was busy or away while they were applied. It passes by itself.',
  code_error: 'Applying them failed in our own code. Replay them after the fix.',
  other: 'They could not be applied.',
}

/**
 * Why replaying everything of a reason is of no use; null when it may end otherwise, after a fix, a setting or an order
 * that is there by then. One event at a time can still be replayed: who looks at it sees what came.
 */
export function replayProblem(reason: FailureReason): string | null {
  return reason === 'bad_body'
    ? 'No replay makes these bytes readable. Ignore them, or replay one to see what came.'
    : null
}
