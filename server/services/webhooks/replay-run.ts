/**
 * Runs replay jobs: the shadow run, then, once a person has said so, the applying. A replay never sends a refund: it gets
 * a Juspay client that can only ask, no secret to make refund keys from, and nobody who sends refunds is woken by it.
 */
import { InvariantError } from '../../domain/assert.ts'
import type { FieldChange } from '../../domain/change.ts'
import { appliedState, selfPauseReason, shadowState } from '../../domain/replay.ts'
import type { JuspayClient } from '../../juspay/client.ts'
import type { DueItem, ItemResult, ReplayClaim, ReplayProgress } from '../../store/replay-items.ts'
import type { Deps } from '../deps.ts'
import { processEvent, type ProcessResult } from './process-event.ts'
import { rehearseTogether } from './replay-rehearse.ts'

/** A worker that says nothing for this long is taken to be gone, and another goes on. */
const LEASE_MS = 30_000
/** While an item is applied, the processor leaves its event alone; after a crash it takes care of it from then on. */
const HOLD_MS = 5 * 60_000
/** Items read at a time. */
const BATCH = 200
/** Orders whose events run side by side. Events of one order never do. */
const LANES = 4
/** Events that are rehearsed in one transaction: their orders are locked for as long as it takes. */
const TOGETHER_MAX = 50
/** After this long a job makes room for the next one. */
const TURN_MS = 5_000
/** Open pages hear of the progress this often at most. */
const TELL_EVERY_MS = 300
/** Rounds in a row that may end in an error of ours before the job has failed. */
const STUMBLES_MAX = 5
/** Fields kept of one item; an order has fewer. */
const CHANGES_MAX = 60
const ERROR_MAX = 500

/** Serves the job that waits longest for one turn. Returns how many items were done; null when no job waits. */
export async function runReplayTurn(deps: Deps, signal?: AbortSignal): Promise<number | null> {
  const now = deps.clock.now()
  const claim = await deps.store.replays.claim(now, leaseFrom(now))
  if (claim === null) return null
  const turn: Turn = {
    deps: withoutRefunds(deps),
    claim,
    endsAt: now.getTime() + TURN_MS,
    toldAt: 0,
    done: 0,
    over: false,
    stopped: () => signal?.aborted === true,
  }
  try {
    await takeTurn(turn)
  } catch (error) {
    const note = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_MAX)
    deps.log.error({ jobId: claim.id, error: note }, 'a replay stumbled; it is taken up again')
    await deps.store.replays.stumble(claim, note, STUMBLES_MAX, deps.clock.now())
    await tell(turn, true)
    throw error
  } finally {
    await deps.store.replays.release(claim)
  }
  await tell(turn, true)
  return turn.done
}

/** Stops shadow runs that nobody applied in time. */
export async function expireReplays(deps: Deps, readyBefore: Date, limit: number): Promise<number> {
  const expired = await deps.store.transaction(async (tx) => {
    const jobs = await tx.replays.expire(readyBefore, deps.clock.now(), limit)
    for (const { id, accountId } of jobs) await tx.liveChanges.append(accountId, 'replay_job', id)
    return jobs.length
  })
  if (expired > 0) deps.wake('live')
  return expired
}

/** Everything but what could move money. */
export function withoutRefunds(deps: Deps): Deps {
  return {
    ...deps,
    juspay: async (accountId) => askingOnly(await deps.juspay(accountId)),
    wake: (topic) => {
      if (topic !== 'refunds') deps.wake(topic)
    },
    get refundKeySecret(): Uint8Array {
      throw new InvariantError('a replay makes no refund key')
    },
  }
}

function askingOnly(client: JuspayClient): JuspayClient {
  const never = (deed: string) => (): never => {
    throw new InvariantError(`a replay never ${deed}`)
  }
  return {
    merchantId: client.merchantId,
    getOrder: (...asked) => client.getOrder(...asked),
    createSession: never('starts a payment'),
    updateAmount: never('changes an order'),
    refund: never('sends a refund'),
    close: () => Promise.resolve(),
  }
}

type Turn = {
  deps: Deps
  claim: ReplayClaim
  endsAt: number
  toldAt: number
  done: number
  /** The job was paused, stopped or taken over. */
  over: boolean
  stopped(): boolean
}

async function takeTurn(turn: Turn): Promise<void> {
  const { deps, claim } = turn
  while (!isOver(turn)) {
    const due = await deps.store.replays.due(claim, BATCH)
    if (due.length === 0) {
      await deps.store.replays.finish(claim, deps.clock.now())
      return
    }
    const lanes = claim.phase === 'shadowing' ? inParts(due) : byOrder(due)
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift())
        await (claim.phase === 'shadowing' ? shadowPart(turn, lane) : applyLane(turn, lane))
    }
    await allOrFirstError(Array.from({ length: LANES }, worker))
  }
}

