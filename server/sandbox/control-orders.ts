import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { currentOrder } from './api-orders.ts'
import { startAttempt } from './attempts.ts'
import type { Context } from './context.ts'
import { ControlError, checked, controlRoute, pathParam } from './control-route.ts'
import { newAttemptSchema, newOrderSchema, refundStateSchema } from './control-schemas.ts'
import { instrumentFrom } from './instruments.ts'
import { parseDecimal } from './money.ts'
import { createOrder } from './orders.ts'
import { alphanumeric } from './random.ts'
import { settleRefund } from './refunds.ts'
import { applyOutcome, scenarioSteps, scheduleSteps } from './scenarios.ts'
import type { JsonObject } from './serialise.ts'
import type { Merchant } from './settings.ts'
import type { OrderRecord } from './types.ts'

type NewOrder = z.infer<typeof newOrderSchema>

/** Seconds between the steps of a back-dated order, so that its history looks lived. */
const BACKDATED_PACE = 8

function merchantOr404(context: Context, merchantId: string): Merchant {
  const merchant = context.configuration.merchant(merchantId)
  if (!merchant) throw new ControlError(404, `No merchant ${merchantId}.`)
  return merchant
}

function wishOf(
  input: Pick<NewOrder, 'paymentMethodType' | 'paymentMethod' | 'gateway' | 'vpa' | 'lastFour'>,
) {
  const { paymentMethodType, paymentMethod, gateway, vpa, lastFour } = input
  return instrumentFrom({ type: paymentMethodType, method: paymentMethod, gateway, vpa, lastFour })
}

function udfList(udf: Record<string, string> | undefined): string[] {
  return Array.from({ length: 10 }, (_, i) => udf?.[`udf${i + 1}`] ?? '')
}

function insertOrder(
  context: Context,
  merchant: Merchant,
  input: NewOrder,
  orderId: string,
  at: number,
): OrderRecord {
  const amountMinor = parseDecimal(input.amount, input.currency)
  if (amountMinor === null || amountMinor <= 0n)
    throw new ControlError(400, `amount: not a positive decimal: ${input.amount}`)
  if (context.records.orderOf(merchant.merchantId, orderId))
    throw new ControlError(409, `Order ${orderId} exists already.`)
  const fields = {
    orderId,
    amountMinor,
    currency: input.currency,
    customerId: input.customerId ?? 'cust_sandbox',
    customerEmail: input.customerEmail ?? 'meera.krishnan@example.com',
    customerPhone: input.customerPhone ?? '9876543210',
    firstName: input.firstName ?? 'Meera',
    lastName: input.lastName ?? 'Krishnan',
    returnUrl: input.returnUrl ?? '',
    productId: '',
    description: input.description ?? '',
    udf: udfList(input.udf),
    metadata: { ...input.metadata, ...(input.scenario === 'split_tender' ? { split_tender: true } : {}) },
    autoCapture: input.scenario !== 'authorized',
  }
  const order = createOrder(context, merchant, fields, at)
  const pace = input.paceSeconds ?? (input.createdAt ? BACKDATED_PACE : 0)
  const settings = context.configuration.settings()
  const steps = scenarioSteps(
    input.scenario,
    wishOf(input),
    pace,
    settings,
    merchant.conflictThresholdMinutes,
  )
  scheduleSteps(context, order, steps, at)
  return order
}

function createOrders(context: Context, request: FastifyRequest): JsonObject {
  const input = checked(newOrderSchema, request)
  const merchant = merchantOr404(context, input.merchantId)
  const at = input.createdAt ? Date.parse(input.createdAt) : context.clock.now()
  const made = context.database.transact(() =>
    Array.from({ length: input.repeat }, (_, i) => {
      const orderId =
        input.orderId !== undefined && i === 0 ? input.orderId : `SB${alphanumeric(10).toUpperCase()}`
      return insertOrder(context, merchant, input, orderId, at)
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
