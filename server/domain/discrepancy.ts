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

/** A disagreement found while merging a message. */
export type Finding = { kind: DiscrepancyKind; detail: string; ours: string | null; theirs: string | null }