/** Waits for every lane before the error of one is told: none may still be writing when the job is given back. */
async function allOrFirstError(lanes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(lanes)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

function isOver(turn: Turn): boolean {
  return turn.over || turn.stopped() || turn.deps.clock.now().getTime() >= turn.endsAt
}

/** Oldest first inside each order; events that name no order stand alone. */
function byOrder(due: readonly DueItem[]): DueItem[][] {
  const lanes = new Map<string, DueItem[]>()
  for (const item of due) {
    const key = item.orderKey === null ? `event ${item.eventId}` : `order ${item.orderKey}`
    const lane = lanes.get(key)
    if (lane === undefined) lanes.set(key, [item])
    else lane.push(item)
  }
  return [...lanes.values()]
}

/** Parts that are rehearsed in one go; the events of one order stay in their order. */
function inParts(due: readonly DueItem[]): DueItem[][] {
  const lanes = byOrder(due).flat()
  const parts: DueItem[][] = []
  for (let start = 0; start < lanes.length; start += TOGETHER_MAX)
    parts.push(lanes.slice(start, start + TOGETHER_MAX))
  return parts
}

async function shadowPart(turn: Turn, part: readonly DueItem[]): Promise<void> {
  if (isOver(turn)) return
  const { deps, claim } = turn
  const results = await rehearseTogether(
    deps,
    part.map(({ eventId }) => eventId),
  )
  const told = part.map(({ n }, index) => {
    const result = results[index] ?? null
    const state = shadowState(result)
    const item = { n, ...itemResult(result, state) }
    // Juspay was not asked, so nothing may be said of what it knows.
    return state === 'would_ask' ? { ...item, error: null } : item
  })
  const progress = await deps.store.replays.recordShadows(claim, told, leaseFrom(deps.clock.now()))
  count(turn, progress, part.length)
  await tell(turn, false)
}

async function applyLane(turn: Turn, lane: readonly DueItem[]): Promise<void> {
  for (const item of lane) {
    if (isOver(turn)) return
    await applyOne(turn, item)
    await tell(turn, false)
  }
}

async function applyOne(turn: Turn, { n, eventId }: DueItem): Promise<void> {
  const { deps, claim } = turn
  const begins = deps.clock.now()
  const holdUntil = new Date(begins.getTime() + HOLD_MS)
  const begun = await deps.store.replays.begin(claim, n, { now: begins, holdUntil })
  if (begun === null) {
    turn.over = true
    return
  }
  const result = await processEvent(deps, eventId, { by: 'replay' })
  const told = result === null ? null : await withEarlier(deps, claim, begun.begunAt, result)
  const now = deps.clock.now()
  const times = { now, leaseUntil: leaseFrom(now) }
  const progress = await deps.store.replays.recordApply(claim, n, itemResult(told, appliedState(told)), times)
  count(turn, progress)
  const reason = progress?.status === 'applying' ? selfPauseReason(progress.recent) : null
  if (reason === null) return
  await deps.store.replays.pauseItself(claim, reason, now)
  turn.over = true
}

/** A worker that did not come back may have applied the item: then its effect stands in the order's change log. */
async function withEarlier(
  deps: Deps,
  claim: ReplayClaim,
  begunAt: Date | null,
  result: ProcessResult,
): Promise<ProcessResult> {
  if (begunAt === null) return result
  const changes = await deps.store.orderChanges.bySource(claim.accountId, result.eventId, begunAt)
  return { ...result, changes }
}

function itemResult(result: ProcessResult | null, state: ItemResult['state']): ItemResult {
  if (result === null)
    return { state, outcome: 'not_found', error: 'The event is no longer kept.', changes: [] }
  const changes: readonly FieldChange[] = result.changes.slice(0, CHANGES_MAX)
  return { state, outcome: result.outcome, error: result.error, changes }
}

function count(turn: Turn, progress: ReplayProgress | null, items = 1): void {
  turn.done += items
  if (progress === null || progress.status !== turn.claim.phase) turn.over = true
}

async function tell(turn: Turn, always: boolean): Promise<void> {
  const { deps, claim } = turn
  const now = deps.clock.now().getTime()
  if (!always && now - turn.toldAt < TELL_EVERY_MS) return
  turn.toldAt = now
  await deps.store.liveChanges.append(claim.accountId, 'replay_job', claim.id)
  deps.wake('live')
}

function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS)
}
