import { useInfiniteQuery } from '@tanstack/react-query'
import { SOURCE_LABELS } from '../../../server/domain/order-columns.ts'
import { useState } from 'react'
import type { TimelineFilter } from '../../../server/domain/timeline-fold.ts'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { RadioLine } from '../../ui/radio-line.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { Timeline, type TimelineItem } from '../../ui/timeline.tsx'
import type { OrderDetail, TimelineEntry } from './order-types.ts'
import { changeText } from './order-words.ts'
import { lagOf, pauseBefore } from './timeline-words.ts'
import css from './order.module.css'

/** Shown at first; the rest on request. */
const SHOWN_FIRST = 30
const FOLD_ABOVE = 50

const FILTERS: readonly { value: TimelineFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'money', label: 'Money' },
  { value: 'events', label: 'Events' },
  { value: 'people', label: 'People' },
]

/** What happened to the order as ordered evidence: where each line comes from, when it happened and when we heard. */
export function OrderTimeline({ order }: { order: OrderDetail }) {
  const trpc = useTRPC()
  const [all, setAll] = useState(false)
  const [filter, setFilter] = useState<TimelineFilter>('all')
  const [direction, setDirection] = useState<'newest' | 'oldest'>('newest')
  const timeline = useInfiniteQuery(
    trpc.orders.timeline.infiniteQueryOptions(
      { orderId: order.id, filter, order: direction },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  )
  const entries = timeline.data?.pages.flatMap((page) => page.entries) ?? []
  const folded = !all && entries.length > FOLD_ABOVE
  const shown = folded ? entries.slice(0, SHOWN_FIRST) : entries
  const beyond = direction === 'newest' ? 'earlier' : 'later'
  return (
    <>
      <div className={css['tools']}>
        <RadioLine label="Show" options={FILTERS} value={filter} onChange={setFilter} />
        <ActionButton
          tone="quiet"
          pressed={direction === 'newest'}
          onPress={() => setDirection(direction === 'newest' ? 'oldest' : 'newest')}
        >
          Newest first
        </ActionButton>
      </div>
      <TimelineState query={timeline} empty={entries.length === 0} filter={filter} />
      {shown.length > 0 ? (
        <Timeline
          label={direction === 'newest' ? 'Timeline, newest first' : 'Timeline, oldest first'}
          items={shown.map((entry, i) => toItem(entry, shown[i - 1], order))}
        />
      ) : null}
      {folded ? (
        <button type="button" className={css['toggle']} onClick={() => setAll(true)}>
          Show {entries.length - SHOWN_FIRST}
          {timeline.hasNextPage ? ' or more' : ''} {beyond}
        </button>
      ) : timeline.hasNextPage ? (
        <ActionButton busy={timeline.isFetchingNextPage} onPress={() => void timeline.fetchNextPage()}>
          Show {beyond}
        </ActionButton>
      ) : null}
    </>
  )
}

function TimelineState(props: {
  query: Parameters<typeof gridState>[0] & { data: unknown; hasNextPage: boolean }
  empty: boolean
  filter: TimelineFilter
}) {
  const state = gridState(props.query, 'the timeline')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!props.query.data) return <LoadingRows label="Loading the timeline" />
  if (!props.empty) return null
  return props.filter === 'all' ? (
    <EmptyState title="Nothing has happened yet.">The first webhook starts the timeline.</EmptyState>
  ) : (
    <EmptyState title={EMPTY_TITLES[props.filter]}>
      {props.query.hasNextPage ? 'There may be some further on.' : 'Choose All to see everything.'}
    </EmptyState>
  )
}

const EMPTY_TITLES: Readonly<Record<TimelineFilter, string>> = {
  all: 'Nothing has happened yet.',
  money: 'No money has moved.',
  events: 'No webhook has told of anything.',
  people: 'Nobody has done anything.',
}

function toItem(entry: TimelineEntry, before: TimelineEntry | undefined, order: OrderDetail): TimelineItem {
  return {
    id: entry.id,
    at: entry.at,
    status: entry.tone,
    pause: pauseBefore(entry, before),
    title: (
      <>
        {entry.title}
        {entry.duplicates > 0 ? (
          <span className={css['mark']} title="The same message arrived again; it changed nothing.">
            ×{entry.duplicates + 1}
            <span className="visually-hidden"> deliveries</span>
          </span>
        ) : null}
        {entry.late ? (
          <span className={css['mark']} title="The webhook came more than 5 minutes after it happened.">
            late
          </span>
        ) : null}
        {entry.outOfOrder ? (
          <span className={css['mark']} title="It arrived after a newer message; what it says is older.">
            out of order
          </span>
        ) : null}
      </>
    ),
    // The reference has a line of its own, with a copy button.
    detail: entry.detail === entry.reference ? null : <span className={css['prose']}>{entry.detail}</span>,
    source: entry.actorName ?? SOURCE_LABELS[entry.source],
    extra: <EntryExtra entry={entry} order={order} />,
  }
}

function EntryExtra({ entry, order }: { entry: TimelineEntry; order: OrderDetail }) {
  const { link: Link } = useKit()
  const [open, setOpen] = useState(false)
  // What people and our own jobs did is the title itself; what a message changed is worth unfolding.
  const count = entry.source === 'person' || entry.source === 'system' ? 0 : entry.changes.length
  const lag = lagOf(entry)
  const raw = entry.eventId ? `event:${entry.eventId}` : entry.checkId ? `check:${entry.checkId}` : null
  return (
    <>
      {entry.reference ? (
        <span className={css['reference']}>
          <span className="caption">Reference</span> <span className="mono">{entry.reference}</span>
          <CopyButton text={entry.reference} what="bank reference" />
        </span>
      ) : null}
      <div className={css['evidence']}>
        {lag && entry.receivedAt ? (
          <span className="caption">
            Received <DateTime at={entry.receivedAt} format="time" />, {lag}
          </span>
        ) : null}
        {count > 0 ? (
          <button type="button" className={css['toggle']} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'} {count} {count === 1 ? 'change' : 'changes'}
          </button>
        ) : null}
        {raw ? (
          <Link
            to={`${orderPath(order.orderRef)}?tab=raw&message=${encodeURIComponent(raw)}`}
            className={css['toggle']}
            aria-label={`Show raw: ${entry.title}`}
          >
            Show raw
          </Link>
        ) : null}
        {entry.eventId ? (
          <Link
            to={`/events/${entry.eventId}`}
            className={css['toggle']}
            aria-label={`Event of: ${entry.title}`}
          >
            Event
          </Link>
        ) : null}
      </div>
      {open ? (
        <ul className={css['changes']}>
          {entry.changes.map((change) => (
            <li key={`${change.subject}.${change.field}`}>{changeText(change)}</li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
