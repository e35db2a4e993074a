/** Words of webhook events that several parts of the screens share. */
import type { EventOutcome } from '../../../server/domain/event-filter.ts'
import type { StatusRole } from '../../ui/status-role.ts'
import type { EventRow } from './event-types.ts'

export type OutcomeWord = { role: StatusRole; label: string; detail: string }

/** What became of a message, by the outcome the server noted (see services/webhooks/process-event). */
const BY_OUTCOME: Readonly<Record<string, OutcomeWord>> = {
  applied: { role: 'charged', label: 'Applied', detail: 'The order was changed by this message.' },
  no_change: {
    role: 'charged',
    label: 'Confirmed',
    detail: 'It said what we held already. Nothing was changed.',
  },
  stale: {
    role: 'voided',
    label: 'No change',
    detail: 'It is older than what we hold. It was recorded and not applied.',
  },
  unknown_event: {
    role: 'unknown',
    label: 'Held',
    detail: 'An event name we do not know. It is kept and changes nothing.',
  },
  no_order: {
    role: 'voided',
    label: 'Ignored',
    detail: 'It carries no order, so there is nothing to apply.',
  },
  no_order_yet: {
    role: 'failed',
    label: 'Failed',
    detail: 'It is about an order that neither we nor Juspay know.',
  },
  parse_failed: { role: 'failed', label: 'Given up', detail: 'The body cannot be read.' },
  wrong_merchant: { role: 'failed', label: 'Given up', detail: 'It is about another merchant.' },
}

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

const WAITING: OutcomeWord = {
  role: 'pending',
  label: 'Waiting',
  detail: 'Received and stored. It is applied in a moment.',
}

/** The chip of an event: its status decides the word, the noted outcome says why. */
export function outcomeWord(row: Pick<EventRow, 'status' | 'outcome' | 'error' | 'tries'>): OutcomeWord {
  const known = row.outcome === null ? undefined : BY_OUTCOME[row.outcome]
  switch (row.status) {
    case 'received':
      return WAITING
    case 'failed':
      return { role: 'failed', label: 'Failed', detail: `${reason(row, known)} It is tried again by itself.` }
    case 'dead':
      return {
        role: 'failed',
        label: 'Given up',
        detail: `${reason(row, known)} It is not tried again by itself.`,
      }
    case 'ignored':
      return known ?? { role: 'voided', label: 'Ignored', detail: 'There was nothing to apply.' }
    case 'processed':
      return known ?? { role: 'charged', label: 'Applied', detail: 'Processed.' }
  }
}

function reason(row: Pick<EventRow, 'error'>, known: OutcomeWord | undefined): string {
  const text = row.error ?? known?.detail ?? 'It could not be applied.'
  return text.endsWith('.') ? text : `${text}.`
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

/** What a replay came to, for a person. */
export const REPLAY_WORDS: Readonly<Record<string, string>> = {
  applied: 'Applied',
  no_change: 'Nothing to change',
  stale: 'Older than what we hold',
  unknown_event: 'Held',
  no_order: 'Ignored',
  no_order_yet: 'Failed',
  parse_failed: 'Given up',
  wrong_merchant: 'Given up',
  error: 'Failed',
  not_found: 'Not found',
  not_replayable: 'Not replayed',
}

/** Outcomes after which the event is off the failed list. */
export function replayHelped(outcome: string): boolean {
  return outcome === 'applied' || outcome === 'no_change' || outcome === 'stale' || outcome === 'no_order'
}
