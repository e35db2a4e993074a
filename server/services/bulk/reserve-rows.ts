/** Setting the rows of a batch aside, one request each; and giving them back when nothing will come of it. */
import type { StaffActor } from '../../domain/actor.ts'
import { assert } from '../../domain/assert.ts'
import { batchName } from '../../domain/batch-words.ts'
import { rowClientKey } from '../../domain/bulk-batch.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkRowRecord } from '../../store/bulk-rows.ts'
import type { StoreTx } from '../../store/store.ts'
import { closeUndecided } from '../refunds/close-request.ts'
import { jobActor } from '../refunds/refund-facts.ts'
import { reserveRefund } from '../refunds/reserve-refund.ts'
import { batchHash } from './bulk-facts.ts'
import { inLanes } from './lanes.ts'
import { isOver, LostBatch, onBatch, orLost, personOf, tell, type Turn } from './turn.ts'

/** Rows read at a time, and rows worked on side by side. */
const BATCH = 200
const LANES = 4

/**
 * Sets rows aside until none is left, then shows the batch to its approvers. A row whose amount cannot be set aside is
 * left out and says why; the approver sees what is left. Each row is a transaction of its own under a key derived from
 * batch and row, so that whoever goes on after a crash finds what was done.
 */
export async function reserveRows(turn: Turn, batch: BulkBatchRecord): Promise<void> {
  const { deps } = turn
  const actor = await personOf(turn, batch.submittedBy)
  if (actor === null) {
    await giveUp(turn, 'The person who asked can no longer request refunds.')
    return
  }
  while (!isOver(turn)) {
    const rows = await deps.store.bulk.toReserve(batch.id, BATCH)
    if (rows.length === 0) {
      await showToApprovers(turn, batch)
      return
    }
    await inLanes(LANES, rows, async (row) => {
      if (isOver(turn)) return
      await reserveRow(turn, batch, actor, row)
      turn.done += 1
      await tell(turn, false)
    })
  }
}

async function reserveRow(
  turn: Turn,
  batch: BulkBatchRecord,
  actor: StaffActor,
  row: BulkRowRecord,
): Promise<void> {
  const { deps, claim } = turn
  const { n, orderId, amountMinor } = row
  assert(orderId !== null && amountMinor !== null, 'a row that goes has an order and an amount')
  const input = {
    orderId,
    version: 1,
    clientKey: rowClientKey(batch.id, n),
    amountMinor,
    currency: batch.currency,
    txnRef: row.fields.txnRef === '' ? null : row.fields.txnRef,
    reason: row.reason ?? batch.reason ?? '',
    note: row.note ?? batch.note,
    // Whoever sent the batch has ticked the warning.
    confirmSameAmount: true,
  }
  await orLost(turn, async () => {
    try {
      await deps.store.transaction(async (tx) => {
        const requestId = await reserveRefund(deps, tx, actor, input, `Asked for in ${batchName(batch.no)}.`)
        await tx.refundRequests.joinBatch(requestId, batch.id)
        if (!(await tx.bulk.recordReserved(claim, n, requestId))) throw new LostBatch()
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      await refuseRow(turn, actor, row, error)
    }
  })
}

async function refuseRow(turn: Turn, actor: StaffActor, row: BulkRowRecord, refusal: Refusal): Promise<void> {
  const { deps, claim } = turn
  await deps.store.transaction(async (tx) => {
    await tx.audit.append({
      actor,
      action: 'refund_request.create',
      subjectKind: 'order',
      subjectId: row.orderId,
      outcome: 'refused',
      reason: `${refusal.code}: ${refusal.message}`,
      after: { batchId: claim.id, row: row.n, amountMinor: row.amountMinor },
    })
    const why = refusal.hint === null ? refusal.message : `${refusal.message} ${refusal.hint}`
    if (!(await tx.bulk.recordRefused(claim, row.n, why, row.amountMinor ?? 0n))) throw new LostBatch()
  })
}

async function showToApprovers(turn: Turn, batch: BulkBatchRecord): Promise<void> {
  const { deps, claim } = turn
  const done = await onBatch(turn, async (tx) => {
    await tx.bulk.recount(batch.id)
    const now = deps.clock.now()
    const after = await tx.bulk.byId(claim.accountId, batch.id)
    assert(after !== null, 'a claimed batch exists')
    if (after.reservedRows === 0) {
      await tx.bulk.move(claim.accountId, batch.id, {
        from: ['submitting'],
        to: 'cancelled',
        now,
        nextAt: null,
        set: { finishedAt: now, remark: 'No amount could be set aside. Each row says why.' },
      })
      return
    }
    const refused = after.refusedRows
    await tx.bulk.move(claim.accountId, batch.id, {
      from: ['submitting'],
      to: 'waiting_approval',
      now,
      nextAt: after.expiresAt,
      set: {
        approvalHash: await batchHash(tx, batch.id),
        remark: refused === 0 ? null : `${refused} of the rows could not be set aside and are left out.`,
      },
    })
  })
  if (done !== null) await tell(turn, true)
}

async function giveUp(turn: Turn, why: string): Promise<void> {
  await onBatch(turn, async (tx) => {
    const now = turn.deps.clock.now()
    await tx.bulk.move(turn.claim.accountId, turn.claim.id, {
      from: ['submitting'],
      to: 'cancelled',
      now,
      nextAt: now,
      set: { finishedAt: now, remark: why },
    })
  })
}

/** Gives back what is still set aside of a batch that was rejected, cancelled or stopped. */
export async function giveBackRows(turn: Turn, batch: BulkBatchRecord): Promise<void> {
  const { deps } = turn
  while (!isOver(turn)) {
    const rows = await deps.store.bulk.toRelease(batch.id, BATCH)
    if (rows.length === 0) return
    await inLanes(LANES, rows, async (row) => {
      if (isOver(turn)) return
      const why = batch.remark ?? (batch.status === 'rejected' ? 'The batch was rejected.' : 'Not sent.')
      await orLost(turn, () => deps.store.transaction((tx) => giveBackRow(turn, tx, row, why)))
      turn.done += 1
      await tell(turn, false)
    })
  }
}

/** Closes the request of one row that will not be sent. @throws LostBatch */
export async function giveBackRow(turn: Turn, tx: StoreTx, row: BulkRowRecord, why: string): Promise<void> {
  const { deps, claim } = turn
  assert(row.refundRequestId !== null, 'a row that is set aside has a request')
  const request = await tx.refundRequests.byId(claim.accountId, row.refundRequestId)
  assert(request !== null, 'the request of a row exists')
  await tx.orders.lockAggregate(claim.accountId, request.orderId)
  const actor = jobActor(deps, 'bulk-refunds', claim.accountId)
  const now = deps.clock.now()
  // One that expired meanwhile is closed already.
  await closeUndecided(tx, { actor, request, status: 'withdrawn', note: why, now })
  if (!(await tx.bulk.recordNotSent(claim, row.n, why))) throw new LostBatch()
}
