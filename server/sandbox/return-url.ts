import { createHmac } from 'node:crypto'
import { STATUS_ID } from './status.ts'
import type { Merchant } from './settings.ts'
import type { OrderRecord, OrderStatus } from './types.ts'

/**
 * The signature of reference 7: encode each key and value, sort by encoded key, join, encode the whole again,
 * HMAC-SHA256 with the response key's text, base64. `signature` and `signature_algorithm` are not part of it.
 */
export function returnSignature(responseKey: string, params: Iterable<[string, string]>): string {
  const pairs = [...params]
    .map(([key, value]): [string, string] => [encodeURIComponent(key), encodeURIComponent(value)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const joined = pairs.map(([key, value]) => `${key}=${value}`).join('&')
  return createHmac('sha256', responseKey).update(encodeURIComponent(joined)).digest('base64')
}

/** Where and with what the customer's browser goes back; the merchant's own query parameters are kept and signed. */
export type ReturnTrip = { url: string; params: [string, string][] }

/** Null when the order has no usable return URL. */
export function returnTrip(merchant: Merchant, order: OrderRecord, status: OrderStatus): ReturnTrip | null {
  if (!URL.canParse(order.returnUrl)) return null
  const target = new URL(order.returnUrl)
  const params: [string, string][] = [
    ...target.searchParams,
    ['order_id', order.orderId],
    ['status', status],
    ['status_id', String(STATUS_ID[status])],
  ]
  target.search = ''
  if (merchant.returnSignature !== 'unsigned') {
    const signature = returnSignature(merchant.responseKey, params)
    const twice = merchant.returnSignature === 'double_encoded'
    params.push(['signature', twice ? encodeURIComponent(signature) : signature])
    params.push(['signature_algorithm', 'HMAC-SHA256'])
  }
  return { url: target.toString(), params }
}

/** The trip as one GET address. */
export function returnAddress({ url, params }: ReturnTrip): string {
  const query = params
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&')
  return `${url}?${query}`
}
