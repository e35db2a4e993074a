import type { StatusCheckWithBody } from '../../store/status-checks.ts'
import type { WebhookEventBody } from '../../store/webhook-events-read.ts'
import { showBody } from './masking.ts'
import type { RawMessageView } from './order-detail.ts'

/** What Juspay said about one order, message by message, newest first. */
export function rawMessageViews(
  events: readonly WebhookEventBody[],
  checks: readonly StatusCheckWithBody[],
): RawMessageView[] {
  const told: RawMessageView[] = events.map((event) => ({
    id: event.id,
    kind: 'webhook',
    name: event.eventName ?? 'Unreadable event',
    at: event.receivedAt,
    ...showBody(event.body),
  }))
  const asked: RawMessageView[] = checks.map((check) => ({
    id: check.id,
    kind: 'status_check',
    name: 'Status check',
    at: check.askedAt,
    ...(check.body === null ? { json: null, text: null } : showBody(check.body)),
  }))
  return [...told, ...asked].sort((a, b) => b.at.getTime() - a.at.getTime())
}
