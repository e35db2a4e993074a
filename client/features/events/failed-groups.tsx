import { REASON_DETAILS, REASON_LABELS, type FailureReason } from '../../../server/domain/event-failure.ts'
import { eventsText } from '../../lib/replay-words.ts'
import { useCan } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { useFailedActs } from './failed-acts.ts'
import { Until } from './failed-columns.tsx'
import { replayAllOf } from './failed-scope.ts'
import { failedPath, type FailedGroup } from './failed-view.ts'
import type { ReplayMany } from './replay-many-dialog.tsx'
import css from './failed-events.module.css'

type GroupsProps = {
  groups: readonly FailedGroup[]
  reason: FailureReason | ''
  onReplay: (many: ReplayMany) => void
}

/** Failed events by reason, with what can be done about all of one reason. */
export function FailedGroups({ groups, reason, onReplay }: GroupsProps) {
  if (groups.length === 0) return null
  return (
    <div className={css['groups']}>
      <table className={css['table']}>
        <caption className="visually-hidden">Failed events by reason</caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" data-end>
              Events
            </th>
            <th scope="col">State</th>
            <th scope="col">Newest</th>
            <th scope="col">Next try</th>
            <th scope="col">Retries stop</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Group key={group.reason} group={group} chosen={group.reason === reason} onReplay={onReplay} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type GroupProps = { group: FailedGroup; chosen: boolean; onReplay: GroupsProps['onReplay'] }

function Group({ group, chosen, onReplay }: GroupProps) {
  const { link: Link } = useKit()
  const label = REASON_LABELS[group.reason]
  return (
    <tr data-chosen={chosen || undefined}>
      <th scope="row">
        <Link
          to={failedPath(chosen ? {} : { reason: group.reason })}
          className={css['reason']}
          aria-current={chosen ? 'page' : undefined}
        >
          {label}
        </Link>
        <span className={css['detail']}>
          {group.reason === 'unknown_event' && group.names.length > 0
            ? group.names.join(', ')
            : REASON_DETAILS[group.reason]}
        </span>
      </th>
      <td data-end className="num">
        {group.count.toLocaleString('en-IN')}
      </td>
      <td>{stateText(group)}</td>
      <td>
        <DateTime at={group.newestAt} />
      </td>
      <td>{group.nextTryAt === null ? <NoValue /> : <Until at={group.nextTryAt} />}</td>
      <td>{group.stopsAt === null ? <NoValue /> : <Until at={group.stopsAt} />}</td>
      <td>
        <GroupActs group={group} onReplay={onReplay} />
      </td>
    </tr>
  )
}

function GroupActs({ group, onReplay }: { group: FailedGroup; onReplay: GroupsProps['onReplay'] }) {
  const can = useCan('event:replay')
  const { retryNow, ignore, busy } = useFailedActs()
  const label = REASON_LABELS[group.reason]
  const { scope, what, problem } = replayAllOf({ groups: [group], capped: false }, group.reason)
  return (
    <div className={css['acts']}>
      {group.waiting > 0 ? (
        <ActionButton
          busy={busy}
          disabledReason={can.reason}
          label={`Retry now: ${label}`}
          onPress={() => void retryNow(scope)}
        >
          {group.waiting === 1 ? 'Retry now' : `Retry ${group.waiting.toLocaleString('en-IN')} now`}
        </ActionButton>
      ) : null}
      <ActionButton
        disabledReason={can.reason ?? problem}
        label={`Replay all: ${label}`}
        onPress={() => onReplay({ scope, what })}
      >
        Replay all
      </ActionButton>
      <ActionButton
        busy={busy}
        disabledReason={can.reason}
        label={`Ignore: ${label}`}
        onPress={() => void ignore(scope, group.count, `${eventsText(group.count)}, ${what}`)}
      >
        Ignore
      </ActionButton>
    </div>
  )
}

function stateText({ reason, count, waiting }: FailedGroup): string {
  if (reason === 'unknown_event') return 'Held'
  const stopped = count - waiting
  if (waiting === 0) return 'Stopped'
  return stopped === 0 ? 'Waiting' : `${waiting} waiting, ${stopped} stopped`
}
