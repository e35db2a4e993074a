/** What the screens are told about webhook events. */
import type { FieldChange } from '../../domain/change.ts'
import type { EventFamily } from '../../domain/provider-order.ts'

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

export type EventBodyView = { json: unknown; text: string | null; sha256: string; masked: boolean }

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
