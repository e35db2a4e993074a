/**
 * Juspay's bodies in our words. One reading serves order status answers, webhook contents and refund answers, because
 * all three carry the same object (API reference §3.5, §5.1, §6.3). Nothing here throws, whatever the JSON.
 */
import type { EventFamily, ProviderCustomer, ProviderEvent, ProviderOrder } from '../domain/provider-order.ts'
import { parseJson } from './json.ts'
import type { JsonFailure } from './json.ts'
import { disputedOrderRef, disputeOf } from './translate-dispute.ts'
import { mandateOf } from './translate-mandate.ts'
import { notificationOf } from './translate-notification.ts'
import { effectiveAmountOf } from './translate-offer.ts'
import { refundOf, refundsOf } from './translate-refund.ts'
import { transactionOf, transactionsOf } from './translate-transaction.ts'
import { currencyCode, eventRefOf, instant, object, price, ref, text, word } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

/** Juspay's default when a message names no currency (§2.1). It decides only how many decimals amounts have. */
export const DEFAULT_CURRENCY = 'INR'

/** What the caller knows besides the body. */
export type TranslateContext = {
  /** `date_created` of the event that carried the order. */
  occurredAt?: Date | null
  /** The order's known currency, for bodies that name none. */
  currency?: string
}

/** Status words of error envelopes (§4.1 ids 40 and -1): such a body names an order but tells nothing about it. */
const NOT_AN_ORDER = new Set(['NOT_FOUND', 'ERROR'])

/**
 * Translates an order object.
 * @returns `null` when the body is not an order: no `order_id`, or an error envelope.
 */
export function translateOrder(json: Json, context: TranslateContext = {}): ProviderOrder | null {
  const order = object(json)
  const orderRef = ref(order?.['order_id'])
  if (!order || orderRef === null) return null
  const providerStatus = word(order['status'])
  if (providerStatus !== null && NOT_AN_ORDER.has(providerStatus)) return null
  const currency = currencyCode(order['currency']) ?? currencyCode(object(order['txn_detail'])?.['currency'])
  const unit = currency ?? context.currency ?? DEFAULT_CURRENCY
  const createdAt = instant(order['date_created'])
  const amountMinor = price(order['amount'], unit)
  return {
    orderRef,
    providerOrderRef: ref(order['id']),
    merchantRef: ref(order['merchant_id']),
    providerStatus,
    amountMinor,
    effectiveAmountMinor: effectiveAmountOf(order, amountMinor, unit),
    currency,
    customer: customerOf(order),
    description: text(order['description']),
    returnUrl: text(order['return_url']),
    udf: udfOf(order),
    transactions: transactionsOf(order, unit),
    refunds: refundsOf(order, unit),
    createdAt,
    statedAt: instant(order['last_updated']) ?? context.occurredAt ?? createdAt,
  }
}

function customerOf(order: JsonObject): ProviderCustomer {
  const names = [text(order['first_name']), text(order['last_name'])].filter((name) => name !== null)
  return {
    ref: ref(order['customer_id']),
    name: text(order['customer_name']) ?? (names.length > 0 ? names.join(' ') : null),
    email: text(order['customer_email']),
    phone: text(order['customer_phone']),
  }
}

/** `udf1` … `udf10`, flat as in every published body or inside a `udf` object; unset and masked ones are left out. */
function udfOf(order: JsonObject): Readonly<Record<string, string>> {
  const nested = object(order['udf']) ?? {}
  const fields: Record<string, string> = {}
  for (let index = 1; index <= 10; index += 1) {
    const key = `udf${index}`
    const value = text(order[key]) ?? text(nested[key])
    if (value !== null) fields[key] = value
  }
  return fields
}

/**
 * A `content.txn` body (TXN_CHARGED, TXN_FAILED): an order of which only one attempt is told. The order's own status
 * and amount stay unsaid, because one attempt does not decide them.
 */
function orderOfTransaction(txn: JsonObject, context: TranslateContext): ProviderOrder | null {
  const orderRef = ref(txn['order_id'])
  const unit = currencyCode(txn['currency']) ?? context.currency ?? DEFAULT_CURRENCY
  const transaction = transactionOf(txn, unit)
  if (orderRef === null || transaction === null) return null
  return { ...emptyOrder(orderRef, txn, context), transactions: [transaction] }
}

/** A `content.refund` body, which some event names suggest and no sample shows (§6.4, §13.9). */
function orderOfRefund(refund: JsonObject, context: TranslateContext): ProviderOrder | null {
  const orderRef = ref(refund['order_id'])
  const unit = currencyCode(refund['currency']) ?? context.currency ?? DEFAULT_CURRENCY
  const translated = refundOf(refund, unit)
  if (orderRef === null || translated === null) return null
  return { ...emptyOrder(orderRef, refund, context), refunds: [translated] }
}

function emptyOrder(orderRef: string, body: JsonObject, context: TranslateContext): ProviderOrder {
  const createdAt = instant(body['created']) ?? instant(body['date_created'])
  return {
    orderRef,
    providerOrderRef: null,
    merchantRef: ref(body['merchant_id']),
    providerStatus: null,
    amountMinor: null,
    effectiveAmountMinor: null,
    currency: currencyCode(body['currency']),
    customer: { ref: null, name: null, email: null, phone: null },
    description: null,
    returnUrl: null,
    udf: {},
    transactions: [],
    refunds: [],
    createdAt: null,
    statedAt: instant(body['last_updated']) ?? context.occurredAt ?? createdAt,
  }
}

