import { orderPath } from '../../lib/order-path.ts'
import { OutcomeMark } from '../../lib/outcome-mark.tsx'
import { outcomeWord } from '../../lib/outcome-words.ts'
import { CardLines } from '../../ui/card-lines.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { NeutralChip, StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration, formatTime } from '../../ui/time-format.ts'
import type { EventRow } from './event-types.ts'
import { duplicateDetail, eventName, eventPath, eventSpoken } from './event-words.ts'
import css from './events.module.css'

const DAY_CHECK_MS = 10 * 60_000

/** Clock with milliseconds for today; older rows need their day more than their milliseconds. */
export function ReceivedAt({ at }: { at: Date }) {
  const { timeZone } = useKit()
  const now = useNow(DAY_CHECK_MS)
  const isToday = formatTime(at, 'date', timeZone) === formatTime(now, 'date', timeZone)
  return <DateTime at={at} format={isToday ? 'millis' : 'list'} />
}

/** Name of an event, leading to it. */
export function EventLink({ row }: { row: EventRow }) {
  const { link: Link } = useKit()
  return (
    <Link
      to={eventPath(row)}
      tabIndex={-1}
      className={css['name']}
      title={row.label}
      aria-label={eventSpoken(row)}
    >
      {eventName(row)}
    </Link>
  )
}

/** Order of an event, leading to it when it is known here. */
export function OrderLink({ row }: { row: EventRow }) {
  const { link: Link } = useKit()
  if (row.orderRef === null)
    return row.status === 'received' ? <NoValue /> : <span className="caption">Not matched</span>
  if (row.orderId === null) return <span className="mono">{row.orderRef}</span>
  return (
    <Link to={orderPath(row.orderRef)} tabIndex={-1} className={css['order']}>
      {row.orderRef}
    </Link>
  )
}

/** The order's status as it is now. An event that waits for processing is not matched with its order yet. */
function OrderNow({ row }: { row: EventRow }) {
  if (row.orderStatus === null && row.status === 'received') return <NoValue />
  return <StatusChip status={row.orderStatus ?? 'unknown'} />
}

/** What became of an event; repeated deliveries are folded into one more chip, as is a twin with other bytes. */
export function EventOutcome({ row, header = false }: { row: EventRow; header?: boolean }) {
  const { timeZone } = useKit()
  const word = outcomeWord(row)
  const time = (at: Date) => formatTime(at, 'millis', timeZone)
  return (
    <span className={css['outcome']}>
      <OutcomeMark word={word} header={header} />
      {row.deliveryCount > 1 ? (
        <NeutralChip label={`Duplicate ×${row.deliveryCount}`} detail={duplicateDetail(row, time)} />
      ) : null}
      {row.variant ? (
        <NeutralChip
          label="Variant"
          detail="Another event with the same id came with other bytes. Both are kept and processed."
        />
      ) : null}
    </span>
  )
}

function Length({ ms }: { ms: number | null }) {
  return ms === null ? <NoValue /> : <span className="num">{formatDuration(Math.max(0, ms))}</span>
}

/** An event on a phone: its name and what became of it, then its order and when it came (design §4.18). */
export function eventCard(row: EventRow) {
  return (
    <CardLines
      first={
        <>
          <EventLink row={row} />
          <EventOutcome row={row} />
        </>
      }
      second={
        <>
          <OrderLink row={row} />
          <ReceivedAt at={row.receivedAt} />
        </>
      }
    />
  )
}

/** Columns of the feed and of every other list of events; as narrow as a window of 1,280 pixels needs them. */
export const EVENT_COLUMNS: readonly GridColumn<EventRow>[] = [
  { id: 'received', header: 'Received', width: 136, render: (row) => <ReceivedAt at={row.receivedAt} /> },
  {
    id: 'event',
    header: 'Event',
    width: 230,
    grow: true,
    rowHeader: true,
    render: (row) => <EventLink row={row} />,
  },
  { id: 'order', header: 'Order', width: 170, grow: true, render: (row) => <OrderLink row={row} /> },
  { id: 'orderNow', header: 'Order status now', width: 160, render: (row) => <OrderNow row={row} /> },
  { id: 'outcome', header: 'Outcome', width: 206, render: (row) => <EventOutcome row={row} /> },
  { id: 'lag', header: 'Lag', width: 96, align: 'end', render: (row) => <Length ms={row.lagMs} /> },
  { id: 'took', header: 'Took', width: 84, align: 'end', render: (row) => <Length ms={row.tookMs} /> },
]

const BESIDE_PANEL: Readonly<Record<string, number>> = {
  received: 120,
  event: 180,
  order: 118,
  orderNow: 140,
  outcome: 186,
}

/** The same beside the open panel, which shows the rest. */
export const NARROW_EVENT_COLUMNS: readonly GridColumn<EventRow>[] = EVENT_COLUMNS.flatMap((column) => {
  const width = BESIDE_PANEL[column.id]
  return width === undefined ? [] : [{ ...column, width }]
})
