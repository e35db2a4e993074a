import { REPLAY_IDS_MAX } from '../../../server/domain/replay.ts'
import { downloadPath } from '../../lib/download.ts'
import { useCan } from '../../lib/session.ts'
import { SelectionBar, type BarAct } from '../../ui/selection-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { useFailedActs } from './failed-acts.ts'
import type { FailedRow, FailedView } from './failed-view.ts'

type SelectionProps = {
  rows: readonly FailedRow[]
  view: FailedView
  onClear: () => void
  onReplay: () => void
}

/** What can be done with the selected events. */
export function FailedSelection({ rows, view, onClear, onReplay }: SelectionProps) {
  const can = useCan('event:replay')
  const canPayload = useCan('event:payload')
  const { retryNow, ignore, busy } = useFailedActs()
  const ids = rows.map((row) => row.id)
  const scope = { kind: 'events' as const, ids }
  const tooMany = rows.length > REPLAY_IDS_MAX ? `At most ${REPLAY_IDS_MAX} at once. Use "Replay all".` : null
  const waiting = rows.some((row) => row.status === 'failed')
  useShortcut(
    rows.length > 0 ? { id: 'failed.clear', keys: 'Escape', label: 'Clear selection', run: onClear } : null,
  )
  if (rows.length === 0) return null
  const acts: (BarAct | false)[] = [
    {
      id: 'failed.replay',
      words: 'Replay',
      disabledReason: can.reason ?? tooMany,
      shortcut: { keys: 'Shift+R', label: 'Replay the selected events' },
      onPress: onReplay,
    },
    view === 'open' && {
      id: 'failed.retry',
      words: 'Retry now',
      busy,
      disabledReason:
        can.reason ?? tooMany ?? (waiting ? null : 'None of them waits for a next try. Replay them.'),
      onPress: () => void retryNow(scope).then((done) => done && onClear()),
    },
    view === 'open' && {
      id: 'failed.ignore',
      words: 'Ignore',
      busy,
      disabledReason: can.reason ?? tooMany,
      onPress: () =>
        void ignore(scope, rows.length, 'the events you selected').then((done) => done && onClear()),
    },
    {
      id: 'failed.bodies',
      words: 'Download bodies',
      disabledReason: canPayload.reason ?? tooMany,
      onPress: () => window.location.assign(downloadPath.bodies({ kind: 'events', ids })),
    },
  ]
  return (
    <SelectionBar
      count={rows.length}
      noun="events"
      onClear={onClear}
      acts={acts.filter((act) => act !== false)}
    />
  )
}
