/** Words for replays that the failed events, the event page and the replay pages share. */
import type { inferOutput } from '@trpc/tanstack-react-query'
import type { ReplayItemState, ReplayStatus } from '../../server/domain/replay.ts'
import type { StatusRole } from '../ui/status-role.ts'
import { paceFrom, type Pace } from './pace.ts'
import type { useTRPC } from './trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type ReplayJob = inferOutput<Api['replays']['get']>
export type ReplayItemRow = inferOutput<Api['replays']['items']>['rows'][number]

export type StateWord = { role: StatusRole; label: string; detail: string }

/** The chip of a job. */
const JOB_WORDS: Readonly<Record<ReplayStatus, StateWord>> = {
  shadowing: {
    role: 'pending',
    label: 'Dry run',
    detail: 'Finding out what would change. Nothing is changed.',
  },
  ready: { role: 'review', label: 'Not applied yet', detail: 'The dry run is done. Nothing was changed.' },
  applying: { role: 'pending', label: 'Running', detail: 'The events are being applied.' },
  paused: { role: 'review', label: 'Paused', detail: 'Nothing happens until it is resumed.' },
  done: { role: 'charged', label: 'Finished', detail: 'Every event had its turn.' },
  stopped: { role: 'voided', label: 'Stopped', detail: 'What was applied stays applied.' },
  failed: { role: 'failed', label: 'Failed', detail: 'It ended by an error of ours.' },
}

/** The chip of a job as it went: a finished job in which events failed needs a look. */
export function jobWord(job: Pick<ReplayJob, 'status' | 'failed'>): StateWord {
  const word = JOB_WORDS[job.status]
  if (job.status !== 'done' || job.failed === 0) return word
  return { role: 'review', label: word.label, detail: `${eventsText(job.failed)} could not be applied.` }
}

/** The chip of one event of a job. */
export const ITEM_WORDS: Readonly<Record<ReplayItemState, StateWord>> = {
  waiting: { role: 'pending', label: 'Waiting', detail: 'Not looked at yet.' },
  would_change: { role: 'authorised', label: 'Would change', detail: 'The dry run found changes.' },
  would_not_change: {
    role: 'voided',
    label: 'Would change nothing',
    detail: 'What it says is held already.',
  },
  would_ask: {
    role: 'unknown',
    label: 'Would ask Juspay',
    detail: 'We do not know the order. Applying it asks Juspay for the order first.',
  },
  would_fail: { role: 'failed', label: 'Would fail', detail: 'Applying it would fail again.' },
  changed: { role: 'charged', label: 'Changed', detail: 'It was applied and changed the order.' },
  unchanged: {
    role: 'voided',
    label: 'Changed nothing',
    detail: 'It was applied; there was nothing to change.',
  },
  failed: { role: 'failed', label: 'Failed', detail: 'It could not be applied.' },
  skipped: { role: 'voided', label: 'Left alone', detail: 'It was applied before, and not again.' },
}

/** "37 events", "1 event". */
export function eventsText(count: number): string {
  return `${count.toLocaleString('en-IN')} ${count === 1 ? 'event' : 'events'}`
}

/** How many events of the job the phase it is in has done. */
export function doneOf(job: Pick<ReplayJob, 'phase' | 'shadowed' | 'applied' | 'skipped'>): number {
  return job.phase === 'shadowing' ? job.shadowed : job.applied + job.skipped
}

/** Whether something happens by itself. */
export function isAtWork(job: Pick<ReplayJob, 'status'>): boolean {
  return job.status === 'shadowing' || job.status === 'applying'
}

/** Whether nothing more will happen. */
export function isOver(job: Pick<ReplayJob, 'status'>): boolean {
  return job.status === 'done' || job.status === 'stopped' || job.status === 'failed'
}

/** Events a second since this run began, and what is left of it; null before there is anything to go by. */
export function paceOf(job: ReplayJob): Pace | null {
  if (!isAtWork(job)) return null
  const done = job.phase === 'shadowing' ? job.shadowed : job.applied
  return paceFrom(job, { done, left: job.total - doneOf(job) })
}

/** What the dry run found, in one sentence. */
export function shadowSentence(job: ReplayJob): string {
  const parts = [
    job.wouldChange > 0 ? `${job.wouldChange.toLocaleString('en-IN')} would change something` : null,
    job.wouldAsk > 0 ? `${job.wouldAsk.toLocaleString('en-IN')} would ask Juspay about their order` : null,
    job.wouldFail > 0 ? `${job.wouldFail.toLocaleString('en-IN')} would fail again` : null,
  ].filter((part) => part !== null)
  const same = job.shadowed - job.wouldChange - job.wouldAsk - job.wouldFail
  if (same > 0) parts.push(`${same.toLocaleString('en-IN')} would change nothing`)
  return parts.length === 0 ? 'Nothing was looked at yet.' : `${parts.join(', ')}.`
}

/** Address of a job. */
export function replayPath(job: Pick<ReplayJob, 'id'>): string {
  return `/events/replays/${job.id}`
}
