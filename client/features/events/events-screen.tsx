import IconPlayerPause from '@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { parseEventQuery } from '../../../server/domain/event-query.ts'
import { dimmed, gridState } from '../../lib/errors.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useReturnRow } from '../../lib/return-row.ts'
import { useTimeRange } from '../../lib/use-time-range.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridState } from '../../ui/data-grid-types.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Page, PageFooter, PageScroll } from '../../ui/page.tsx'
import { ForbiddenState } from '../../ui/states.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { useNarrow, useSlim } from '../../ui/use-screen.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ConnectionSign } from './connection-sign.tsx'
import { EVENT_COLUMNS, eventCard, NARROW_EVENT_COLUMNS } from './event-columns.tsx'
import { EventFilterBar } from './event-filter-bar.tsx'
import { EventPeek } from './event-peek.tsx'
import { EventRowKeys } from './event-row-keys.tsx'
import { DEFAULT_EVENT_SEARCH, type EventSearch } from './event-search.ts'
import type { EventRow } from './event-types.ts'
import { eventPath, eventSpoken } from './event-words.ts'
import { FeedFooter, QuietNotice, SampleNotice } from './feed-health.tsx'
import { FeedSettings } from './feed-settings.tsx'
import { FeedFrame, useHold } from './feed-hold.tsx'
import { FeedStrip } from './feed-strip.tsx'
import { waitingText } from './feed-words.ts'
import { NoEvents } from './no-events.tsx'
import { withPinned, type Pin } from './pinned-row.ts'
import { useEventFeed } from './use-event-feed.ts'
import { useFeedAlerts } from './use-feed-alerts.ts'
import { useStreamPace } from './use-stream-pace.ts'
import css from './events.module.css'

const HEALTH_REFRESH_MS = 15_000
/** One slot of the strip. */
const STRIP_REFRESH_MS = 10_000
const READY: GridState = { kind: 'ready' }

export type EventsScreenProps = {
  search: EventSearch
  onSearch: (change: Partial<EventSearch>) => void
  onOpen: (eventId: string) => void
}

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

