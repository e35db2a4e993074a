import type { FastifyInstance } from 'fastify'
import { createOrderCall, isUpdate, orderStatus, updateOrder } from './api-orders.ts'
import { fulfilOrder } from './api-fulfilment.ts'
import { commandMandate } from './api-mandates.ts'
import { createCustomer, getCustomer, updateCustomer } from './api-customers.ts'
import { refundOrder, refundTransaction } from './api-refunds.ts'
import { apiRoute } from './api-route.ts'
import type { ApiCall, ApiParts, ApiRoute } from './api-route.ts'
import { createSession } from './api-session.ts'
import { captureTxn, createTxn, voidTxn } from './api-txns.ts'
import type { Context } from './context.ts'
import type { ApiAnswer } from './errors.ts'

type Handler = (context: Context, call: ApiCall) => ApiAnswer

const updateOrStatus: Handler = (context, call) =>
  isUpdate(call.params) ? updateOrder(context, call) : orderStatus(context, call)

/** Method, path, name for faults, and what it does. */
type Line = readonly [ApiRoute['method'], string, ApiRoute['name'], Handler]

const updateName: ApiRoute['name'] = (params) => (isUpdate(params) ? 'order_update' : 'order_status')

/** Calls with a twin under `/v4` (reference 1.5: session, orders, refunds, txns; the rest by analogy). */
const TWINS: readonly Line[] = [
  ['POST', '/session', 'session', createSession],
  ['POST', '/orders', 'order_create', createOrderCall],
  ['POST', '/orders/:orderId', updateName, updateOrStatus],
  ['POST', '/orders/:orderId/refunds', 'refund', refundOrder],
  ['POST', '/refunds', 'txn_refund', refundTransaction],
  ['POST', '/txns', 'txn', createTxn],
  ['POST', '/customers', 'customer', createCustomer],
  ['POST', '/customers/:id', 'customer', updateCustomer],
]

const PLAIN: readonly Line[] = [
  ['GET', '/orders/:orderId', 'order_status', orderStatus],
  ['GET', '/customers/:id', 'customer', getCustomer],
  ['POST', '/orders/:orderId/fulfillment', 'fulfilment', fulfilOrder],
  ['POST', '/mandates/:mandateId', 'mandate', commandMandate],
  ['POST', '/v2/txns/:txnUuid/capture', 'capture', captureTxn],
  ['POST', '/v2/txns/:txnUuid/void', 'void', voidTxn],
]

/** The server-to-server surface (reference 9.1, the part Paydesk and the official client use). */
export function registerApi(app: FastifyInstance, parts: ApiParts): void {
  const { context } = parts
  for (const [method, url, name, handler] of [...TWINS, ...PLAIN])
    apiRoute(app, parts, { method, url, name, handle: (call) => handler(context, call) })
  for (const [method, url, name, handler] of TWINS)
    apiRoute(app, parts, {
      method,
      url: `/v4${url}`,
      name,
      handle: (call) => handler(context, call),
      sealed: true,
    })
  // Order status moves the id into the body (reference 1.5).
  apiRoute(app, parts, {
    method: 'POST',
    url: '/v4/order-status',
    name: 'order_status',
    handle: (call) => orderStatus(context, call),
    sealed: true,
    targetParam: 'order_id',
  })
}
