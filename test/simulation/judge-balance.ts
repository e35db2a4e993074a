/** I1: the stored balance of an order is the sum of its rows, and ours never exceed what was charged. */
import { after, before, rowsAfter, type JudgeState } from './judge-state.ts'
import type { OrderRow, RefundRow, Transaction } from './memory-database.ts'

/** Judges the orders that a transaction wrote, or whose refunds or requests it wrote, as they will be. */
export function judgeBalances(state: JudgeState, transaction: Transaction): void {
  const { database } = state
  const { orders, refunds, refundRequests } = transaction.overlays
  const ids = new Set<string>()
  for (const [id, row] of orders ?? []) if (before(database, 'orders', id)?.order !== row.order) ids.add(id)
  for (const row of refunds?.values() ?? []) ids.add(row.orderId)
  for (const row of refundRequests?.values() ?? []) ids.add(row.orderId)
  for (const id of ids) {
    const row = after(database, transaction, 'orders', id)
    if (row !== undefined) judgeBalance(state, transaction, row)
  }
}

function judgeBalance({ database, say }: JudgeState, transaction: Transaction, row: OrderRow): void {
  const sums = sumsOf(
    row,
    rowsAfter(database, transaction, 'refunds').filter(({ orderId }) => orderId === row.id),
    rowsAfter(database, transaction, 'refundRequests').filter(({ orderId }) => orderId === row.id),
  )
  const { reservedMinor, refundedMinor, externalRefundedMinor, excessMinor, orderRef } = row.order
  const { externalPendingMinor } = row.order
  const { reserved, refunded, external, away, excess } = sums
  if (
    reservedMinor === reserved &&
    refundedMinor === refunded &&
    externalRefundedMinor === external &&
    externalPendingMinor === away &&
    excessMinor === excess
  )
    return
  const stored = [
    reservedMinor,
    refundedMinor,
    externalRefundedMinor,
    externalPendingMinor,
    excessMinor,
  ].join(' ')
  const summed = [reserved, refunded, external, away, excess].join(' ')
  say('I1', `the balance of ${orderRef} is ${stored}, its rows say ${summed}`)
}

/** Added up from the rows, by the definition of the balance and not by the code that stores it. */
export function sumsOf(
  { order }: OrderRow,
  refunds: readonly Pick<RefundRow, 'origin' | 'status' | 'amountMinor'>[],
  requests: readonly { status: string; amountMinor: bigint }[],
) {
  let [reserved, refunded, external, away] = [0n, 0n, 0n, 0n]
  for (const { status, amountMinor } of requests) if (status === 'pending_approval') reserved += amountMinor
  for (const { origin, status, amountMinor } of refunds) {
    if (status === 'failed' || status === 'rejected') continue
    if (origin !== 'paydesk' && status !== 'succeeded') away += amountMinor
    if (origin !== 'paydesk') external += amountMinor
    else if (status === 'succeeded') refunded += amountMinor
    else reserved += amountMinor
  }
  const over = reserved + refunded + external - order.chargedMinor
  return { reserved, refunded, external, away, excess: over > 0n ? over : 0n }
}
