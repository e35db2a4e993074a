import { TRPCError } from '@trpc/server'
import { core } from 'zod'
import { inputIssueText } from '../domain/input-issue.ts'
import { BUSY, Refusal, type RefusalCode } from '../domain/refusal.ts'

type TrpcCode = TRPCError['code']

/** Which tRPC (and so which HTTP) code each expected "no" travels under. */
const CODES: Readonly<Record<RefusalCode, TrpcCode>> = {
  not_signed_in: 'UNAUTHORIZED',
  permission_denied: 'FORBIDDEN',
  own_request: 'FORBIDDEN',
  step_up_needed: 'PRECONDITION_FAILED',
  second_factor_needed: 'PRECONDITION_FAILED',
  sandbox_only: 'FORBIDDEN',
  own_limit: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  invalid_input: 'BAD_REQUEST',
  clock_skew: 'BAD_REQUEST',
  browser_call: 'FORBIDDEN',
  amount_exceeds_left: 'BAD_REQUEST',
  amount_not_positive: 'BAD_REQUEST',
  attempt_needed: 'BAD_REQUEST',
  note_required: 'BAD_REQUEST',
  conflict: 'CONFLICT',
  key_reused: 'CONFLICT',
  already_decided: 'CONFLICT',
  request_expired: 'CONFLICT',
  request_changed: 'CONFLICT',
  order_not_charged: 'PRECONDITION_FAILED',
  charge_unconfirmed: 'PRECONDITION_FAILED',
  nothing_left: 'PRECONDITION_FAILED',
  refund_in_doubt: 'PRECONDITION_FAILED',
  confirmation_needed: 'PRECONDITION_FAILED',
  limit_exceeded: 'PRECONDITION_FAILED',
  retry_not_allowed: 'PRECONDITION_FAILED',
  not_withdrawable: 'PRECONDITION_FAILED',
  not_replayable: 'PRECONDITION_FAILED',
  last_admin: 'PRECONDITION_FAILED',
  provider_unavailable: 'BAD_GATEWAY',
  provider_rejected: 'BAD_GATEWAY',
  provider_unauthorised: 'BAD_GATEWAY',
  rate_limited: 'TOO_MANY_REQUESTS',
}

/** What a screen may know about an expected "no". */
export type RefusalShape = { code: RefusalCode; message: string; hint: string | null }

/** The same "no" as a tRPC error that keeps it as its cause. */
export function refusalError(refusal: Refusal): TRPCError {
  return new TRPCError({ code: CODES[refusal.code], message: refusal.message, cause: refusal })
}

/** The refusal behind an error: our own, or input that did not fit its schema; null for a bug of ours. */
export function refusalOf(error: TRPCError): RefusalShape | null {
  const { cause } = error
  if (cause instanceof Refusal) return { code: cause.code, message: cause.message, hint: cause.hint }
  if (cause instanceof core.$ZodError)
    return { code: 'invalid_input', message: inputIssueText(cause), hint: null }
  return null
}

/** tRPC's code for an error; refusals thrown inside a subscription have not passed the middleware. */
export function codeOf(error: TRPCError): TrpcCode {
  return error.cause instanceof Refusal ? CODES[error.cause.code] : error.code
}

/** Codes whose own message was written for people; of the others nothing internal may leave. */
const SPEAKING: ReadonlySet<TrpcCode> = new Set([
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_SUPPORTED',
  'UNSUPPORTED_MEDIA_TYPE',
  'SERVICE_UNAVAILABLE',
])

/** A call for which no connection was free, as what it is: neither a bug of ours nor an answer about what was asked. */
export function busyError(cause: Error): TRPCError {
  return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: BUSY, cause })
}

/** The sentence on the wire: never a stack, SQL or the provider's words. */
export function publicMessage(error: TRPCError): string {
  const refusal = refusalOf(error)
  if (refusal) return refusal.message
  if (SPEAKING.has(error.code)) return error.message
  return error.code === 'INTERNAL_SERVER_ERROR'
    ? 'Something went wrong on our side. Nothing was lost; try again.'
    : 'The request could not be understood.'
}
