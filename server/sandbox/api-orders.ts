import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import { currentOrder } from './current-order.ts'
import { orderNotFound, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { amountOf, orderFields, udfOf } from './order-fields.ts'
import { createOrder, isPaid } from './orders.ts'
import type { JsonObject } from './serialise.ts'
import { laggingOrder, rememberView } from './status-lag.ts'
import type { OrderRecord } from './types.ts'
import { upiFields } from './upi-links.ts'

/** `GET /orders/:id`, and `POST` on old versions (reference 3.4). */
export function orderStatus(context: Context, call: ApiCall): ApiAnswer {
  const order = context.records.orderOf(call.merchant.merchantId, call.target)
  if (!order) return orderNotFound(context.configuration.settings().unknownOrderOnStatus, call.target)
  const full = text(call.params, 'options.add_full_gateway_response') === 'true'
  return { status: 200, body: laggingOrder(context, order, call.at) ?? currentOrder(context, order, full) }
}

function tokenBlock(call: ApiCall, order: OrderRecord): JsonObject {
  if (text(call.params, 'options.get_client_auth_token') !== 'true') return {}
  const expiry = utcSeconds(order.tokenExpiresAt)
  return { juspay: { client_auth_token: order.token, client_auth_token_expiry: expiry } }
}

/** Answer without a `version` header: the oldest contract (reference 3.1). */
function legacyCreated(context: Context, call: ApiCall, order: OrderRecord): JsonObject {
  const { payment_links } = currentOrder(context, order)
  return {
    status: 'CREATED',
    status_id: 1,
    id: order.id,
    order_id: order.orderId,
    payment_links,
    ...tokenBlock(call, order),
    ...upiFields(call.params, order, call.merchant.displayName),
  }
}

/** `POST /orders` (reference 3.1). Ids are unique regardless of case. */
export function createOrderCall(context: Context, call: ApiCall): ApiAnswer {
  const settings = context.configuration.settings()
  const parsed = orderFields(call.params, settings)
  if ('refusal' in parsed) return parsed.refusal
  if (context.records.orderOf(call.merchant.merchantId, parsed.fields.orderId)) {
    const message = 'Order with this order_id already exists'
    return structuredError({ errorCode: 'duplicate_order', message, code: 'ALREADY_EXISTS' })
  }
  const order = createOrder(context, call.merchant, parsed.fields, call.at)
  if (call.version === null && settings.legacyCreateWithoutVersion) {
    return { status: 200, body: legacyCreated(context, call, order) }
  }
  const asked = { ...tokenBlock(call, order), ...upiFields(call.params, order, call.merchant.displayName) }
  return { status: 200, body: { ...currentOrder(context, order), ...asked } }
}

/** Whether a POST to /orders/:id changes the order; without such a field it is an old status call. */
export function isUpdate(params: Params): boolean {
  return [...params.keys()].some((key) => /^(amount|udf\d+|billing_address_|shipping_address_)/.test(key))
}

/** `POST /orders/:id` (reference 3.2): amount and udf, only before payment. */
export function updateOrder(context: Context, call: ApiCall): ApiAnswer {
  const order = context.records.orderOf(call.merchant.merchantId, call.target)
  if (!order) return orderNotFound(context.configuration.settings().unknownOrderOnStatus, call.target)
  if (isPaid(context.records.attempts(order.id))) {
    const message = 'Order cannot be updated after it was charged'
    return structuredError({ errorCode: 'invalid_request', message, code: 'INVALID_ACTION' })
  }
  const changed: OrderRecord = { ...order, udf: udfOf(call.params, order.udf), updatedAt: call.at }
  if (call.params.has('amount')) {
    const amount = amountOf(call.params, order.currency)
    if ('refusal' in amount) return amount.refusal
    changed.amountMinor = amount.amountMinor
  }
  context.records.saveOrder(changed)
  rememberView(context, changed, call.at)
  return { status: 200, body: currentOrder(context, changed) }
}
