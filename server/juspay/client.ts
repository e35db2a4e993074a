/**
 * The server-to-server calls to Juspay (API reference §1–5). Every call answers with a result; whatever Juspay or the
 * network does, nothing is thrown. What does throw is our own mistake: a refund key or amount that must never be sent.
 */
import { assert } from '../domain/assert.ts'
import { toDecimal } from '../domain/money.ts'
import type { ProviderOrder, ProviderRefund } from '../domain/provider-order.ts'
import { readResult } from './classify.ts'
import { isPartOf } from '../domain/refund-parts.ts'
import type { JuspayError, MalformedCause } from '../domain/provider-error.ts'
import { createHttpTransport } from './http.ts'
import type { HttpRequest, HttpTimeouts, HttpTransport } from './http.ts'
import { readSession, sameOrder, sessionBody } from './session.ts'
import type { Session, SessionInput } from './session.ts'
import { refundsAreReadable } from './translate-refund.ts'
import { translateOrder } from './translate.ts'
import type { JsonObject } from './wire.ts'

export type JuspayConfig = {
  /** Scheme and host, optionally a path: sandbox, production or a white-label tenant (§1.1). */
  baseUrl: string
  merchantId: string
  /** `payment_page_client_id` (§2.1). */
  clientId: string
  apiKey: string
  /** The pinned `version` header, YYYY-MM-DD: selects the shape of answers (§1.3). */
  apiVersion: string
  timeouts?: HttpTimeouts
}

/** What is known about every call, whatever came of it; for the call log and for Juspay's support. */
export type CallFacts = {
  /** Juspay's `x-request-id`. */
  requestId: string | null
  tookMs: number
}

export type CallFailure = CallFacts & {
  ok: false
  error: JuspayError
  httpStatus: number | null
  /** The body as received, when one arrived. */
  raw: Uint8Array | null
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

export type JuspayClient = {
  readonly merchantId: string
  /** Creates or re-opens the order at Juspay and returns what the app needs to start the SDK (§2). */
  createSession(input: SessionInput): Promise<SessionResult>
  /** Order status with attempts and refunds (§3.4): the authority for everything we show and decide. */
  getOrder(orderRef: string, options: GetOrderOptions): Promise<OrderResult>
  /** Asks for one refund (§5.1). A success is only a success when the answer holds our key with our amount. */
  refund(call: RefundCall): Promise<RefundResult>
  /** Drops connections; calls in flight fail as uncertain. */
  close(): Promise<void>
}

/** What Juspay takes as `unique_request_id`: "length less than 21", alphanumeric (§5.1). */
export const UNIQUE_REQUEST_ID = /^[A-Za-z0-9]{1,20}$/

const VERSION = /^\d{4}-\d{2}-\d{2}$/
const HEADER_VALUE = /^[\u0021-\u007e]+$/

/** Longest `x-routing-id` sent. */
const ROUTING_ID_MAX = 128

/** Makes the client of one merchant account. @throws InvariantError when the configuration cannot be sent. */
export function createJuspayClient(config: JuspayConfig): JuspayClient {
  assert(
    HEADER_VALUE.test(config.merchantId),
    'the Juspay merchant id must be printable ASCII without spaces',
  )
  assert(config.apiKey !== '', 'the Juspay API key must not be empty')
  assert(VERSION.test(config.apiVersion), 'the Juspay API version must be a date, YYYY-MM-DD')
  const transport = createHttpTransport(config.baseUrl, config.timeouts)
  const headers = {
    authorization: `Basic ${Buffer.from(`${config.apiKey}:`).toString('base64')}`,
    'x-merchantid': config.merchantId,
    version: config.apiVersion,
    accept: 'application/json',
    // Compressed answers would have to be inflated under a second limit; an order is a few KB.
    'accept-encoding': 'identity',
    'user-agent': 'Paydesk',
  }
  const call = (request: HttpRequest, routingId: string): Promise<Reply> =>
    send(transport, {
      ...request,
      headers: { ...headers, ...request.headers, 'x-routing-id': routingHeader(routingId) },
    })
  return {
    merchantId: config.merchantId,
    createSession: (input) => createSession(call, config.clientId, input),
    getOrder: (orderRef, options) => getOrder(call, orderRef, options),
    refund: (input) => refund(call, input),
    close: () => transport.close(),
  }
}

type Reply = (CallFacts & { ok: true; body: JsonObject; httpStatus: number; raw: Uint8Array }) | CallFailure
type SendCall = (request: HttpRequest, routingId: string) => Promise<Reply>

async function send(transport: HttpTransport, request: HttpRequest): Promise<Reply> {
  const startedAt = performance.now()
  const result = await transport.send(request)
  const facts: CallFacts = {
    requestId: result.ok ? (result.header('x-request-id') ?? result.header('x-response-id')) : null,
    tookMs: Math.round(performance.now() - startedAt),
  }
  const raw = result.ok ? result.body : null
  const reading = readResult(result, new Date())
  if (!reading.ok) return { ...facts, ok: false, error: reading.error, httpStatus: result.httpStatus, raw }
  assert(result.ok && raw !== null, 'a body was read from a failed call')
  return { ...facts, ok: true, body: reading.body, httpStatus: result.httpStatus, raw }
}

async function createSession(call: SendCall, clientId: string, input: SessionInput): Promise<SessionResult> {
  assert(input.amountMinor > 0n, 'a session needs a positive amount')
  const body = sessionBody(input, clientId)
  const reply = await call(
    { method: 'POST', path: '/session', headers: { 'content-type': 'application/json' }, body },
    input.routingId,
  )
  if (!reply.ok) return reply
  const session = readSession(reply.body, input)
  if (typeof session === 'string') return malformed(reply, session)
  return { ...factsOf(reply), ok: true, session, httpStatus: reply.httpStatus, raw: reply.raw }
}

async function getOrder(call: SendCall, orderRef: string, options: GetOrderOptions): Promise<OrderResult> {
  const path = orderPath(orderRef)
  if (path === null) return unaddressable()
  const reply = await call({ method: 'GET', path, headers: {} }, options.routingId)
  if (!reply.ok) return reply
  const order = orderOf(reply.body, orderRef, options.currency)
  if (typeof order === 'string') return malformed(reply, order)
  // "Our refund is not in it" is evidence only when every refund in it could be read.
  if (!refundsAreReadable(reply.body)) return malformed(reply, 'refunds_unreadable')
  return { ...factsOf(reply), ok: true, order, httpStatus: reply.httpStatus, raw: reply.raw }
}

async function refund(call: SendCall, input: RefundCall): Promise<RefundResult> {
  assert(UNIQUE_REQUEST_ID.test(input.uniqueRequestId), 'a refund key is 1 to 20 letters and digits')
  assert(input.amountMinor > 0n, 'a refund needs a positive amount')
  const path = orderPath(input.orderRef)
  if (path === null) return unaddressable()
  const form = new URLSearchParams({
    unique_request_id: input.uniqueRequestId,
    amount: toDecimal({ minor: input.amountMinor, currency: input.currency }),
    ...(typeof input.txnRef === 'string' && { txn_id: input.txnRef }),
  })
  const reply = await call(
    {
      method: 'POST',
      path: `${path}/refunds`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    },
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

/** A header-safe form of the routing key: the same key always gives the same header. */
function routingHeader(routingId: string): string {
  return encodeURIComponent(routingId.replace(/\p{Surrogate}/gu, '\uFFFD')).slice(0, ROUTING_ID_MAX)
}
