/** What the screens are told about one webhook event. */
import { shownChange, type FieldChange } from '../../domain/change.ts'
import type { JsonProblem } from '../../domain/json-problem.ts'
import { maskedOrNull } from '../../domain/masked-text.ts'
import type { OrderChangeRow } from '../../store/order-changes.ts'
import type { WebhookEventDetail } from '../../store/webhook-events-read.ts'
import { eventRowView, type EventRowView, type EventStatus } from './event.ts'

/** One pass over the event, with what it did. */
export type EventAttemptView = {
  no: number
  at: Date
  tookMs: number
  by: 'processor' | 'replay'
  status: EventStatus
  outcome: string
  error: string | null
  changes: FieldChange[]
}

export type EventDetailView = EventRowView & {
  headers: Record<string, string>
  /** Over the bytes as received, in hexadecimal. */
  sha256: string
  attempts: EventAttemptView[]
  changes: FieldChange[]
  /** Of the same order, by time of receipt. */
  previousEventId: string | null
  nextEventId: string | null
  /** Events with the same id and other bytes. */
  twins: { id: string; receivedAt: Date }[]
  bodyAvailable: boolean
}

export type EventBodyView = {
  json: unknown
  /** The body as text when it is not JSON. */
  text: string | null
  /** `binary`: the bytes are no UTF-8; every character of the text stands for one byte. */
  encoding: 'utf-8' | 'binary'
  /** Where and why it cannot be read as JSON. */
  problem: JsonProblem | null
  sha256: string
}

/** What the body can be compared with. */
export type EventRelatedView = {
  events: EventRowView[]
  checks: { id: string; askedAt: Date; outcome: string }[]
}

/** One side of a comparison; null JSON when the bytes are no JSON or no longer kept. */
/** A message as it may be shown; `text` when it is not JSON. */
export type EventSideView = { json: unknown; text: string | null }

type Around = {
  changed: readonly OrderChangeRow[]
  previous: string | null
  next: string | null
  twins: { id: string; receivedAt: Date }[]
}

export function eventDetailView(event: WebhookEventDetail, around: Around): EventDetailView {
  return {
    ...eventRowView(event),
    headers: event.headers,
    sha256: event.bodySha256.toString('hex'),
    attempts: event.attempts.map(({ no, at, tookMs, by, status, outcome, error }) => ({
      no,
      at,
      tookMs,
      by,
      status,
      outcome,
      error: maskedOrNull(error),
      // A pass and what it changed carry the same instant.
      changes: around.changed
        .filter((entry) => entry.at.getTime() === at.getTime())
        .flatMap((entry) => entry.changes.map(shownChange)),
    })),
    changes: around.changed.flatMap((entry) => entry.changes.map(shownChange)),
    previousEventId: around.previous,
    nextEventId: around.next,
    twins: around.twins.map(({ id, receivedAt }) => ({ id, receivedAt })),
    bodyAvailable: event.sizeBytes > 0,
  }
}
