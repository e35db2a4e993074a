/**
 * An expected "no": the request was understood and is not allowed or not possible. It carries a code that programs
 * switch on and a sentence that people read. A broken invariant is not a refusal (see assert.ts).
 */
export const REFUSAL_CODES = [
  'not_signed_in',
  'permission_denied',
  'step_up_needed',
  'second_factor_needed',
  'not_found',
  'invalid_input',
  'clock_skew',
  'browser_call',
  'conflict',
  'order_not_charged',
  'charge_unconfirmed',
  'nothing_left',
  'amount_exceeds_left',
  'amount_not_positive',
  'attempt_needed',
  'note_required',
  'key_reused',
  'own_request',
  'already_decided',
  'request_expired',
  'request_changed',
  'refund_in_doubt',
  'confirmation_needed',
  'limit_exceeded',
  'retry_not_allowed',
  'not_withdrawable',
  'not_replayable',
  'provider_unavailable',
  'provider_rejected',
  'provider_unauthorised',
  'sandbox_only',
  'last_admin',
  'own_limit',
  'rate_limited',
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** Said when there was no room to begin, wherever that was: neither a "no" nor a bug. */
export const BUSY = 'Paydesk is busy. Try again in a moment.'

export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: RefusalCode
  /** What the person can do about it; shown under the message. */
  readonly hint: string | null

  constructor(code: RefusalCode, message: string, hint: string | null = null) {
    super(message)
    this.code = code
    this.hint = hint
  }
}
