/**
 * Replay: stored events are run through the same steps again. A job first runs in the shadow (what would change), waits
 * for a person, and only then applies. These are its states and rules.
 */
import type { FailureReason } from './event-failure.ts'

/** Events of one job; the items are fixed when it is made, in one statement. */
export const REPLAY_ITEMS_MAX = 100_000
/** Single events that can be named. */
export const REPLAY_IDS_MAX = 200
/** Jobs of one account that may be at work at once. */
export const REPLAY_JOBS_AT_WORK_MAX = 20
/** Applied events may be replayed by time, but not more than this at once: their number has no bound of its own. */
export const REPLAY_RANGE_DAYS_MAX = 31
/** A shadow run that nobody applies is out of date by then. */
export const REPLAY_READY_HOURS = 24

export const REPLAY_STATUSES = [
  'shadowing',
  'ready',
  'applying',
  'paused',
  'done',
  'stopped',
  'failed',
] as const

export type ReplayStatus = (typeof REPLAY_STATUSES)[number]

/** What a job can be at work on. */
export type ReplayPhase = 'shadowing' | 'applying'

/** What a job is at, or was at when it was paused or ended. */
export function replayPhase(job: {
  status: ReplayStatus
  pausedFrom: ReplayPhase | null
  appliedAt: Date | null
}): ReplayPhase {
  if (job.status === 'paused' && job.pausedFrom !== null) return job.pausedFrom
  return job.appliedAt === null ? 'shadowing' : 'applying'
}

export type ReplayAct = 'apply' | 'pause' | 'resume' | 'stop'

/** In which states each act is possible. */
const POSSIBLE: Readonly<Record<ReplayAct, readonly ReplayStatus[]>> = {
  apply: ['ready'],
  pause: ['shadowing', 'applying'],
  resume: ['paused'],
  stop: ['shadowing', 'ready', 'applying', 'paused'],
}

/** The states from which `act` is possible. */
export function replayStatesFor(act: ReplayAct): readonly ReplayStatus[] {
  return POSSIBLE[act]
}

/** Whether `act` is possible; the screen and the server ask the same. */
export function replayCan(act: ReplayAct, status: ReplayStatus): boolean {
  return POSSIBLE[act].includes(status)
}

const STATUS_WORDS: Readonly<Record<ReplayStatus, string>> = {
  shadowing: 'still finding out what would change',
  ready: 'not applied yet',
  applying: 'being applied',
  paused: 'paused',
  done: 'finished',
  stopped: 'stopped',
  failed: 'ended by an error',
}

/** The sentence for an act that the state does not allow; the loser of two presses reads it. */
export function replayRefusal(act: ReplayAct, status: ReplayStatus): string {
  return `This replay is ${STATUS_WORDS[status]}, so it cannot be ${ACT_WORDS[act]}.`
}

const ACT_WORDS: Readonly<Record<ReplayAct, string>> = {
  apply: 'applied',
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
}

export const REPLAY_ITEM_STATES = [
  'waiting',
  'would_change',
  'would_not_change',
  'would_ask',
  'would_fail',
  'changed',
  'unchanged',
  'failed',
  'skipped',
] as const

/**
 * How far an item is. `would_ask`: the order is not known here, so the replay will ask Juspay about it, which a shadow
 * run never does. `skipped`: it was applied before the job was made, and nobody wanted it applied again.
 */
export type ReplayItemState = (typeof REPLAY_ITEM_STATES)[number]

/** States between shadow and apply. */
export const SHADOWED_STATES = ['would_change', 'would_not_change', 'would_ask', 'would_fail'] as const

type Outcome = { status: string; outcome: string; changes: readonly unknown[] }

/** What the shadow run of one event says; null when the event is gone. */
export function shadowState(result: Outcome | null): ReplayItemState {
  if (result === null) return 'would_fail'
  if (result.outcome === 'no_order_yet') return 'would_ask'
  if (isFailure(result)) return 'would_fail'
  return result.changes.length > 0 ? 'would_change' : 'would_not_change'
}

/** What applying one event came to; null when the event is gone. */
export function appliedState(result: Outcome | null): ReplayItemState {
  if (result === null || isFailure(result)) return 'failed'
  return result.changes.length > 0 ? 'changed' : 'unchanged'
}

function isFailure({ status }: Outcome): boolean {
  return status === 'failed' || status === 'dead'
}

/** The newest results that decide whether a job pauses itself. */
export const PAUSE_WINDOW = 50
/** More failures than this among them and somebody should look first (design §3.12: more than 20% of the last 50). */
const PAUSE_FAILURES_MAX = 10

/**
 * Why a job at work should pause itself; null when it should go on. One mark for each result since it was started or
 * resumed, newest last: `x` failed, `.` did not.
 */
export function selfPauseReason(recent: string): string | null {
  const newest = recent.slice(-PAUSE_WINDOW)
  const failures = newest.split('x').length - 1
  if (newest.length < PAUSE_WINDOW || failures <= PAUSE_FAILURES_MAX) return null
  return `${failures} of the last ${PAUSE_WINDOW} events failed. Look at their reasons, then resume or stop.`
}

/** Which events a job is about. */
export type ReplayScope =
  /** The ones named. */
  { kind: 'events'; ids: readonly string[] } | ({ kind: 'filter' } & ReplayFilter)

export type ReplayFilter = {
  /**
   * `open`: failed, given up or held, and not set aside by a person. `set_aside`: ignored by a person. `any`: whatever
   * became of them, for one order or for a time range.
   */
  among: 'open' | 'set_aside' | 'any'
  reasons: readonly FailureReason[]
  statuses: readonly ('processed' | 'ignored' | 'failed' | 'dead')[]
  outcomes: readonly string[]
  names: readonly string[]
  orderRef: string | null
  /** Received at or after, and before. */
  from: Date | null
  to: Date | null
}

/** Why a filter has no bound; null when it has one. */
export function unboundedReason(filter: ReplayFilter): string | null {
  if (filter.among !== 'any' || filter.orderRef !== null) return null
  const { from, to } = filter
  if (from === null || to === null) return 'Choose an order, or from when to when the events were received.'
  const days = (to.getTime() - from.getTime()) / (24 * 60 * 60 * 1_000)
  return days > REPLAY_RANGE_DAYS_MAX ? `Choose at most ${REPLAY_RANGE_DAYS_MAX} days at a time.` : null
}
