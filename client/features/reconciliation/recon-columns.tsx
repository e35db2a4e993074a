import { DISCREPANCY_LABELS } from '../../../server/domain/discrepancy.ts'
import { orderMoney } from '../../../server/domain/money.ts'
import { orderPath } from '../../lib/order-path.ts'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { TimeAgo } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Money, NoValue } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { ReconKind, ReconResult, ReconRow } from './recon-types.ts'

/** A row with what the last status check from this page said about its order. */
export type CheckedRow = ReconRow & { result: ReconResult | null }

/** Rows are discrepancies; a stale order has none and stands for itself. */
export function reconRowId(row: ReconRow): string {
  return row.discrepancyId ?? row.orderId
}

const ORDER: GridColumn<CheckedRow> = {
  id: 'order',
  header: 'Order',
  width: 170,
  rowHeader: true,
  render: (row) => (
    <IdCell
      value={row.orderRef}
      what="order ID"
      to={orderPath(row.orderRef)}
      linkLabel={`Order ${row.orderRef}, ${kindWords(row)}`}
      tabIndex={-1}
      noCopy
    />
  ),
}

const AMOUNT: GridColumn<CheckedRow> = {
  id: 'amount',
  header: 'Amount',
  width: 124,
  align: 'end',
  render: (row) => <Money value={orderMoney(row)} strong />,
}

const STATUS: GridColumn<CheckedRow> = {
  id: 'status',
  header: 'Status here',
  width: 150,
  render: (row) => <StatusChip status={row.displayStatus} detail={row.providerStatus} />,
}

const SINCE: GridColumn<CheckedRow> = {
  id: 'since',
  header: 'Since',
  width: 120,
  render: (row) => <TimeAgo at={row.since} />,
}

const CHECKED: GridColumn<CheckedRow> = {
  id: 'checked',
  header: 'Last asked',
  width: 120,
  render: (row) => (row.lastCheckedAt ? <TimeAgo at={row.lastCheckedAt} /> : <NoValue />),
}

const RESULT: GridColumn<CheckedRow> = {
  id: 'result',
  header: 'Answer now',
  width: 220,
  grow: true,
  render: (row) => (row.result ? <span title={row.result.message}>{row.result.message}</span> : <NoValue />),
}

/** Status codes and lists of attempts may be longer than their column. */
function wholeOnHover(text: string | null) {
  return text === null ? <NoValue /> : <span title={text}>{text}</span>
}

/** Columns of each tab: two records side by side, or an order that has waited too long. */
export const RECON_COLUMNS: Readonly<Record<ReconKind, readonly GridColumn<CheckedRow>[]>> = {
  disagree: [
    {
      id: 'kind',
      header: 'Kind',
      width: 280,
      render: (row) => <span title={row.detail}>{kindWords(row)}</span>,
    },
    ORDER,
    AMOUNT,
    { id: 'ours', header: 'Ours', width: 150, render: (row) => wholeOnHover(row.ours) },
    { id: 'theirs', header: 'Juspay’s', width: 200, render: (row) => wholeOnHover(row.theirs) },
    SINCE,
    RESULT,
  ],
  stale: [ORDER, AMOUNT, STATUS, SINCE, CHECKED, RESULT],
}

/** The disagreement in words. */
export function kindWords(row: ReconRow): string {
  return row.kind === 'stale' ? 'No final status' : DISCREPANCY_LABELS[row.kind]
}
