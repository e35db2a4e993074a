import type { StatusCheckRow } from '../../store/status-checks.ts'
import type { WebhookEventRow } from '../../store/webhook-events-read.ts'

/** A message about an order, without its body. */
export type OrderMessageView = {
  id: string
  kind: 'event' | 'check'
  name: string
  /** When it reached us. */
  at: Date
  /** What it tells of, as far as Juspay says. */
  occurredAt: Date | null
  /** What became of it: applied, stale, no_change … */
  outcome: string | null
}

/** What Juspay said about one order, message by message, newest first. */
export function orderMessageViews(
  events: readonly WebhookEventRow[],
  checks: readonly StatusCheckRow[],
): OrderMessageView[] {
  const told: OrderMessageView[] = events.map((event) => ({
    id: event.id,
    kind: 'event',
    name: event.eventName ?? 'Unreadable event',
    at: event.receivedAt,
    occurredAt: event.occurredAt,
    outcome: event.outcome,
  }))
  const asked: OrderMessageView[] = checks.map((check) => ({
    id: check.id,
    kind: 'check',
    name: 'Status answer',
    at: check.askedAt,
    occurredAt: null,
    outcome: check.outcome,
  }))
  return [...told, ...asked].sort((a, b) => b.at.getTime() - a.at.getTime())
}
