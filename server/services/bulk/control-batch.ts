import type { StaffActor } from '../../domain/actor.ts'
import { bulkCan, bulkStatesFor, type BulkAct } from '../../domain/bulk-batch.ts'
import type { BulkBatchRecord, BulkMove } from '../../store/bulk-batches.ts'
import type { Deps } from '../deps.ts'
import { demandBatch, lockBatch, noteDeed } from './bulk-facts.ts'

type ControlDeps = Pick<Deps, 'store' | 'clock' | 'wake'>
export type ControlAct = Extract<BulkAct, 'cancel' | 'pause' | 'resume' | 'stop'>

type Control = (
  batch: BulkBatchRecord,
  actor: StaffActor,
  now: Date,
) => Pick<BulkMove, 'to' | 'nextAt' | 'set'>

/** What each act makes of a batch. What was released goes its way; what was set aside and not released is given back. */
const CONTROLS: Readonly<Record<ControlAct, Control>> = {
  cancel: (_batch, actor, now) => ({
    to: 'cancelled',
    nextAt: now,
    set: { finishedAt: now, remark: `Cancelled by ${actor.name}.` },
  }),
  pause: (_batch, actor, now) => ({ to: 'paused', nextAt: now, set: { remark: `Paused by ${actor.name}.` } }),
  resume: (batch, _actor, now) => ({
    to: 'running',
    nextAt: now,
    set: { remark: null, recent: '', runAt: now, runDone: doneRows(batch) },
  }),
  stop: (_batch, actor, now) => ({
    to: 'stopped',
    nextAt: now,
    set: { finishedAt: now, remark: `Stopped by ${actor.name}.` },
  }),
}

/**
 * Cancels a batch before anything is sent, or pauses, resumes or stops one that runs. Refunds that were released by
 * then are sent all the same. @throws Refusal not_found, conflict
 */
export async function controlBatch(
  deps: ControlDeps,
  actor: StaffActor,
  input: { batchId: string; act: ControlAct },
): Promise<BulkBatchRecord> {
  const { accountId } = actor
  const { act } = input
  const batch = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const before = await lockBatch(tx, accountId, input.batchId, {
      act,
      can: ({ status }) => bulkCan(act, status),
    })
    const from = bulkStatesFor(act)
    await tx.bulk.move(accountId, before.id, { from, now, ...CONTROLS[act](before, actor, now) })
    await noteDeed(tx, actor, {
      action: act,
      batchId: before.id,
      before: { status: before.status },
      after: { reserved: before.reservedRows, released: doneRows(before) },
    })
    return demandBatch(tx, accountId, before.id)
  })
  deps.wake('bulk')
  deps.wake('live')
  return batch
}

/**
 * What an approver can do about a batch that goes on: cancels one that is held, pauses one that runs.
 * @throws Refusal not_found, conflict
 */
export async function haltBatch(
  deps: ControlDeps,
  actor: StaffActor,
  input: { batchId: string },
): Promise<BulkBatchRecord> {
  const batch = await demandBatch(deps.store, actor.accountId, input.batchId)
  return controlBatch(deps, actor, { ...input, act: batch.status === 'held' ? 'cancel' : 'pause' })
}

/** Rows that were released. */
export function doneRows(batch: BulkBatchRecord): number {
  const { releasedRows, unknownRows, pendingRows, reviewRows, returnedRows, succeededRows, failedRows } =
    batch
  return releasedRows + unknownRows + pendingRows + reviewRows + returnedRows + succeededRows + failedRows
}
