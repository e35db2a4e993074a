import type { StaffActor } from '../../domain/actor.ts'
import type { BulkClaim } from '../../store/bulk-batches.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

/**
 * A worker that says nothing for this long is taken to be gone, and another goes on. Longer than a round of questions to
 * a Juspay that does not answer.
 */
const LEASE_MS = 120_000
/** After this long a batch makes room for the next one. */
const TURN_MS = 5_000
/** Open pages hear of the progress this often at most. */
const TELL_EVERY_MS = 300

/** One worker's go at one batch. */
export type Turn = {
  deps: Deps
  claim: BulkClaim
  endsAt: number
  toldAt: number
  done: number
  /** The batch was paused, cancelled or taken over. */
  over: boolean
  stopped(): boolean
}

/** Starts a turn for a batch just claimed. */
export function newTurn(deps: Deps, claim: BulkClaim, signal?: AbortSignal): Turn {
  return {
    deps,
    claim,
    endsAt: deps.clock.now().getTime() + TURN_MS,
    toldAt: 0,
    done: 0,
    over: false,
    stopped: () => signal?.aborted === true,
  }
}

/** Whether the worker should leave the batch alone now. */
export function isOver(turn: Turn): boolean {
  return turn.over || turn.stopped() || turn.deps.clock.now().getTime() >= turn.endsAt
}

/** Until when a batch taken or kept at `now` is its worker's. */
export function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS)
}

/** The batch is no longer this worker's: its transaction must not commit. */
export class LostBatch extends Error {
  override name = 'LostBatch'
}

/** One transaction on the claimed batch, under its lock. Answers null, and ends the turn, when it is lost. */
export async function onBatch<T>(turn: Turn, work: (tx: StoreTx) => Promise<T>): Promise<T | null> {
  const { deps, claim } = turn
  return orLost(turn, () =>
    deps.store.transaction(async (tx) => {
      if (!(await tx.bulk.keep(claim, leaseFrom(deps.clock.now())))) throw new LostBatch()
      return work(tx)
    }),
  )
}

/** Runs work that may throw {@link LostBatch}. */
export async function orLost<T>(turn: Turn, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LostBatch)) throw error
    turn.over = true
    return null
  }
}

/** Tells open pages how far the batch is. */
export async function tell(turn: Turn, always: boolean): Promise<void> {
  const { deps, claim } = turn
  const now = deps.clock.now().getTime()
  if (!always && now - turn.toldAt < TELL_EVERY_MS) return
  turn.toldAt = now
  await deps.store.liveChanges.append(claim.accountId, 'bulk_batch', claim.id)
  deps.wake('live')
}

/** The person behind a step of the batch, as they are now; null when they are gone or disabled. */
export async function personOf({ deps, claim }: Turn, userId: string | null): Promise<StaffActor | null> {
  const { accountId } = claim
  const member = userId === null ? null : await deps.store.staff.member(accountId, userId)
  if (member === null || member.disabled) return null
  const { id, name, email, role } = member
  return { kind: 'user', userId: id, name, email, role, accountId, requestId: deps.ids.uuid(), ip: null }
}
