import { ActionButton } from '../../ui/action-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { eventPath, eventSpoken, REPLAY_WORDS, replayHelped } from './event-words.ts'
import { replaySummary, type Replayed } from './use-replay.ts'
import css from './events.module.css'

/** What a replay came to, event by event. It stays until dismissed: a toast would take it away too soon. */
export function ReplayResults({ results, onClose }: { results: readonly Replayed[]; onClose: () => void }) {
  const { link: Link } = useKit()
  if (results.length === 0) return null
  const helped = results.every(({ result }) => replayHelped(result.outcome))
  return (
    <Notice tone={helped ? 'charged' : 'review'} title={replaySummary(results.map(({ result }) => result))}>
      <ul className={css['results']} aria-label="Replayed events">
        {results.map(({ result, event }) => (
          <li key={result.id}>
            <Link to={eventPath(result)} className={css['name']}>
              {event ? eventSpoken(event) : result.id}
            </Link>
            <StatusChip
              status={replayHelped(result.outcome) ? 'charged' : 'failed'}
              label={REPLAY_WORDS[result.outcome] ?? result.outcome}
              variant="header"
            />
            <span className="muted">{result.message}</span>
          </li>
        ))}
      </ul>
      <ActionButton tone="quiet" onPress={onClose}>
        Dismiss
      </ActionButton>
    </Notice>
  )
}
