import { LATE_AFTER_MS, type EventFilter, type EventOutcome } from '../domain/event-filter.ts'
import { clean, isUuid, likeText, type Mark } from './text-sql.ts'

/** A filter and the time it is asked for; `from` is included, `to` is not. */
export type EventSearch = { filter: EventFilter; from: Date | null; to: Date | null }

/**
 * The words of `outcomesOf` (event-filter.ts) as conditions. Statuses stand as literals: the index over events that
 * need a person is partial, and a parameter would not be seen to fit it.
 */
const OUTCOME_SQL: Readonly<Record<EventOutcome, string>> = {
  applied: `(status = 'processed' and coalesce(outcome, '') not in ('stale', 'no_change'))`,
  confirmed: `(status = 'processed' and outcome = 'no_change')`,
  stale: `(status = 'processed' and outcome = 'stale')`,
  duplicate: `delivery_count > 1`,
  failed: `status = 'failed'`,
  'given-up': `status = 'dead'`,
  held: `status = 'ignored'`,
  waiting: `status = 'received'`,
}

/** The columns of `orders` are read beside the event, by `order_now` of the list. */
const ORDER_STATUS = `coalesce(order_status, 'unknown')`

/** The condition of a list of events. `matchesEvent` (event-filter.ts) says the same of one event. */
export function eventsWhere(accountId: string, search: EventSearch): { text: string; values: unknown[] } {
  const { filter, from, to } = search
  const values: unknown[] = [accountId]
  const mark: Mark = (value) => `$${values.push(value)}`
  const clauses = ['merchant_account_id = $1']
  const add = (when: boolean, clause: () => string) => {
    if (when) clauses.push(clause())
  }
  add(from !== null, () => `received_at >= ${mark(from)}`)
  add(to !== null, () => `received_at < ${mark(to)}`)
  add(filter.names.length > 0, () => `event_name = any(${mark(filter.names)})`)
  add(filter.notNames.length > 0, () => `(event_name is null or event_name <> all(${mark(filter.notNames)}))`)
  add(filter.outcomes.length > 0, () => anyOf(filter.outcomes))
  add(filter.notOutcomes.length > 0, () => `not ${anyOf(filter.notOutcomes)}`)
  add(filter.statuses.length > 0, () => `${ORDER_STATUS} = any(${mark(filter.statuses)})`)
  add(filter.notStatuses.length > 0, () => `${ORDER_STATUS} <> all(${mark(filter.notStatuses)})`)
  add(filter.order !== null, () => ofOrder(mark(clean(filter.order ?? ''))))
  add(filter.event !== null, () => ofEvent(clean(filter.event ?? ''), mark))
  add(filter.sender !== null, () => `starts_with(remote_address, ${mark(clean(filter.sender ?? ''))})`)
  add(filter.tookMin !== null, () => `processed_at >= received_at + ${interval(mark(filter.tookMin))}`)
  add(filter.tookMax !== null, () => `processed_at <= received_at + ${interval(mark(filter.tookMax))}`)
  add(filter.late, () => `received_at > occurred_at + ${interval(mark(LATE_AFTER_MS))}`)
  add(filter.text !== null, () => ofText(clean(filter.text ?? ''), mark))
  return { text: clauses.join(' and '), values }
}

/** Whether an index finds the rows at once; otherwise the list reads back in time until its page is full. */
export function isIndexed({ filter }: EventSearch): boolean {
  const narrows =
    filter.names.length + filter.notNames.length + filter.statuses.length + filter.notStatuses.length > 0 ||
    filter.outcomes.length + filter.notOutcomes.length > 0 ||
    filter.late ||
    [filter.event, filter.sender, filter.tookMin, filter.tookMax, filter.text].some((one) => one !== null)
  return !narrows || filter.order !== null
}

function anyOf(outcomes: readonly EventOutcome[]): string {
  return `(${outcomes.map((outcome) => OUTCOME_SQL[outcome]).join(' or ')})`
}

/**
 * By the order where it is known. An event that waits or could not be applied has only the key it came with; both kinds
 * have an index of their own.
 */
function ofOrder(ref: string): string {
  const key = `order_key = lower(${ref}) and order_id is null`
  return `(order_id = (select id from orders where merchant_account_id = $1 and order_ref_key = lower(${ref}))
    or (${key} and next_try_at is not null) or (${key} and status in ('failed', 'dead', 'ignored')))`
}

function ofEvent(wanted: string, mark: Mark): string {
  const byRef = `event_ref = ${mark(wanted)}`
  return isUuid(wanted) ? `(id = ${mark(wanted)}::uuid or ${byRef})` : byRef
}

function ofText(wanted: string, mark: Mark): string {
  const part = mark(`%${likeText(wanted)}%`)
  return `(${ofOrder(mark(wanted))} or ${ofEvent(wanted, mark)} or event_name ilike ${part})`
}

function interval(ms: string): string {
  return `${ms} * interval '1 millisecond'`
}
