/** What the screens are told about webhook events. */
import { outcomesOf, type EventOutcome } from '../../domain/event-filter.ts'
import { eventLabel } from '../../domain/event-name.ts'
import { maskedOrNull } from '../../domain/masked-text.ts'
import type { DisplayStatus } from '../../domain/payment-status.ts'
import type { EventFamily } from '../../domain/provider-order.ts'
import type { WebhookEventRow } from '../../store/webhook-events-read.ts'

export type EventStatus = 'received' | 'processed' | 'ignored' | 'failed' | 'dead'

export type EventRowView = {
  id: string
  /** Juspay's id of the event. */
  eventRef: string | null
  receivedAt: Date
  /** Of the latest delivery; the same as `receivedAt` for an event that came once. */
  lastReceivedAt: Date
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
  /** Another event of the same id came with other bytes; both are kept. */
  variant: boolean
  tries: number
  error: string | null
  /** Received minus occurred. */
  lagMs: number | null
  /** Processed minus received. */
  tookMs: number | null
  seq: string
  remoteAddress: string
  sizeBytes: number
}

/** How the events of a time range divide: the counts beside a filter's suggestions. */
export type EventFacetsView = {
  names: { name: string; count: number }[]
  outcomes: { outcome: EventOutcome; count: number }[]
}

type Counted = {
  eventName: string | null
  status: EventStatus
  outcome: string | null
  repeated: boolean
  count: number
}

export function eventFacetsView(rows: readonly Counted[]): EventFacetsView {
  const names = new Map<string, number>()
  const outcomes = new Map<EventOutcome, number>()
  for (const { eventName, status, outcome, repeated, count } of rows) {
    if (eventName !== null) names.set(eventName, (names.get(eventName) ?? 0) + count)
    for (const word of outcomesOf({ status, outcome, deliveryCount: repeated ? 2 : 1 }))
      outcomes.set(word, (outcomes.get(word) ?? 0) + count)
  }
  return {
    names: [...names].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
    outcomes: [...outcomes].map(([outcome, count]) => ({ outcome, count })),
  }
}

/** One event in a list. */
export function eventRowView(row: WebhookEventRow): EventRowView {
  const received = row.receivedAt.getTime()
  return {
    id: row.id,
    eventRef: row.eventRef,
    receivedAt: row.receivedAt,
    lastReceivedAt: row.lastReceivedAt,
    occurredAt: row.occurredAt,
    eventName: row.eventName,
    label: eventLabel(row.eventName),
    family: row.family,
    orderRef: row.orderRef,
    orderId: row.orderId,
    orderStatus: row.orderStatus,
    orderVersion: row.orderVersion,
    status: row.status,
    outcome: row.outcome,
    deliveryCount: row.deliveryCount,
    variant: row.variant,
    tries: row.tries,
    error: maskedOrNull(row.error),
    lagMs: row.occurredAt === null ? null : received - row.occurredAt.getTime(),
    tookMs: row.processedAt === null ? null : row.processedAt.getTime() - received,
    seq: row.seq.toString(),
    remoteAddress: row.remoteAddress,
    sizeBytes: row.sizeBytes,
  }
}
