/** Kinds of disagreement that become a work item for a person. */
export const DISCREPANCY_KINDS = [
  'over_refunded',
  'double_charge',
  'refund_amount_differs',
  'refund_late_success',
  'refund_reversed',
  'status_conflict',
  'missing_at_juspay',
  'unconfirmed_claim',
  'late_success',
] as const

export type DiscrepancyKind = (typeof DISCREPANCY_KINDS)[number]

/** The kind in words. */
export const DISCREPANCY_LABELS: Readonly<Record<DiscrepancyKind, string>> = {
  over_refunded: 'More refunded than charged',
  double_charge: 'Customer charged more than once',
  refund_amount_differs: 'Refund amount differs',
  refund_late_success: 'Refund succeeded after it failed',
  refund_reversed: 'Refund reported failed after it succeeded',
  status_conflict: 'Status differs from Juspay',
  missing_at_juspay: 'Juspay does not know this order',
  unconfirmed_claim: 'Juspay does not confirm a webhook',
  late_success: 'Charged long after it failed',
}

/** What a person should do about each, as one sentence. */
export const DISCREPANCY_ADVICE: Readonly<Record<DiscrepancyKind, string>> = {
  over_refunded: 'Find out in Juspay’s portal who refunded, and settle the difference with the customer.',
  double_charge: 'Wait for Juspay to return the extra payment by itself; if it does not, refund it.',
  refund_amount_differs: 'Compare the refund with the gateway before refunding anything more.',
  refund_late_success: 'Do not refund again: the refund that had failed went through.',
  refund_reversed: 'Ask the gateway what became of the money before refunding again.',
  status_conflict: 'Check status, compare under Raw, and decide which is right.',
  missing_at_juspay: 'Check the reference and the account; ask Juspay’s support with the order ID.',
  unconfirmed_claim: 'Refund and ship nothing before Juspay confirms the payment.',
  late_success: 'Wait until Juspay’s own return is due; then refund it, or keep it as a sale.',
}

/** A disagreement found while merging a message. */
export type Finding = { kind: DiscrepancyKind; detail: string; ours: string | null; theirs: string | null }
