import { useQuery } from '@tanstack/react-query'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { EVENT_COLUMNS } from './event-columns.tsx'
import type { EventDetail, EventRow } from './event-types.ts'
import { eventPath, eventSpoken } from './event-words.ts'
import css from './events.module.css'

type EventRelatedProps = { event: EventDetail; onOpen: (eventId: string) => void }

const WIDTHS: Readonly<Record<string, number>> = {
  received: 120,
  event: 190,
  outcome: 186,
  lag: 80,
  took: 74,
}

/** Columns without the order, which is the same in every row, as wide as the page has room beside the facts. */
const COLUMNS = EVENT_COLUMNS.flatMap((column) => {
  const width = WIDTHS[column.id]
  return width === undefined ? [] : [{ ...column, width }]
})

/** The events of the same order, newest first, with the open one marked. */
export function EventRelated({ event, onOpen }: EventRelatedProps) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const related = useQuery(trpc.events.related.queryOptions({ id: event.id }))
  const rows = related.data?.events ?? []
  if (event.orderId === null)
    return (
      <EmptyState title="It is not matched with an order.">
        Once it is, the other events of the order are listed here.
      </EmptyState>
    )
  return (
    <div className={css['stack']}>
      <DataGrid
        label="Events of the same order"
        inline
        columns={[markColumn(event.id), ...COLUMNS]}
        rows={rows}
        rowId={(row) => row.id}
        rowLabel={(row) => `${eventSpoken(row)}${row.id === event.id ? ', this event' : ''}`}
        state={gridState(related, 'the events of the order')}
        empty={<EmptyState title="No other events of this order." />}
        onOpen={(row, how) => {
          if (how.newTab) window.open(eventPath(row), '_blank', 'noopener')
          else onOpen(row.id)
        }}
      />
      <p className="caption">
        {rows.length === 100 ? 'The newest 100 are shown. ' : ''}
        {event.orderRef === null ? null : (
          <Link to={`${orderPath(event.orderRef)}?tab=events`}>The order and all its events</Link>
        )}
      </p>
    </div>
  )
}

function markColumn(openId: string) {
  return {
    id: 'mark',
    header: 'Open',
    width: 78,
    render: (row: EventRow) => (row.id === openId ? <span className={css['thisOne']}>This one</span> : null),
  }
}
