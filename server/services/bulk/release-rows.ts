/** Releasing the rows of an approved batch, a few at a time, and following them to their end. */
import type { StaffActor } from '../../domain/actor.ts'
import { assert } from '../../domain/assert.ts'
import { attemptOverdrawn } from '../../domain/charged-attempt.ts'
import { expiryFrom } from '../../domain/approval-policy.ts'
import {
  BULK_PAUSE_WINDOW,
  bulkPauseReason,
  finishedStatus,
  markOf,
  outcomeOf,
  OUTSTANDING_MAX,
} from '../../domain/bulk-batch.ts'
import { roleCan } from '../../domain/permission.ts'
import { stopTitle, type StopScope } from '../../domain/refund-stop.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { BulkRowRecord } from '../../store/bulk-rows.ts'
import type { LockedAggregate } from '../../store/order-locks.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { StoreTx } from '../../store/store.ts'
import { attemptsOf } from '../refunds/order-attempts.ts'
import {
  insertAttempt,
  jobActor,
  mayNow,
  noteChange,
  rebalance,
  stillAgreed,
} from '../refunds/refund-facts.ts'
import { giveBackRow } from './reserve-rows.ts'
import { isOver, LostBatch, onBatch, orLost, personOf, tell, type Turn } from './turn.ts'

/**
 * Writes down what became of the rows on their way.
 * @returns the batch as it is then; null when it was taken away from this worker
 */
export async function followRows(turn: Turn): Promise<BulkBatchRecord | null> {
  const { deps, claim } = turn
  const moved = await deps.store.bulk.moved(claim.id)
  if (moved.length === 0) return deps.store.bulk.byId(claim.accountId, claim.id)
  const told = moved.map(({ n, before, request, attempt, seen, message }) => {
    const outcome = outcomeOf(request, attempt)
    return { n, outcome, seen, remark: message, mark: markOf(before, outcome) }
  })
  const batch = await onBatch(turn, async (tx) => {
    await tx.bulk.recordOutcomes(
      claim.id,
      told.map(({ mark: _mark, ...row }) => row),
    )
    const marks = told.map(({ mark }) => mark ?? '').join('')
    if (marks !== '') await tx.bulk.appendMarks(claim.id, marks, BULK_PAUSE_WINDOW)
    await tx.bulk.recount(claim.id)
    return tx.bulk.byId(claim.accountId, claim.id)
  })
  turn.done += moved.length
  await tell(turn, true)
  return batch
}

/** Releases what may be released now of a running batch; ends or pauses it when there is reason to. */
export async function releaseRows(turn: Turn): Promise<void> {
  const { deps, claim } = turn
  const batch = await followRows(turn)
  if (batch === null) return
  const approver = await personOf(turn, batch.decidedBy)
  const problem = bulkPauseReason(batch.recent) ?? (await whyNotNow(turn, approver))
  if (problem !== null || approver === null) {
    await pauseItself(turn, problem ?? APPROVER_GONE)
    return
  }
  const outstanding = await deps.store.bulk.countOutstanding(claim.id)
  if (batch.reservedRows === 0 && outstanding === 0) {
    await finish(turn)
    return
  }
  // Each refund is looked up before it is sent: releasing faster than Juspay may be asked only makes them wait elsewhere.
  const calls = await deps.store.statusBudget.callsLeft(claim.accountId, 'bulk', deps.clock.now())
  const room = Math.min(OUTSTANDING_MAX - outstanding, calls)
  const stops = await deps.store.refundStops.inForce(claim.accountId, deps.clock.now())
  const held = stops.flatMap(({ gateway }) => gateway ?? [])
  const rows = room > 0 ? await deps.store.bulk.toRelease(claim.id, room, held) : []
  const [stop] = stops
  if (stop !== undefined && rows.length === 0 && room > 0 && outstanding === 0) {
    // All that is left would go through a gateway that is stopped.
    await pauseItself(turn, stopText(stop))
    return
  }
  for (const row of rows) {
    if (isOver(turn)) break
    await orLost(turn, () => deps.store.transaction((tx) => releaseRow(turn, tx, { batch, approver, row })))
    turn.done += 1
  }
  if (rows.length > 0) {
    deps.wake('refunds')
    await tell(turn, true)
  }
}

/**
 * Approves one request in the name of the batch's approver and makes its first attempt, in one transaction: from then
 * on the sender has it. What was agreed to is compared once more; a row of which it no longer holds is closed.
 * @throws LostBatch when the batch was paused, stopped or taken over: then nothing of this is written
 */
