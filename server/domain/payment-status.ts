/**
 * Juspay's status words, what they mean to us, and their precedence. `status` is the authority: `status_id` disagrees
 * with it in published payloads. An unknown word is kept verbatim and shown as unknown; it never means success or
 * failure (API reference §4.1, §4.2).
 */
export const PAYMENT_STATUSES = [
  'created',
  'pending',
  'authorised',
  'charged',
  'failed',
  'voided',
  'unknown',
] as const

/** Our stored payment status (glossary). It does not change when money is refunded. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** What the chip shows: worked out from payment status, refund state, dispute and review (design Appendix A). */
export const DISPLAY_STATUSES = [
  'charged',
  'pending',
  'authorised',
  'failed',
  'refunded',
  'partial',
  'disputed',
  'voided',
  'review',
  'unknown',
] as const

export type DisplayStatus = (typeof DISPLAY_STATUSES)[number]

/** The word of each display status, on chips and in files. */
export const DISPLAY_LABELS: Readonly<Record<DisplayStatus, string>> = {
  charged: 'Charged',
  pending: 'Pending',
  authorised: 'Authorised',
  failed: 'Failed',
  refunded: 'Refunded',
  partial: 'Partly refunded',
  disputed: 'Disputed',
  voided: 'Voided',
  review: 'Needs review',
  unknown: 'Unknown',
}

export const REFUND_STATES = ['none', 'partial', 'full'] as const

/** How much of what was charged has come back (glossary, "Refund state"). */
export type RefundState = (typeof REFUND_STATES)[number]

type StatusEntry = {
  status: PaymentStatus
  /**
   * Precedence inside one attempt: a later report with a lower rank is stale and never applied (invariant J5). Among
   * the words of a hold it only breaks ties, see {@link isHoldStatus}.
   */
  rank: number
  label: string
  plain: string
}

const TABLE: Readonly<Record<string, StatusEntry>> = {
  CREATED: { status: 'created', rank: 0, label: 'Created', plain: 'Order exists, customer has not paid' },
  NEW: { status: 'created', rank: 0, label: 'Created', plain: 'Order exists, customer has not paid' },
  STARTED: { status: 'pending', rank: 10, label: 'Pending', plain: 'Juspay is looking for a gateway' },
  PENDING: { status: 'pending', rank: 15, label: 'Pending', plain: 'Waiting for an answer' },
  PENDING_VBV: { status: 'pending', rank: 20, label: 'Pending', plain: 'Customer is at the bank page' },
  VBV_SUCCESSFUL: { status: 'pending', rank: 25, label: 'Pending', plain: 'Bank check passed, authorising' },
  AUTHORIZING: { status: 'pending', rank: 30, label: 'Pending', plain: 'Waiting for the bank' },
  TO_BE_CHARGED: { status: 'pending', rank: 32, label: 'Pending', plain: 'Charge is scheduled' },
  COD_INITIATED: { status: 'pending', rank: 33, label: 'Cash on delivery', plain: 'Paid on delivery' },
  JUSPAY_DECLINED: { status: 'failed', rank: 40, label: 'Failed', plain: 'Refused before reaching the bank' },
  DECLINED: { status: 'failed', rank: 40, label: 'Failed', plain: 'Refused' },
  FAILURE: { status: 'failed', rank: 40, label: 'Failed', plain: 'The payment failed' },
  AUTHENTICATION_FAILED: {
    status: 'failed',
    rank: 41,
    label: 'Failed',
    plain: 'Customer did not finish the bank check',
  },
  AUTHORIZATION_FAILED: { status: 'failed', rank: 42, label: 'Failed', plain: 'Bank refused' },
  AUTHORIZED: { status: 'authorised', rank: 50, label: 'Authorised', plain: 'Held, not captured' },
  CAPTURE_INITIATED: { status: 'authorised', rank: 55, label: 'Capturing', plain: 'Capture sent' },
  VOID_INITIATED: { status: 'voided', rank: 56, label: 'Voiding', plain: 'Release sent' },
  CAPTURE_FAILED: { status: 'authorised', rank: 57, label: 'Needs review', plain: 'Capture failed' },
  VOID_FAILED: { status: 'authorised', rank: 58, label: 'Needs review', plain: 'Release failed' },
  VOIDED: { status: 'voided', rank: 60, label: 'Voided', plain: 'Held money released' },
  MERCHANT_VOIDED: {
    status: 'voided',
    rank: 60,
    label: 'Voided',
    plain: 'Held money released by the merchant',
  },
  AUTO_VOIDED: { status: 'voided', rank: 60, label: 'Voided', plain: 'Held money released automatically' },
  PARTIAL_CHARGED: {
    status: 'charged',
    rank: 70,
    label: 'Partly charged',
    plain: 'Part of the amount taken',
  },
  CHARGED: { status: 'charged', rank: 80, label: 'Charged', plain: 'Money taken' },
  SUCCESS: { status: 'charged', rank: 80, label: 'Charged', plain: 'Money taken' },
  AUTO_REFUNDED: {
    status: 'charged',
    rank: 90,
    label: 'Refunded',
    plain: 'Returned automatically by Juspay; was never a sale',
  },
}

