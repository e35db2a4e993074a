import type { FastifyInstance, FastifyRequest } from 'fastify'
import { currentOrder } from './current-order.ts'
import { startAttempt } from './attempts.ts'
import type { Context } from './context.ts'
import { ControlError, checked, controlRoute, pathParam } from './control-route.ts'
import { newAttemptSchema, newOrderSchema, refundStateSchema } from './control-schemas.ts'
import { insertOrder, madeOrderId, merchantOr404, wishOf } from './made-orders.ts'
import { settleRefund } from './refunds.ts'
import { applyOutcome } from './scenarios.ts'
import type { JsonObject } from './serialise.ts'
import type { OrderRecord } from './types.ts'

function createOrders(context: Context, request: FastifyRequest): JsonObject {
  const input = checked(newOrderSchema, request)
  const merchant = merchantOr404(context, input.merchantId)
  const at = input.createdAt ? Date.parse(input.createdAt) : context.clock.now()
  const made = context.database.transact(() =>
    Array.from({ length: input.repeat }, (_, i) => {
      const orderId = input.orderId !== undefined && i === 0 ? input.orderId : madeOrderId()
      return insertOrder(context, merchant, input, orderId, at).order
    }),
  )
  context.scheduler.runDue()
  const orders = made.map((order) => currentOrder(context, context.records.order(order.id) ?? order))
  return { orderIds: made.map((order) => order.orderId), order: orders[0] }
}

function orderOr404(context: Context, merchantId: string, orderId: string): OrderRecord {
  const order = context.records.orderOf(merchantId, orderId)
  if (!order) throw new ControlError(404, `No order ${orderId} of merchant ${merchantId}.`)
  return order
}

function makeAttempt(context: Context, request: FastifyRequest): JsonObject {
  const input = checked(newAttemptSchema, request)
  const order = orderOr404(context, input.merchantId, pathParam(request, 'orderId'))
  const at = context.clock.now()
  return context.database.transact(() => {
    const existing = input.attempt
    const started = existing === undefined ? startAttempt(context, order, wishOf(input), at) : null
    const n = existing ?? started?.n
    if (n === undefined) throw new ControlError(409, 'The order has 25 attempts already.')
    if (!context.records.attempts(order.id).some((attempt) => attempt.n === n)) {
      throw new ControlError(404, `The order has no attempt ${n}.`)
    }
    if (input.outcome !== 'pending') applyOutcome(context, order, n, input.outcome, at)
    return currentOrder(context, order)
  })
}

function setRefund(context: Context, request: FastifyRequest): JsonObject {
  const input = checked(refundStateSchema, request)
  const order = orderOr404(context, input.merchantId, pathParam(request, 'orderId'))
  const id = pathParam(request, 'uniqueRequestId')
  const refund = context.records.refunds(order.id).find((candidate) => candidate.uniqueRequestId === id)
  if (!refund) throw new ControlError(404, `Order ${order.orderId} has no refund ${id}.`)
  return context.database.transact(() => {
    settleRefund(context, refund, input.status, context.clock.now())
    return currentOrder(context, context.records.order(order.id) ?? order)
  })
}

/** Making orders, attempts and refund results by hand. */
export function registerOrderControls(app: FastifyInstance, context: Context): void {
  controlRoute(app, 'POST', '/control/orders', (request) => createOrders(context, request))
  controlRoute(app, 'POST', '/control/orders/:orderId/attempts', (request) => makeAttempt(context, request))
  controlRoute(app, 'POST', '/control/orders/:orderId/refunds/:uniqueRequestId', (request) =>
    setRefund(context, request),
  )
}
