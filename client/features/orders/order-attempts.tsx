import { useQuery } from '@tanstack/react-query'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { gridState } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue } from '../../ui/money.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { Attempt } from './order-types.ts'

const COLUMNS: readonly GridColumn<Attempt>[] = [
  { id: 'number', header: 'Attempt', width: 92, rowHeader: true, render: (row) => `Attempt ${row.number}` },
  {
    id: 'status',
    header: 'Status',
    width: 120,
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
    width: 90,
    render: (row) => (row.gateway === null ? <NoValue /> : gatewayLabel(row.gateway)),
  },
  { id: 'method', header: 'Method', width: 130, render: (row) => row.methodLabel || <NoValue /> },
  {
    id: 'reason',
    header: 'Bank said',
    width: 170,
    grow: true,
    render: (row) => {
      const text = [row.errorMessage, row.errorCode && `(${row.errorCode})`].filter(Boolean).join(' ')
      return text ? <span title={text}>{text}</span> : <NoValue />
    },
  },
  {
    id: 'left',
    header: 'Left to refund',
    width: 116,
    align: 'end',
    render: (row) =>
      row.leftMinor === null ? (
        <NoValue />
      ) : (
        <Money value={{ minor: row.leftMinor, currency: row.currency }} />
      ),
  },
  { id: 'at', header: 'Time', width: 150, render: (row) => <DateTime at={row.createdAt} /> },
  {
    id: 'ref',
    header: 'Gateway ID',
    width: 150,
    render: (row) => <IdCell value={row.gatewayRef} what="gateway ID" tabIndex={-1} noCopy />,
  },
]

/** Each try at a gateway, first to last. */
export function OrderAttempts({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const attempts = useQuery(trpc.orders.attempts.queryOptions({ orderId }))
  return (
    <DataGrid
      label="Attempts"
      inline
      pageKeys={false}
      columns={COLUMNS}
      rows={attempts.data ?? []}
      rowId={(row) => row.id}
      rowLabel={(row) => `attempt ${row.number}`}
      state={gridState(attempts, 'the attempts')}
      empty={<EmptyState title="No attempts yet.">The customer has not tried to pay.</EmptyState>}
    />
  )
}
