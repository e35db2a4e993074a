import IconPlayerTrackNext from '@tabler/icons-react/dist/esm/icons/IconPlayerTrackNext.mjs'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { codeOf, toProblem } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { orderPath } from '../../lib/order-path.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { Page, PageBar, PageScroll, Section, SplitPage } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { EventBody } from './event-body.tsx'
import { EventCompare } from './event-compare.tsx'
import { EventOutcome } from './event-columns.tsx'
import { EventEffect } from './event-effect.tsx'
import { EventFacts } from './event-facts.tsx'
import { EventProcessing } from './event-processing.tsx'
import { EventRelated } from './event-related.tsx'
import { EventRowKeys } from './event-row-keys.tsx'
import { DEFAULT_EVENT_TAB, EVENT_TAB_LABELS, EVENT_TABS, nextEventTab, type EventTab } from './event-tabs.ts'
import type { EventDetail } from './event-types.ts'
import { eventName, eventPath } from './event-words.ts'
import { useReplay } from './use-replay.tsx'
import css from './events.module.css'

const CRUMBS = [{ label: 'Live events', to: '/events' }]

type EventScreenProps = {
  eventId: string
  tab: EventTab
  onTab: (tab: EventTab) => void
  /** Another event, in the same tab. */
  onOpen: (eventId: string) => void
}

/** One webhook: what came, what it changed, and replaying it. */
export function EventScreen(props: EventScreenProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { eventId } = props
  const event = useQuery(trpc.events.get.queryOptions({ id: eventId }))
  useLive((message) => {
    if (message.kind === 'change' && message.subject === 'webhook_event' && message.subjectId === eventId)
      void client.invalidateQueries({ queryKey: trpc.events.get.queryKey({ id: eventId }) })
  })
  if (event.data) return <LoadedEvent {...props} event={event.data} />
  const code = codeOf(event.error)
  const problem = event.error === null ? null : toProblem(event.error, 'this event')
  return (
    <Page title="Event" crumbs={CRUMBS}>
      <PageScroll>
        {problem === null ? (
          <LoadingRows rows={8} label="Loading the event" />
        ) : code === 'NOT_FOUND' || code === 'BAD_REQUEST' ? (
          <EmptyState title="No such event in this account.">
            The link may be old, or the event may belong to another account.
          </EmptyState>
        ) : code === 'FORBIDDEN' ? (
          <ForbiddenState title={problem.title} hint={problem.message} />
        ) : (
          <ErrorState problem={problem} onRetry={() => void event.refetch()} />
        )}
      </PageScroll>
    </Page>
  )
}

function LoadedEvent({ event, tab, onTab, onOpen }: EventScreenProps & { event: EventDetail }) {
  const can = useCan('event:replay')
  const { ask, dialog } = useReplay()
  const { link: Link } = useKit()
  const trpc = useTRPC()
  const related = useQuery(
    trpc.events.related.queryOptions({ id: event.id }, { enabled: event.orderId !== null }),
  )
  return (
    <Page
      title={event.id}
      titleIsId
      crumbs={CRUMBS}
      titleExtra={<CopyButton text={event.id} what="event ID" />}
    >
      {dialog}
      <TabKeys tab={tab} onTab={onTab} />
      <EventRowKeys row={event} />
      <NeighbourKeys event={event} onOpen={onOpen} />
      <PageBar
        tall
        end={
          <ActionButton
            icon={<IconPlayerTrackNext size={16} stroke={1.75} aria-hidden />}
            disabledReason={
              can.reason ?? (event.bodyAvailable ? null : 'The body is not kept, so it cannot be replayed.')
            }
            shortcut={{
              id: 'event.replay',
              keys: 'Shift+R',
              label: 'Replay this event',
              group: 'This record',
            }}
            onPress={() => ask([event])}
          >
            Replay
          </ActionButton>
        }
      >
        <span className="mono">{eventName(event)}</span>
        <EventOutcome row={event} header />
        <span className="muted">{event.label}</span>
        {event.orderRef === null ? null : event.orderId === null ? (
          <span className="muted">Order {event.orderRef}, not known here</span>
        ) : (
          <Link to={orderPath(event.orderRef)} className={css['order']}>
            {event.orderRef}
          </Link>
        )}
      </PageBar>
      <TabsBar
        label="Parts of the event"
        active={tab}
        tabs={EVENT_TABS.map((id) => ({
          id,
          label: EVENT_TAB_LABELS[id],
          to: `${eventPath(event)}${id === DEFAULT_EVENT_TAB ? '' : `?tab=${id}`}`,
          ...(id === 'effect' && { count: event.changes.length }),
          ...(id === 'processing' && { count: event.attempts.length }),
          ...(id === 'order' && related.data && { count: related.data.events.length }),
        }))}
      />
      <SplitPage asideLabel="Facts about the event" aside={<Aside event={event} />}>
        <div className={css['stack']}>
          <EventPart event={event} tab={tab} onOpen={onOpen} />
        </div>
      </SplitPage>
    </Page>
  )
}

