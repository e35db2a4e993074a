import type { StaffActor } from '../../domain/actor.ts'
import { lineLeft } from '../../domain/approval-policy.ts'
import { formBlockOf, leftMinorOf, unconfirmedBlock, type RefundBlock } from '../../domain/refund-block.ts'
import { destinationText } from '../../domain/refund-destination.ts'
import { REFUND_REASONS, type RefundReason } from '../../domain/refund-reason.ts'
import { stopHolding, stopTitle } from '../../domain/refund-stop.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { confirmMoney } from './confirm-money.ts'
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
  /** A stop that would hold this refund back: it can be asked for and waits. */
  stop: { title: string; reason: string; by: string; until: Date | null } | null
}

const MINUTE_MS = 60_000

const NOBODY_TO_APPROVE: RefundBlock = {
  code: 'limit_exceeded',
  message: 'Your refunds need approval, and nobody else here can approve refunds.',
}

/**
 * Answers what a person may ask for on an order and what will follow; asks Juspay first when webhooks alone vouch for
 * the money. @throws Refusal not_found
 */
export async function previewRefund(
  deps: Deps,
  actor: StaffActor,
  input: { orderId: string },
): Promise<RefundPreview> {
  const { store, clock } = deps
  const { accountId, userId, role } = actor
  await confirmMoney(deps, actor, input.orderId)
  const order = await store.orders.byId(accountId, input.orderId)
  if (order === null) throw new Refusal('not_found', 'There is no such order in this account.')
  const { rules } = await store.refundPolicies.current(accountId)
  const since = new Date(clock.now().getTime() - rules.sameAmountWindowMinutes * MINUTE_MS)
  const [approvers, withoutApproval, recent, rows, stops] = await Promise.all([
    approversFor(store, accountId, userId),
    store.refundRequests.withoutApprovalMinor(order.id),
    store.refundRequests.newestSince(order.id, null, since),
    store.refunds.byOrder(accountId, order.id),
    store.refundStops.inForce(accountId, clock.now()),
  ])
  const always = rules.alwaysApproveRoles.includes(role)
  const refunds = rows.flatMap((row) => (row.refundStatus === null ? [] : [{ status: row.refundStatus }]))
  const stop = stopHolding(stops, order.gateway)
  const nobody = always && approvers.length === 0 ? NOBODY_TO_APPROVE : null
  return {
    orderId: order.id,
    orderRef: order.orderRef,
    version: order.version,
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
    approvalAboveMinor: always ? null : lineLeft(rules, withoutApproval),
    needsApprovalAlways: always,
    approvers,
    sameAmountRecently: recent,
    block: formBlockOf(order, refunds) ?? unconfirmedBlock(order) ?? nobody,
    stop: stop && {
      title: stopTitle(stop),
      reason: stop.reason,
      by: stop.setByName,
      until: stop.expiresAt,
    },
  }
}
