import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { merchantHeader } from './auth.ts'
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Context } from './context.ts'
import { openDoor, sealedDoor } from './door.ts'
import type { Entry } from './door.ts'
import type { ApiAnswer } from './errors.ts'
import { takesEffect } from './faults.ts'
import type { ApiFault, RouteName } from './faults.ts'
import { hex } from './random.ts'
import type { Merchant } from './settings.ts'

export type ApiCall = {
  merchant: Merchant
  /** Body parameters; for GET the query parameters. */
  params: Params
  /** Path parameter such as the order id. */
  target: string
  version: string | null
  at: number
}

export type ApiRoute = {
  method: 'GET' | 'POST'
  url: string
  /** A route whose meaning depends on its body (POST /orders/:id) names itself from the parameters. */
  name: RouteName | ((params: Params) => RouteName)
  handle: (call: ApiCall) => ApiAnswer
  /** A `/v4` route: bodies are signed and encrypted (reference 1.5). */
  sealed?: true
  /** The body parameter that stands for the path parameter. */
  targetParam?: string
}

export type ApiParts = { context: Context; flushWebhooks: () => Promise<void> }

function targetOf(route: ApiRoute, request: FastifyRequest, entry: Entry): string {
  if (route.targetParam !== undefined) return text(entry.params, route.targetParam) ?? ''
  const params = request.params
  return typeof params === 'object' && params !== null ? String(Object.values(params)[0] ?? '') : ''
}

/** The merchant's id of the order a call is about, as far as the call names it or its attempt; "" for none. */
function orderOf(context: Context, params: Params, target: string): string {
  const txnId = text(params, 'txn_id') ?? ''
  const attempt = txnId === '' ? context.records.attempt(target) : context.records.attemptByTxnId(txnId)
  const owner = attempt ? context.records.order(attempt.orderKey) : null
  return owner?.orderId ?? (target || (text(params, 'order_id') ?? text(params, 'order.order_id') ?? ''))
}

/** Leaves the caller waiting until it gives up. */
async function hang(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.hijack()
  if (!request.raw.socket.destroyed) await once(request.raw.socket, 'close')
}

function sendHtml(reply: FastifyReply, status: number): void {
  const page = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`
  void reply.code(status).type('text/html').send(page)
}

/** Spoils an answer as the fault says; returns what really left, for the ledger. */
async function spoil(
  fault: ApiFault,
  answer: { status: number; json: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const { json } = answer
  switch (fault.kind) {
    case 'timeout':
      await hang(request, reply)
      return 'no answer'
    case 'reset':
      reply.hijack()
      request.raw.socket.resetAndDestroy()
      return 'connection reset'
    case 'drop_response':
      reply.hijack()
      request.raw.socket.destroy()
      return 'response dropped'
    case 'html':
      sendHtml(reply, fault.status)
      return `html ${fault.status}`
    case 'empty':
      void reply.code(answer.status).type('application/json').send('')
      return 'empty body'
    case 'malformed':
      void reply
        .code(answer.status)
        .type('application/json')
        .send(json.slice(0, Math.floor(json.length / 2)))
      return 'truncated body'
    case 'status': {
      const body = fault.body ?? {
        status: 'error',
        error_code: 'INTERNAL_ERROR',
        error_message: 'Internal error',
      }
      void reply.code(fault.status).send(body)
      return `status ${fault.status}`
    }
    case 'slow':
      await wait(fault.delayMs)
      void reply.code(answer.status).type('application/json').send(json)
      return `slow ${fault.delayMs} ms`
  }
}

function process(context: Context, route: ApiRoute, request: FastifyRequest, entry: Entry): ApiAnswer {
  if ('refusal' in entry.access) return entry.access.refusal
  const version = request.headers['version']
  const call: ApiCall = {
    merchant: entry.access.merchant,
    params: entry.params,
    target: targetOf(route, request, entry),
    version: typeof version === 'string' ? version : null,
    at: context.clock.now(),
  }
  return context.database.transact(() => route.handle(call))
}

const NOT_PROCESSED: ApiAnswer = { status: 503, body: { status: 'error', error_code: 'INTERNAL_ERROR' } }

/** Every refund call with its outcome at the level of bytes: what came in, what was decided, what left. */
function logRefundCall(
  context: Context,
  request: FastifyRequest,
  came: { target: string; raw: string },
  answer: ApiAnswer & { json: string; processed: boolean },
  left: string,
): void {
  const { processed } = answer
  context.ledger.append('refund_call', context.clock.now(), {
    merchantId: merchantHeader(request),
    path: request.url,
    target: came.target,
    requestBody: came.raw,
    processed,
    status: processed ? answer.status : null,
    responseBytes: processed ? Buffer.byteLength(answer.json) : 0,
    errorCode:
      processed && typeof answer.body === 'object' && answer.body !== null && 'error_code' in answer.body
        ? answer.body.error_code
        : null,
    left,
  })
}

/** Registers one S2S route: response headers, faults, authentication, transaction, ledger. */
export function apiRoute(app: FastifyInstance, parts: ApiParts, route: ApiRoute): void {
  const { context } = parts
  app.route({
    method: route.method,
    url: route.url,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const entry = route.sealed ? await sealedDoor(context, request) : openDoor(context, request)
      const name = typeof route.name === 'string' ? route.name : route.name(entry.params)
      const isRefund = name === 'refund' || name === 'txn_refund'
      void reply.headers({
        'x-request-id': hex(32),
        'x-response-id': hex(32),
        'x-jp-merchant-id': merchantHeader(request) ?? '',
      })
      const target = targetOf(route, request, entry)
      const fault = context.faults.forCall(name, orderOf(context, entry.params, target))
      const processed = fault === null || takesEffect(fault)
      const decided = processed ? process(context, route, request, entry) : NOT_PROCESSED
      const answer = { ...decided, processed, json: JSON.stringify(await entry.wire(decided)) }
      const came = { target, raw: entry.raw }
      if (context.faults.beforeResponse()) await parts.flushWebhooks()
      if (fault === null) {
        if (isRefund) logRefundCall(context, request, came, answer, 'complete')
        return reply.code(answer.status).type('application/json').send(answer.json)
      }
      if (isRefund) logRefundCall(context, request, came, answer, `spoiled: ${fault.kind}`)
      await spoil(fault, answer, request, reply)
      return reply
    },
  })
}
