import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { gridState } from '../../lib/errors.ts'
import { OutcomeMark } from '../../lib/outcome-mark.tsx'
import { outcomeWord } from '../../lib/outcome-words.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import type { OrderEvent } from './order-types.ts'

const COLUMNS: readonly GridColumn<OrderEvent>[] = [
  {
    id: 'received',
    header: 'Received',
    width: 160,
    render: (row) => <DateTime at={row.receivedAt} />,
  },
  {
    id: 'event',
    header: 'Event',
    width: 220,
    grow: true,
    rowHeader: true,
    render: (row) => <EventLink event={row} />,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 150,
    render: (row) => <OutcomeMark word={outcomeWord(row)} />,
  },
  {
    id: 'deliveries',
    header: 'Deliveries',
    width: 90,
    align: 'end',
    render: (row) => <span className="num">{row.deliveryCount}</span>,
  },
  {
    id: 'took',
    header: 'Took',
    width: 90,
    align: 'end',
    render: (row) =>
      row.tookMs === null ? <NoValue /> : <span className="num">{formatDuration(row.tookMs)}</span>,
  },
]

function EventLink({ event }: { event: OrderEvent }) {
  const { link: Link } = useKit()
  return (
    <Link to={`/events/${event.id}`} tabIndex={-1} title={event.eventName ?? undefined}>
      {event.label}
    </Link>
  )
}

/** The webhooks about this order, newest first. */
export function OrderEvents({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const events = useQuery(trpc.orders.events.queryOptions({ orderId }))
  return (
    <DataGrid
      label="Events"
      inline
      pageKeys={false}
      columns={COLUMNS}
      rows={events.data ?? []}
      rowId={(row) => row.id}
      rowLabel={(row) => `event ${row.label}`}
      state={gridState(events, 'the events')}
      empty={
        <EmptyState title="No webhooks for this order.">
          What is shown comes from status checks, or the order was made here.
        </EmptyState>
      }
      onOpen={(row, how) => {
        if (how.newTab) window.open(`/events/${row.id}`, '_blank', 'noopener')
        else void navigate({ href: `/events/${row.id}` })
      }}
    />
  )
}
