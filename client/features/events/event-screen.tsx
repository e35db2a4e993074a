import IconPlayerTrackNext from '@tabler/icons-react/dist/esm/icons/IconPlayerTrackNext.mjs'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { codeOf, toProblem } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageScroll, SplitPage } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { EventBody } from './event-body.tsx'
import { EventOutcome } from './event-columns.tsx'
import { EventEffect } from './event-effect.tsx'
import { EventFacts } from './event-facts.tsx'
import { EVENT_TAB_LABELS, EVENT_TABS, nextEventTab, type EventTab } from './event-tabs.ts'
import type { EventDetail } from './event-types.ts'
import { eventName, eventPath } from './event-words.ts'
import { useReplay } from './use-replay.tsx'
import css from './events.module.css'

const CRUMBS = [{ label: 'Live events', to: '/events' }]

type EventScreenProps = { eventId: string; tab: EventTab; onTab: (tab: EventTab) => void }

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

function LoadedEvent({ event, tab, onTab }: EventScreenProps & { event: EventDetail }) {
  const can = useCan('event:replay')
  const { ask, dialog } = useReplay()
  const { link: Link } = useKit()
  return (
    <Page
      title={event.id}
      titleIsId
      crumbs={CRUMBS}
      titleExtra={<CopyButton text={event.id} what="event ID" />}
    >
      {dialog}
      <TabKeys tab={tab} onTab={onTab} />
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
          <Link to={`/orders/${encodeURIComponent(event.orderRef)}`} className={css['order']}>
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
          to: `${eventPath(event)}${id === 'effect' ? '' : `?tab=${id}`}`,
          ...(id === 'effect' && { count: event.changes.length }),
        }))}
      />
      <SplitPage asideLabel="Facts about the event" aside={<EventFacts event={event} />}>
        <div className={css['stack']}>
          {tab === 'effect' ? <EventEffect event={event} /> : null}
          {tab === 'body' ? <EventBody event={event} /> : null}
          {tab === 'headers' ? <Headers headers={event.headers} /> : null}
        </div>
      </SplitPage>
    </Page>
  )
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
