/**
 * Eventual consistency (reference 6.5 rule 8, 12): Order Status shows an order as it was a little while ago, while events
 * and the answers of writes tell of it as it is.
 */
import type { Context } from './context.ts'
import { currentOrder } from './current-order.ts'
import type { JsonObject } from './serialise.ts'
import type { OrderRecord } from './types.ts'

/** Keeps what the order looks like now, for those who ask later; without a lag nobody will. */
export function rememberView(context: Context, order: OrderRecord, at: number): void {
  if (context.configuration.settings().statusLagSeconds === 0) return
  context.records.addView(order.id, at, JSON.stringify(currentOrder(context, order)))
}

/** The order as it was when the lag began; null when it has not changed since, or nobody kept what it was. */
export function laggingOrder(context: Context, order: OrderRecord, at: number): JsonObject | null {
  const { statusLagSeconds } = context.configuration.settings()
  const since = at - statusLagSeconds * 1_000
  if (statusLagSeconds === 0 || changedAt(context, order) <= since) return null
  const view = context.records.viewAt(order.id, since)
  if (view === null) return null
  const body: JsonObject = JSON.parse(view)
  return body
}

function changedAt(context: Context, order: OrderRecord): number {
  const parts = [...context.records.attempts(order.id), ...context.records.refunds(order.id)]
  return Math.max(order.updatedAt, ...parts.map(({ updatedAt }) => updatedAt))
}
