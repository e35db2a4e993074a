import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import { mandatoryMissing, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { orderFields } from './order-fields.ts'
import { createOrder, isPaid, renewToken } from './orders.ts'
import type { OrderFields } from './orders.ts'
import { hex } from './random.ts'
import { sessionPayload } from './session-payload.ts'
import type { OrderRecord } from './types.ts'
import { upiLink } from './upi-links.ts'

const ACTIONS = new Set(['paymentPage', 'paymentManagement', 'quickPay', 'enach'])

function refuse(errorCode: string, message: string, code: string): ApiAnswer {
  return structuredError({ errorCode, message, code })
}

function checkSession(call: ApiCall): ApiAnswer | null {
  const clientId = text(call.params, 'payment_page_client_id') ?? ''
  const action = text(call.params, 'action') ?? ''
  if (clientId === '') {
    return refuse(
      'PAYMENT_PAGE_CLIENT_ID_NOT_FOUND',
      'payment_page_client_id is missing',
      'MISSING_MANDATORY_PARAMETER',
    )
  }
  if (clientId !== call.merchant.clientId)
    return refuse('invalid.client.id', 'Invalid client id', 'INVALID_INPUT')
  if (action === '') return mandatoryMissing()
  if (!ACTIONS.has(action)) return refuse('invalid_request', `Unknown action ${action}`, 'INVALID_INPUT')
  if (action === 'paymentManagement' && !text(call.params, 'customer_id')) {
    return refuse('CUSTOMER_ID_NOT_FOUND', 'customer_id is mandatory', 'MISSING_MANDATORY_PARAMETER')
  }
  return null
}

function answer(context: Context, call: ApiCall, order: OrderRecord): ApiAnswer {
  const expiry = utcSeconds(order.expiresAt)
  const wantsLink = text(call.params, 'options.get_upi_deep_links') === 'true'
  return {
    status: 200,
    body: {
      status: 'NEW',
      id: order.id,
      order_id: order.orderId,
      payment_links: {
        web: `${context.publicUrl()}/payment-page/order/${order.id}`,
        expiry,
        ...(wantsLink ? { deep_link: upiLink(order, call.merchant.displayName) } : {}),
      },
      sdk_payload: {
        requestId: hex(32),
        service: 'in.juspay.hyperpay',
        payload: sessionPayload(call.params, call.merchant.clientId, order),
        expiry: utcSeconds(order.tokenExpiresAt),
        currTime: utcSeconds(call.at),
        xRoutingId: order.customerId || order.orderId,
      },
      order_expiry: expiry,
    },
  }
}

/** An unpaid order with this id is attached to, with its new amount and a fresh token; a paid one is refused. */
function attach(context: Context, call: ApiCall, existing: OrderRecord, fields: OrderFields): ApiAnswer {
  if (isPaid(context.records.attempts(existing.id))) {
    return refuse('invalid_request', 'Order is already paid', 'INVALID_ACTION')
  }
  const { amountMinor, currency, returnUrl } = fields
  const updated = {
    ...existing,
    amountMinor,
    currency,
    returnUrl: returnUrl || existing.returnUrl,
    updatedAt: call.at,
  }
  return answer(context, call, renewToken(context, updated, call.at))
}

/** `POST /session` (reference 2). */
export function createSession(context: Context, call: ApiCall): ApiAnswer {
  const parsed = orderFields(call.params, context.configuration.settings())
  if ('refusal' in parsed) return parsed.refusal
  const refusal = checkSession(call)
  if (refusal) return refusal
  const existing = context.records.orderOf(call.merchant.merchantId, parsed.fields.orderId)
  if (existing) return attach(context, call, existing, parsed.fields)
  const fields = { ...parsed.fields, clientId: call.merchant.clientId }
  return answer(context, call, createOrder(context, call.merchant, fields, call.at))
}
