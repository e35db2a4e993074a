/** Words of webhook events that several parts of the screens share. */
import type { EventOutcome } from '../../../server/domain/event-filter.ts'
import type { EventRow } from './event-types.ts'

/** One line for each word of the filter `outcome:`. */
export const OUTCOME_HELP: Readonly<Record<EventOutcome, string>> = {
  applied: 'changed the order',
  confirmed: 'said what we held already',
  duplicate: 'delivered more than once',
  failed: 'tried again by itself',
  'given-up': 'not tried again by itself',
  held: 'unknown event or no order',
  stale: 'older than what we hold',
  waiting: 'stored, applied in a moment',
}

/** What a repeated delivery is, in a sentence with its times as `time` writes them. */
export function duplicateDetail(
  row: Pick<EventRow, 'deliveryCount' | 'receivedAt' | 'lastReceivedAt'>,
  time: (at: Date) => string,
): string {
  return `Delivered ${row.deliveryCount} times and processed once. First ${time(row.receivedAt)}, last ${time(row.lastReceivedAt)}.`
}

/** Name as Juspay sends it, or what stands in its place. */
export function eventName(row: Pick<EventRow, 'eventName'>): string {
  return row.eventName ?? 'No name'
}

/** Name of an event in speech: "ORDER_SUCCEEDED for ord_8F2K". */
export function eventSpoken(row: Pick<EventRow, 'eventName' | 'orderRef'>): string {
  return row.orderRef === null ? eventName(row) : `${eventName(row)} for ${row.orderRef}`
}

/** Address of an event. */
export function eventPath(row: Pick<EventRow, 'id'>): string {
  return `/events/${row.id}`
}