/** Why a webhook body could not be read as an event. The raw bytes stay stored (reliability W11). */
export type ParseFailure = { failure: JsonFailure['failure'] | 'not_object'; message: string }

/** Tells the two results of {@link translateEvent} apart. */
export function isParseFailure(result: ProviderEvent | ParseFailure): result is ParseFailure {
  return 'failure' in result
}

/**
 * Translates a webhook body (§6.3). Missing ids, dates and names, unknown event names and fields spilled beside
 * `content.order` are all read as far as they go.
 * @param context `currency`: the account's, for bodies that name none.
 */
export function translateEvent(
  raw: Uint8Array | string,
  context: Pick<TranslateContext, 'currency'> = {},
): ProviderEvent | ParseFailure {
  const parsed = parseJson(raw)
  if (!parsed.ok) return { failure: parsed.failure, message: parsed.message }
  const body = object(parsed.json)
  if (!body) return { failure: 'not_object', message: 'The body is JSON but not an object with fields.' }
  const name = ref(body['event_name'])
  const occurredAt = instant(body['date_created'])
  const content = object(body['content'])
  const family = familyOf(name)
  const order = content ? orderOfContent(content, family, { ...context, occurredAt }) : null
  const event = { name, occurredAt, currency: context.currency ?? DEFAULT_CURRENCY }
  // The name decides, not the body alone: a member of another product's event may mean another thing.
  const about = (kind: SideFamily): Json | undefined =>
    family === kind && content ? memberOf(content, kind) : undefined
  return {
    eventRef: eventRefOf(body),
    name,
    family,
    occurredAt,
    orderRef: order?.orderRef ?? (content ? orderRefOf(content, family) : null),
    order,
    mandate: mandateOf(about('mandate'), event),
    notification: notificationOf(about('notification'), event),
    dispute: disputeOf(about('chargeback'), event),
  }
}

/** Members of `content` that are objects of their own; everything else beside `order` is the order's, spilled. */
const CONTENT_KINDS = ['order', 'txn', 'refund', 'mandate', 'notification', 'chargeback'] as const

/** Families that are about something beside an order. */
const SIDE_FAMILIES = ['mandate', 'notification', 'chargeback'] as const
type SideFamily = (typeof SIDE_FAMILIES)[number]

/** The member an event is about; its fields may also lie directly in `content`, as an order's sometimes do. */
function memberOf(content: JsonObject, kind: SideFamily): Json | undefined {
  return content[kind] === undefined ? content : content[kind]
}

function orderOfContent(
  content: JsonObject,
  family: EventFamily,
  context: TranslateContext,
): ProviderOrder | null {
  const order = object(content['order'])
  if (order) return translateOrder(withSpilled(order, content), context)
  // Beside a mandate or a dispute nothing else is read as an order: a dispute's amount is not the order's.
  if (SIDE_FAMILIES.some((kind) => kind === family)) return null
  const txn = object(content['txn'])
  if (txn) return orderOfTransaction(txn, context)
  const refund = object(content['refund'])
  if (refund) return orderOfRefund(refund, context)
  // Order fields directly in `content`, with no object around them.
  if (CONTENT_KINDS.some((kind) => content[kind] !== undefined)) return null
  return translateOrder(content, context)
}

/** Completes an order with the fields that were sent beside it; the order's own fields win. */
function withSpilled(order: JsonObject, content: JsonObject): JsonObject {
  const merged: Record<string, Json> = Object.create(null)
  for (const [key, value] of Object.entries(content))
    if (!CONTENT_KINDS.some((kind) => kind === key)) merged[key] = value
  for (const [key, value] of Object.entries(order)) merged[key] = value
  return merged
}

/** The order an event without an order object is about: mandates and chargebacks name it. */
function orderRefOf(content: JsonObject, family: EventFamily): string | null {
  const dispute = family === 'chargeback' ? object(memberOf(content, family)) : null
  if (dispute) return disputedOrderRef(dispute)
  for (const kind of CONTENT_KINDS) {
    const found = ref(object(content[kind])?.['order_id'])
    if (found !== null) return found
  }
  return ref(content['order_id'])
}

/** Event names by their beginning, the more telling first: ORDER_REFUNDED is about a refund (§6.4). */
const FAMILIES: readonly (readonly [string, EventFamily])[] = [
  ['AUTO_REFUND_', 'auto_refund'],
  ['ORDER_AUTO_REFUND', 'auto_refund'],
  ['ORDER_REFUND', 'refund'],
  ['REFUND_', 'refund'],
  ['ORDER_', 'order'],
  ['TXN_', 'txn'],
  ['TRANSACTION_', 'txn'],
  ['MANDATE_', 'mandate'],
  ['NOTIFICATION_', 'notification'],
  ['CHARGEBACK_', 'chargeback'],
]

/** What an event is about, by its name; `unknown` for names of other products and for no name. */
export function familyOf(name: string | null): EventFamily {
  const upper = name?.trim().toUpperCase() ?? ''
  return FAMILIES.find(([prefix]) => upper.startsWith(prefix))?.[1] ?? 'unknown'
}
