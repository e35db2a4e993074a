import type { StaffActor } from '../../domain/actor.ts'
import { lineLeft } from '../../domain/approval-policy.ts'
import { formBlockOf, leftMinorOf, type RefundBlock } from '../../domain/refund-block.ts'
import { destinationText } from '../../domain/refund-destination.ts'
import { REFUND_REASONS, type RefundReason } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { approversFor } from './refund-facts.ts'

/** What the refund form shows before anything is asked for. */
export type RefundPreview = {
  orderId: string
  orderRef: string
  version: number
  currency: string
  /** What the customer paid. */
  amountMinor: bigint
  chargedAt: Date | null
  leftMinor: bigint
  destination: string
  customerName: string | null
  reasons: { code: RefundReason; label: string; noteRequired: boolean }[]
  /** Above this a second person decides; null when that is so whatever the amount. */
  approvalAboveMinor: bigint | null
  needsApprovalAlways: boolean
  approvers: string[]
  /** The newest refund of this order within the policy's window: the same amount again has to be confirmed. */
  sameAmountRecently: { amountMinor: bigint; at: Date; by: string } | null
  block: RefundBlock | null
}

const MINUTE_MS = 60_000

/** Answers what a person may ask for on an order and what will follow. @throws Refusal not_found */
export async function previewRefund(
  deps: Deps,
  actor: StaffActor,
  input: { orderId: string },
): Promise<RefundPreview> {
  const now = deps.clock.now()
  return deps.store.transaction(async (tx) => {
    const locked = await tx.orders.lockAggregate(actor.accountId, input.orderId)
    if (locked === null) throw new Refusal('not_found', 'There is no such order in this account.')
    const { order } = locked
    const { rules } = await tx.refundPolicies.current(actor.accountId)
    const always = rules.alwaysApproveRoles.includes(actor.role)
    const approvers = await approversFor(tx, actor.accountId, actor.userId)
    const unapproved = await tx.refundRequests.withoutApprovalMinor(locked.orderId)
    const since = new Date(now.getTime() - rules.sameAmountWindowMinutes * MINUTE_MS)
    const block = formBlockOf(order, locked.refunds)
    const nobody: RefundBlock = {
      code: 'limit_exceeded',
      message: 'Your refunds need approval, and nobody else here can approve refunds.',
    }
    return {
      orderId: locked.orderId,
      orderRef: order.orderRef,
      version: locked.version,
      currency: order.currency,
      amountMinor: order.chargedMinor,
      chargedAt: order.chargedAt,
      leftMinor: leftMinorOf(order),
      destination: destinationText(order),
      customerName: order.customerName,
      reasons: REFUND_REASONS.map((reason) => ({
        ...reason,
        noteRequired: rules.noteRequiredReasons.includes(reason.code),
      })),
      approvalAboveMinor: always ? null : lineLeft(rules, unapproved),
      needsApprovalAlways: always,
      approvers,
      sameAmountRecently: await tx.refundRequests.lastSince(locked.orderId, since),
      block: block ?? (always && approvers.length === 0 ? nobody : null),
    }
  })
}
