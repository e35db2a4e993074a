/** Words for what became of a webhook, which the feed, the page of an event and the page of its order share. */
import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from './trpc.ts'

type EventRow = inferOutput<ReturnType<typeof useTRPC>['events']['list']>['rows'][number]

/** What is known of one event, or of one try to process it. */
type EventOutcome = Pick<EventRow, 'status' | 'outcome' | 'error'>

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
  parse_failed: { tone: 'failed', label: 'Stopped', detail: 'The body cannot be read.' },
  wrong_merchant: { tone: 'failed', label: 'Stopped', detail: 'It is about another merchant.' },
}

const WAITING: OutcomeWord = {
  tone: 'pending',
  label: 'Waiting',
  detail: 'Received and stored. It is applied in a moment.',
}

/** The chip of an event: its status decides the word, the noted outcome says why. */
export function outcomeWord(row: EventOutcome): OutcomeWord {
  const known = row.outcome === null ? undefined : BY_OUTCOME[row.outcome]
  switch (row.status) {
    case 'received':
      return WAITING
    case 'failed':
      return { tone: 'failed', label: 'Failed', detail: `${reason(row, known)} It is tried again by itself.` }
    case 'dead':
      return {
        tone: 'failed',
        label: 'Stopped',
        detail: `${reason(row, known)} It is not tried again by itself.`,
      }
    case 'ignored':
      return known ?? { tone: 'neutral', label: 'Held', detail: 'There was nothing to apply.' }
    case 'processed':
      return known ?? { tone: 'quiet', label: 'Applied', detail: 'Processed.' }
  }
}

function reason(row: Pick<EventOutcome, 'error'>, known: OutcomeWord | undefined): string {
  const text = row.error ?? known?.detail ?? 'It could not be applied.'
  return text.endsWith('.') ? text : `${text}.`
}
