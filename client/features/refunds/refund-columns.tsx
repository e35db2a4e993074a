import { DateTime, useNow } from '../../ui/date-time.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue, spokenMoney } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import type { RefundRow } from './refund-types.ts'
import {
  askedBy,
  gatewayName,
  isOver,
  orderPath,
  REFUND_CHIPS,
  refundName,
  refundPath,
} from './refund-words.ts'
import css from './refund.module.css'

const AGE_REFRESH_MS = 30_000

/** The chip of a refund; where the money is, is its tooltip. */
export function RefundChip({ row, variant }: { row: RefundRow; variant?: 'list' | 'header' }) {
  const [role, label] = REFUND_CHIPS[row.status]
  return <StatusChip status={role} label={label} detail={row.where} {...(variant && { variant })} />
}

/** How long it has been asked for, while that still matters. */
function Age({ row }: { row: RefundRow }) {
  const now = useNow(AGE_REFRESH_MS)
  if (isOver(row)) return <NoValue />
  return <span className="num">{formatDuration(Math.max(0, now.getTime() - row.requestedAt.getTime()))}</span>
}

/** Name of the row's link: "Refund PD7F3A of 2,500 rupees, pending". */
function spokenRefund(row: RefundRow): string {
  const money = spokenMoney({ minor: row.amountMinor, currency: row.currency })
  return `Refund ${refundName(row)} of ${money}, ${REFUND_CHIPS[row.status][1].toLowerCase()}`
}

/** Columns of the refunds list (design §4.6), newest first as the server pages it. */
export const REFUND_COLUMNS: readonly GridColumn<RefundRow>[] = [
  { id: 'asked', header: 'Asked', width: 136, render: (row) => <DateTime at={row.requestedAt} /> },
  {
    id: 'refund',
    header: 'Refund',
    width: 148,
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
    width: 140,
    render: (row) => <IdCell value={row.orderRef} what="order ID" to={orderPath(row)} tabIndex={-1} noCopy />,
  },
  {
    id: 'amount',
    header: 'Amount',
    width: 116,
    align: 'end',
    render: (row) => <Money value={{ minor: row.amountMinor, currency: row.currency }} strong />,
  },
  { id: 'status', header: 'Status', width: 172, render: (row) => <RefundChip row={row} /> },
  {
    id: 'where',
    header: 'Where it is',
    width: 110,
    grow: true,
    render: (row) => <span title={row.where}>{row.where}</span>,
  },
  { id: 'reason', header: 'Reason', width: 116, render: (row) => row.reason ?? <NoValue /> },
  {
    id: 'by',
    header: 'Asked by',
    width: 108,
    render: (row) =>
      row.requestedBy ? row.requestedBy.name : <span className={css['mark']}>{askedBy(row)}</span>,
  },
  { id: 'approved', header: 'Decided by', width: 104, render: (row) => row.decidedBy?.name ?? <NoValue /> },
  {
    id: 'gateway',
    header: 'Gateway',
    width: 92,
    render: (row) => (row.gateway === null ? <NoValue /> : gatewayName(row.gateway)),
  },
  {
    id: 'reference',
    header: 'Bank reference',
    width: 116,
    render: (row) => <IdCell value={row.arn ?? row.ref} what="bank reference" tabIndex={-1} noCopy />,
  },
  { id: 'age', header: 'Age', width: 72, align: 'end', render: (row) => <Age row={row} /> },
]
