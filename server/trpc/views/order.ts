/** What the screens are told about orders, field by field. A column added to a table does not appear here by itself. */
import type { DiscrepancyKind } from '../../domain/discrepancy.ts'
import type { FieldChange } from '../../domain/change.ts'
import type { DisplayStatus, PaymentStatus, RefundState } from '../../domain/payment-status.ts'

export type OrderRowView = {
  id: string
  orderRef: string
  createdAt: Date
  amountMinor: bigint
  currency: string
  displayStatus: DisplayStatus
  paymentStatus: PaymentStatus
  providerStatus: string
  refundState: RefundState
  methodType: string | null
  method: string | null
  methodLabel: string
  gateway: string | null
  attemptCount: number
  customerName: string | null
  customerEmailMasked: string | null
  chargedMinor: bigint
  /** Ours that succeeded and those made elsewhere. */
  refundedMinor: bigint
  reservedMinor: bigint
  leftMinor: bigint
  errorMessage: string | null
  changedAt: Date
  stuckSince: Date | null
}

export type OrderPageView = {
  rows: OrderRowView[]
  nextCursor: string | null
  asOf: Date
  estimate: { count: number; exact: boolean } | null
}

export type OrderFacetsView = {
  gateways: string[]
  methodTypes: string[]
  statuses: { status: DisplayStatus; count: number }[]
}

export type OrderDetailView = OrderRowView & {
  providerOrderRef: string | null
  effectiveAmountMinor: bigint | null
  externalRefundedMinor: bigint
  excessMinor: bigint
  gatewayRef: string | null
  rrn: string | null
  description: string | null
  udf: Record<string, string>
  customer: {
    ref: string | null
    name: string | null
    emailMasked: string | null
    phoneMasked: string | null
  }
  chargedAt: Date | null
  lastCheckedAt: Date | null
  nextCheckAt: Date | null
  version: number
  /** Why the Refund button is off for the person who asks; null when it is on. */
  refundBlock: { reason: string } | null
  discrepancies: { id: string; kind: DiscrepancyKind; detail: string; foundAt: Date }[]
}

export type CustomerContactView = { email: string | null; phone: string | null }

export type AttemptView = {
  id: string
  txnRef: string
  /** Counts from 1 in the order of creation: "Attempt 2". */
  number: number
  providerStatus: string
  paymentStatus: PaymentStatus
  label: string
  amountMinor: bigint | null
  gateway: string | null
  methodLabel: string
  gatewayRef: string | null
  rrn: string | null
  errorCode: string | null
  errorMessage: string | null
  createdAt: Date | null
}

export type TimelineEntryView = {
  id: string
  at: Date
  occurredAt: Date | null
  kind: 'order' | 'attempt' | 'refund' | 'status_check' | 'request' | 'discrepancy' | 'person'
  tone: DisplayStatus | 'info'
  title: string
  detail: string | null
  source: 'webhook' | 'status_check' | 'person' | 'system' | 'refund_answer'
  actorName: string | null
  eventId: string | null
  changes: FieldChange[]
  /** UTR or ARN, to copy. */
  reference: string | null
  duplicates: number
  late: boolean
}

export type RawMessageView = {
  id: string
  kind: 'webhook' | 'status_check'
  name: string
  at: Date
  json: unknown
  text: string | null
}

export type StatusCheckView = {
  outcome: string
  message: string
  changes: FieldChange[]
  checkedAt: Date
}
