/**
 * The server-to-server calls to Juspay (API reference §1–5). Every call answers with a result; whatever Juspay or the
 * network does, nothing is thrown. What does throw is our own mistake: a refund key or amount that must never be sent.
 */
import { assert } from '../domain/assert.ts'
import { toDecimal } from '../domain/money.ts'
import type { ProviderOrder, ProviderRefund } from '../domain/provider-order.ts'
import { isPartOf } from '../domain/refund-parts.ts'
import type { MalformedCause } from '../domain/provider-error.ts'
import { createDoor } from './door.ts'
import type { CallFacts, CallFailure, Door, DoorConfig, Reply } from './door.ts'
import { readSession, sameOrder, sessionBody } from './session.ts'
import type { Session, SessionInput } from './session.ts'
import { refundsAreReadable } from './translate-refund.ts'
import { translateOrder } from './translate.ts'
import type { JsonObject } from './wire.ts'

export type JuspayConfig = DoorConfig & {
  /** `payment_page_client_id` (§2.1). */
  clientId: string
}

export type OrderAnswer = CallFacts & { ok: true; order: ProviderOrder; httpStatus: number; raw: Uint8Array }
export type OrderResult = OrderAnswer | CallFailure

/** The order after the refund was accepted, and our refund in it. */
export type RefundResult = (OrderAnswer & { refund: ProviderRefund }) | CallFailure

export type SessionResult =
  (CallFacts & { ok: true; session: Session; httpStatus: number; raw: Uint8Array }) | CallFailure

export type GetOrderOptions = {
  /** The same value on every call about one customer (§1.3). */
  routingId: string
  /** The order's currency as we know it, for answers that name none. */
  currency?: string | undefined
}

export type RefundCall = {
  orderRef: string
  /** Our idempotency key, 1 to 20 letters and digits; stored before the call and never changed (§5.6). */
  uniqueRequestId: string
  /** Always sent: without an amount Juspay would refund the whole order (§5.1). */
  amountMinor: bigint
  currency: string
  /** The attempt to give back (`txn_id`, §5.1); without it Juspay takes the one that decides the order. */
  txnRef?: string | null
  routingId: string
}

export type AmountChange = { orderRef: string; amountMinor: bigint; currency: string; routingId: string }

export type JuspayClient = {
  readonly merchantId: string
  /** Creates or re-opens the order at Juspay and returns what the app needs to start the SDK (§2). */
  createSession(input: SessionInput): Promise<SessionResult>
  /** Order status with attempts and refunds (§3.4): the authority for everything we show and decide. */
  getOrder(orderRef: string, options: GetOrderOptions): Promise<OrderResult>
  /** Changes what an unpaid order costs (§3.2). A success is only a success when the answer has the new amount. */
  updateAmount(input: AmountChange): Promise<OrderResult>
  /** Asks for one refund (§5.1). A success is only a success when the answer holds our key with our amount. */
  refund(call: RefundCall): Promise<RefundResult>
  /** Drops connections; calls in flight fail as uncertain. */
  close(): Promise<void>
}

/** What Juspay takes as `unique_request_id`: "length less than 21", alphanumeric (§5.1). */
export const UNIQUE_REQUEST_ID = /^[A-Za-z0-9]{1,20}$/

/** Makes the client of one merchant account. @throws when the configuration cannot be sent. */
export function createJuspayClient(config: JuspayConfig): JuspayClient {
  const door = createDoor(config)
  return {
    merchantId: config.merchantId,
    createSession: (input) => createSession(door, config.clientId, input),
    getOrder: (orderRef, options) => getOrder(door, orderRef, options),
    updateAmount: (input) => updateAmount(door, input),
    refund: (input) => refund(door, input),
    close: () => door.close(),
  }
}

async function createSession(door: Door, clientId: string, input: SessionInput): Promise<SessionResult> {
  assert(input.amountMinor > 0n, 'a session needs a positive amount')
  const json = sessionBody(input, clientId)
  const sealed = { path: '/v4/session', json }
  const reply = await door.send({ method: 'POST', path: '/session', json, sealed }, input.routingId)
  if (!reply.ok) return reply
  const session = readSession(reply.body, input)
  if (typeof session === 'string') return malformed(reply, session)
  return { ...factsOf(reply), ok: true, session, httpStatus: reply.httpStatus, raw: reply.raw }
}

async function getOrder(door: Door, orderRef: string, options: GetOrderOptions): Promise<OrderResult> {
  const path = orderPath(orderRef)
  if (path === null) return unaddressable()
  const sealed = { path: '/v4/order-status', json: JSON.stringify({ order_id: orderRef }) }
  const reply = await door.send({ method: 'GET', path, sealed }, options.routingId)
  if (!reply.ok) return reply
  const order = orderOf(reply.body, orderRef, options.currency)
  if (typeof order === 'string') return malformed(reply, order)
  // "Our refund is not in it" is evidence only when every refund in it could be read.
  if (!refundsAreReadable(reply.body)) return malformed(reply, 'refunds_unreadable')
  return { ...factsOf(reply), ok: true, order, httpStatus: reply.httpStatus, raw: reply.raw }
}

