/** Words of webhook events that several parts of the screens share. */
import type { EventOutcome } from '../../../server/domain/event-filter.ts'
import type { EventRow } from './event-types.ts'

/** How loud an outcome is: plain words for what went well, a neutral chip for what was not applied, colour for trouble. */
export type OutcomeTone = 'quiet' | 'neutral' | 'pending' | 'failed'

export type OutcomeWord = { tone: OutcomeTone; label: string; detail: string }

/** What became of a message, by the outcome the server noted (see services/webhooks/process-event). */
const BY_OUTCOME: Readonly<Record<string, OutcomeWord>> = {
  applied: { tone: 'quiet', label: 'Applied', detail: 'This message changed what we hold.' },
  no_change: {
    tone: 'quiet',
    label: 'Confirmed',
    detail: 'It said what we held already. Nothing was changed.',
  },
  stale: {
    tone: 'neutral',
    label: 'Stale',
    detail: 'It is older than what we hold. It was recorded and not applied.',
  },
  unknown_event: {
    tone: 'neutral',
    label: 'Held',
    detail: 'An event name we do not know. It is kept and changes nothing.',
  },
  no_order: {
    tone: 'neutral',
    label: 'Held',
    detail: 'It names no order, mandate or dispute, so there is nothing to apply.',
  },
  no_order_yet: {
    tone: 'failed',
    label: 'Failed',
    detail: 'It is about an order that neither we nor Juspay know.',
  },
  parse_failed: { tone: 'failed', label: 'Given up', detail: 'The body cannot be read.' },
  wrong_merchant: { tone: 'failed', label: 'Given up', detail: 'It is about another merchant.' },
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
  tone: 'pending',
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
      return { tone: 'failed', label: 'Failed', detail: `${reason(row, known)} It is tried again by itself.` }
    case 'dead':
      return {
        tone: 'failed',
        label: 'Given up',
        detail: `${reason(row, known)} It is not tried again by itself.`,
      }
    case 'ignored':
      return known ?? { tone: 'neutral', label: 'Held', detail: 'There was nothing to apply.' }
    case 'processed':
      return known ?? { tone: 'quiet', label: 'Applied', detail: 'Processed.' }
  }
}

function reason(row: Pick<EventRow, 'error'>, known: OutcomeWord | undefined): string {
  const text = row.error ?? known?.detail ?? 'It could not be applied.'
  return text.endsWith('.') ? text : `${text}.`
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
