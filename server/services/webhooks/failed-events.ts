import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ReplayScope } from '../../domain/replay.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

type ActDeps = Pick<Deps, 'store' | 'clock' | 'wake'>

/** Ids written into one audit entry; the count is always exact. */
const IDS_AUDITED_MAX = 200
/** Live changes of one act; beyond that a screen loads its list anew anyway. */
const TOLD_MAX = 200

/**
 * Tries the chosen events again at once, those that would be tried again by themselves. Events of one order keep their
 * order: all are due at the same instant, and the queue takes the oldest first.
 * @throws Refusal `not_found` when none of them waits
 */
export async function retryFailedNow(
  deps: ActDeps,
  actor: StaffActor,
  input: { scope: ReplayScope },
): Promise<{ count: number }> {
  const ids = await deps.store.transaction(async (tx) => {
    const retried = await tx.failedEvents.retryNow(actor.accountId, input.scope, deps.clock.now())
    if (retried.length === 0)
      throw new Refusal('not_found', 'None of these events waits for a next try. Replay them instead.')
    await note(tx, actor, { action: 'webhook_event.retry', scope: input.scope, reason: null }, retried)
    return retried
  })
  deps.wake('events')
  deps.wake('live')
  return { count: ids.length }
}

/**
 * Sets the chosen events aside with a reason: they leave the failed list and are not tried again. What became of them
 * stays on record, and a replay takes it back.
 * @throws Refusal `not_found` when none of them needs a look any more
 */
export async function ignoreFailed(
  deps: ActDeps,
  actor: StaffActor,
  input: { scope: ReplayScope; reason: string },
): Promise<{ count: number }> {
  const ids = await deps.store.transaction(async (tx) => {
    const mark = { by: actor.name, reason: input.reason, at: deps.clock.now() }
    const ignored = await tx.failedEvents.setAside(actor.accountId, input.scope, mark)
    if (ignored.length === 0)
      throw new Refusal('not_found', 'None of these events needs a look any more. Nothing was changed.')
    await note(
      tx,
      actor,
      { action: 'webhook_event.ignore', scope: input.scope, reason: input.reason },
      ignored,
    )
    return ignored
  })
  deps.wake('live')
  return { count: ids.length }
}

async function note(
  tx: StoreTx,
  actor: StaffActor,
  deed: { action: string; scope: ReplayScope; reason: string | null },
  events: readonly { id: string }[],
): Promise<void> {
  const ids = events.map(({ id }) => id)
  await tx.audit.append({
    actor,
    action: deed.action,
    subjectKind: 'webhook_event',
    subjectId: ids.length === 1 ? (ids[0] ?? null) : null,
    outcome: 'done',
    reason: deed.reason,
    after: { scope: deed.scope, count: ids.length, events: ids.slice(0, IDS_AUDITED_MAX) },
  })
  for (const id of ids.slice(0, TOLD_MAX)) await tx.liveChanges.append(actor.accountId, 'webhook_event', id)
}
