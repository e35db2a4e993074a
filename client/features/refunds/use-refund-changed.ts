import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { REFUND_SUBJECTS, refundIds, type RefundRow } from './refund-types.ts'

const SUBJECTS = [...REFUND_SUBJECTS, ...ORDER_SUBJECTS]

/** The ids by which a refund is told to have changed: its own, and its order's while Juspay has to confirm how it ended. */
export function changingIds(
  row: Pick<RefundRow, 'id' | 'requestId' | 'refundId' | 'orderId' | 'confirming'>,
): string[] {
  return row.confirming ? [...refundIds(row), row.orderId] : refundIds(row)
}

/** Calls back when one of `ids` changes, of those that {@link changingIds} gives. */
export function useRefundChanged(ids: readonly string[], onChanged: () => void): void {
  useChangedIds(SUBJECTS, (changed) => {
    if (changed.some((id) => ids.includes(id))) onChanged()
  })
}
