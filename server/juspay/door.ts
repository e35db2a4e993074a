/**
 * How the calls of one merchant account leave and come back: with Basic credentials and plain bodies, or signed and
 * encrypted on the `/v4` routes (API reference §1.2, §1.3, §1.5). What the calls mean is the client's.
 */
import { assert } from '../domain/assert.ts'
import type { JuspayError } from '../domain/provider-error.ts'
import { readResult } from './classify.ts'
import { createHttpTransport } from './http.ts'
import type { HttpAnswer, HttpFailure, HttpRequest, HttpTimeouts } from './http.ts'
import { createJwe, isEnvelope } from './jwe.ts'
import type { Jwe, JweKeys } from './jwe.ts'
import { isObject, parseJson } from './json.ts'
import type { JsonObject } from './wire.ts'

export type DoorConfig = {
  /** Scheme and host, optionally a path: sandbox, production or a white-label tenant (§1.1). */
  baseUrl: string
  merchantId: string
  apiKey: string
  /** The pinned `version` header, YYYY-MM-DD: selects the shape of answers (§1.3). */
  apiVersion: string
  /** With these every call goes to `/v4`, signed and encrypted, and the API key is not sent. */
  jwe?: JweKeys | null
  timeouts?: HttpTimeouts
}

/** One call in both dialects: as it goes plainly, and what the sealed route wants. */
export type ProviderCall = {
  method: 'GET' | 'POST'
  path: string
  /** Body fields; a form unless `json` says otherwise. */
  fields?: Readonly<Record<string, string>>
  json?: string
  sealed: { path: string; json: string }
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
  /** The body as received (of a sealed answer: what was inside), when one arrived. */
  raw: Uint8Array | null
}

export type Reply =
  (CallFacts & { ok: true; body: JsonObject; httpStatus: number; raw: Uint8Array }) | CallFailure

export type Door = {
  send(call: ProviderCall, routingId: string): Promise<Reply>
  close(): Promise<void>
}

const VERSION = /^\d{4}-\d{2}-\d{2}$/
const HEADER_VALUE = /^[\u0021-\u007e]+$/

/** Longest `x-routing-id` sent. */
const ROUTING_ID_MAX = 128

/** @throws InvariantError or TypeError when the configuration cannot be sent. */
export function createDoor(config: DoorConfig): Door {
  assert(
    HEADER_VALUE.test(config.merchantId),
    'the Juspay merchant id must be printable ASCII without spaces',
  )
  const jwe = config.jwe ? createJwe(config.jwe) : null
  assert(jwe !== null || config.apiKey !== '', 'the Juspay API key must not be empty')
  assert(VERSION.test(config.apiVersion), 'the Juspay API version must be a date, YYYY-MM-DD')
  const transport = createHttpTransport(config.baseUrl, config.timeouts)
  const headers = {
    ...(jwe ? {} : { authorization: `Basic ${Buffer.from(`${config.apiKey}:`).toString('base64')}` }),
    'x-merchantid': config.merchantId,
    version: config.apiVersion,
    accept: 'application/json',
    // Compressed answers would have to be inflated under a second limit; an order is a few KB.
    'accept-encoding': 'identity',
    'user-agent': 'Paydesk',
  }
  return {
    async send(call, routingId) {
      const startedAt = performance.now()
      const request = await requestOf(call, jwe)
      const routed = { ...headers, ...request.headers, 'x-routing-id': routingHeader(routingId) }
      const result = await transport.send({ ...request, headers: routed })
      return replyOf(await opened(result, jwe), startedAt)
    },
    close: () => transport.close(),
  }
}

async function requestOf(call: ProviderCall, jwe: Jwe | null): Promise<HttpRequest> {
  const json = { 'content-type': 'application/json' }
  if (jwe) {
    const { path } = call.sealed
    return { method: 'POST', path, headers: json, body: await jwe.seal(call.sealed.json) }
  }
  const { method, path } = call
  if (call.json !== undefined) return { method, path, headers: json, body: call.json }
  if (call.fields === undefined) return { method, path, headers: {} }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method, path, headers: form, body: new URLSearchParams(call.fields).toString() }
}

type Received = HttpAnswer | HttpFailure | { unreadable: JuspayError; answer: HttpAnswer }

/**
 * What was inside an answer of `/v4`. Refusals come in plain JSON and stand as they are, over the same TLS as with
 * Basic credentials; a success that is not sealed by Juspay's key is no answer at all.
 */
async function opened(result: HttpAnswer | HttpFailure, jwe: Jwe | null): Promise<Received> {
  if (jwe === null || !result.ok) return result
  const parsed = parseJson(result.body)
  const body = parsed.ok && isObject(parsed.json) ? parsed.json : null
  const success = result.httpStatus >= 200 && result.httpStatus < 300
  // What is not even JSON is told apart by the usual rules.
  if (body === null || (!success && !isEnvelope(body))) return result
  const inside = await jwe.open(body, new Date())
  if (inside.ok) return { ...result, body: inside.json }
  const { httpStatus } = result
  return {
    answer: result,
    unreadable: { kind: 'uncertain', cause: inside.problem, httpStatus, code: null, retryAfterMs: null },
  }
}

function replyOf(received: Received, startedAt: number): Reply {
  const result = 'unreadable' in received ? received.answer : received
  const facts: CallFacts = {
    requestId: result.ok ? (result.header('x-request-id') ?? result.header('x-response-id')) : null,
    tookMs: Math.round(performance.now() - startedAt),
  }
  const raw = result.ok ? result.body : null
  const reading =
    'unreadable' in received
      ? ({ ok: false, error: received.unreadable } as const)
      : readResult(received, new Date())
  if (!reading.ok) return { ...facts, ok: false, error: reading.error, httpStatus: result.httpStatus, raw }
  assert(result.ok && raw !== null, 'a body was read from a failed call')
  return { ...facts, ok: true, body: reading.body, httpStatus: result.httpStatus, raw }
}

/** A header-safe form of the routing key: the same key always gives the same header. */
function routingHeader(routingId: string): string {
  return encodeURIComponent(routingId.replace(/\p{Surrogate}/gu, '\uFFFD')).slice(0, ROUTING_ID_MAX)
}