/** Above every "still running" word and below every outcome: a word we do not know must not hide a known outcome. */
const UNKNOWN_RANK = 35

/** Our payment status for Juspay's word; `unknown` for a word that is not in the tables. */
export function paymentStatusOf(providerStatus: string): PaymentStatus {
  return TABLE[providerStatus]?.status ?? 'unknown'
}

/** Precedence of Juspay's word inside one attempt; higher wins whatever the order of arrival. */
export function statusRank(providerStatus: string): number {
  return TABLE[providerStatus]?.rank ?? UNKNOWN_RANK
}

const HOLD_RANKS = { from: 50, to: 58 }

/**
 * Whether money is held and may still go either way. Each of these words may follow each: a capture or release that
 * failed, or that the gateway did not answer, gives the hold back (§4.3). So the one that was stated last holds.
 */
export function isHoldStatus(providerStatus: string): boolean {
  const rank = statusRank(providerStatus)
  return rank >= HOLD_RANKS.from && rank <= HOLD_RANKS.to
}

/** How far a status is on its way, which it never goes back: among the words of a hold none is further than another. */
export function statusLevel(providerStatus: string): number {
  return isHoldStatus(providerStatus) ? HOLD_RANKS.from : statusRank(providerStatus)
}

/** A word, and the instant it was stated at, in epoch ms; 0 when no message says. */
export type StatedStatus = { word: string; at: number }

/** The report that wins: of two about a hold the later one, else by {@link winningStatus}. Commutative and associative. */
export function winningReport(a: StatedStatus, b: StatedStatus): StatedStatus {
  if (a.at !== b.at && (a.word === b.word || (isHoldStatus(a.word) && isHoldStatus(b.word))))
    return a.at > b.at ? a : b
  return winningStatus(a.word, b.word) === a.word ? a : b
}

/** The word that wins between two reports on one attempt. Ties go to the alphabet, so that the result is commutative. */
export function winningStatus(a: string, b: string): string {
  const difference = statusRank(a) - statusRank(b)
  if (difference !== 0) return difference > 0 ? a : b
  return a > b ? a : b
}

/** Label and plain words for Juspay's status (chip and tooltip). */
export function describeStatus(providerStatus: string): { label: string; plain: string } {
  const entry = TABLE[providerStatus]
  return entry ?? { label: 'Unknown', plain: `New code: ${providerStatus}. Shown as is` }
}

/** Whether nothing more is expected: such orders are not polled. Failures are soft, so they are watched for a while. */
export function isSettledStatus(status: PaymentStatus): boolean {
  return status === 'charged' || status === 'voided' || status === 'failed'
}

/** Which chip to show (design Appendix A, "Derived, in this order"). */
export function displayStatus(input: {
  paymentStatus: PaymentStatus
  providerStatus: string
  refundState: RefundState
  disputed: boolean
  inReview: boolean
}): DisplayStatus {
  if (input.disputed) return 'disputed'
  if (input.refundState === 'full' || input.providerStatus === 'AUTO_REFUNDED') return 'refunded'
  if (input.refundState === 'partial') return 'partial'
  if (input.inReview || input.providerStatus === 'CAPTURE_FAILED' || input.providerStatus === 'VOID_FAILED')
    return 'review'
  if (input.paymentStatus === 'created') return 'pending'
  return input.paymentStatus
}
