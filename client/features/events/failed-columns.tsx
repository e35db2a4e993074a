import { REASON_LABELS, REASON_DETAILS } from '../../../server/domain/event-failure.ts'
import { CardLines } from '../../ui/card-lines.tsx'
import { CardStart } from '../../ui/card-start.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { NoValue } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { describeInstant, formatAge } from '../../ui/time-format.ts'
import { EventLink, OrderLink, ReceivedAt } from './event-columns.tsx'
import type { FailedRow } from './failed-view.ts'

const COUNTDOWN_MS = 5_000

/** "in 4 min", renewed while one waits for it. */
export function Until({ at }: { at: Date }) {
  const now = useNow(COUNTDOWN_MS)
  return (
    <time dateTime={at.toISOString()} title={describeInstant(at)} className="num">
      {at.getTime() <= now.getTime() ? 'now' : formatAge(at, now)}
    </time>
  )
}

/** Whether the event is tried again by itself, held, or waits for a person. */
function StateChip({ row }: { row: FailedRow }) {
  if (row.setAside !== null)
    return (
      <StatusChip status="voided" label="Ignored" detail={`${row.setAside.by}: ${row.setAside.reason}`} />
    )
  const detail = row.error ?? REASON_DETAILS[row.reason]
  if (row.status === 'failed') return <StatusChip status="pending" label="Waiting" detail={detail} />
  if (row.status === 'ignored') return <StatusChip status="unknown" label="Held" detail={detail} />
  return <StatusChip status="failed" label="Stopped" detail={detail} />
}

/** An event on a phone: its name and whether it is tried again, then its order, what is wrong and when it came. */
export function failedCard(row: FailedRow) {
  return (
    <CardLines
      first={
        <>
          <EventLink row={row} />
          <StateChip row={row} />
        </>
      }
      second={
        <>
          <CardStart lead={<OrderLink row={row} />}>{REASON_LABELS[row.reason]}</CardStart>
          <ReceivedAt at={row.receivedAt} />
        </>
      }
    />
  )
}

const RECEIVED: GridColumn<FailedRow> = {
  id: 'received',
  header: 'Received',
  width: 130,
  render: (row) => <ReceivedAt at={row.receivedAt} />,
}
const EVENT: GridColumn<FailedRow> = {
  id: 'event',
  header: 'Event',
  width: 200,
  rowHeader: true,
  render: (row) => <EventLink row={row} />,
}
const ORDER: GridColumn<FailedRow> = {
  id: 'order',
  header: 'Order',
  width: 150,
  grow: true,
  render: (row) => <OrderLink row={row} />,
}
const REASON: GridColumn<FailedRow> = {
  id: 'reason',
  header: 'Reason',
  width: 170,
  render: (row) => <span title={row.error ?? REASON_DETAILS[row.reason]}>{REASON_LABELS[row.reason]}</span>,
}
const STATE: GridColumn<FailedRow> = {
  id: 'state',
  header: 'State',
  width: 110,
  render: (row) => <StateChip row={row} />,
}

/** Columns of what needs a look. */
export const FAILED_COLUMNS: readonly GridColumn<FailedRow>[] = [
  RECEIVED,
  EVENT,
  ORDER,
  REASON,
  STATE,
  { id: 'tries', header: 'Tries', width: 60, align: 'end', render: (row) => row.tries },
  {
    id: 'next',
    header: 'Next try',
    width: 100,
    render: (row) => (row.nextTryAt === null ? <NoValue /> : <Until at={row.nextTryAt} />),
  },
  {
    id: 'stops',
    header: 'Retries stop',
    width: 120,
    render: (row) => (row.stopsAt === null ? <NoValue /> : <Until at={row.stopsAt} />),
  },
]

/** Columns of what people ignored. */
export const IGNORED_COLUMNS: readonly GridColumn<FailedRow>[] = [
  RECEIVED,
  EVENT,
  ORDER,
  REASON,
  { id: 'by', header: 'Ignored by', width: 130, render: (row) => row.setAside?.by ?? <NoValue /> },
  {
    id: 'at',
    header: 'Ignored at',
    width: 130,
    render: (row) => (row.setAside === null ? <NoValue /> : <DateTime at={new Date(row.setAside.at)} />),
  },
  {
    id: 'why',
    header: 'Why',
    width: 180,
    grow: true,
    render: (row) => row.setAside?.reason ?? <NoValue />,
  },
]
