/** I1: the stored balance of an order is the sum of its rows, and ours never exceed what was charged. */
import { after, type JudgeState } from './judge-state.ts'
import type { Database, OrderRow, RefundRow, TableName, Tables, Transaction } from './memory-database.ts'

/** The orders that a transaction wrote, or whose refunds or requests it wrote, as they will be. */
export function touchedOrders(database: Database, transaction: Transaction): OrderRow[] {
  const { orders, refunds, refundRequests } = transaction.overlays
  const ids = new Set(orders?.keys())
  for (const row of refunds?.values() ?? []) ids.add(row.orderId)
  for (const row of refundRequests?.values() ?? []) ids.add(row.orderId)
  return [...ids].flatMap((id) => after(database, transaction, 'orders', id) ?? [])
}

export function judgeBalance({ database, say }: JudgeState, transaction: Transaction, row: OrderRow): void {
  const sums = sumsOf(
    row,
    rowsAfter(database, transaction, 'refunds').filter(({ orderId }) => orderId === row.id),
    rowsAfter(database, transaction, 'refundRequests').filter(({ orderId }) => orderId === row.id),
  )
  const { reservedMinor, refundedMinor, externalRefundedMinor, excessMinor, orderRef } = row.order
  const stored = [reservedMinor, refundedMinor, externalRefundedMinor, excessMinor].join(' ')
  const summed = [sums.reserved, sums.refunded, sums.external, sums.excess].join(' ')
  if (stored !== summed) say('I1', `the balance of ${orderRef} is ${stored}, its rows say ${summed}`)
}

/** Added up from the rows, by the definition of the balance and not by the code that stores it. */
export function sumsOf(
  { order }: OrderRow,
  refunds: readonly Pick<RefundRow, 'origin' | 'status' | 'amountMinor'>[],
  requests: readonly { status: string; amountMinor: bigint }[],
) {
  let [reserved, refunded, external] = [0n, 0n, 0n]
  for (const { status, amountMinor } of requests) if (status === 'pending_approval') reserved += amountMinor
  for (const { origin, status, amountMinor } of refunds) {
    if (status === 'failed' || status === 'rejected') continue
    if (origin !== 'paydesk') external += amountMinor
    else if (status === 'succeeded') refunded += amountMinor
    else reserved += amountMinor
  }
  const over = reserved + refunded + external - order.chargedMinor
  return { reserved, refunded, external, excess: over > 0n ? over : 0n }
}

function rowsAfter<T extends TableName>(database: Database, transaction: Transaction, table: T): Tables[T][] {
  const rows = new Map(database.tables[table].rows)
  for (const [id, row] of transaction.overlays[table] ?? []) rows.set(id, row)
  return [...rows.values()]
}
