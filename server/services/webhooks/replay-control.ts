import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  replayCan,
  replayPhase,
  replayRefusal,
  replayStatesFor,
  type ReplayAct,
} from '../../domain/replay.ts'
import type { ReplayJob, ReplayMove } from '../../store/replay-jobs.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

type ControlDeps = Pick<Deps, 'store' | 'clock' | 'wake'>
type Control = {
  act: ReplayAct
  jobId: string
  move: (job: ReplayJob, now: Date) => Omit<ReplayMove, 'from' | 'now'>
}

/**
 * Applies a job whose shadow run is ready. Events that were applied before the job was made are left alone, unless
 * `again` carries what the screen asks to be typed: the order of a single event, else how many events that is.
 * @throws Refusal `not_found`, `conflict`, `confirmation_needed`
 */
export function applyReplay(
  deps: ControlDeps,
  actor: StaffActor,
  input: { jobId: string; again: string | null },
): Promise<ReplayJob> {
  const control: Control = {
    act: 'apply',
    jobId: input.jobId,
    move: (_job, now) => ({
      to: 'applying',
      set: { appliedBy: actor.name, appliedAt: now, note: null, runAt: now, runDone: 0, recent: '' },
    }),
  }
  return act(deps, actor, control, { again: input.again !== null }, async (tx, job) => {
    if (job.appliedBefore === 0) return
    if (input.again !== null) await demandTyped(tx, job, input.again)
    else {
      if (job.appliedBefore === job.total)
        throw new Refusal(
          'confirmation_needed',
          job.total === 1
            ? 'This event was applied already. Applying it again has to be confirmed.'
            : 'All of these events were applied already. Applying them again has to be confirmed.',
        )
      await tx.replays.skipApplied(job.id)
    }
  })
}

/** Pauses a job after the event in hand. @throws Refusal `not_found`, `conflict` */
export function pauseReplay(
  deps: ControlDeps,
  actor: StaffActor,
  input: { jobId: string },
): Promise<ReplayJob> {
  return act(deps, actor, {
    act: 'pause',
    jobId: input.jobId,
    move: (job) => ({
      to: 'paused',
      set: { pausedFrom: replayPhase(job), note: `Paused by ${actor.name}.` },
    }),
  })
}

/** Goes on where the job was paused. @throws Refusal `not_found`, `conflict` */
export function resumeReplay(
  deps: ControlDeps,
  actor: StaffActor,
  input: { jobId: string },
): Promise<ReplayJob> {
  return act(deps, actor, {
    act: 'resume',
    jobId: input.jobId,
    move: (job, now) => {
      const to = replayPhase(job)
      const runDone = to === 'shadowing' ? job.shadowed : job.applied
      return { to, set: { note: null, runAt: now, runDone, recent: '', stumbles: 0 } }
    },
  })
}

/** Ends a job after the event in hand. What it applied stays applied. @throws Refusal `not_found`, `conflict` */
export function stopReplay(
  deps: ControlDeps,
  actor: StaffActor,
  input: { jobId: string },
): Promise<ReplayJob> {
  return act(deps, actor, {
    act: 'stop',
    jobId: input.jobId,
    move: (_job, now) => ({ to: 'stopped', set: { finishedAt: now, note: `Stopped by ${actor.name}.` } }),
  })
}

/** One act on a job: compare-and-set with its audit entry, so that of two presses one wins and the other is told. */
async function act(
  deps: ControlDeps,
  actor: StaffActor,
  control: Control,
  facts: Record<string, unknown> = {},
  more: (tx: StoreTx, job: ReplayJob) => Promise<void> = () => Promise.resolve(),
): Promise<ReplayJob> {
  const { accountId } = actor
  const moved = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const job = await demand(tx, accountId, control.jobId)
    const move = control.move(job, now)
    const won =
      replayCan(control.act, job.status) &&
      (await tx.replays.move(accountId, job.id, { ...move, from: replayStatesFor(control.act), now }))
    if (!won) {
      const { status } = await demand(tx, accountId, job.id)
      throw new Refusal('conflict', replayRefusal(control.act, status))
    }
    await more(tx, job)
    const after = await demand(tx, accountId, job.id)
    await tx.audit.append({
      actor,
      action: `replay_job.${control.act}`,
      subjectKind: 'replay_job',
      subjectId: job.id,
      outcome: 'done',
      before: { status: job.status },
      after: {
        status: after.status,
        events: job.total,
        applied: after.applied,
        skipped: after.skipped,
        ...facts,
      },
    })
    await tx.liveChanges.append(accountId, 'replay_job', job.id)
    return after
  })
  deps.wake('replays')
  deps.wake('live')
  return moved
}

async function demand(tx: StoreTx, accountId: string, jobId: string): Promise<ReplayJob> {
  const job = await tx.replays.byId(accountId, jobId)
  if (job === null) throw new Refusal('not_found', 'There is no such replay.')
  return job
}

async function demandTyped(tx: StoreTx, job: ReplayJob, typed: string): Promise<void> {
  const { rows } = await tx.replays.items(job.id, { states: [] }, { cursor: null, limit: 1 })
  const wanted =
    job.total === 1 ? (rows[0]?.orderRef ?? rows[0]?.eventName ?? '1') : String(job.appliedBefore)
  if (typed.trim() !== wanted)
    throw new Refusal('confirmation_needed', `Type ${wanted} to apply again what was applied already.`)
}
