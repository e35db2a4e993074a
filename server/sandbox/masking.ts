import type { JsonObject } from './serialise.ts'

/** Leaves and blocks that published webhook samples show as "FILTERED" (reference 6.4). */
const FILTERED_KEYS = new Set([
  'customer_id',
  'customer_email',
  'customer_phone',
  'payer_vpa',
  'payer_app_name',
  'card',
  'upi',
  'effective_amount',
  'surcharge_amount',
  'tax_amount',
  'maximum_eligible_refund_amount',
  'txn_flow_type',
  'udf6',
  'udf7',
  'udf8',
  'udf9',
  'udf10',
  'sno',
  'payment_info',
  'mandate_token',
  'provider_name',
  'notification_type',
])

/** Numbers and booleans that old webhook versions send as strings. */
const LEGACY_STRING_KEYS = new Set([
  'status_id',
  'amount',
  'effective_amount',
  'txn_amount',
  'net_amount',
  'gateway_id',
  'refunded',
  'sent_to_gateway',
  'redirect',
  'max_amount',
  'revokable_by_customer',
])

function mapDeep(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, change))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, child]) => {
    const changed = change(key, child)
    return [key, changed === child ? mapDeep(child, change) : changed]
  })
  return Object.fromEntries(entries)
}

/** Replaces what a masking webhook hides by the literal "FILTERED". */
export function masked(content: JsonObject): JsonObject {
  const change = (key: string, value: unknown) => (FILTERED_KEYS.has(key) ? 'FILTERED' : value)
  return mapDeep(content, change) as JsonObject // mapDeep keeps objects objects
}

/** Old webhook typing: numbers and booleans as text, absent numbers as `{}`. */
export function legacyTyped(content: JsonObject): JsonObject {
  const change = (key: string, value: unknown) => {
    if (key === 'tax_amount' || key === 'surcharge_amount') return {}
    const scalar = typeof value === 'number' || typeof value === 'boolean'
    return LEGACY_STRING_KEYS.has(key) && scalar ? String(value) : value
  }
  return mapDeep(content, change) as JsonObject // mapDeep keeps objects objects
}
