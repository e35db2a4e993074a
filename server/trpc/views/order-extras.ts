import type { BatchLock } from '../../domain/batch-lock.ts'
import type { DiscrepancyKind } from '../../domain/discrepancy.ts'
import { methodName } from '../../domain/payment-method.ts'
import type { OrderExtrasRow } from '../../store/order-extras.ts'
import type { OrderLock } from '../../store/bulk-reads.ts'
import { maskText } from '../../domain/masked-text.ts'

export type OrderExtrasView = {
  id: string
  gatewayRef: string | null
  rrn: string | null
  /** Bank of net banking: "HDFC". */
  bank: string | null
  /** Network of a card: "Visa". */
  network: string | null
  udf: Record<string, string>
  source: OrderExtrasRow['source']
  discrepancy: DiscrepancyKind | null
  tags: string[]
  /** The batch that holds something of it; of several the oldest. */
  lock: BatchLock | null
}

/** What a batch holds of an order, for whoever may see batches. */
export function batchLockView(lock: OrderLock): BatchLock {
  const { batchId, batchNo, status, by, amountMinor, currency } = lock
  return { batchId, batchNo, status, by, amountMinor, currency }
}

/** What a list shows of an order beside its row. */
export function orderExtrasView(row: OrderExtrasRow, locks: readonly OrderLock[]): OrderExtrasView {
  const lock = locks.find(({ orderId }) => orderId === row.id)
  const netBanking = row.methodType?.toUpperCase() === 'NB'
  return {
    id: row.id,
    gatewayRef: row.gatewayRef,
    rrn: row.rrn,
    bank: netBanking && row.method !== null ? methodName(row.method) : null,
    network: row.cardBrand === null ? null : methodName(row.cardBrand),
    // Merchants write whatever they like in these.
    udf: Object.fromEntries(Object.entries(row.udf).map(([name, value]) => [name, maskText(value)])),
    source: row.source,
    discrepancy: row.discrepancy,
    tags: row.tags,
    lock: lock === undefined ? null : batchLockView(lock),
  }
}
