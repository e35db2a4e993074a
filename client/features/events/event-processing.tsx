import { OutcomeMark } from '../../lib/outcome-mark.tsx'
import { outcomeWord } from '../../lib/outcome-words.ts'
import { useSession } from '../../lib/session.ts'
import { ChangeTable } from '../../ui/change-table.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { formatDuration, formatTime } from '../../ui/time-format.ts'
import type { EventAttempt, EventDetail } from './event-types.ts'
import css from './events.module.css'

/** Every pass over the event, oldest first, each with what it changed. */
export function EventProcessing({ event }: { event: EventDetail }) {
  if (event.attempts.length === 0) {
    return (
      <EmptyState title={event.status === 'received' ? 'It waits to be processed.' : 'No passes were kept.'}>
        {event.status === 'received'
          ? 'It is stored. It is processed in a moment.'
          : 'The event was processed before its passes were kept one by one. Its last outcome stands above.'}
      </EmptyState>
    )
  }
  return (
    <ol className={css['attempts']} aria-label="Passes over the event">
      {event.attempts.map((attempt) => (
        <li key={attempt.no} className={css['attempt']}>
          <Attempt attempt={attempt} />
        </li>
      ))}
    </ol>
  )
}

function Attempt({ attempt }: { attempt: EventAttempt }) {
  const { timeZone } = useKit()
  const { currency } = useSession().account
  const { length } = attempt.changes
  const word = outcomeWord(attempt)
  return (
    <>
      <div className={css['attemptHead']}>
        <span className="num muted">{attempt.no}</span>
        <time dateTime={attempt.at.toISOString()} className="num">
          {formatTime(attempt.at, 'date', timeZone)}, {formatTime(attempt.at, 'millis', timeZone)} {timeZone}
        </time>
        <OutcomeMark word={word} />
        <span>{attempt.error ?? word.detail}</span>
        <span className="muted">
          {attempt.by === 'replay' ? 'by replay, ' : ''}took {formatDuration(attempt.tookMs)}
        </span>
      </div>
      {length === 0 ? null : (
        <ChangeTable
          caption={`Pass ${attempt.no} changed ${length} ${length === 1 ? 'field' : 'fields'}`}
          changes={attempt.changes}
          currency={currency}
        />
      )}
    </>
  )
}
