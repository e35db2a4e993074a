import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration, formatTime } from '../../ui/time-format.ts'
import type { EventRow } from './event-types.ts'
import { eventName, eventPath, eventSpoken, outcomeWord } from './event-words.ts'
import css from './events.module.css'

const DAY_CHECK_MS = 10 * 60_000

/** Clock with milliseconds for today; older rows need their day more than their milliseconds. */
export function ReceivedAt({ at }: { at: Date }) {
  const { timeZone } = useKit()
  const now = useNow(DAY_CHECK_MS)
  const isToday = formatTime(at, 'date', timeZone) === formatTime(now, 'date', timeZone)
  return <DateTime at={at} format={isToday ? 'millis' : 'list'} />
}

function EventLink({ row }: { row: EventRow }) {
  const { link: Link } = useKit()
  return (
    <Link to={eventPath(row)} tabIndex={-1} className={css['name']} aria-label={eventSpoken(row)}>
      {eventName(row)}
    </Link>
  )
}

function OrderLink({ row }: { row: EventRow }) {
  const { link: Link } = useKit()
  if (row.orderRef === null) return <span className="caption">Not matched</span>
  if (row.orderId === null) return <span className="mono">{row.orderRef}</span>
  return (
    <Link to={`/orders/${encodeURIComponent(row.orderRef)}`} tabIndex={-1} className={css['order']}>
      {row.orderRef}
    </Link>
  )
}

/** The order's status as it is now. An event that waits for processing is not matched with its order yet. */
function OrderNow({ row }: { row: EventRow }) {
  if (row.orderStatus === null && row.status === 'received') return <NoValue />
  return <StatusChip status={row.orderStatus ?? 'unknown'} />
}

/** The chip of an event, with ×n when Juspay delivered it more than once. */
export function EventOutcome({ row, header = false }: { row: EventRow; header?: boolean }) {
  const word = outcomeWord(row)
  return (
    <span className={css['outcome']}>
      <StatusChip
        status={word.role}
        label={word.label}
        detail={word.detail}
        {...(header && { variant: 'header' as const })}
      />
      {row.deliveryCount > 1 ? (
        <span
          className={css['times']}
          title={`Delivered ${row.deliveryCount} times by Juspay and applied once.`}
        >
          <span aria-hidden>×{row.deliveryCount}</span>
          <span className="visually-hidden">delivered {row.deliveryCount} times</span>
        </span>
      ) : null}
    </span>
  )
}

function Length({ ms }: { ms: number | null }) {
  return ms === null ? <NoValue /> : <span className="num">{formatDuration(Math.max(0, ms))}</span>
}

/** Columns of the feed and of every other list of events; as narrow as a window of 1,280 pixels needs them. */
export const EVENT_COLUMNS: readonly GridColumn<EventRow>[] = [
  { id: 'received', header: 'Received', width: 130, render: (row) => <ReceivedAt at={row.receivedAt} /> },
  {
    id: 'event',
    header: 'Event',
    width: 214,
    rowHeader: true,
    render: (row) => <EventLink row={row} />,
  },
  { id: 'label', header: 'Says', width: 105, grow: true, render: (row) => row.label },
  { id: 'order', header: 'Order', width: 160, grow: true, render: (row) => <OrderLink row={row} /> },
  { id: 'orderNow', header: 'Order now', width: 152, render: (row) => <OrderNow row={row} /> },
  { id: 'outcome', header: 'Outcome', width: 128, render: (row) => <EventOutcome row={row} /> },
  { id: 'lag', header: 'Lag', width: 104, align: 'end', render: (row) => <Length ms={row.lagMs} /> },
  { id: 'took', header: 'Took', width: 75, align: 'end', render: (row) => <Length ms={row.tookMs} /> },
]
