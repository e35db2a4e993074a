import { formatMoney } from '../../../server/domain/money.ts'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue, spokenMoney } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { STATUS_LABELS } from '../../ui/status-role.ts'
import type { OrderRow } from './order-types.ts'
import { chipDetail, chipLabel, gatewayText, orderPath } from './order-words.ts'

const AGE_REFRESH_MS = 30_000

/** The chip of an order; a stuck one counts its age. */
export function OrderChip({ order, variant }: { order: OrderRow; variant?: 'list' | 'header' }) {
  const now = useNow(AGE_REFRESH_MS)
  return (
    <StatusChip
      status={order.displayStatus}
      label={chipLabel(order, now)}
      detail={chipDetail(order)}
      {...(variant && { variant })}
    />
  )
}

/** Name of the row's link: "Order ord_8F2K1QX3, 12,999 rupees, partly refunded". */
function spokenOrder(row: OrderRow): string {
  const money = spokenMoney({ minor: row.amountMinor, currency: row.currency })
  return `Order ${row.orderRef}, ${money}, ${STATUS_LABELS[row.displayStatus].toLowerCase()}`
}

/** Columns of the transactions list (design §4.3). Sortable are only those that the server pages by. */
export const ORDER_COLUMNS: readonly GridColumn<OrderRow>[] = [
  {
    id: 'created',
    header: 'Time',
    width: 168,
    sortable: true,
    render: (row) => <DateTime at={row.createdAt} />,
  },
  {
    id: 'order',
    header: 'Order',
    width: 176,
    rowHeader: true,
    render: (row) => (
      <IdCell
        value={row.orderRef}
        what="order ID"
        to={orderPath(row)}
        linkLabel={spokenOrder(row)}
        tabIndex={-1}
        noCopy
      />
    ),
  },
  {
    id: 'amount',
    header: 'Amount',
    width: 132,
    align: 'end',
    sortable: true,
    render: (row) => <Money value={{ minor: row.amountMinor, currency: row.currency }} strong />,
  },
  { id: 'status', header: 'Status', width: 176, render: (row) => <OrderChip order={row} /> },
  {
    id: 'method',
    header: 'Method',
    width: 160,
    render: (row) => (
      <span title={row.methodLabel}>{row.methodType === null ? <NoValue /> : row.methodLabel}</span>
    ),
  },
  { id: 'gateway', header: 'Gateway', width: 120, render: (row) => gatewayText(row) ?? <NoValue /> },
  {
    id: 'customer',
    header: 'Customer',
    width: 180,
    grow: true,
    render: (row) => row.customerName ?? row.customerEmailMasked ?? <NoValue />,
  },
]

/** Sum of the rows for the selection bar, one amount per currency: "₹17,598.00". Currencies are never added. */
export function sumText(rows: readonly OrderRow[]): string {
  const sums = new Map<string, bigint>()
  for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.amountMinor)
  return [...sums].map(([currency, minor]) => formatMoney({ minor, currency })).join(' + ')
}
