import type { FastifyRequest } from 'fastify'
import { authenticate, merchantHeader, routingProblem } from './auth.ts'
import { bodyOf, flatten } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Context } from './context.ts'
import { accessDenied, badOrigin, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { JwtProblem, openBody, sealBody } from './jwt.ts'
import type { Merchant } from './settings.ts'

/** A call that was let in, or the refusal that answers it. */
export type Entry = {
  access: { merchant: Merchant } | { refusal: ApiAnswer }
  params: Params
  /** The body as its sender meant it: as received, or what was inside the envelope. */
  raw: string
  /** Puts an answer on the wire the way the request came. */
  wire(answer: ApiAnswer): Promise<unknown>
}

const plain = (answer: ApiAnswer): Promise<unknown> => Promise.resolve(answer.body)

function paramsOf(request: FastifyRequest): Params {
  if (request.method !== 'GET') return bodyOf(request.body).params
  const query = request.query
  return new Map(typeof query === 'object' && query !== null ? Object.entries(query) : [])
}

/** Basic authentication, plain bodies. */
export function openDoor(context: Context, request: FastifyRequest): Entry {
  return {
    access: authenticate(context, request),
    params: paramsOf(request),
    raw: bodyOf(request.body).raw,
    wire: plain,
  }
}

/**
 * `/v4` (reference 1.5): the signature inside the body authenticates; a Basic header may come along and is not looked
 * at. Only successes are encrypted: the official client reads errors as plain JSON.
 */
export async function sealedDoor(context: Context, request: FastifyRequest): Promise<Entry> {
  const { params, raw } = bodyOf(request.body)
  const refused = (refusal: ApiAnswer): Entry => ({ access: { refusal }, params, raw, wire: plain })
  const merchant = context.configuration.merchant(merchantHeader(request) ?? '')
  if (!merchant || Object.keys(merchant.jwtKeys).length === 0) return refused(accessDenied())
  if (merchant.allowedIps !== null && !merchant.allowedIps.includes(request.ip)) return refused(badOrigin())
  const unrouted = routingProblem(context, request)
  if (unrouted) return refused(unrouted)
  try {
    const opened = await openBody(context.configuration, merchant, params, context.clock.now())
    const parsed: unknown = JSON.parse(opened.json)
    return {
      access: { merchant },
      params: flatten(Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {})),
      raw: opened.json,
      wire: async ({ status, body }) =>
        status < 300 ? sealBody(context.configuration, merchant, opened, JSON.stringify(body)) : body,
    }
  } catch (error) {
    if (!(error instanceof JwtProblem)) throw error
    const { message } = error
    return refused(structuredError({ http: 401, errorCode: 'access_denied', message, code: 'UNAUTHORIZED' }))
  }
}
