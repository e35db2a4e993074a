import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { accessDenied, badOrigin, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import type { Merchant } from './settings.ts'

/** Any of the three spellings (reference 1.3); header names are case-insensitive, the value is not. */
const MERCHANT_HEADERS = ['x-merchantid', 'x-merchant-id', 'x-jp-merchant-id']

function same(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The API key of `Basic base64("key:")` or `Basic base64("key")` (reference 1.2); null when there is none. */
export function apiKeyOf(header: string | undefined): string | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  if (!decoded.includes(':')) return decoded
  return decoded.endsWith(':') ? decoded.slice(0, -1) : null
}

export function merchantHeader(request: FastifyRequest): string | null {
  for (const name of MERCHANT_HEADERS) {
    const value = request.headers[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

/** 401 for a wrong key or merchant, 403 for a caller that is not allow-listed, 400 for a missing routing id when enforced. */
export function authenticate(
  context: Context,
  request: FastifyRequest,
): { merchant: Merchant } | { refusal: ApiAnswer } {
  const key = apiKeyOf(request.headers.authorization)
  const named = merchantHeader(request)
  const settings = context.configuration.settings()
  const merchant = context.configuration
    .merchants()
    .find(
      (candidate) =>
        key !== null &&
        same(candidate.apiKey, key) &&
        (named ?? candidate.merchantId) === candidate.merchantId,
    )
  if (!merchant || (named === null && settings.requireMerchantHeader)) return { refusal: accessDenied() }
  if (merchant.allowedIps !== null && !merchant.allowedIps.includes(request.ip))
    return { refusal: badOrigin() }
  const unrouted = routingProblem(context, request)
  return unrouted ? { refusal: unrouted } : { merchant }
}

/** The refusal of a call without a routing id, where the switch wants one (reference 13, row 15). */
export function routingProblem(context: Context, request: FastifyRequest): ApiAnswer | null {
  const routed = request.headers['x-routing-id'] ?? request.headers['x-customerid']
  if (!context.configuration.settings().requireRoutingId || routed !== undefined) return null
  const message = 'x-routing-id header is missing'
  return structuredError({ errorCode: 'bad_request', message, code: 'MISSING_MANDATORY_PARAMETER' })
}
