/** `sdk_payload.payload` of a session (reference 2.2): the order, and what the caller sent for the payment page. */
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import { oneDecimal } from './money.ts'
import type { JsonObject } from './serialise.ts'
import type { OrderRecord } from './types.ts'

/** Parameters of the page that come back in camel case, each as it was sent. */
const PAGE_OPTIONS = [
  'payment_filter',
  'gateway_id',
  'send_mail',
  'send_sms',
  'send_whatsapp',
  'order_type',
  'language',
  'theme',
  'billing_address_first_name',
  'billing_address_last_name',
  ...Array.from({ length: 10 }, (_, i) => `udf${i + 1}`),
]

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Options, mandate and metadata come back with dotted names; the page's lifetime in small letters (sample session/15). */
function dotted(params: Params): [string, unknown][] {
  return [...params]
    .filter(([name]) => /^(options|mandate|metadata)\./.test(name))
    .map(([name, value]) => {
      const told = text(params, name) ?? value
      return [name === 'metadata.expiryInMins' ? name.toLowerCase() : camel(name), told]
    })
}

function pageOptions(params: Params): [string, unknown][] {
  return PAGE_OPTIONS.flatMap((name): [string, unknown][] => {
    const value = params.get(name)
    return value === undefined || value === null || value === '' ? [] : [[camel(name), value]]
  })
}

export function sessionPayload(params: Params, clientId: string, order: OrderRecord): JsonObject {
  const action = text(params, 'action')
  const optional = Object.entries({
    customerPhone: order.customerPhone,
    customerEmail: order.customerEmail,
    firstName: order.firstName,
    lastName: order.lastName,
    description: order.description,
  }).filter(([, value]) => value !== null && value !== '')
  return {
    ...Object.fromEntries([...dotted(params), ...pageOptions(params)]),
    clientId,
    amount: oneDecimal(order.amountMinor, order.currency),
    merchantId: order.merchantId,
    clientAuthToken: order.token,
    clientAuthTokenExpiry: utcSeconds(order.tokenExpiresAt),
    environment: 'sandbox',
    action,
    ...(action === 'enach' ? { service: 'in.juspay.ec' } : {}),
    customerId: order.customerId ?? '',
    returnUrl: order.returnUrl,
    currency: order.currency,
    orderId: order.orderId,
    ...Object.fromEntries(optional),
  }
}
