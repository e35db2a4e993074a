import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { BUSY, Refusal, type RefusalCode } from '../domain/refusal.ts'
import { isBusy } from '../store/database.ts'

/** The contract's error shape on every route that is not tRPC: no stack, no SQL, no provider text. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send({ error: { code, message, requestId: request.id } })
}

/** HTTP status of an expected "no" outside tRPC. */
const STATUS: Partial<Record<RefusalCode, number>> = {
  not_signed_in: 401,
  permission_denied: 403,
  sandbox_only: 403,
  not_found: 404,
  invalid_input: 400,
  clock_skew: 400,
  browser_call: 403,
  conflict: 409,
  key_reused: 409,
  rate_limited: 429,
  provider_unavailable: 502,
  provider_rejected: 422,
  provider_unauthorised: 502,
}

const REFUSED = 422
/** When who found no room may try again. */
const BUSY_SECONDS = 1

/** What may be said about Fastify's own errors; everything else is a 500 that says nothing. */
const KNOWN: Readonly<Record<string, { status: number; code: string; message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body_too_large', message: 'The body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    message: 'Send the body as application/json.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'malformed_json', message: 'The body is not JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'malformed_json', message: 'The body is empty.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'bad_request',
    message: 'Content-Length does not match the body.',
  },
}

/** Fastify's error handler: the last resort, so it must not throw and must not leak. */
export function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof Refusal)
    return sendProblem(request, reply, STATUS[error.code] ?? REFUSED, error.code, error.message)
  const known = 'code' in error ? KNOWN[error.code] : undefined
  if (known) return sendProblem(request, reply, known.status, known.code, known.message)
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status !== undefined && status >= 400 && status < 500)
    return sendProblem(request, reply, status, 'bad_request', 'The request could not be understood.')
  if (isBusy(error)) {
    request.log.warn({ reqId: request.id }, 'no connection to the database was free')
    reply.header('retry-after', BUSY_SECONDS)
    return sendProblem(request, reply, 503, 'busy', BUSY)
  }
  request.log.error({ err: error, reqId: request.id }, 'request failed')
  return sendProblem(request, reply, 500, 'internal', 'Something went wrong on our side.')
}
