/**
 * The filter of webhook events: what `event-query.ts` reads from a typed query, the store turns into SQL, and the live
 * stream tries on every event. One shape for all three, so that they cannot disagree.
 */
import { z } from 'zod/mini'
import { DISPLAY_STATUSES, type DisplayStatus } from './payment-status.ts'

/** What became of an event, in the word a person sees and types. */
export const EVENT_OUTCOMES = [
  'applied',
  'confirmed',
  'duplicate',
  'failed',
  'given-up',
  'held',
  'stale',
  'waiting',
] as const
export type EventOutcome = (typeof EVENT_OUTCOMES)[number]

/** An event later than this after Juspay dated it is late: its order was out of date for as long. */
export const LATE_AFTER_MS = 60_000

const VALUES_MAX = 50
const TEXT_MAX = 200
const MS_MAX = 2_147_483_647
const text = z.string().check(z.minLength(1), z.maxLength(TEXT_MAX))
const maybeText = z._default(z.nullable(text), null)
const texts = z._default(z.array(text).check(z.maxLength(VALUES_MAX)), [])
const outcomes = z._default(z.array(z.enum(EVENT_OUTCOMES)).check(z.maxLength(EVENT_OUTCOMES.length)), [])
const statuses = z._default(z.array(z.enum(DISPLAY_STATUSES)).check(z.maxLength(DISPLAY_STATUSES.length)), [])
const ms = z._default(z.nullable(z.int().check(z.gte(0), z.lte(MS_MAX))), null)

/** As it travels to the server. Every clause narrows; an empty filter takes every event. */
export const eventFilterSchema = z.strictObject({
  /** Names as Juspay sends them, any of them. */
  names: texts,
  notNames: texts,
  outcomes,
  notOutcomes: outcomes,
  /** Display status of the event's order as it is now. */
  statuses,
  notStatuses: statuses,
  /** The merchant's order id in full; without regard to case, as at Juspay. */
  order: maybeText,
  /** Our id or Juspay's id of the event, in full. */
  event: maybeText,
  /** The beginning of the address it came from. */
  sender: maybeText,
  /** From receipt to the end of processing, both ends included. */
  tookMin: ms,
  tookMax: ms,
  /** Only events that came later than {@link LATE_AFTER_MS}. */
  late: z._default(z.boolean(), false),
  /** An order id or an event id in full, or part of an event name. */
  text: maybeText,
})

export type EventFilter = z.infer<typeof eventFilterSchema>

/** Every event. */
export const ANY_EVENT: EventFilter = eventFilterSchema.parse({})

/** What a filter looks at. */
export type FilteredEvent = {
  id: string
  eventRef: string | null
  eventName: string | null
  orderRef: string | null
  orderStatus: DisplayStatus | null
  status: 'received' | 'processed' | 'ignored' | 'failed' | 'dead'
  outcome: string | null
  deliveryCount: number
  remoteAddress: string
  lagMs: number | null
  tookMs: number | null
}

/** Whether the filter takes everything. */
export function takesAll(filter: EventFilter): boolean {
  return (
    [filter.names, filter.notNames, filter.outcomes, filter.notOutcomes].every((list) => list.length === 0) &&
    filter.statuses.length === 0 &&
    filter.notStatuses.length === 0 &&
    filter.order === null &&
    filter.event === null &&
    filter.sender === null &&
    filter.tookMin === null &&
    filter.tookMax === null &&
    !filter.late &&
    filter.text === null
  )
}

/**
 * The words that fit an event. What became of it is one of them; that Juspay delivered it more than once is another,
 * because a repeat of an applied event stays applied.
 */
export function outcomesOf(
  event: Pick<FilteredEvent, 'status' | 'outcome' | 'deliveryCount'>,
): EventOutcome[] {
  const first = outcomeOf(event)
  return event.deliveryCount > 1 ? [first, 'duplicate'] : [first]
}

function outcomeOf({ status, outcome }: Pick<FilteredEvent, 'status' | 'outcome'>): EventOutcome {
  switch (status) {
    case 'received':
      return 'waiting'
    case 'ignored':
      return 'held'
    case 'failed':
      return 'failed'
    case 'dead':
      return 'given-up'
    case 'processed':
      return outcome === 'stale' ? 'stale' : outcome === 'no_change' ? 'confirmed' : 'applied'
  }
}

/** Whether `event` belongs to the filtered set. Pure: the stream asks it for every event it is about to send. */
export function matchesEvent(event: FilteredEvent, filter: EventFilter): boolean {
  const found = outcomesOf(event)
  const status = event.orderStatus ?? 'unknown'
  return (
    inList(event.eventName, filter.names, filter.notNames) &&
    (filter.outcomes.length === 0 || filter.outcomes.some((word) => found.includes(word))) &&
    !filter.notOutcomes.some((word) => found.includes(word)) &&
    inList(status, filter.statuses, filter.notStatuses) &&
    (filter.order === null || sameText(event.orderRef, filter.order)) &&
    (filter.event === null || sameText(event.id, filter.event) || event.eventRef === filter.event) &&
    (filter.sender === null || event.remoteAddress.startsWith(filter.sender)) &&
    (filter.tookMin === null || (event.tookMs !== null && event.tookMs >= filter.tookMin)) &&
    (filter.tookMax === null || (event.tookMs !== null && event.tookMs <= filter.tookMax)) &&
    (!filter.late || (event.lagMs !== null && event.lagMs > LATE_AFTER_MS)) &&
    (filter.text === null || matchesText(event, filter.text))
  )
}

function inList(value: string | null, wanted: readonly string[], unwanted: readonly string[]): boolean {
  if (wanted.length > 0 && (value === null || !wanted.includes(value))) return false
  return value === null || !unwanted.includes(value)
}

function sameText(value: string | null, wanted: string): boolean {
  return value !== null && value.toLowerCase() === wanted.toLowerCase()
}

function matchesText(event: FilteredEvent, wanted: string): boolean {
  return (
    sameText(event.orderRef, wanted) ||
    sameText(event.id, wanted) ||
    event.eventRef === wanted ||
    (event.eventName?.toLowerCase().includes(wanted.toLowerCase()) ?? false)
  )
}
