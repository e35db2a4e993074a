import { SOURCE_LABELS } from '../../../server/domain/order-columns.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { gridState } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { Timeline, type TimelineItem } from '../../ui/timeline.tsx'
import type { TimelineEntry } from './order-types.ts'
import { changeText } from './order-words.ts'
import css from './order.module.css'

/** Newest shown at first; the rest on request. */
const SHOWN_FIRST = 30
const FOLD_ABOVE = 50

/** What happened to the order, newest first. */
export function OrderTimeline({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const [all, setAll] = useState(false)
  const timeline = useQuery(trpc.orders.timeline.queryOptions({ orderId }))
  const state = gridState(timeline, 'the timeline')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!timeline.data) return <LoadingRows label="Loading the timeline" />
  if (timeline.data.length === 0) {
    return <EmptyState title="Nothing has happened yet.">The first webhook starts the timeline.</EmptyState>
  }
  const folded = !all && timeline.data.length > FOLD_ABOVE
  const entries = folded ? timeline.data.slice(0, SHOWN_FIRST) : timeline.data
  return (
    <>
      <Timeline label="Timeline, newest first" items={entries.map(toItem)} />
      {folded ? (
        <button type="button" className={css['toggle']} onClick={() => setAll(true)}>
          Show {timeline.data.length - SHOWN_FIRST} earlier
        </button>
      ) : null}
    </>
  )
}

function toItem(entry: TimelineEntry): TimelineItem {
  return {
    id: entry.id,
    at: entry.at,
    status: entry.tone,
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
          <span className={css['mark']} title="It arrived after a newer message; what it says is older.">
            late
          </span>
        ) : null}
      </>
    ),
    // The reference has a line of its own, with a copy button.
    detail: entry.detail === entry.reference ? null : entry.detail,
    source: entry.actorName ?? SOURCE_LABELS[entry.source],
    extra: <EntryExtra entry={entry} />,
  }
}

function EntryExtra({ entry }: { entry: TimelineEntry }) {
  const { link: Link } = useKit()
  const [open, setOpen] = useState(false)
  // What people and our own jobs did is the title itself; what a message changed is worth unfolding.
  const count = entry.source === 'person' || entry.source === 'system' ? 0 : entry.changes.length
  return (
    <>
      {entry.reference ? (
        <span className={css['reference']}>
          <span className="caption">Reference</span> <span className="mono">{entry.reference}</span>
          <CopyButton text={entry.reference} what="bank reference" />
        </span>
      ) : null}
      <div>
        {count > 0 ? (
          <button type="button" className={css['toggle']} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'} {count} {count === 1 ? 'change' : 'changes'}
          </button>
        ) : null}{' '}
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
