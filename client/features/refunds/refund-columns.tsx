import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { orderPath } from '../../lib/order-path.ts'
import { refundChip } from '../../lib/refund-chip.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { CardLines } from '../../ui/card-lines.tsx'
import type { GridColumn, GridSort } from '../../ui/data-grid-types.ts'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue, spokenMoney } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import type { RefundRow } from './refund-types.ts'
import { isLate, isOver, REFUND_ORIGINS, refundName, refundPath } from './refund-words.ts'
import css from './refund.module.css'

const AGE_REFRESH_MS = 30_000

/** The chip of a refund; where the money is, is its tooltip. */
export function RefundChip(props: { row: RefundRow; label?: string; variant?: 'list' | 'header' }) {
  const { row, variant } = props
  const [plain, label] = refundChip(row)
  const role = isLate(row) ? 'review' : plain
  return (
    <StatusChip status={role} label={props.label ?? label} detail={row.where} {...(variant && { variant })} />
  )
}

/** In the list a pending refund says where it is ("With the gateway"), without the days that follow the comma. */
function listLabel(row: RefundRow): string {
  if (row.status !== 'pending') return refundChip(row)[1]
  return row.where.split(/[,:.]/, 1)[0] ?? row.where
}

/** How long it has been asked for, while that still matters. */
function Age({ row }: { row: RefundRow }) {
  const now = useNow(AGE_REFRESH_MS)
  if (isOver(row)) return <NoValue />
  const age = Math.max(0, now.getTime() - row.requestedAt.getTime())
  return (
    <span className="num" title={formatDuration(age)}>
      {formatDuration(age, 1)}
    </span>
  )
}

/** In place of an asker: refunds that nobody asked for here. */
function OriginMark({ row }: { row: RefundRow }) {
  const [mark, words] = REFUND_ORIGINS[row.origin]
  return (
    <span className={css['mark']} title={words}>
      {mark}
    </span>
  )
}

/** Name of the row's link: "Refund PD7F3A of 2,500 rupees, pending". */
function spokenRefund(row: RefundRow): string {
  const money = spokenMoney({ minor: row.amountMinor, currency: row.currency })
  return `Refund ${refundName(row)} of ${money}, ${refundChip(row)[1].toLowerCase()}`
}

/** A refund on a phone: amount and status, then order and the time that the list is ordered by (design §4.18). */
export function refundCard(row: RefundRow) {
  return (
    <CardLines
      first={
        <>
          <Money value={{ minor: row.amountMinor, currency: row.currency }} strong />
          <RefundChip row={row} label={listLabel(row)} />
        </>
      }
      second={
        <>
          <IdCell
            value={row.orderRef}
            what="order ID"
            to={refundPath(row)}
            linkLabel={`${row.orderRef}: ${spokenRefund(row)}`}
            tabIndex={-1}
            noCopy
          />
          <DateTime at={row.changedAt} />
        </>
      }
    />
  )
}

/** What happened last stands first, however old it is: the order that the server pages by. */
export const REFUND_ORDER: GridSort = { column: 'changed', direction: 'desc' }

/** Columns of the refunds list (design §4.6), and what it is ordered by in front. */
export const REFUND_COLUMNS: readonly GridColumn<RefundRow>[] = [
  { id: 'changed', header: 'Changed', width: 134, render: (row) => <DateTime at={row.changedAt} /> },
  {
    id: 'asked',
    header: 'Asked',
    width: 72,
    // Its time is in the tooltip: two columns with seconds leave no room for the rest.
    render: (row) => <DateTime at={row.requestedAt} format="day" />,
  },
  {
    id: 'refund',
    header: 'Refund',
    width: 112,
    rowHeader: true,
    render: (row) => (
      <IdCell
        value={refundName(row)}
        what="refund ID"
        to={refundPath(row)}
        linkLabel={spokenRefund(row)}
        tabIndex={-1}
        noCopy
      />
    ),
  },
  {
    id: 'order',
    header: 'Order',
    width: 112,
    render: (row) => (
      <IdCell value={row.orderRef} what="order ID" to={orderPath(row.orderRef)} tabIndex={-1} noCopy />
    ),
  },
  {
    id: 'amount',
    header: 'Amount',
    width: 100,
    align: 'end',
    render: (row) => <Money value={{ minor: row.amountMinor, currency: row.currency }} strong />,
  },
  {
    id: 'status',
    header: 'Status',
    width: 176,
    grow: true,
    render: (row) => <RefundChip row={row} label={listLabel(row)} />,
  },
  { id: 'reason', header: 'Reason', width: 88, render: (row) => row.reason ?? <NoValue /> },
  {
    id: 'by',
    header: 'Asked by',
    width: 88,
    render: (row) => row.requestedBy?.name ?? <OriginMark row={row} />,
  },
  { id: 'approved', header: 'Approved by', width: 100, render: (row) => row.decidedBy?.name ?? <NoValue /> },
  {
    id: 'gateway',
    header: 'Gateway',
    width: 84,
    render: (row) => (row.gateway === null ? <NoValue /> : gatewayLabel(row.gateway)),
  },
  {
    id: 'reference',
    header: 'Reference',
    width: 92,
    render: (row) => <IdCell value={row.arn ?? row.ref} what="bank reference" tabIndex={-1} />,
  },
  { id: 'age', header: 'Age', width: 70, align: 'end', render: (row) => <Age row={row} /> },
]