export async function releaseRow(
  turn: Turn,
  tx: StoreTx,
  { batch, approver, row }: { batch: BulkBatchRecord; approver: StaffActor; row: BulkRowRecord },
): Promise<void> {
  const { deps, claim } = turn
  const { accountId } = claim
  assert(row.refundRequestId !== null, 'a row that is set aside has a request')
  const asked = await tx.refundRequests.byId(accountId, row.refundRequestId)
  const locked = asked === null ? null : await tx.orders.lockAggregate(accountId, asked.orderId)
  const request = await tx.refundRequests.byId(accountId, row.refundRequestId)
  assert(request !== null && locked !== null, 'the request of a row and its order exist')
  const problem = await whatChanged(tx, request, locked)
  if (problem !== null) return giveBackRow(turn, tx, row, problem)
  const now = deps.clock.now()
  const { rules } = await tx.refundPolicies.current(accountId)
  const closed = await tx.refundRequests.close({
    accountId,
    id: request.id,
    status: 'approved',
    decidedBy: approver.userId,
    decidedAt: now,
    note: batch.decisionNote,
    expiresAt: expiryFrom(rules, now),
  })
  assert(closed, 'nobody else decides a request under its order’s lock')
  await insertAttempt(deps, tx, request, 1, now)
  await rebalance(tx, accountId, locked.orderId, now)
  const subject = { kind: 'refund_request', id: request.id, name: request.id } as const
  const told = { accountId, orderId: locked.orderId, source: 'system', subject, now } as const
  await noteChange(tx, { ...told, before: request.status, after: 'approved' })
  // The decision is the approver's, made about all rows at once and carried out here.
  await tx.audit.append({
    actor: approver,
    action: 'refund_request.approve',
    subjectKind: 'refund_request',
    subjectId: request.id,
    outcome: 'done',
    before: { status: request.status },
    after: {
      status: 'approved',
      batchId: batch.id,
      row: row.n,
      amountMinor: request.amountMinor,
      currency: request.currency,
      orderId: request.orderId,
    },
  })
  if (!(await tx.bulk.recordReleased(claim, row.n))) throw new LostBatch()
}

/** Why one row can no longer be sent; null when it can. */
async function whatChanged(
  tx: StoreTx,
  request: RefundRequestRecord,
  locked: LockedAggregate,
): Promise<string | null> {
  if (request.status !== 'pending_approval') return `The request was ${request.status} by itself.`
  if (!stillAgreed(request, locked))
    return 'The order or where its money goes back to changed after the approval.'
  if (locked.order.excessMinor > 0n) return 'Refunds made elsewhere leave less than was asked for.'
  const overdrawn = attemptOverdrawn(attemptsOf(locked), request.txnRef, request.currency)
  if (overdrawn !== null) return overdrawn
  if ((await mayNow(tx, request.merchantAccountId, request.requestedBy, 'refund:request')) === null)
    return 'The person who asked can no longer request refunds.'
  return null
}

const APPROVER_GONE = 'The approver can no longer approve refunds, so nothing more is sent.'

/** Why nothing of the batch may be released now; null when there is no reason. */
async function whyNotNow({ deps, claim }: Turn, approver: StaffActor | null): Promise<string | null> {
  if (approver === null || !roleCan(approver.role, 'refund:approve')) return APPROVER_GONE
  const stops = await deps.store.refundStops.inForce(claim.accountId, deps.clock.now())
  const all = stops.find(({ gateway }) => gateway === null)
  return all === undefined ? null : stopText(all)
}

function stopText(stop: Pick<StopScope, 'gateway' | 'reason'>): string {
  return `${stopTitle(stop)}: ${stop.reason} Resume when they may be sent again.`
}

async function pauseItself(turn: Turn, why: string): Promise<void> {
  await onBatch(turn, async (tx) => {
    const now = turn.deps.clock.now()
    const { accountId, id } = turn.claim
    await tx.bulk.move(accountId, id, {
      from: ['running'],
      to: 'paused',
      now,
      nextAt: now,
      set: { remark: why },
    })
    await tx.audit.append({
      actor: jobActor(turn.deps, 'bulk-refunds', accountId),
      action: 'bulk_batch.pause',
      subjectKind: 'bulk_batch',
      subjectId: id,
      outcome: 'done',
      reason: why,
      before: { status: 'running' },
      after: { status: 'paused' },
    })
  })
  await tell(turn, true)
}

async function finish(turn: Turn): Promise<void> {
  await onBatch(turn, async (tx) => {
    const now = turn.deps.clock.now()
    const { accountId, id } = turn.claim
    await tx.bulk.recount(id)
    const batch = await tx.bulk.byId(accountId, id)
    assert(batch !== null, 'a claimed batch exists')
    if (batch.reservedRows + batch.releasedRows + batch.unknownRows > 0) return
    const set = { finishedAt: now, remark: null }
    await tx.bulk.move(accountId, id, { from: ['running'], to: finishedStatus(batch), now, nextAt: now, set })
  })
  await tell(turn, true)
}
