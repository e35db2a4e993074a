import { createVerify } from 'node:crypto'
import type { Context } from './context.ts'
import { flatten } from './bodies.ts'
import { orderFields } from './order-fields.ts'
import { createOrder, isPaid } from './orders.ts'
import type { Merchant } from './settings.ts'
import type { OrderRecord } from './types.ts'

type Found =
  | { order: OrderRecord }
  /** `expired`: the order whose session is too old, since its customer still has a way back. */
  | { problem: string; detail: string; status: number; expired: OrderRecord | null }

type Query = (name: string) => string | undefined

function refused(detail: string, status = 400, expired: OrderRecord | null = null): Found {
  return { problem: 'The payment could not be started', detail, status, expired }
}

/** A client token lives 15 minutes; a stale one needs a new session (reference 1.4, pitfall 25). */
function byToken(context: Context, token: string): Found {
  const order = context.records.orderByToken(token)
  if (!order) return refused('The client auth token is unknown.', 401)
  const expired = context.clock.now() >= order.tokenExpiresAt
  return expired ? refused('The client auth token has expired. Create a new session.', 401, order) : { order }
}

/**
 * RSA PKCS#1 v1.5 with SHA-256, base64, over the exact text (reference 2.4).
 * A merchant without any registered key is not checked, so that a demo works before a key is uploaded.
 */
export function signatureProblem(
  merchant: Merchant,
  signed: string,
  signature: string,
  keyId: string,
): string | null {
  if (Object.keys(merchant.publicKeys).length === 0) return null
  const key = merchant.publicKeys[keyId]
  if (key === undefined) return `The merchant key id ${keyId} is unknown.`
  const isValid = createVerify('RSA-SHA256').update(signed, 'utf8').verify(key, signature, 'base64')
  return isValid ? null : 'The signature does not match what was signed.'
}

export function parseDetails(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : null
  } catch {
    return null
  }
}

/** The signed-payload variant: the order comes from `orderDetails`, whose signature stands for the server's consent. */
function bySignedDetails(context: Context, details: string, query: Query): Found {
  const parsed = parseDetails(details)
  if (!parsed) return refused('orderDetails is not a JSON string.')
  const merchantId = parsed['merchant_id']
  const merchant = typeof merchantId === 'string' ? context.configuration.merchant(merchantId) : null
  if (!merchant) return refused('merchant_id is unknown.', 401)
  const problem = signatureProblem(
    merchant,
    details,
    query('signature') ?? '',
    query('merchant_key_id') ?? '',
  )
  if (problem !== null) return refused(problem, 401)
  const withPhone = { customer_phone: parsed['mobile_number'], ...parsed }
  const fields = orderFields(flatten(Object.entries(withPhone)), context.configuration.settings())
  if ('refusal' in fields) return refused('orderDetails lacks order_id or amount, or they are invalid.')
  const existing = context.records.orderOf(merchant.merchantId, fields.fields.orderId)
  if (!existing) return { order: createOrder(context, merchant, fields.fields, context.clock.now()) }
  const isSame =
    existing.amountMinor === fields.fields.amountMinor || isPaid(context.records.attempts(existing.id))
  return isSame ? { order: existing } : refused('The order exists with another amount.')
}

/** Which order the SDK script wants to pay: by client auth token, or by signed order details. */
export function orderFromSdk(context: Context, query: Query): Found {
  const token = query('token')
  if (token !== undefined && token !== '') return byToken(context, token)
  const details = query('order_details')
  if (details !== undefined && details !== '') return bySignedDetails(context, details, query)
  return refused('Neither clientAuthToken nor orderDetails was given.')
}
