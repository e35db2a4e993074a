import { createHash } from 'node:crypto'
import type { StaffActor } from '../../domain/actor.ts'
import { batchText, bulkRefusal, type BulkAct } from '../../domain/bulk-batch.ts'
import { headerKey } from '../../domain/bulk-columns.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { StoreTx } from '../../store/store.ts'

/** The batch. @throws Refusal not_found */
export async function demandBatch(
  store: Pick<StoreTx, 'bulk'>,
  accountId: string,
  batchId: string,
): Promise<BulkBatchRecord> {
  const batch = await store.bulk.byId(accountId, batchId)
  if (batch === null) throw new Refusal('not_found', 'There is no such batch.')
  return batch
}

/** The batch under its lock, in a state that allows the act. @throws Refusal not_found, conflict */
export async function lockBatch(
  tx: StoreTx,
  accountId: string,
  batchId: string,
  allowed: { act: BulkAct; can: (batch: BulkBatchRecord) => boolean },
): Promise<BulkBatchRecord> {
  await tx.bulk.lock(accountId, batchId)
  const batch = await demandBatch(tx, accountId, batchId)
  if (!allowed.can(batch)) throw new Refusal('conflict', bulkRefusal(allowed.act, batch.status))
  return batch
}

/** Writes a deed about a batch into the audit log and tells open screens. */
export async function noteDeed(
  tx: StoreTx,
  actor: StaffActor,
  deed: {
    action: string
    batchId: string
    reason?: string | null
    before?: Record<string, unknown>
    after?: Record<string, unknown>
  },
): Promise<void> {
  const { action, batchId, ...facts } = deed
  await tx.audit.append({
    actor,
    action: `bulk_batch.${action}`,
    subjectKind: 'bulk_batch',
    subjectId: batchId,
    outcome: 'done',
    ...facts,
  })
  await tx.liveChanges.append(actor.accountId, 'bulk_batch', batchId)
}

/** What an approver of the batch agrees to: SHA-256 over every row that is set aside. */
export async function batchHash(tx: Pick<StoreTx, 'bulk'>, batchId: string): Promise<Buffer> {
  const text = batchText(batchId, await tx.bulk.agreed(batchId))
  return createHash('sha256').update(text).digest()
}

/** By what files with the same headers are recognised, short enough for an index. */
export function headerHash(headers: readonly string[]): string {
  return createHash('sha256').update(headerKey(headers)).digest('hex')
}