function Feed({ search, onSearch, onOpen }: EventsScreenProps) {
  const trpc = useTRPC()
  // Beside a narrower list there is no room for the panel: a row opens its page.
  const wide = !useNarrow()
  const { feedSpeech } = usePreferences()
  const [unreadable, setUnreadable] = useState(false)
  const [focused, setFocused] = useState<EventRow | null>(null)
  const { initialRow, remember } = useReturnRow()
  const [pin, setPin] = useState<Pin | null>(null)
  const peek = wide ? search.peek : ''
  const range = useTimeRange(search.t, DEFAULT_EVENT_SEARCH.t)
  const live = range.to === null
  const filter = useMemo(() => {
    const parsed = parseEventQuery(search.q)
    return parsed.ok ? parsed.query : null
  }, [search.q])
  const health = useQuery(
    trpc.events.health.queryOptions(undefined, { refetchInterval: HEALTH_REFRESH_MS, retry: false }),
  )
  const strip = useQuery(
    trpc.rates.strip.queryOptions(undefined, { refetchInterval: STRIP_REFRESH_MS, retry: false }),
  )
  const pace = useStreamPace()
  const { frame, ...hold } = useHold({ pinned: peek !== '' })
  const onHeard = useFeedAlerts(health.data?.rejected.reduce((sum, { count }) => sum + count, 0) ?? null)
  const { list, rows, fresh, waiting } = useEventFeed({
    filter,
    range,
    held: hold.kind !== null || hold.inList,
    onHeard,
    speaks: feedSpeech,
  })
  const shown = useMemo(() => withPinned(rows, peek === '' ? null : pin), [rows, peek, pin])
  const printedBy = usePrintedBy()
  const notice = waitingText(waiting, hold.kind ?? (hold.inList ? 'scrolled' : null))

  function openPeek(row: EventRow) {
    if (!wide) return onOpen(row.id)
    setPin({ id: row.id, index: shown.findIndex(({ id }) => id === row.id) })
    onSearch({ peek: row.id === search.peek ? '' : row.id })
  }

  function onFocusRow(row: EventRow | null) {
    setFocused(row)
    remember(row?.id ?? null)
    // The panel goes along with J and K.
    if (row === null || peek === '' || row.id === peek) return
    setPin({ id: row.id, index: shown.findIndex(({ id }) => id === row.id) })
    onSearch({ peek: row.id })
  }

  useShortcut(
    waiting > 0
      ? { id: 'events.newest', keys: 'Home', label: 'Show new events', run: hold.showNewest }
      : null,
  )

  return (
    <Page title="Live events">
      <EventFilterBar
        key={filter === null ? search.q : ''}
        search={search}
        range={range}
        onSearch={onSearch}
        onUnreadable={setUnreadable}
      >
        {live ? (
          <>
            <ConnectionSign
              ratePerMinute={health.data?.ratePerMinute ?? null}
              pace={pace}
              paused={hold.kind === 'paused'}
            />
            <PauseButton paused={hold.kind === 'paused'} onToggle={hold.togglePause} />
          </>
        ) : (
          <ActionButton onPress={() => onSearch({ t: DEFAULT_EVENT_SEARCH.t })}>Back to live</ActionButton>
        )}
        <FeedSettings />
      </EventFilterBar>
      <QuietNotice health={health.data} />
      {live ? <SampleNotice pace={pace} /> : null}
      {strip.data ? <FeedStrip strip={strip.data} t={search.t} onSearch={onSearch} /> : null}
      {live && notice !== null ? (
        <button type="button" className={css['waiting']} onClick={hold.showNewest}>
          {notice}
          {hold.kind === 'paused' ? <span className={css['waitingAct']}>Resume</span> : null}
        </button>
      ) : null}
      <div className={css['body']}>
        <FeedFrame
          ref={frame}
          onAway={hold.setAway}
          onInList={hold.setInList}
          onHome={waiting > 0 ? hold.showNewest : null}
        >
          <DataGrid
            label="Live events"
            columns={peek === '' ? EVENT_COLUMNS : NARROW_EVENT_COLUMNS}
            card={eventCard}
            rows={filter === null ? [] : shown}
            rowId={(row) => row.id}
            rowLabel={eventSpoken}
            state={filter === null ? READY : dimmed(gridState(list, 'events'), unreadable)}
            empty={<NoEvents search={search} range={range} filter={filter} onSearch={onSearch} />}
            onOpen={(row, how) => {
              if (how.newTab) window.open(eventPath(row), '_blank', 'noopener')
              else onOpen(row.id)
            }}
            onPress={openPeek}
            onPeek={openPeek}
            onFocusRow={onFocusRow}
            initialRow={initialRow}
            scrollId="events"
            onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
            loadingMore={list.isFetchingNextPage}
            changed={fresh}
            printed={{
              filter: [search.q, timeRangeLabel(search.t)],
              more: list.hasNextPage || waiting > 0,
              asOf: shownSince(list.dataUpdatedAt, shown),
              by: printedBy,
            }}
          />
        </FeedFrame>
        {peek === '' ? null : <EventPeek key={peek} eventId={peek} onClose={() => onSearch({ peek: '' })} />}
      </div>
      <EventRowKeys row={focused} />
      <PageFooter
        end={
          <>
            <Kbd keys="P" /> {hold.kind === 'paused' ? 'resume' : 'pause'} · <Kbd keys="J" /> <Kbd keys="K" />{' '}
            move · <Kbd keys="Space" /> peek · <Kbd keys="Enter" /> open
          </>
        }
      >
        <FeedFooter health={health.data} strip={strip.data} newest={rows[0]?.receivedAt ?? null} />
      </PageFooter>
    </Page>
  )
}

/** As of when the rows are right: when they were read, or when the newest of those that the stream brought came. */
function shownSince(readAt: number, rows: readonly EventRow[]): Date {
  return new Date(Math.max(readAt, rows[0]?.receivedAt.getTime() ?? 0))
}

function PauseButton({ paused, onToggle }: { paused: boolean; onToggle: () => void }) {
  const slim = useSlim()
  const Shape = paused ? IconPlayerPlay : IconPlayerPause
  const label = paused ? 'Resume' : 'Pause'
  return (
    <ActionButton
      label={label}
      iconOnly={slim}
      icon={<Shape size={16} stroke={1.75} aria-hidden />}
      shortcut={{ id: 'events.pause', keys: 'P', label: `${label} live feed`, group: 'This page' }}
      onPress={onToggle}
    >
      {label}
    </ActionButton>
  )
}