async function updateAmount(door: Door, input: AmountChange): Promise<OrderResult> {
  assert(input.amountMinor > 0n, 'an order needs a positive amount')
  const path = orderPath(input.orderRef)
  if (path === null) return unaddressable()
  const fields = { amount: toDecimal({ minor: input.amountMinor, currency: input.currency }) }
  const reply = await door.send(
    { method: 'POST', path, fields, sealed: sealedTwin(path, fields) },
    input.routingId,
  )
  if (!reply.ok) return reply
  const order = orderOf(reply.body, input.orderRef, input.currency)
  if (typeof order === 'string') return malformed(reply, order)
  if (order.amountMinor !== input.amountMinor) return malformed(reply, 'amount_differs')
  return { ...factsOf(reply), ok: true, order, httpStatus: reply.httpStatus, raw: reply.raw }
}

async function refund(door: Door, input: RefundCall): Promise<RefundResult> {
  assert(UNIQUE_REQUEST_ID.test(input.uniqueRequestId), 'a refund key is 1 to 20 letters and digits')
  assert(input.amountMinor > 0n, 'a refund needs a positive amount')
  const path = orderPath(input.orderRef)
  if (path === null) return unaddressable()
  const fields = {
    unique_request_id: input.uniqueRequestId,
    amount: toDecimal({ minor: input.amountMinor, currency: input.currency }),
    ...(typeof input.txnRef === 'string' && { txn_id: input.txnRef }),
  }
  const refunds = `${path}/refunds`
  const reply = await door.send(
    { method: 'POST', path: refunds, fields, sealed: sealedTwin(refunds, fields) },
    input.routingId,
  )
  if (!reply.ok) return reply
  const order = orderOf(reply.body, input.orderRef, input.currency)
  if (typeof order === 'string') return malformed(reply, order)
  if (order.currency !== null && order.currency !== input.currency)
    return malformed(reply, 'currency_differs')
  const accepted = order.refunds.find((entry) => entry.uniqueRequestId === input.uniqueRequestId)
  if (!accepted) return malformed(reply, 'refund_missing')
  // On an order paid with several instruments one refund comes back as several, which add up to it.
  const family = order.refunds.filter((entry) => isPartOf(entry.uniqueRequestId, input.uniqueRequestId))
  const total = family.reduce((sum, entry) => sum + (entry.amountMinor ?? 0n), 0n)
  if (total !== input.amountMinor) return malformed(reply, 'amount_differs')
  return {
    ...factsOf(reply),
    ok: true,
    order,
    refund: accepted,
    httpStatus: reply.httpStatus,
    raw: reply.raw,
  }
}

/** Most routes have a twin under `/v4` that takes the same fields as JSON (§1.5). */
function sealedTwin(path: string, fields: Readonly<Record<string, string>>) {
  return { path: `/v4${path}`, json: JSON.stringify(fields) }
}

/** The order of an answer, or why it is not the order we asked about. */
function orderOf(
  body: JsonObject,
  orderRef: string,
  currency: string | undefined,
): ProviderOrder | MalformedCause {
  const order = translateOrder(body, currency === undefined ? {} : { currency })
  if (order === null) return 'not_an_order'
  return sameOrder(order.orderRef, orderRef) ? order : 'other_order'
}

function factsOf({ requestId, tookMs }: CallFacts): CallFacts {
  return { requestId, tookMs }
}

function malformed(reply: Extract<Reply, { ok: true }>, cause: MalformedCause): CallFailure {
  return {
    ...factsOf(reply),
    ok: false,
    error: { kind: 'malformed', cause, httpStatus: reply.httpStatus },
    httpStatus: reply.httpStatus,
    raw: reply.raw,
  }
}

/** `/orders/{order_id}`; `null` for a reference that cannot stand in a path ("..", empty, endless). */
function orderPath(orderRef: string): string | null {
  if (/^\.*$/.test(orderRef) || orderRef.length > 256 || /\p{Surrogate}/u.test(orderRef)) return null
  return `/orders/${encodeURIComponent(orderRef)}`
}

/** References come from webhooks too, so one that no order can have is an answer, not a fault. */
function unaddressable(): CallFailure {
  return {
    ok: false,
    error: {
      kind: 'rejected',
      reason: 'other',
      httpStatus: null,
      code: null,
      message: 'The order reference cannot be an order id at Juspay.',
      statusId: null,
      providerRequestId: null,
    },
    httpStatus: null,
    raw: null,
    requestId: null,
    tookMs: 0,
  }
}
