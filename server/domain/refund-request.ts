/** A person's proposal to return an amount (glossary "Refund request"); lives entirely with us. */
export const REFUND_REQUEST_STATUSES = [
  'pending_approval',
  'approved',
  'rejected',
  'withdrawn',
  'expired',
] as const

export type RefundRequestStatus = (typeof REFUND_REQUEST_STATUSES)[number]

/** From which status a request may move to which: everything else is a lost race and gets a named refusal. */
const NEXT: Readonly<Record<RefundRequestStatus, readonly RefundRequestStatus[]>> = {
  pending_approval: ['approved', 'rejected', 'withdrawn', 'expired'],
  approved: [],
  rejected: [],
  withdrawn: [],
  expired: [],
}

/** Whether a request in status `from` may become `to`. */
export function requestMayBecome(from: RefundRequestStatus, to: RefundRequestStatus): boolean {
  return NEXT[from].includes(to)
}
