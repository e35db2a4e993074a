/** Which stored events a replay, a retry or the failed list is about, as SQL over `webhook_event`. */
import { BUSY_SIGNS, NAMED_OUTCOMES, reasonTest, type FailureReason } from '../domain/event-failure.ts'
import type { ReplayScope } from '../domain/replay.ts'
import type { Mark } from './text-sql.ts'

/**
 * Failed, given up, or held for an unknown name, and not set aside by a person. Word for word the predicate of
 * webhook_event_needs_look_idx, without which the index would not be used.
 */
export const NEEDS_LOOK = `(status in ('failed', 'dead') or (status = 'ignored' and outcome = 'unknown_event')) and set_aside is null`
/** Ignored by a person; the predicate of webhook_event_set_aside_idx. */
export const SET_ASIDE = 'set_aside is not null'
/** Whether the text of an error shows a busy database, given the place of {@link BUSY_PATTERNS}. */
export const isBusy = (patterns: string): string =>
  `(outcome is not distinct from 'error' and lower(coalesce(error, '')) like any(${patterns}::text[]))`

export const BUSY_PATTERNS: readonly string[] = BUSY_SIGNS.map((sign) => `%${sign}%`)

/** A condition with the values its places stand for. The first is always the account. */
export type Selection = { text: string; values: unknown[] }

/** The events of the account that `scope` means. Events that have not been processed once are never among them. */
export function selectionOf(accountId: string, scope: ReplayScope): Selection {
  const values: unknown[] = [accountId]
  const place = (value: unknown): string => `$${values.push(value)}`
  const clauses = ['merchant_account_id = $1', "status <> 'received'"]
  if (scope.kind === 'events') {
    clauses.push(`id = any(${place([...scope.ids])}::uuid[])`)
    return { text: clauses.join(' and '), values }
  }
  if (scope.among === 'open') clauses.push(NEEDS_LOOK)
  if (scope.among === 'set_aside') clauses.push(SET_ASIDE)
  if (scope.reasons.length > 0) clauses.push(reasonsClause(scope.reasons, place))
  if (scope.statuses.length > 0) clauses.push(`status = any(${place([...scope.statuses])}::text[])`)
  if (scope.outcomes.length > 0) clauses.push(`outcome = any(${place([...scope.outcomes])}::text[])`)
  if (scope.names.length > 0) clauses.push(`event_name = any(${place([...scope.names])}::text[])`)
  if (scope.orderRef !== null) clauses.push(orderClause(place(scope.orderRef)))
  if (scope.from !== null) clauses.push(`received_at >= ${place(scope.from)}`)
  if (scope.to !== null) clauses.push(`received_at < ${place(scope.to)}`)
  return { text: clauses.join(' and '), values }
}

/** The key under which the events of one order keep their order. */
export const ORDER_KEY = 'coalesce(order_key, lower(order_ref))'

/** Through the order's id where there is one; events without are found among those that need a look. */
function orderClause(ref: string): string {
  const known = `(select id from orders where merchant_account_id = $1 and order_ref_key = lower(${ref}))`
  return `(order_id = ${known} or (order_id is null and ${ORDER_KEY} = lower(${ref}) and ${NEEDS_LOOK}))`
}

/** The events of any of `reasons`. */
export function reasonsClause(reasons: readonly FailureReason[], place: Mark): string {
  const tests = reasons.map((reason) => {
    const { outcomes, busy } = reasonTest(reason)
    if (outcomes === null) return `(outcome is null or outcome <> all(${place(NAMED_OUTCOMES)}::text[]))`
    const among = `outcome = any(${place(outcomes)}::text[])`
    if (busy === null) return among
    return `(${among} and ${busy ? '' : 'not '}${isBusy(place(BUSY_PATTERNS))})`
  })
  return `(${tests.join(' or ')})`
}
