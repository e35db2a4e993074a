import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import { invalidAmount, mandatoryMissing, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { mandateFrom } from './mandates.ts'
import { parseDecimal } from './money.ts'
import type { OrderFields } from './orders.ts'
import type { Settings } from './settings.ts'
import { settlementRefusal } from './split-settlement.ts'

/** 1 to 20 characters (reference 2.1); letters and digits, and - _ when the switch is relaxed. */
const ORDER_ID = { alphanumeric: /^[A-Za-z0-9]{1,20}$/, relaxed: /^[A-Za-z0-9_-]{1,20}$/ }

const UDF_LIMIT = 255

function invalidField(field: string, reason: string): ApiAnswer {
  return structuredError({
    errorCode: 'invalid_request',
    message: `Invalid value for ${field}: ${reason}`,
    code: 'INVALID_INPUT',
    fields: [{ field_name: field, reason }],
  })
}

function metadataOf(params: Params): Record<string, unknown> {
  const prefix = 'metadata.'
  const entries = [...params]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value])
  return Object.fromEntries(entries)
}

/** The basket is a JSON array as text (reference 2.1); anything else is no basket. */
function basketOf(params: Params): unknown[] | null {
  const value = params.get('basket')
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return Array.isArray(parsed) ? parsed : null
  } catch {
    return null
  }
}

/** `null` and absent are null, "" stays "" (reference 3.5: customer fields may be null). */
function nullable(params: Params, name: string): string | null {
  return text(params, name) ?? null
}

/** Udf values, ten of them, "" by default. */
export function udfOf(params: Params, before: readonly string[] = []): string[] {
  return Array.from({ length: 10 }, (_, i) => text(params, `udf${i + 1}`) ?? before[i] ?? '')
}

/** Decimal text to minor units, or the documented refusal for non-numeric and non-positive amounts. */
export function amountOf(params: Params, currency: string): { amountMinor: bigint } | { refusal: ApiAnswer } {
  const minor = parseDecimal(text(params, 'amount') ?? '', currency)
  return minor === null || minor <= 0n ? { refusal: invalidAmount() } : { amountMinor: minor }
}

/** Reads and checks the business fields that `/session`, `/orders` and `/txns` share (reference 2.1, 2.3). */
export function orderFields(
  params: Params,
  settings: Settings,
): { fields: OrderFields } | { refusal: ApiAnswer } {
  const orderId = text(params, 'order_id') ?? ''
  if (orderId === '' || (text(params, 'amount') ?? '') === '') return { refusal: mandatoryMissing() }
  if (!ORDER_ID[settings.orderIdCharacters].test(orderId)) {
    return { refusal: invalidField('order_id', 'should be alphanumeric and less than 21 characters') }
  }
  const currency = text(params, 'currency') || 'INR'
  if (!/^[A-Z]{3}$/.test(currency)) return { refusal: invalidField('currency', 'should be an ISO-4217 code') }
  const amount = amountOf(params, currency)
  if ('refusal' in amount) return amount
  const udf = udfOf(params)
  if (udf.some((value) => value.length > UDF_LIMIT)) return { refusal: invalidField('udf', 'too long') }
  const asked = mandateFrom(params, currency)
  if ('refusal' in asked) return asked
  const metadata = metadataOf(params)
  const refusal = settlementRefusal(metadata, amount.amountMinor, currency)
  if (refusal) return { refusal }
  const basket = basketOf(params)
  const minutes = Number(text(params, 'order_fullfillment_threshold_in_mins') || Number.NaN)
  const fields: OrderFields = {
    orderId,
    amountMinor: amount.amountMinor,
    currency,
    customerId: nullable(params, 'customer_id'),
    customerEmail: nullable(params, 'customer_email'),
    customerPhone: nullable(params, 'customer_phone'),
    firstName: text(params, 'first_name') ?? '',
    lastName: text(params, 'last_name') ?? '',
    returnUrl: text(params, 'return_url') ?? '',
    productId: text(params, 'product_id') ?? '',
    description: text(params, 'description') ?? '',
    udf,
    metadata,
    ...(basket ? { basket } : {}),
    autoCapture: text(params, 'metadata.txns.auto_capture') !== 'false',
    ...(asked.mandate ? { mandate: asked.mandate } : {}),
    ...(minutes > 0 ? { fulfilmentMinutes: minutes } : {}),
  }
  return { fields }
}
