import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { gridState } from '../../lib/errors.ts'
import { REFUND_CHIPS } from '../../lib/refund-chip.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue } from '../../ui/money.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { OrderDetail, OrderRefund } from './order-types.ts'

/** Beside the facts of a 1440 px screen there is room for 790 px, the bank reference among them. */
const COLUMNS: readonly GridColumn<OrderRefund>[] = [
  {
    id: 'refund',
    header: 'Refund',
    width: 126,
    rowHeader: true,
    render: (row) => (
      <IdCell
        value={row.uniqueRequestId ?? row.id}
        what="refund ID"
        to={`/refunds/${row.id}`}
        tabIndex={-1}
        noCopy
      />
    ),
  },
  {
    id: 'amount',
    header: 'Amount',
    width: 104,
    align: 'end',
    render: (row) => <Money value={{ minor: row.amountMinor, currency: row.currency }} strong />,
  },
  {
    id: 'status',
    header: 'Status',
    width: 166,
    render: (row) => {
      const [status, label] = REFUND_CHIPS[row.status]
      return <StatusChip status={status} label={label} detail={row.where} />
    },
  },
  {
    id: 'by',
    header: 'Asked by',
    width: 128,
    render: (row) => row.requestedBy?.name ?? (row.origin === 'auto' ? 'Juspay' : 'Outside Paydesk'),
  },
  { id: 'decided', header: 'Approved by', width: 94, render: (row) => row.decidedBy?.name ?? <NoValue /> },
  {
    id: 'reference',
    header: 'Bank reference',
    width: 172,
    grow: true,
    render: (row) => <IdCell value={row.arn ?? row.ref} what="bank reference" tabIndex={-1} />,
  },
  { id: 'asked', header: 'Asked', width: 134, render: (row) => <DateTime at={row.requestedAt} /> },
  { id: 'settled', header: 'Settled', width: 134, render: (row) => <DateTime at={row.settledAt} /> },
]

/** The refunds of an order and the requests for them. */
export function OrderRefunds({ order }: { order: OrderDetail }) {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const refunds = useQuery(trpc.refunds.byOrder.queryOptions({ orderId: order.id }))
  return (
    <DataGrid
      label="Refunds"
      inline
      pageKeys={false}
      columns={COLUMNS}
      rows={refunds.data ?? []}
      rowId={(row) => row.id}
      rowLabel={(row) => `refund ${row.uniqueRequestId ?? row.id}`}
      state={gridState(refunds, 'the refunds')}
      empty={<EmptyState title="No refunds.">Nobody has asked for one on this order.</EmptyState>}
      onOpen={(row, how) => {
        if (how.newTab) window.open(`/refunds/${row.id}`, '_blank', 'noopener')
        else void navigate({ href: `/refunds/${row.id}` })
      }}
    />
  )
}
