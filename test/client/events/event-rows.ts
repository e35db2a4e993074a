import type { EventDetail, EventRow } from '../../../client/features/events/event-types.ts'

const FIRST_AT = Date.UTC(2026, 10, 22, 9, 0, 0)

/** Event number `n`, received `n` seconds after the first; applied unless `change` says otherwise. */
export function eventRow(n: number, change: Partial<EventRow> = {}): EventRow {
  return {
    id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    eventRef: `evt_${n}`,
    remoteAddress: '52.66.1.9',
    lastReceivedAt: new Date(FIRST_AT + n * 1_000),
    receivedAt: new Date(FIRST_AT + n * 1_000),
    occurredAt: new Date(FIRST_AT + n * 1_000 - 800),
    eventName: 'ORDER_SUCCEEDED',
    label: 'Payment succeeded',
    family: 'order',
    orderRef: `PDORDER${n}`,
    orderId: `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    orderStatus: 'charged',
    orderVersion: 1,
    status: 'processed',
    outcome: 'applied',
    deliveryCount: 1,
    variant: false,
    tries: 1,
    error: null,
    lagMs: 800,
    tookMs: 12,
    seq: String(n),
    sizeBytes: 900,
    ...change,
  }
}

/** The same with all that its page shows: processed once, changed nothing. */
export function eventDetail(n: number, change: Partial<EventDetail> = {}): EventDetail {
  return {
    ...eventRow(n),
    headers: { 'content-type': 'application/json' },
    sha256: 'ab'.repeat(32),
    attempts: [],
    changes: [],
    previousEventId: null,
    nextEventId: null,
    twins: [],
    bodyAvailable: true,
    ...change,
  }
}
