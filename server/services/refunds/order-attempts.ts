/** The charged attempts of an order with what is left of each: under its lock, or as last read for showing. */
import {
  chargedAttempts,
  commitmentsOf,
  commitmentsOfFacts,
  type ChargedAttempt,
} from '../../domain/charged-attempt.ts'
import type { OrderAggregate } from '../../domain/order.ts'
import type { RefundFacts } from '../../domain/refund-display.ts'
import type { StoredOrder, StoredTransaction } from '../../store/order-rows.ts'
import type { StoreTx } from '../../store/store.ts'

/** The attempts of an order whose lock the caller holds. */
export function attemptsOf({ order, transactions, refunds, requests }: OrderAggregate): ChargedAttempt[] {
  return chargedAttempts(order, transactions, commitmentsOf(refunds, requests))
}

export type ReadAttempts = {
  transactions: StoredTransaction[]
  refunds: RefundFacts[]
  attempts: ChargedAttempt[]
}

/** The attempts of an order without a lock. */
export async function readAttempts(
  store: Pick<StoreTx, 'orders' | 'refunds'>,
  order: StoredOrder,
): Promise<ReadAttempts> {
  const [transactions, refunds] = await Promise.all([
    store.orders.attempts(order.merchantAccountId, order.id),
    store.refunds.byOrder(order.merchantAccountId, order.id),
  ])
  return {
    transactions,
    refunds,
    attempts: chargedAttempts(order, transactions, commitmentsOfFacts(refunds)),
  }
}
