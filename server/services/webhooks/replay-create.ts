import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  REPLAY_ITEMS_MAX,
  REPLAY_JOBS_AT_WORK_MAX,
  unboundedReason,
  type ReplayScope,
} from '../../domain/replay.ts'
import type { ReplayJob } from '../../store/replay-jobs.ts'
import type { ReplayPreview } from '../../store/replay-preview.ts'
import type { Deps } from '../deps.ts'

/**
 * Counts what a replay would be about, before one is made.
 * @throws Refusal `invalid_input` for a filter without a bound
 */
export function previewReplay(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  scope: ReplayScope,
): Promise<ReplayPreview> {
  demandBound(scope)
  return deps.store.replays.preview(actor.accountId, scope)
}

/**
 * Makes a replay job and fixes its events: what arrives later is not among them. It begins with the shadow run and
 * changes nothing until somebody applies it. The same request key is the same job, so a double click is harmless.
 * @throws Refusal `invalid_input`, `not_replayable` when nothing matches, `limit_exceeded`, `key_reused`
 */
export async function createReplay(
  deps: Pick<Deps, 'store' | 'clock' | 'ids' | 'wake'>,
  actor: StaffActor,
  input: { scope: ReplayScope; reason: string | null; requestKey: string },
): Promise<ReplayJob> {
  const { scope, reason, requestKey } = input
  demandBound(scope)
  const { accountId } = actor
  const job = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const { id, was } = await tx.replays.create({
      id: deps.ids.uuid(),
      accountId,
      requestKey,
      scope,
      reason,
      createdById: actor.userId,
      createdBy: actor.name,
      now,
    })
    if (was === 'other') throw new Refusal('key_reused', 'This replay was already made, for other events.')
    if (was === 'made') {
      if ((await tx.replays.countAtWork(accountId)) > REPLAY_JOBS_AT_WORK_MAX)
        throw new Refusal(
          'limit_exceeded',
          `${REPLAY_JOBS_AT_WORK_MAX} replays are running. Wait until one has finished, or stop one.`,
        )
      const matched = await tx.replays.fill(id, accountId, scope)
      demandSize(matched)
      await tx.audit.append({
        actor,
        action: 'replay_job.create',
        subjectKind: 'replay_job',
        subjectId: id,
        outcome: 'done',
        reason,
        after: { scope, events: matched },
      })
      await tx.liveChanges.append(accountId, 'replay_job', id)
    }
    const made = await tx.replays.byId(accountId, id)
    if (made === null) throw new Error('a replay job that was just made cannot be found')
    return made
  })
  deps.wake('replays')
  deps.wake('live')
  return job
}

function demandBound(scope: ReplayScope): void {
  const reason = scope.kind === 'filter' ? unboundedReason(scope) : null
  if (reason !== null) throw new Refusal('invalid_input', reason)
}

function demandSize(matched: number): void {
  if (matched === 0)
    throw new Refusal(
      'not_replayable',
      'There is nothing to replay.',
      'The events are gone, or wait to be applied by themselves.',
    )
  if (matched > REPLAY_ITEMS_MAX)
    throw new Refusal(
      'limit_exceeded',
      `More than ${REPLAY_ITEMS_MAX.toLocaleString('en-IN')} events match, which is more than one replay takes.`,
      'Choose a shorter time, one reason or one event name.',
    )
}
