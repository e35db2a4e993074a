/** What the screens are told about gaps between webhooks and Juspay's order status, field by field. */
import { gapTitle, type GapCause, type GapKind } from '../../domain/webhook-gap.ts'
import type { GapCount, GapListRow } from '../../store/webhook-gaps.ts'

export type GapView = {
  id: string
  orderId: string
  orderRef: string
  kind: GapKind
  cause: GapCause
  /** What was missed, as a sentence. */
  title: string
  /** When the event should have been here. */
  dueSince: Date
  /** When a status check found it. */
  foundAt: Date
  /** When our record was right again; null while it waits. */
  healedAt: Date | null
  /** When the event came after all, and which it was. */
  arrivedAt: Date | null
  eventId: string | null
}

export type GapPageView = { rows: GapView[]; nextCursor: string | null }

export type GapCountView = GapCount

/** One gap in a list. */
export function gapView(row: GapListRow): GapView {
  return {
    id: row.id,
    orderId: row.orderId,
    orderRef: row.orderRef,
    kind: row.kind,
    cause: row.cause,
    title: gapTitle(row),
    dueSince: row.dueSince,
    foundAt: row.foundAt,
    healedAt: row.healedAt,
    arrivedAt: row.arrivedAt,
    eventId: row.eventId,
  }
}

/** Gaps of one cause in numbers. */
export function gapCountView({ cause, count, healed, arrived }: GapCount): GapCountView {
  return { cause, count, healed, arrived }
}
