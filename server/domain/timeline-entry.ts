/** One line of a timeline, and what it is made of. */
import type { FieldChange } from './change.ts'
import type { Sentence } from './timeline-sentences.ts'

export type TimelineSource = 'webhook' | 'status_check' | 'person' | 'system' | 'refund_answer'

/** One line of the timeline. */
export type TimelineEntry = Sentence & {
  id: string
  /** When we learned it. */
  at: Date
  /** When it happened, as far as Juspay says. */
  occurredAt: Date | null
  /** When its message reached us; null for what no webhook told. */
  receivedAt: Date | null
  source: TimelineSource
  /** The webhook event behind it. */
  eventId: string | null
  /** The status check whose answer is behind it. */
  checkId: string | null
  changes: FieldChange[]
  /** Further messages that said the same. */
  duplicates: number
  /** Told by Juspay long after it happened. */
  late: boolean
  /** Learned after something that happened later. */
  outOfOrder: boolean
}

/** A webhook that comes later than this after what it tells is late (API reference §6.5: seconds are usual). */
export const LATE_AFTER_MS = 5 * 60_000

export type TimelineEvent = {
  id: string
  eventName: string | null
  receivedAt: Date
  occurredAt: Date | null
  deliveryCount: number
  outcome: string | null
  error: string | null
}
export type TimelineCheck = { id: string; askedAt: Date; askedBy: string; outcome: string }

export type Draft = Omit<TimelineEntry, 'late' | 'outOfOrder'>

/** What an entry has from the webhook behind it. */
export function ofEvent(event: TimelineEvent) {
  const { id: eventId, occurredAt, receivedAt, deliveryCount } = event
  return { eventId, occurredAt, receivedAt, duplicates: deliveryCount - 1 }
}

/** An entry before anything is known of it. */
export function blank(id: string, at: Date, source: TimelineSource) {
  const nothing = { occurredAt: null, receivedAt: null, eventId: null, checkId: null }
  return { ...nothing, id, at, source, changes: [], duplicates: 0 }
}
