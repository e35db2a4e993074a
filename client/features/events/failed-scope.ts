/** What the acts on all failed events, or on all with one reason, are about. */
import {
  FAILURE_REASONS,
  REASON_LABELS,
  replayProblem,
  type FailureReason,
} from '../../../server/domain/event-failure.ts'
import type { FailedGroups } from './failed-view.ts'
import type { ReplayScope } from './replay-many-dialog.tsx'

type FilterScope = Extract<ReplayScope, { kind: 'filter' }>

/** Everything with one reason that needs a look. */
export function reasonScope(reason: FailureReason | null): FilterScope {
  return { kind: 'filter', among: 'open', reasons: reason === null ? [] : [reason] }
}

/** `problem` says why there is nothing in it that a replay may change. */
type ReplayAll = { scope: FilterScope; what: string; problem: string | null }

/** What "Replay all" is about: whatever a replay may change. */
export function replayAllOf(
  { groups, capped }: Pick<FailedGroups, 'groups' | 'capped'>,
  reason: FailureReason | '',
): ReplayAll {
  if (reason !== '')
    return {
      scope: reasonScope(reason),
      what: `all with the reason "${REASON_LABELS[reason]}"`,
      problem: replayProblem(reason),
    }
  const left = groups.filter((group) => replayProblem(group.reason) !== null)
  if (left.length === 0) return { scope: reasonScope(null), what: 'all that need a look', problem: null }
  const of = left.map((group) => `"${REASON_LABELS[group.reason]}"`).join(' and ')
  const [only] = left
  return {
    scope: { ...reasonScope(null), reasons: FAILURE_REASONS.filter((one) => replayProblem(one) === null) },
    what: `all that need a look, but those with the reason ${of}, which no replay changes`,
    // Of more than were counted there may be others.
    problem:
      only !== undefined && left.length === groups.length && !capped ? replayProblem(only.reason) : null,
  }
}
