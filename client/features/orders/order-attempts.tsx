import { useQuery } from '@tanstack/react-query'
import { gridState } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue } from '../../ui/money.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { Attempt, OrderDetail } from './order-types.ts'
import { gatewayName } from './order-words.ts'

type AttemptRow = Attempt & { currency: string }

const COLUMNS: readonly GridColumn<AttemptRow>[] = [
  { id: 'number', header: 'Attempt', width: 84, rowHeader: true, render: (row) => `Attempt ${row.number}` },
  { id: 'at', header: 'Time', width: 150, render: (row) => <DateTime at={row.createdAt} /> },
  {
    id: 'status',
    header: 'Status',
    width: 150,
    render: (row) => (
      <StatusChip
        status={row.paymentStatus === 'created' ? 'pending' : row.paymentStatus}
        label={row.label}
        detail={row.providerStatus}
      />
    ),
  },
  {
    id: 'gateway',
    header: 'Gateway',
    width: 110,
    render: (row) => (row.gateway === null ? <NoValue /> : gatewayName(row.gateway)),
  },
  { id: 'method', header: 'Method', width: 150, render: (row) => row.methodLabel || <NoValue /> },
  {
    id: 'amount',
    header: 'Amount',
    width: 120,
    align: 'end',
    render: (row) => (
      <Money value={row.amountMinor === null ? null : { minor: row.amountMinor, currency: row.currency }} />
    ),
  },
  {
    id: 'reason',
    header: 'Bank said',
    width: 200,
    grow: true,
    render: (row) => {
      const text = [row.errorMessage, row.errorCode && `(${row.errorCode})`].filter(Boolean).join(' ')
      return text ? <span title={text}>{text}</span> : <NoValue />
    },
  },
  {
    id: 'ref',
    header: 'Gateway ID',
    width: 170,
    render: (row) => <IdCell value={row.gatewayRef} what="gateway ID" tabIndex={-1} noCopy />,
  },
]

/** Each try at a gateway, first to last. */
export function OrderAttempts({ order }: { order: OrderDetail }) {
  const trpc = useTRPC()
  const attempts = useQuery(trpc.orders.attempts.queryOptions({ orderId: order.id }))
  return (
    <DataGrid
      label="Attempts"
      inline
      columns={COLUMNS}
      rows={attempts.data?.map((row) => ({ ...row, currency: order.currency })) ?? []}
      rowId={(row) => row.id}
      rowLabel={(row) => `attempt ${row.number}`}
      state={gridState(attempts, 'the attempts')}
      empty={<EmptyState title="No attempts yet.">The customer has not tried to pay.</EmptyState>}
    />
  )
}
