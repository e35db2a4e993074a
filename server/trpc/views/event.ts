/** What the screens are told about webhook events. */
import type { FieldChange } from '../../domain/change.ts'
import type { DisplayStatus } from '../../domain/payment-status.ts'
import type { EventFamily } from '../../domain/provider-order.ts'
import type { WebhookEventRow } from '../../store/webhook-events-read.ts'

export type EventStatus = 'received' | 'processed' | 'ignored' | 'failed' | 'dead'

export type EventRowView = {
  id: string
  receivedAt: Date
  occurredAt: Date | null
  eventName: string | null
  /** The event in plain words. */
  label: string
  family: EventFamily | null
  orderRef: string | null
  orderId: string | null
  /** The order as it was when the row was read, not when the event came; null for no known order. */
  orderStatus: DisplayStatus | null
  /** Of two rows of one order, the higher version has the newer status. */
  orderVersion: number | null
  status: EventStatus
  outcome: string | null
  deliveryCount: number
  tries: number
  error: string | null
  /** Received minus occurred. */
  lagMs: number | null
  /** Processed minus received. */
  tookMs: number | null
  seq: string
  sizeBytes: number
}

export type EventDetailView = EventRowView & {
  headers: Record<string, string>
  remoteAddress: string
  changes: FieldChange[]
  previousEventId: string | null
  bodyAvailable: boolean
}

export type EventBodyView = { json: unknown; text: string | null; sha256: string }

export type FailedGroupView = {
  reason: string
  count: number
  firstAt: Date
  lastAt: Date
  events: EventRowView[]
}

export type EventHealthView = {
  lastReceivedAt: Date | null
  ratePerMinute: number
  p50LagMs: number | null
  p95LagMs: number | null
  backlog: number
  oldestBacklogAt: Date | null
  rejected: { cause: string; count: number; lastAt: Date }[]
}

/** One message of the live feed. `change` names an id that changed and carries no state. */
export type LiveMessage =
  | { kind: 'hello'; at: Date }
  | { kind: 'event'; row: EventRowView }
  | { kind: 'change'; subject: string; subjectId: string; at: Date }

/** Events in plain words (API reference §6.4); names that are not here are shown as sent. */
const LABELS: Readonly<Record<string, string>> = {
  ORDER_CREATED: 'Order created',
  ORDER_SUCCEEDED: 'Payment succeeded',
  ORDER_FAILED: 'Payment failed',
  ORDER_AUTHORIZED: 'Payment authorised',
  ORDER_REFUNDED: 'Refund succeeded',
  ORDER_REFUND_FAILED: 'Refund failed',
  TXN_CREATED: 'Attempt started',
  TXN_CHARGED: 'Attempt charged',
  TXN_FAILED: 'Attempt failed',
  REFUND_INITIATED: 'Refund started',
  REFUND_ARN_CAPTURED: 'Bank reference known',
  REFUND_MANUAL_REVIEW_NEEDED: 'Refund needs review',
  AUTO_REFUND_INITIATED: 'Automatic refund started',
  AUTO_REFUND_SUCCEEDED: 'Automatic refund succeeded',
  AUTO_REFUND_FAILED: 'Automatic refund failed',
}

function labelOf(name: string | null): string {
  if (name === null) return 'Unreadable event'
  return LABELS[name] ?? `${name.charAt(0)}${name.slice(1).toLowerCase().replaceAll('_', ' ')}`
}

/** One event in a list. */
export function eventRowView(row: WebhookEventRow): EventRowView {
  const received = row.receivedAt.getTime()
  return {
    id: row.id,
    receivedAt: row.receivedAt,
    occurredAt: row.occurredAt,
    eventName: row.eventName,
    label: labelOf(row.eventName),
    family: row.family,
    orderRef: row.orderRef,
    orderId: row.orderId,
    orderStatus: row.orderStatus,
    orderVersion: row.orderVersion,
    status: row.status,
    outcome: row.outcome,
    deliveryCount: row.deliveryCount,
    tries: row.tries,
    error: row.error,
    lagMs: row.occurredAt === null ? null : received - row.occurredAt.getTime(),
    tookMs: row.processedAt === null ? null : row.processedAt.getTime() - received,
    seq: row.seq.toString(),
    sizeBytes: row.sizeBytes,
  }
}