function EventPart({
  event,
  tab,
  onOpen,
}: Pick<EventScreenProps, 'tab' | 'onOpen'> & { event: EventDetail }) {
  switch (tab) {
    case 'body':
      return <EventBody event={event} />
    case 'headers':
      return <Headers headers={event.headers} />
    case 'processing':
      return <EventProcessing event={event} />
    case 'effect':
      return <EventEffect event={event} />
    case 'compare':
      return <EventCompare event={event} />
    case 'order':
      return <EventRelated event={event} onOpen={onOpen} />
  }
}

function Aside({ event }: { event: EventDetail }) {
  const { link: Link } = useKit()
  return (
    <>
      <EventFacts event={event} />
      {event.twins.length === 0 ? null : (
        <Section title="Variants">
          <p className="caption">Juspay sent other bytes with the same ID. Both are kept and processed.</p>
          <ul className={css['twins']}>
            {event.twins.map((twin) => (
              <li key={twin.id}>
                <Link to={eventPath(twin)}>
                  Received <DateTime at={twin.receivedAt} format="list" />
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {event.previousEventId === null && event.nextEventId === null ? null : (
        <Section title="Same order">
          <p className={css['neighbours']}>
            {event.nextEventId === null ? null : <Link to={`/events/${event.nextEventId}`}>Newer event</Link>}
            {event.previousEventId === null ? null : (
              <Link to={`/events/${event.previousEventId}`}>Older event</Link>
            )}
          </p>
        </Section>
      )}
    </>
  )
}

/** J and K go along the events of the order, as they go down and up a list that has the newest on top. */
function NeighbourKeys({ event, onOpen }: { event: EventDetail; onOpen: (eventId: string) => void }) {
  const { previousEventId, nextEventId } = event
  useShortcut(
    previousEventId === null
      ? null
      : {
          id: 'event.older',
          keys: 'J',
          label: 'Older event of the order',
          group: 'This record',
          run: () => onOpen(previousEventId),
        },
  )
  useShortcut(
    nextEventId === null
      ? null
      : {
          id: 'event.newer',
          keys: 'K',
          label: 'Newer event of the order',
          group: 'This record',
          run: () => onOpen(nextEventId),
        },
  )
  return null
}

function Headers({ headers }: { headers: Readonly<Record<string, string>> }) {
  const entries = Object.entries(headers)
  if (entries.length === 0) return <EmptyState title="No headers were kept." />
  return (
    <table className={css['changes']}>
      <caption className="caption">Credentials are never kept.</caption>
      <thead>
        <tr>
          <th scope="col">Header</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td className="mono">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function TabKeys({ tab, onTab }: { tab: EventTab; onTab: (tab: EventTab) => void }) {
  useShortcut({
    id: 'tab.previous',
    keys: '[',
    label: 'Previous tab',
    palette: false,
    run: () => onTab(nextEventTab(tab, -1)),
  })
  useShortcut({
    id: 'tab.next',
    keys: ']',
    label: 'Next tab',
    palette: false,
    run: () => onTab(nextEventTab(tab, 1)),
  })
  return null
}
