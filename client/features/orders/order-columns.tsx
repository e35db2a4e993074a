import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs'
import { lockHolder, lockState, lockTitle } from '../../../server/domain/batch-lock.ts'
import { DISCREPANCY_LABELS } from '../../../server/domain/discrepancy.ts'
import { formatMoney, orderMoney } from '../../../server/domain/money.ts'
import { ORDER_COLUMNS as COLUMNS, SOURCE_LABELS } from '../../../server/domain/order-columns.ts'
import { orderPath } from '../../lib/order-path.ts'
import { CardLines } from '../../ui/card-lines.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money, NoValue, spokenMoney } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { STATUS_LABELS } from '../../ui/status-role.ts'
import { Bone } from '../../ui/states.tsx'
import type { AllMatching, OrderExtras, OrderRow } from './order-types.ts'
import { chipDetail, chipLabel, gatewayText } from './order-words.ts'
import css from './transactions.module.css'

const AGE_REFRESH_MS = 30_000

/** A row of the list with what its further columns show; undefined while that is not there. */
export type ListedOrder = OrderRow & { extras?: OrderExtras | undefined }

/** The chip of an order; a stuck one counts its age. */
export function OrderChip({ order, variant }: { order: ListedOrder; variant?: 'list' | 'header' }) {
  const { timeZone } = useKit()
  const now = useNow(AGE_REFRESH_MS)
  return (
    <StatusChip
      status={order.displayStatus}
      label={chipLabel(order, now)}
      detail={chipDetail(order, timeZone)}
      {...(variant && { variant })}
    />
  )
}

/** Name of the row's link: "Order ord_8F2K1QX3, 12,999 rupees, partly refunded"; and who holds it, if anybody does. */
function spokenOrder(row: ListedOrder): string {
  const known = orderMoney(row)
  const money = known === null ? 'amount not known' : spokenMoney(known)
  const name = `Order ${row.orderRef}, ${money}, ${STATUS_LABELS[row.displayStatus].toLowerCase()}`
  return row.extras?.lock ? `${name}, held by ${lockHolder(row.extras.lock)}` : name
}

type Look = Pick<GridColumn<ListedOrder>, 'width' | 'render'> & Partial<GridColumn<ListedOrder>>

/** How each column of server/domain/order-columns.ts is drawn; sortable are those that the server pages by. */
const LOOKS: Readonly<Record<string, Look>> = {
  created: { width: 168, sortable: true, render: (row) => <DateTime at={row.createdAt} /> },
  order: { width: 176, rowHeader: true, render: (row) => <OrderLink row={row} /> },
  amount: {
    width: 132,
    align: 'end',
    sortable: true,
    render: (row) => <Money value={orderMoney(row)} strong />,
  },
  status: { width: 176, render: (row) => <OrderChip order={row} /> },
  method: { width: 160, render: (row) => textCell(row.methodType === null ? null : row.methodLabel) },
  gateway: { width: 120, render: (row) => gatewayText(row) ?? <NoValue /> },
  customer: {
    width: 180,
    grow: true,
    render: (row) => textCell(row.customerName ?? row.customerEmailMasked),
  },
  refunded: { width: 124, align: 'end', render: (row) => moneyCell(row, row.refundedMinor) },
  refundable: { width: 124, align: 'end', render: (row) => moneyCell(row, row.leftMinor) },
  error: { width: 220, render: (row) => textCell(row.displayStatus === 'failed' ? row.errorMessage : null) },
  gateway_ref: { width: 168, render: (row) => idCell(row, (extras) => extras.gatewayRef, 'gateway ID') },
  utr: { width: 140, render: (row) => idCell(row, (extras) => extras.rrn, 'bank reference') },
  bank: { width: 120, render: (row) => extraCell(row, ({ bank }) => bank) },
  network: { width: 100, render: (row) => extraCell(row, ({ network }) => network) },
  currency: { width: 84, render: (row) => row.currency },
  updated: { width: 168, sortable: true, render: (row) => <DateTime at={row.changedAt} /> },
  source: {
    width: 124,
    render: (row) => extraCell(row, ({ source }) => (source === null ? null : SOURCE_LABELS[source])),
  },
  tags: { width: 160, render: (row) => extraCell(row, ({ tags }) => tags.join(', ')) },
  discrepancy: {
    width: 180,
    render: (row) =>
      extraCell(row, ({ discrepancy: kind }) => (kind === null ? null : DISCREPANCY_LABELS[kind])),
  },
}

/** Columns of the transactions list (design §4.3). */
export const ORDER_COLUMNS: readonly GridColumn<ListedOrder>[] = COLUMNS.map(({ id, label, pinned }) => ({
  id,
  header: label,
  ...(pinned && { pinned }),
  ...(LOOKS[id] ?? {
    width: 132,
    render: (row: ListedOrder) => extraCell(row, ({ udf }) => udf[id] ?? null),
  }),
}))

function OrderLink({ row }: { row: ListedOrder }) {
  const lock = row.extras?.lock
  return (
    <IdCell
      value={row.orderRef}
      what="order ID"
      to={orderPath(row.orderRef)}
      linkLabel={spokenOrder(row)}
      tabIndex={-1}
      noCopy
      mark={
        lock ? (
          <span className={css['lock']} data-tip={`${lockTitle(lock)} ${lockState(lock)}`}>
            <IconLock size={14} stroke={1.75} aria-hidden />
          </span>
        ) : null
      }
    />
  )
}

function textCell(text: string | null) {
  return text === null || text === '' ? <NoValue /> : <span title={text}>{text}</span>
}

/** Nothing in place of zero: a column of refunds is read for those there are. */
function moneyCell({ currency }: OrderRow, minor: bigint) {
  return minor === 0n ? <NoValue /> : <Money value={{ minor, currency }} />
}

function extraCell({ extras }: ListedOrder, of: (extras: OrderExtras) => string | null) {
  return extras ? textCell(of(extras)) : <Bone />
}

function idCell({ extras }: ListedOrder, of: (extras: OrderExtras) => string | null, what: string) {
  return extras ? <IdCell value={of(extras)} what={what} tabIndex={-1} /> : <Bone />
}

/** An order on a phone: amount and status, then order and time (design §4.18). */
export function orderCard(row: ListedOrder) {
  return (
    <CardLines
      first={
        <>
          <Money value={orderMoney(row)} strong />
          <OrderChip order={row} />
        </>
      }
      second={
        <>
          <OrderLink row={row} />
          <DateTime at={row.createdAt} />
        </>
      }
    />
  )
}

type Sum = Pick<AllMatching['sums'][number], 'currency' | 'amountMinor'>

/** Sum of the rows for the selection bar, one amount per currency: "₹17,598.00". Currencies are never added. */
export function sumText(rows: readonly OrderRow[]): string {
  const sums = new Map<string, bigint>()
  for (const row of rows) sums.set(row.currency, (sums.get(row.currency) ?? 0n) + row.amountMinor)
  return sumsText({ sums: [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor })) })
}

/** The same of what is added up already, as the server does for all that match. */
export function sumsText({ sums }: { sums: readonly Sum[] }): string {
  return sums.map(({ currency, amountMinor }) => formatMoney({ minor: amountMinor, currency })).join(' + ')
}
