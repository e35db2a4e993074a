/**
 * A batch of refunds and an order of which it has set an amount aside, until that refund is on its way. Meanwhile the
 * refund is decided, sent or given back with the batch and not alone; what is left of the order can be refunded as ever.
 */
import { batchName, batchStateWords } from './batch-words.ts'
import type { BulkStatus } from './bulk-batch.ts'
import { formatMoney } from './money.ts'

/** States in which a batch holds what it has set aside; in the others it is given back. */
export const LOCKING_STATUSES = [
  'submitting',
  'waiting_approval',
  'held',
  'running',
  'paused',
] as const satisfies BulkStatus[]

export type BatchLock = {
  batchId: string
  batchNo: number
  status: BulkStatus
  /** Who sent it for approval. */
  by: string
  amountMinor: bigint
  currency: string
}

/** "batch 0012 of Asha Menon". */
export function lockHolder({ batchNo, by }: BatchLock): string {
  return `${batchName(batchNo).toLowerCase()} of ${by}`
}

/** "Batch 0012 of Asha Menon holds ₹500.00 of this order." */
export function lockTitle(lock: BatchLock): string {
  const money = formatMoney({ minor: lock.amountMinor, currency: lock.currency })
  return `${batchName(lock.batchNo)} of ${lock.by} holds ${money} of this order.`
}

/** What is with the batch: "It is paused." */
export function lockState({ status }: BatchLock): string {
  return `It is ${batchStateWords(status)}.`
}
