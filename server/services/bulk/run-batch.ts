/**
 * Works on batches: checks rows, sets them aside, lets the hold run out, releases, follows, gives back. One worker has
 * a batch at a time; every step is committed before the next begins, so that any worker can go on after any crash.
 */
import { finishedStatus, type BulkStatus } from '../../domain/bulk-batch.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { Deps } from '../deps.ts'
import { jobActor } from '../refunds/refund-facts.ts'
import { askAboutRows, judgeRows, type Checking } from './check-rows.ts'
import { followRows, releaseRows } from './release-rows.ts'
import { giveBackRows, reserveRows } from './reserve-rows.ts'
import { isOver, leaseFrom, newTurn, onBatch, tell, type Turn } from './turn.ts'

/** Rows checked in one go. */
const CHECK_BATCH = 40
const SECOND_MS = 1_000
/** Rounds in a row that may end in an error of ours before a person has to look. */
const STUMBLES_MAX = 5
const REMARK_MAX = 300
/** How often the rows on their way are looked at: often at first, then as seldom as banks are slow. */
const WATCH_MS = [
  { untilMs: 10 * 60_000, everyMs: 3 * SECOND_MS },
  { untilMs: 86_400_000, everyMs: 60 * SECOND_MS },
] as const
const WATCH_LATE_MS = 10 * 60_000

/** Serves the batch that waits longest for one turn. Returns how many rows were done; null when no batch is due. */
export async function runBulkTurn(deps: Deps, signal?: AbortSignal): Promise<number | null> {
  const now = deps.clock.now()
  const claim = await deps.store.bulk.claim(now, leaseFrom(now))
  if (claim === null) return null
  const turn = newTurn(deps, claim, signal)
  let nextAt: Date | null = after(deps, SECOND_MS)
  try {
    const batch = await deps.store.bulk.byId(claim.accountId, claim.id)
    if (batch !== null) nextAt = await workOn(turn, batch)
  } catch (error) {
    await stumble(turn, error)
    throw error
  } finally {
    await deps.store.bulk.rest(claim, nextAt)
  }
  return turn.done
}

/** One turn. Answers when a worker should look again, if the batch is still this worker's then. */
async function workOn(turn: Turn, batch: BulkBatchRecord): Promise<Date | null> {
  const { deps } = turn
  const soon = (): Date => after(deps, SECOND_MS)
  switch (batch.status) {
    case 'draft':
    case 'ready':
      return null
    case 'checking':
      return (await checkBatch(turn, batch)) ? deps.clock.now() : soon()
    case 'submitting':
      await reserveRows(turn, batch)
      return deps.clock.now()
    case 'waiting_approval':
      return expireWhenDue(turn, batch)
    case 'held':
      return startWhenDue(turn, batch)
    case 'running':
      await releaseRows(turn)
      return soon()
    case 'paused':
      return watch(turn, batch)
    case 'stopped':
    case 'rejected':
    case 'cancelled':
      await giveBackRows(turn, batch)
      return isOver(turn) ? deps.clock.now() : watch(turn, batch)
    case 'finished':
    case 'finished_failures':
      return watch(turn, batch)
  }
}

function after(deps: Deps, ms: number): Date {
  return new Date(deps.clock.now().getTime() + ms)
}

/** Checks rows. False when Juspay may not be asked more at this moment. */
async function checkBatch(turn: Turn, batch: BulkBatchRecord): Promise<boolean> {
  const { deps, claim } = turn
  const actor = jobActor(deps, 'bulk-check', claim.accountId)
  const checking: Checking = { deps, actor, batch, purpose: 'bulk' }
  while (!isOver(turn)) {
    const rows = await deps.store.bulk.unchecked(batch.id, CHECK_BATCH)
    if (rows.length === 0) {
      await finishCheck(turn)
      return true
    }
    const asked = await askAboutRows(checking, rows)
    if (asked.rows.length > 0) await onBatch(turn, (tx) => judgeRows(tx, checking, asked.rows, asked.answers))
    turn.done += asked.rows.length
    await tell(turn, false)
    if (asked.rows.length < rows.length) return false
  }
  return true
}

