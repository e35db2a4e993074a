/** What the screens are told about failed events and replays. */
import { shownChange, type FieldChange } from '../../domain/change.ts'
import { failureReason, type FailureReason } from '../../domain/event-failure.ts'
import { maskedOrNull } from '../../domain/masked-text.ts'
import type { Role } from '../../domain/permission.ts'
import type { ReplayItemState, ReplayPhase, ReplayStatus } from '../../domain/replay.ts'
import { replayPhase } from '../../domain/replay.ts'
import { retriesStopAt } from '../../domain/webhook-retry.ts'
import type { FailedEventRow, FailedGroup } from '../../store/failed-events.ts'
import type { ReplayItem } from '../../store/replay-items.ts'
import type { ReplayJob } from '../../store/replay-jobs.ts'
import { eventRowView, type EventRowView } from './event.ts'
import { proseFor } from './prose.ts'

export type FailedGroupView = {
  reason: FailureReason
  count: number
  waiting: number
  newestAt: Date
  oldestAt: Date
  nextTryAt: Date | null
  stopsAt: Date | null
  names: string[]
}

export type FailedGroupsView = {
  groups: FailedGroupView[]
  /** Only the newest were counted. */
  capped: boolean
  /** Ignored by people. */
  setAside: number
}

export type FailedRowView = EventRowView & {
  reason: FailureReason
  nextTryAt: Date | null
  /** When the last try is due, should all fail. */
  stopsAt: Date | null
  setAside: { by: string; reason: string; at: string } | null
}

export type ReplayPreviewView = {
  count: number
  appliedBefore: number
  oldestAt: Date | null
  newestAt: Date | null
  groups: { reason: FailureReason; count: number }[]
}

export type ReplayJobView = {
  id: string
  status: ReplayStatus
  /** What it is at, or was at when it was paused or ended. */
  phase: ReplayPhase
  /** Which events, as it was asked for. */
  scope: unknown
  reason: string | null
  createdBy: string
  createdAt: Date
  appliedBy: string | null
  appliedAt: Date | null
  finishedAt: Date | null
  /** Why it was paused or ended. */
  note: string | null
  total: number
  appliedBefore: number
  shadowed: number
  wouldChange: number
  wouldAsk: number
  wouldFail: number
  applied: number
  changed: number
  unchanged: number
  failed: number
  skipped: number
  /** Since this run began, and what was done by then: the rate is counted from there. */
  runAt: Date
  runDone: number
  /** The time of these figures. */
  asOf: Date
}

export type ReplayItemView = {
  n: number
  eventId: string
  eventName: string | null
  orderRef: string | null
  receivedAt: Date
  appliedBefore: boolean
  state: ReplayItemState
  would: ReplayEffectView | null
  did: ReplayEffectView | null
  at: Date | null
}

export type ReplayEffectView = { outcome: string; error: string | null; changes: FieldChange[] }

/** One group of failed events. */
export function failedGroupView(group: FailedGroup): FailedGroupView {
  return {
    reason: group.reason,
    count: group.count,
    waiting: group.waiting,
    newestAt: group.newestAt,
    oldestAt: group.oldestAt,
    nextTryAt: group.nextTryAt,
    stopsAt: group.stopsAt,
    names: group.names,
  }
}

/** One event of the failed list. */
export function failedRowView(row: FailedEventRow, { role }: { role: Role }): FailedRowView {
  const waits = row.status === 'failed'
  return {
    ...eventRowView(row),
    reason: failureReason(row),
    nextTryAt: waits ? row.nextTryAt : null,
    stopsAt: waits ? retriesStopAt(row.tries, row.nextTryAt) : null,
    setAside:
      row.setAside === null
        ? null
        : { by: row.setAside.by, reason: proseFor(role)(row.setAside.reason), at: row.setAside.at },
  }
}

/** A job with its figures as of `now`, for the person who looks. */
export function replayJobView(job: ReplayJob, { role }: { role: Role }, now: Date): ReplayJobView {
  const prose = proseFor(role)
  return {
    id: job.id,
    status: job.status,
    phase: replayPhase(job),
    scope: job.scope,
    reason: prose(job.reason),
    createdBy: job.createdBy,
    createdAt: job.createdAt,
    appliedBy: job.appliedBy,
    appliedAt: job.appliedAt,
    finishedAt: job.finishedAt,
    note: prose(job.note),
    total: job.total,
    appliedBefore: job.appliedBefore,
    shadowed: job.shadowed,
    wouldChange: job.wouldChange,
    wouldAsk: job.wouldAsk,
    wouldFail: job.wouldFail,
    applied: job.applied,
    changed: job.changed,
    unchanged: job.unchanged,
    failed: job.failed,
    skipped: job.skipped,
    runAt: job.runAt,
    runDone: job.runDone,
    asOf: now,
  }
}

/** One event of a job. */
export function replayItemView(item: ReplayItem): ReplayItemView {
  return {
    n: item.n,
    eventId: item.eventId,
    eventName: item.eventName,
    orderRef: item.orderRef,
    receivedAt: item.receivedAt,
    appliedBefore: item.appliedBefore,
    state: item.state,
    would: effectOf(item.shadowOutcome, item.shadowError, item.shadowChanges),
    did: effectOf(item.applyOutcome, item.applyError, item.applyChanges),
    at: item.at,
  }
}

function effectOf(
  outcome: string | null,
  error: string | null,
  changes: FieldChange[] | null,
): ReplayEffectView | null {
  return outcome === null
    ? null
    : { outcome, error: maskedOrNull(error), changes: (changes ?? []).map(shownChange) }
}
