import { useChangedIds } from '../../lib/use-changed-ids.ts'
import { REFUND_SUBJECTS, refundIds, type RefundRow } from './refund-types.ts'

const SUBJECTS = [...REFUND_SUBJECTS, 'order']

/** Calls back when a refund changes: it, its request, or its order while Juspay has to confirm how it ended. */
export function useRefundChanged(
  rows: readonly (Pick<RefundRow, 'id' | 'requestId' | 'refundId' | 'orderId' | 'confirming'> | null)[],
  onChanged: () => void,
): void {
  const known = rows.flatMap((row) =>
    row === null ? [] : [...refundIds(row), ...(row.confirming ? [row.orderId] : [])],
  )
  useChangedIds(SUBJECTS, (ids) => {
    if (ids.some((id) => known.includes(id))) onChanged()
  })
}
