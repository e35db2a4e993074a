import type { FastifyInstance } from 'fastify'
import { createOrderCall, isUpdate, orderStatus, updateOrder } from './api-orders.ts'
import { refundOrder, refundTransaction } from './api-refunds.ts'
import { apiRoute } from './api-route.ts'
import type { ApiCall, ApiParts, ApiRoute } from './api-route.ts'
import { createSession } from './api-session.ts'
import { captureTxn, createTxn, voidTxn } from './api-txns.ts'

/** The server-to-server surface (reference 9.1, the part Paydesk uses). */
export function registerApi(app: FastifyInstance, parts: ApiParts): void {
  const { context } = parts
  const updateOrStatus = (call: ApiCall) =>
    isUpdate(call.params) ? updateOrder(context, call) : orderStatus(context, call)
  const routes: ApiRoute[] = [
    { method: 'POST', url: '/session', name: 'session', handle: (call) => createSession(context, call) },
    {
      method: 'POST',
      url: '/orders',
      name: 'order_create',
      handle: (call) => createOrderCall(context, call),
    },
    {
      method: 'POST',
      url: '/orders/:orderId',
      name: (params) => (isUpdate(params) ? 'order_update' : 'order_status'),
      handle: updateOrStatus,
    },
    {
      method: 'GET',
      url: '/orders/:orderId',
      name: 'order_status',
      handle: (call) => orderStatus(context, call),
    },
    {
      method: 'POST',
      url: '/orders/:orderId/refunds',
      name: 'refund',
      handle: (call) => refundOrder(context, call),
    },
    {
      method: 'POST',
      url: '/refunds',
      name: 'txn_refund',
      handle: (call) => refundTransaction(context, call),
    },
    { method: 'POST', url: '/txns', name: 'txn', handle: (call) => createTxn(context, call) },
    {
      method: 'POST',
      url: '/v2/txns/:txnUuid/capture',
      name: 'capture',
      handle: (call) => captureTxn(context, call),
    },
    { method: 'POST', url: '/v2/txns/:txnUuid/void', name: 'void', handle: (call) => voidTxn(context, call) },
  ]
  for (const route of routes) apiRoute(app, parts, route)
}
