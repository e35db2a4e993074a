import IconPlayerPause from '@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { parseEventQuery } from '../../../server/domain/event-query.ts'
import { gridState } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTimeRange } from '../../lib/use-time-range.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageFooter, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ForbiddenState } from '../../ui/states.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ConnectionSign } from './connection-sign.tsx'
import { EVENT_COLUMNS } from './event-columns.tsx'
import { DEFAULT_EVENT_SEARCH, type EventSearch } from './event-search.ts'
import { EventFilterBar } from './event-filter-bar.tsx'
import { FeedFooter, QuietNotice } from './feed-health.tsx'
import { WAITING_ROWS_MAX } from './event-feed.ts'
import type { EventRow } from './event-types.ts'
import { eventPath, eventSpoken } from './event-words.ts'
import { useEventFeed } from './use-event-feed.ts'
import css from './events.module.css'

const HEALTH_REFRESH_MS = 15_000
/** Scrolled further than this, the list is being read and must not move. */
const AWAY_PX = 24

type EventsScreenProps = { search: EventSearch; onSearch: (change: Partial<EventSearch>) => void }

/** Live events: webhooks as they arrive, newest first, with history below. */
export function EventsScreen(props: EventsScreenProps) {
  const can = useCan('event:read')
  if (can.allowed) return <Feed {...props} />
  return (
    <Page title="Live events">
      <PageScroll>
        <ForbiddenState title={can.reason} />
      </PageScroll>
    </Page>
  )
}

function Feed({ search, onSearch }: EventsScreenProps) {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const [paused, setPaused] = useState(false)
  const [away, setAway] = useState(false)
  // A focused row must not move under the keyboard.
  const [inList, setInList] = useState(false)
  const grid = useRef<HTMLDivElement>(null)
  const held = paused || away || inList
  const range = useTimeRange(search.t, DEFAULT_EVENT_SEARCH.t)
  const filter = useMemo(() => {
    const parsed = parseEventQuery(search.q)
    return parsed.ok ? parsed.query : null
  }, [search.q])
  const { list, rows, fresh, waiting } = useEventFeed({ filter, range, held })
  const health = useQuery(
    trpc.events.health.queryOptions(undefined, { refetchInterval: HEALTH_REFRESH_MS, retry: false }),
  )

  function open(row: EventRow, how: { newTab: boolean }) {
    if (how.newTab) window.open(eventPath(row), '_blank', 'noopener')
    else void navigate({ to: '/events/$eventId', params: { eventId: row.id } })
  }

  function showNewest() {
    if (document.activeElement instanceof HTMLElement && grid.current?.contains(document.activeElement))
      document.activeElement.blur()
    grid.current?.querySelector('[role=grid]')?.parentElement?.scrollTo({ top: 0 })
    setPaused(false)
    setAway(false)
    setInList(false)
    announce('Newest events shown')
  }

  function togglePause() {
    if (paused) showNewest()
    else setPaused(true)
    announce(paused ? 'Resumed' : 'Paused')
  }

  useShortcut(
    waiting > 0 ? { id: 'events.newest', keys: 'Home', label: 'Show new events', run: showNewest } : null,
  )

  return (
    <Page title="Live events">
      <EventFilterBar key={filter === null ? search.q : ''} search={search} range={range} onSearch={onSearch}>
        <ConnectionSign ratePerMinute={health.data?.ratePerMinute ?? null} />
        <ActionButton
          pressed={paused}
          icon={
            paused ? (
              <IconPlayerPlay size={16} stroke={1.75} aria-hidden />
            ) : (
              <IconPlayerPause size={16} stroke={1.75} aria-hidden />
            )
          }
          shortcut={{ id: 'events.pause', keys: 'P', label: 'Pause or resume', group: 'This page' }}
          onPress={togglePause}
        >
          {paused ? 'Resume' : 'Pause'}
        </ActionButton>
      </EventFilterBar>
      <QuietNotice health={health.data} />
      {held && (waiting > 0 || paused) ? (
        <button type="button" className={css['waiting']} onClick={showNewest}>
          {waitingText(waiting, paused)}
        </button>
      ) : null}
      <div
        ref={grid}
        className={css['grid']}
        onScrollCapture={(event) => {
          if (event.target instanceof HTMLElement) setAway(event.target.scrollTop > AWAY_PX)
        }}
        onFocus={(event) => setInList(event.target.closest('[data-row]') !== null)}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setInList(false)
        }}
        onKeyDownCapture={(event) => {
          // In the grid, Home would only go to the first cell of the row.
          if (event.key !== 'Home' || event.ctrlKey || event.metaKey || waiting === 0) return
          event.preventDefault()
          event.stopPropagation()
          showNewest()
        }}
      >
        <DataGrid
          label="Live events"
          columns={EVENT_COLUMNS}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={eventSpoken}
          state={gridState(list, 'events')}
          empty={<NoEvents search={search} onSearch={onSearch} />}
          onOpen={open}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          changed={fresh}
        />
      </div>
      <PageFooter
        end={
          <>
            <Kbd keys="P" /> {paused ? 'resume' : 'pause'} · <Kbd keys="J" /> <Kbd keys="K" /> move ·{' '}
            <Kbd keys="Enter" /> open
          </>
        }
      >
        <FeedFooter health={health.data} newest={rows[0]?.receivedAt ?? null} />
      </PageFooter>
    </Page>
  )
}

function waitingText(waiting: number, paused: boolean): string {
  if (waiting >= WAITING_ROWS_MAX)
    return `${WAITING_ROWS_MAX.toLocaleString('en-IN')} waiting. Resume to load the newest`
  if (paused) return `Paused. ${waiting} waiting. Select to resume`
  return `${waiting} new. Press Home or select to show`
}

function NoEvents({ search, onSearch }: EventsScreenProps) {
  const { environment } = useSession().account
  const { link: Link } = useKit()
  if (search.q !== '') {
    return (
      <EmptyState
        title="No events match."
        action={<ActionButton onPress={() => onSearch({ q: '' })}>Remove the filter</ActionButton>}
      >
        New events that match appear here by themselves.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="Webhooks will appear here."
      action={
        environment === 'sandbox' ? (
          <Link to="/sandbox">Simulate a payment</Link>
        ) : (
          <Link to="/settings">Connect Juspay</Link>
        )
      }
    >
      Each one is stored before it is answered, and shown here the moment it arrives.
    </EmptyState>
  )
}
