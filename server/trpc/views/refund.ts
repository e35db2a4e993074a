/** What the screens are told about refunds and the requests behind them. */

export type RefundDisplay =
  | 'waiting_approval'
  | 'approved'
  | 'sending'
  | 'pending'
  | 'succeeded'
  | 'failed'
  | 'review'
  | 'rejected'
  | 'expired'
  | 'withdrawn'
  | 'unknown'

export type PersonView = { id: string; name: string }

export type RefundRowView = {
  /** The refund's id, or the request's while there is no refund. */
  id: string
  requestId: string | null
  refundId: string | null
  orderId: string
  orderRef: string
  amountMinor: bigint
  currency: string
  status: RefundDisplay
  /** Plain words: "Queued at Juspay". */
  where: string
  reason: string | null
  note: string | null
  requestedBy: PersonView | null
  requestedAt: Date
  decidedBy: { name: string } | null
  decidedAt: Date | null
  decisionNote: string | null
  gateway: string | null
  uniqueRequestId: string | null
  ref: string | null
  arn: string | null
  origin: 'paydesk' | 'external' | 'auto'
  errorMessage: string | null
  sentAt: Date | null
  settledAt: Date | null
  expectedCreditAt: Date | null
}

export type RefundDetailView = RefundRowView & {
  steps: { name: string; at: Date | null; by: string | null }[]
  tellCustomer: { en: string; hi: string } | null
}

export type RequestRowView = {
  id: string
  orderId: string
  amountMinor: bigint
  currency: string
  reason: string
  note: string | null
  status: string
  needsApproval: boolean
  policyReason: string
  requestedBy: PersonView | null
  requestedAt: Date
  expiresAt: Date
  decidedAt: Date | null
  decisionNote: string | null
}

export type RefundPreviewView = {
  orderId: string
  orderRef: string
  version: number
  currency: string
  /** What was paid. */
  amountMinor: bigint
  chargedAt: Date | null
  leftMinor: bigint
  destination: string
  customerName: string | null
  reasons: { code: string; label: string; noteRequired: boolean }[]
  approvalAboveMinor: bigint | null
  needsApprovalAlways: boolean
  approvers: string[]
  sameAmountRecently: { amountMinor: bigint; at: Date; by: string } | null
  block: { code: string; message: string } | null
}

export type RefundRequestedView = {
  request: RequestRowView
  refund: RefundRowView | null
  needsApproval: boolean
  message: string
}

export type ApprovalRowView = {
  requestId: string
  orderId: string
  orderRef: string
  amountMinor: bigint
  currency: string
  paidMinor: bigint
  leftAfterMinor: bigint
  destination: string
  reason: string
  note: string | null
  requestedBy: PersonView
  requestedAt: Date
  expiresAt: Date
  status: string
  /** SHA-256, hex, of exactly what is shown: approving sends it back. */
  approvalHash: string
  orderVersion: number
  canDecide: boolean
  blockedReason: string | null
  policyReason: string
  decidedBy: { name: string } | null
  decidedAt: Date | null
  decisionNote: string | null
}
