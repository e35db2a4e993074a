/**
 * A person's proposal to return an amount (glossary "Refund request"); lives entirely with us. `pending_approval` ends
 * as approved, rejected, withdrawn or expired; an approval whose ground is gone before anything was sent goes back to
 * `pending_approval`. Each move is a compare-and-set in the store under the order's lock.
 */
export const REFUND_REQUEST_STATUSES = [
  'pending_approval',
  'approved',
  'rejected',
  'withdrawn',
  'expired',
] as const

export type RefundRequestStatus = (typeof REFUND_REQUEST_STATUSES)[number]

/** Longest thing said about a request, and how many things can be said. */
export const COMMENT_MAX_LENGTH = 1_000
export const COMMENTS_MAX = 50
