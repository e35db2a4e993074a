import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useQuery } from '@tanstack/react-query'
import { toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { EventOutcome } from './event-columns.tsx'
import { EventEffect } from './event-effect.tsx'
import { EventFacts } from './event-facts.tsx'
import type { EventDetail } from './event-types.ts'
import { eventName, eventPath } from './event-words.ts'
import css from './events.module.css'

/** The event beside the list: what came and what it did, without leaving the stream. */
export function EventPeek({ eventId, onClose }: { eventId: string; onClose: () => void }) {
  const trpc = useTRPC()
  const event = useQuery(trpc.events.get.queryOptions({ id: eventId }))
  useShortcut({
    id: 'events.peek.close',
    keys: 'Escape',
    label: 'Close the panel',
    palette: false,
    run: onClose,
  })
  return (
    <aside className={css['peek']} aria-label="Event">
      <div className={css['peekHead']}>
        <h2 className="section-heading">{event.data ? eventName(event.data) : 'Event'}</h2>
        {event.data ? <EventOutcome row={event.data} header /> : null}
        <span className={css['close']}>
          <ActionButton
            tone="quiet"
            iconOnly
            label="Close the panel"
            icon={<IconX size={16} stroke={1.75} aria-hidden />}
            onPress={onClose}
          >
            Close
          </ActionButton>
        </span>
      </div>
      {event.data ? (
        <Peeked event={event.data} />
      ) : event.error ? (
        <ErrorState problem={toProblem(event.error, 'this event')} onRetry={() => void event.refetch()} />
      ) : (
        <LoadingRows rows={8} label="Loading the event" />
      )}
    </aside>
  )
}

function Peeked({ event }: { event: EventDetail }) {
  const { link: Link } = useKit()
  return (
    <div className={css['peekBody']}>
      <p className={css['peekId']}>
        <Link to={eventPath(event)} className={css['order']}>
          {event.id}
        </Link>
        <CopyButton text={event.id} what="event ID" />
      </p>
      <EventFacts event={event} />
      <Section title="Effect">
        <EventEffect event={event} />
      </Section>
      <p>
        <Link to={eventPath(event)}>Open the event</Link>
        {' · '}
        <Link to={`${eventPath(event)}?tab=body`}>Body</Link>
        {' · '}
        <Link to={`${eventPath(event)}?tab=compare`}>Compare</Link>
      </p>
    </div>
  )
}
