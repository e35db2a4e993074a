import type { StaffActor } from '../../domain/actor.ts'
import { bulkCan } from '../../domain/bulk-batch.ts'
import type { BulkField } from '../../domain/bulk-columns.ts'
import { BULK_CELL_MAX, type BulkValues } from '../../domain/bulk-row.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkRowRecord } from '../../store/bulk-rows.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { demandBatch, lockBatch, noteDeed } from './bulk-facts.ts'
import { askAboutRows, judgeRows, type Checking } from './check-rows.ts'

/** Rows that are checked again while the person waits; more are left to the job. */
const INLINE_MAX = 20

type Changed = { batch: BulkBatchRecord; row: BulkRowRecord }

/**
 * Corrects cells of one row and checks it again, with all rows about the same order. The uploaded cells stay as they
 * are: the correction is kept beside them.
 * @throws Refusal not_found, conflict, invalid_input
 */
export async function fixRow(
  deps: Deps,
  actor: StaffActor,
  input: { batchId: string; n: number; fields: Partial<Record<BulkField, string>> },
): Promise<Changed> {
  return changeRow(deps, actor, input, 'fix_row', async (tx, row) => {
    const fields: BulkValues = { ...row.fields, ...trimmed(input.fields) }
    await tx.bulk.edit(input.batchId, input.n, fields)
    return { before: row.fields, after: fields }
  })
}

/** Leaves a row out of the batch, or takes it back. @throws Refusal not_found, conflict */
export async function dropRow(
  deps: Deps,
  actor: StaffActor,
  input: { batchId: string; n: number; dropped: boolean },
): Promise<Changed> {
  return changeRow(deps, actor, input, input.dropped ? 'drop_row' : 'take_row', async (tx) => {
    await tx.bulk.drop(input.batchId, input.n, input.dropped)
    return {}
  })
}

/** Checks one row again, with all rows about the same order. @throws Refusal not_found, conflict */
export async function recheckRow(
  deps: Deps,
  actor: StaffActor,
  input: { batchId: string; n: number },
): Promise<Changed> {
  return changeRow(deps, actor, input, 'check_row', async (tx, row) => {
    await tx.bulk.edit(input.batchId, input.n, row.fields)
    return {}
  })
}

/**
 * Ticks the warnings of a row, or of all rows (`n` null), or takes the tick back; or leaves out every row with an error.
 * @throws Refusal not_found, conflict
 */
export async function tickRows(
  deps: Pick<Deps, 'store' | 'wake'>,
  actor: StaffActor,
  input: { batchId: string } & (
    { deed: 'accept'; n: number | null; accepted: boolean } | { deed: 'drop_errors' }
  ),
): Promise<BulkBatchRecord> {
  const batch = await deps.store.transaction(async (tx) => {
    await lockBatch(tx, actor.accountId, input.batchId, EDIT)
    const rows =
      input.deed === 'accept'
        ? await tx.bulk.accept(input.batchId, input.n, input.accepted)
        : await tx.bulk.dropErrors(input.batchId)
    await tx.bulk.recount(input.batchId)
    const { batchId, ...after } = input
    await noteDeed(tx, actor, { action: input.deed, batchId, after: { ...after, rows } })
    return demandBatch(tx, actor.accountId, batchId)
  })
  deps.wake('live')
  return batch
}

const EDIT = { act: 'edit', can: ({ status }: BulkBatchRecord) => bulkCan('edit', status) } as const

function trimmed(fields: Partial<Record<BulkField, string>>): Partial<Record<BulkField, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [field, value.trim().slice(0, BULK_CELL_MAX)]),
  )
}

async function changeRow(
  deps: Deps,
  actor: StaffActor,
  { batchId, n }: { batchId: string; n: number },
  action: string,
  change: (
    tx: StoreTx,
    row: BulkRowRecord,
  ) => Promise<{ before?: Record<string, unknown>; after?: Record<string, unknown> }>,
): Promise<Changed> {
  const { accountId } = actor
  const batch = await deps.store.transaction(async (tx) => {
    await lockBatch(tx, accountId, batchId, EDIT)
    const row = await demandRow(tx, batchId, n)
    const { before, after } = await change(tx, row)
    await tx.bulk.recount(batchId)
    const facts = { before: { n, ...before }, after: { n, ...after } }
    await noteDeed(tx, actor, { action, batchId, ...facts })
    return demandBatch(tx, accountId, batchId)
  })
  await checkChanged(deps, actor, batch)
  deps.wake('live')
  return {
    batch: await demandBatch(deps.store, accountId, batchId),
    row: await demandRow(deps.store, batchId, n),
  }
}

/** Checks what a correction left unchecked, at once when that is little; what cannot be asked now is the job's. */
async function checkChanged(deps: Deps, actor: StaffActor, batch: BulkBatchRecord): Promise<void> {
  const checking: Checking = { deps, actor, batch, purpose: 'person' }
  const unchecked = await deps.store.bulk.unchecked(batch.id, INLINE_MAX + 1)
  const asked = unchecked.length <= INLINE_MAX ? await askAboutRows(checking, unchecked) : null
  await deps.store.transaction(async (tx) => {
    // Sent for approval or cancelled meanwhile: the verdicts come too late.
    await tx.bulk.lock(batch.merchantAccountId, batch.id)
    const now = deps.clock.now()
    const before = await demandBatch(tx, batch.merchantAccountId, batch.id)
    if (before.status !== 'ready') return
    if (asked !== null) {
      const still = new Map((await tx.bulk.unchecked(batch.id, INLINE_MAX + 1)).map((row) => [row.n, row]))
      const rows = asked.rows.flatMap(({ n }) => still.get(n) ?? [])
      if (rows.length > 0) await judgeRows(tx, checking, rows, asked.answers)
    }
    const after = await demandBatch(tx, batch.merchantAccountId, batch.id)
    if (after.uncheckedRows > 0)
      await tx.bulk.move(batch.merchantAccountId, batch.id, {
        from: ['ready'],
        to: 'checking',
        now,
        nextAt: now,
        set: { runAt: now, runDone: after.total - after.uncheckedRows },
      })
    await tx.liveChanges.append(batch.merchantAccountId, 'bulk_batch', batch.id)
  })
  deps.wake('bulk')
}

async function demandRow(store: Pick<StoreTx, 'bulk'>, batchId: string, n: number): Promise<BulkRowRecord> {
  const row = await store.bulk.row(batchId, n)
  if (row === null) throw new Refusal('not_found', 'There is no such row in this batch.')
  return row
}
