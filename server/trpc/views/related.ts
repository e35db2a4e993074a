/** Other orders of a customer, field by field; how they were found, and nothing personal. */
import type { DisplayStatus } from '../../domain/payment-status.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import type { RelatedOrderRow } from '../../store/orders-related.ts'

export type RelatedOrdersView = {
  rows: {
    id: string
    orderRef: string
    createdAt: Date
    amountMinor: bigint
    currency: string
    displayStatus: DisplayStatus
    matchedBy: RelatedOrderRow['matchedBy']
    /** Made within a day of this order: the customer may have paid twice. */
    near: boolean
  }[]
  /** There are more than are listed. */
  more: boolean
}

const NEAR_MS = 24 * 3_600_000

/** The newest `max`, and whether there are more. */
export function relatedOrdersView(
  order: StoredOrder,
  found: readonly RelatedOrderRow[],
  max: number,
): RelatedOrdersView {
  const rows = found.slice(0, max).map((row) => ({
    id: row.id,
    orderRef: row.orderRef,
    createdAt: row.createdAt,
    amountMinor: row.amountMinor,
    currency: row.currency,
    displayStatus: row.displayStatus,
    matchedBy: row.matchedBy,
    near: Math.abs(row.createdAt.getTime() - order.createdAt.getTime()) <= NEAR_MS,
  }))
  return { rows, more: found.length > max }
}
