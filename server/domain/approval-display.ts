import { deniedReason, roleCan, type Role } from './permission.ts'
import { destinationText, type PaidWith } from './refund-destination.ts'
import { reasonLabel } from './refund-reason.ts'
import type { RefundRequestStatus } from './refund-request.ts'

/** A request with what an approver has to see of its order. */
export type ApprovalFacts = {
  requestId: string
  orderId: string
  orderRef: string
  orderVersion: number
  amountMinor: bigint
  currency: string
  paidMinor: bigint
  /** What may still be refunded when this request is through. Its own amount is already set aside. */
  leftAfterMinor: bigint
  paidWith: PaidWith
  reason: string
  note: string | null
  requestedBy: { id: string; name: string }
  requestedAt: Date
  expiresAt: Date
  status: RefundRequestStatus
  approvalHash: string
  policyReason: string
  decidedBy: { id: string; name: string } | null
  decidedAt: Date | null
  decisionNote: string | null
}

/** A request as the inbox shows it to one person. */
export type ApprovalRow = Omit<ApprovalFacts, 'paidWith'> & {
  destination: string
  canDecide: boolean
  /** Why this person cannot decide it, or null. */
  blockedReason: string | null
}

/** The row for `viewer`: a control that is off says why. */
export function approvalRow(
  facts: ApprovalFacts,
  viewer: { userId: string; role: Role },
  now: Date,
): ApprovalRow {
  const { paidWith, ...rest } = facts
  const blockedReason = blockedFor(facts, viewer, now)
  return {
    ...rest,
    reason: reasonLabel(facts.reason),
    destination: destinationText(paidWith),
    canDecide: blockedReason === null,
    blockedReason,
  }
}

function blockedFor(facts: ApprovalFacts, viewer: { userId: string; role: Role }, now: Date): string | null {
  if (facts.status !== 'pending_approval') return 'This request is closed.'
  if (facts.requestedBy.id === viewer.userId)
    return 'You asked for this refund, so someone else must approve it.'
  if (!roleCan(viewer.role, 'refund:approve')) return deniedReason(viewer.role, 'refund:approve')
  if (facts.expiresAt.getTime() <= now.getTime()) return 'The time to decide this request has run out.'
  return null
}
