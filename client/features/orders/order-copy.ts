/** Rows of the list as they are copied (design §3.8): as in a file, with personal data as masked as on the screen. */
import { harmlessText } from '../../../server/domain/csv.ts'
import { DISCREPANCY_LABELS } from '../../../server/domain/discrepancy.ts'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { isoInZone } from '../../../server/domain/indian-time.ts'
import { toDecimal } from '../../../server/domain/money.ts'
import { orderColumn, SOURCE_LABELS } from '../../../server/domain/order-columns.ts'
import { DISPLAY_LABELS } from '../../../server/domain/payment-status.ts'
import type { TimeZoneChoice } from '../../ui/time-format.ts'
import type { ListedOrder } from './order-columns.tsx'
import type { OrderExtras, OrderRow } from './order-types.ts'

type Copied = { row: OrderRow; extras: OrderExtras | undefined; zone: TimeZoneChoice }
/** An amount is a number to a spreadsheet; everything else is text, which must not become a formula. */
type Cell = { amount: bigint } | string | null | undefined

const CELLS: Readonly<Record<string, (order: Copied) => Cell>> = {
  created: ({ row, zone }) => isoInZone(row.createdAt, zone),
  order: ({ row }) => row.orderRef,
  amount: ({ row }) => ({ amount: row.amountMinor }),
  status: ({ row }) => DISPLAY_LABELS[row.displayStatus],
  method: ({ row }) => (row.methodType === null ? null : row.methodLabel),
  gateway: ({ row }) => (row.gateway === null ? null : gatewayLabel(row.gateway)),
  customer: ({ row }) => row.customerName ?? row.customerEmailMasked,
  refunded: ({ row }) => ({ amount: row.refundedMinor }),
  refundable: ({ row }) => ({ amount: row.leftMinor }),
  error: ({ row }) => (row.displayStatus === 'failed' ? row.errorMessage : null),
  gateway_ref: ({ extras }) => extras?.gatewayRef,
  utr: ({ extras }) => extras?.rrn,
  bank: ({ extras }) => extras?.bank,
  network: ({ extras }) => extras?.network,
  currency: ({ row }) => row.currency,
  updated: ({ row, zone }) => isoInZone(row.changedAt, zone),
  source: ({ extras }) => extras?.source && SOURCE_LABELS[extras.source],
  tags: ({ extras }) => extras?.tags.join(', '),
  discrepancy: ({ extras }) => extras?.discrepancy && DISCREPANCY_LABELS[extras.discrepancy],
}

/** The rows with the columns on screen, tab-separated, one a line. An amount has its currency beside it, once. */
export function rowsText(
  rows: readonly ListedOrder[],
  { columns, zone }: { columns: readonly string[]; zone: TimeZoneChoice },
): string {
  const ids = columns
    .filter((id) => id !== 'currency')
    .flatMap((id) => (id === 'amount' ? [id, 'currency'] : [id]))
  return rows.map((row) => ids.map((id) => cellText(row, id, zone)).join('\t')).join('\n')
}

function cellText({ extras, ...row }: ListedOrder, id: string, zone: TimeZoneChoice): string {
  const cell = CELLS[id]?.({ row, extras, zone }) ?? extras?.udf[id] ?? ''
  if (typeof cell === 'object') return toDecimal({ minor: cell.amount, currency: row.currency })
  return harmlessText(cell.replaceAll(/\s+/g, ' '))
}

/** Why the rows cannot be copied yet; null when all that their columns show is there. */
export function copyProblem(rows: readonly ListedOrder[], columns: readonly string[]): string | null {
  const further = columns.some((id) => orderColumn(id)?.extra)
  return further && rows.some(({ extras }) => extras === undefined)
    ? 'Some of the columns are not loaded yet.'
    : null
}

/** "12999.00". */
export function amountText({ amountMinor: minor, currency }: OrderRow): string {
  return toDecimal({ minor, currency })
}
