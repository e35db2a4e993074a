/**
 * What can come back instead of an answer, by how the caller has to react (reliability §2.3). The one question that
 * matters for money is whether Juspay may have acted: `rejected`, `unauthorised` and `unavailable` say it did not,
 * `uncertain` and `malformed` say nobody knows yet, and such a refund is never reported as failed.
 */

/** Why Juspay refused, as far as callers treat refusals differently (API reference §5.5, §5.6). */
export const REJECTED_REASONS = [
  'duplicate_id',
  'duplicate_amount',
  'amount_exceeds',
  'not_charged',
  'amount_invalid',
  'mandatory_missing',
  'too_many',
  'not_found',
  'other',
] as const

export type RejectedReason = (typeof REJECTED_REASONS)[number]

/**
 * A documented refusal: a 4xx with a body in one of Juspay's error shapes. `duplicate_id` and `duplicate_amount` are
 * refusals of this call only: the refund may exist from an earlier one, so look at the order's status first.
 */
export type RejectedError = {
  kind: 'rejected'
  reason: RejectedReason
  /** `null` when the call was refused here, before it was sent, because it cannot name a real order. */
  httpStatus: number | null
  /** Juspay's `error_code`, verbatim ("duplicate.call", "invalid amount"). */
  code: string | null
  /** Juspay's sentence, for staff; never for customers. */
  message: string | null
  statusId: number | null
  /** Juspay's own id of the failed call, for their support. */
  providerRequestId: string | null
}

/** 401 or 403: our configuration. Nothing was processed; stop calling and tell a person. */
export type UnauthorisedError = {
  kind: 'unauthorised'
  httpStatus: number
  code: string | null
  message: string | null
}

/** Nothing was processed as far as known: not a byte left us, or Juspay throttled (429). Try again, same key. */
export type UnavailableError = {
  kind: 'unavailable'
  cause: 'not_sent' | 'throttled'
  /** System error code (ECONNREFUSED, ENOTFOUND …), `null` for a throttle. */
  code: string | null
  /** How long Juspay asked us to wait, from `Retry-After`. */
  retryAfterMs: number | null
}

/** Why a signed and encrypted answer could not be believed (API reference §1.5). */
export const SEALED_PROBLEMS = [
  'not_encrypted',
  'undecryptable',
  'key_id_differs',
  'signature_differs',
  'algorithm_differs',
  'expired',
] as const

export type SealedProblem = (typeof SEALED_PROBLEMS)[number]

const SEALED_WORDS: Readonly<Record<SealedProblem, string>> = {
  not_encrypted: 'it was not encrypted',
  undecryptable: 'it cannot be decrypted with our key, or was changed on the way',
  key_id_differs: 'it names another key id than ours',
  signature_differs: 'its signature is not Juspay’s',
  algorithm_differs: 'it uses an algorithm that we do not take',
  expired: 'it has expired',
}

export const UNCERTAIN_CAUSES = [
  ...SEALED_PROBLEMS,
  'server_error',
  'redirect',
  'timeout',
  'connection_lost',
  'too_large',
  'empty',
  'not_json',
  'content_type',
  'undocumented',
] as const

export type UncertainCause = (typeof UNCERTAIN_CAUSES)[number]

/** The request may have been processed. Ask the order's status, then resend the same key. */
export type UncertainError = {
  kind: 'uncertain'
  cause: UncertainCause
  /** `null` when no status line arrived. */
  httpStatus: number | null
  /** System error code when the connection broke. */
  code: string | null
  retryAfterMs: number | null
}

export const MALFORMED_CAUSES = [
  'not_an_order',
  'other_order',
  'refund_missing',
  'refunds_unreadable',
  'amount_differs',
  'currency_differs',
  'no_session',
] as const

export type MalformedCause = (typeof MALFORMED_CAUSES)[number]

/** A success that does not say what a success must say. Treated as uncertain, and worth an alarm. */
export type MalformedError = { kind: 'malformed'; cause: MalformedCause; httpStatus: number }

export type JuspayError =
  RejectedError | UnauthorisedError | UnavailableError | UncertainError | MalformedError

/** Whether Juspay may have acted on the call although we got no usable answer. */
export function mayHaveActed(error: JuspayError): boolean {
  return error.kind === 'uncertain' || error.kind === 'malformed'
}

/** One line for logs and staff: the kind, the cause and Juspay's words; no request, no credentials. */
export function describeError(error: JuspayError): string {
  switch (error.kind) {
    case 'rejected':
      return `Juspay refused (${error.code ?? error.reason})${error.message === null ? '' : `: ${error.message}`}`
    case 'unauthorised':
      return `Juspay did not accept our credentials (HTTP ${error.httpStatus}${error.code === null ? '' : `, ${error.code}`})`
    case 'unavailable':
      return error.cause === 'throttled'
        ? 'Juspay asked us to slow down'
        : `Juspay could not be reached (${error.code ?? 'no connection'})`
    case 'uncertain':
      if (isSealedProblem(error.cause)) return `Juspay's answer cannot be read: ${SEALED_WORDS[error.cause]}`
      return `No clear answer from Juspay (${error.cause}${error.httpStatus === null ? '' : `, HTTP ${error.httpStatus}`})`
    case 'malformed':
      return `Juspay's answer cannot be trusted (${error.cause})`
  }
}

function isSealedProblem(cause: UncertainCause): cause is SealedProblem {
  return SEALED_PROBLEMS.some((problem) => problem === cause)
}
