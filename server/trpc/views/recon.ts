/** What the screens are told about orders whose record disagrees with Juspay's, or is stale. */
import type { DiscrepancyKind } from '../../domain/discrepancy.ts'
import type { DiscrepancyWithOrder, StaleOrder } from '../../store/discrepancies.ts'
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

/** An open disagreement. */
export function discrepancyView(row: DiscrepancyWithOrder): ReconRowView {
  return {
    orderId: row.orderId,
    discrepancyId: row.id,
    orderRef: row.orderRef,
    amountMinor: row.amountMinor,
    currency: row.currency,
    displayStatus: row.displayStatus,
    providerStatus: row.providerStatus,
    kind: row.kind,
    detail: row.detail,
    ours: row.ours,
    theirs: row.theirs,
    since: row.foundAt,
    lastCheckedAt: row.lastCheckedAt,
  }
}

/** An order that has waited for an outcome for too long. */
export function staleView(row: StaleOrder): ReconRowView {
  return {
    orderId: row.orderId,
    discrepancyId: null,
    orderRef: row.orderRef,
    amountMinor: row.amountMinor,
    currency: row.currency,
    displayStatus: row.displayStatus,
    providerStatus: row.providerStatus,
    kind: 'stale',
    detail: 'No outcome yet. Ask Juspay.',
    ours: row.providerStatus,
    theirs: null,
    since: row.createdAt,
    lastCheckedAt: row.lastCheckedAt,
  }
}
