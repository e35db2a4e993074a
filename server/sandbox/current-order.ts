import type { Context } from './context.ts'
import { orderObject, visibleRefunds } from './serialise.ts'
import type { JsonObject } from './serialise.ts'
import { splitOf } from './split-tender.ts'
import { winningAttempt } from './status.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

function shownAttempt(context: Context, attempts: AttemptRecord[]): AttemptRecord | null {
  if (context.configuration.settings().statusFollowsLastAttempt) return attempts.at(-1) ?? null
  return winningAttempt(attempts)
}

/** The order as Order Status shows it: the winning attempt and its refunds. */
export function currentOrder(context: Context, order: OrderRecord, fullGatewayResponse = false): JsonObject {
  const attempt = shownAttempt(context, context.records.attempts(order.id))
  const refunds = visibleRefunds(context.records.refunds(order.id), attempt)
  const split = splitOf(context, order)
  return orderObject({ order, attempt, refunds, publicUrl: context.publicUrl(), fullGatewayResponse, split })
}
