/** What the screens are told about orders whose record disagrees with Juspay's, or is stale. */
import type { FieldChange } from '../../domain/change.ts'
import type { DiscrepancyKind } from '../../domain/discrepancy.ts'
import type { DisplayStatus } from '../../domain/payment-status.ts'

export type ReconRowView = {
  orderId: string
  /** Null for a stale order: there is nothing to resolve, only to ask. */
  discrepancyId: string | null
  orderRef: string
  amountMinor: bigint
  currency: string
  displayStatus: DisplayStatus
  providerStatus: string
  kind: DiscrepancyKind | 'stale'
  detail: string
  ours: string | null
  theirs: string | null
  since: Date
  lastCheckedAt: Date | null
}

export type ReconResultView = {
  orderId: string
  orderRef: string
  outcome: string
  message: string
  changes: FieldChange[]
}