async function finishCheck(turn: Turn): Promise<void> {
  await onBatch(turn, async (tx) => {
    const now = turn.deps.clock.now()
    const { accountId, id } = turn.claim
    await tx.bulk.move(accountId, id, {
      from: ['checking'],
      to: 'ready',
      now,
      nextAt: null,
      set: { checkedAt: now },
    })
  })
  await tell(turn, true)
}

async function expireWhenDue(turn: Turn, batch: BulkBatchRecord): Promise<Date | null> {
  const now = turn.deps.clock.now()
  if (batch.expiresAt === null || batch.expiresAt > now) return batch.expiresAt
  const remark = 'Nobody decided in time.'
  await moveOn(turn, 'waiting_approval', 'cancelled', { finishedAt: now, remark })
  return now
}

async function startWhenDue(turn: Turn, batch: BulkBatchRecord): Promise<Date | null> {
  const now = turn.deps.clock.now()
  if (batch.holdUntil !== null && batch.holdUntil > now) return batch.holdUntil
  await moveOn(turn, 'held', 'running', { runAt: now, runDone: 0, recent: '', remark: null })
  return now
}

async function moveOn(
  turn: Turn,
  from: BulkStatus,
  to: BulkStatus,
  set: Partial<Pick<BulkBatchRecord, 'finishedAt' | 'remark' | 'runAt' | 'runDone' | 'recent'>>,
): Promise<void> {
  await onBatch(turn, async (tx) => {
    const now = turn.deps.clock.now()
    const { accountId, id } = turn.claim
    await tx.bulk.move(accountId, id, { from: [from], to, now, nextAt: now, set })
    await tx.audit.append({
      actor: jobActor(turn.deps, 'bulk-refunds', accountId),
      action: to === 'running' ? 'bulk_batch.start' : 'bulk_batch.expire',
      subjectKind: 'bulk_batch',
      subjectId: id,
      outcome: 'done',
      before: { status: from },
      after: { status: to },
    })
  })
  await tell(turn, true)
}

/** Follows rows on their way in a batch that releases none; null when all have come to an end. */
async function watch(turn: Turn, { finishedAt }: BulkBatchRecord): Promise<Date | null> {
  const { deps, claim } = turn
  const batch = await followRows(turn)
  if (batch?.status === 'finished' && finishedStatus(batch) !== batch.status)
    await onBatch(turn, (tx) =>
      tx.bulk.move(claim.accountId, claim.id, {
        from: ['finished'],
        to: 'finished_failures',
        now: deps.clock.now(),
        nextAt: after(deps, SECOND_MS),
      }),
    )
  if (!(await deps.store.bulk.isOpen(claim.id))) return null
  const age = deps.clock.now().getTime() - (finishedAt?.getTime() ?? deps.clock.now().getTime())
  return after(deps, WATCH_MS.find(({ untilMs }) => age < untilMs)?.everyMs ?? WATCH_LATE_MS)
}

/** What becomes of a batch that keeps ending in errors of ours: nothing more happens until somebody looks. */
const STUCK: Readonly<Partial<Record<BulkStatus, BulkStatus>>> = {
  checking: 'draft',
  submitting: 'cancelled',
  running: 'paused',
}

async function stumble(turn: Turn, error: unknown): Promise<void> {
  const { deps, claim } = turn
  const note = error instanceof Error ? error.message : String(error)
  deps.log.error({ batchId: claim.id, error: note }, 'a batch of refunds stumbled; it is taken up again')
  const times = await deps.store.bulk.stumble(claim)
  const to = STUCK[claim.status]
  if (times < STUMBLES_MAX || to === undefined) return
  const now = deps.clock.now()
  await deps.store.bulk.move(claim.accountId, claim.id, {
    from: [claim.status],
    to,
    now,
    nextAt: to === 'draft' ? null : now,
    set: { remark: `An error of ours stopped it: ${note.slice(0, REMARK_MAX)}` },
  })
  await tell(turn, true)
}
