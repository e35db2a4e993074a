/** What the page of one order is told, field by field. A column added to a table does not appear here by itself. */
import type { StaffActor } from '../../domain/actor.ts'
import type { BatchLock } from '../../domain/batch-lock.ts'
import { shownChange, type FieldChange } from '../../domain/change.ts'
import type { StatusMove } from '../../domain/check-words.ts'
import { chargedAttempts, commitmentsOfFacts } from '../../domain/charged-attempt.ts'
import type { DiscrepancyKind } from '../../domain/discrepancy.ts'
import { isOpenDispute, type DisputeStatus } from '../../domain/dispute.ts'
import { awaitedAutoRefund } from '../../domain/late-success.ts'
import { explainOrder, type OrderExplanation } from '../../domain/order-explain.ts'
import { orderFigures, type OrderFigures } from '../../domain/order-figures.ts'
import type { ExplainFacts } from '../../domain/order-situation.ts'
import { methodLabel } from '../../domain/payment-method.ts'
import { describeStatus, type PaymentStatus } from '../../domain/payment-status.ts'
import { deniedReason, roleCan } from '../../domain/permission.ts'
import { formBlockOf, unconfirmedBlock, waitingText } from '../../domain/refund-block.ts'
import type { RefundFacts } from '../../domain/refund-display.ts'
import type { StopScope } from '../../domain/refund-stop.ts'
import type { OrderLock } from '../../store/bulk-reads.ts'
import type { DiscrepancyRow } from '../../store/discrepancies.ts'
import type { StoredDispute } from '../../store/disputes.ts'
import type { PageOrder } from '../../store/order-page.ts'
import type { StoredOrder, StoredTransaction } from '../../store/order-rows.ts'
import { maskedOrNull, maskEmail, maskPhone, maskText } from '../../domain/masked-text.ts'
import { maskVpa } from './masking.ts'
import { NO_METHOD, orderRowView, type OrderRowView } from './order.ts'
import { batchLockView } from './order-extras.ts'

export type OrderDetailView = OrderRowView & {
  figures: OrderFigures
  /** Refunds and requests for them, whatever became of them. */
  refundCount: number
  explanation: OrderExplanation
  /** Disputes, newest first. */
  disputes: DisputeView[]
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
    vpaMasked: string | null
  }
  /** Whether nothing but status checks vouches for it: no webhook of it has come. */
  noWebhook: boolean
  chargedAt: Date | null
  lastCheckedAt: Date | null
  nextCheckAt: Date | null
  /** Since when webhooks alone vouch for the money of the order; null once Juspay has confirmed it. */
  unconfirmedSince: Date | null
  /** When Juspay has returned a payment that succeeded late, if the account has that switched on; null for all others. */
  autoRefundDueAt: Date | null
  version: number
  /** Why this person cannot ask for a refund; null when they can. */
  refundBlock: string | null
  /** What waits for a second person, while more can be asked for; null when nothing does. */
  refundNote: string | null
  /** Batches that hold something of it. */
  locks: BatchLock[]
  discrepancies: { id: string; kind: DiscrepancyKind; detail: string; foundAt: Date }[]
}

export type DisputeView = {
  id: string
  status: DisputeStatus
  open: boolean
  amountMinor: bigint | null
  currency: string
  reason: string | null
  /** Until when the merchant must answer the bank, when told. */
  dueAt: Date | null
}

export type RevealedView = {
  value: string | null
  /** When it goes back behind its mask. */
  until: Date
}

export type AttemptView = {
  id: string
  txnRef: string
  /** Counts from 1 in the order of creation: "Attempt 2". */
  number: number
  providerStatus: string
  paymentStatus: PaymentStatus
  label: string
  amountMinor: bigint | null
  /** What is left to refund of a charged attempt; null for others. */
  leftMinor: bigint | null
  currency: string
  gateway: string | null
  methodLabel: string
  gatewayRef: string | null
  rrn: string | null
  errorCode: string | null
  errorMessage: string | null
  createdAt: Date | null
}

export type StatusCheckView = {
  outcome: string
  message: string
  changes: FieldChange[]
  status: StatusMove | null
  checkedAt: Date
  /** When Juspay, which was asked too much, may be asked again, as far as it said. */
  retryAt: Date | null
}

/** One order in full, for the person who asks. */
export function orderDetailView(
  order: PageOrder,
  parts: {
    actor: StaffActor
    attempts: readonly StoredTransaction[]
    refunds: readonly RefundFacts[]
    stops: readonly StopScope[]
    discrepancies: readonly DiscrepancyRow[]
    disputes: readonly StoredDispute[]
    locks: readonly OrderLock[]
    now: Date
  },
): OrderDetailView {
  const figures = orderFigures(order, parts.attempts, parts.refunds)
  const row = orderRowView(order, parts.now, parts.actor.role)
  const open = parts.discrepancies.filter(({ status }) => status === 'open')
  const openKinds = open.map(({ kind }) => kind)
  const autoRefundDueAt = awaitedAutoRefund({ order, transactions: parts.attempts }, openKinds, parts.now)
  return {
    ...row,
    figures,
    refundCount: parts.refunds.length,
    noWebhook: !order.has.events,
    explanation: explainOrder(
      explainFacts(order, { ...parts, open, figures, autoRefundDueAt, stuck: row.stuckSince !== null }),
      parts.now,
    ),
    disputes: parts.disputes.map((dispute) => disputeView(dispute, order.currency)).toReversed(),
    providerOrderRef: order.providerOrderRef,
    effectiveAmountMinor: order.effectiveAmountMinor,
    externalRefundedMinor: order.externalRefundedMinor,
    excessMinor: order.excessMinor,
    gatewayRef: order.gatewayRef,
    rrn: order.rrn,
    description: order.description === null ? null : maskText(order.description),
    udf: Object.fromEntries(
      Object.entries(order.udf).flatMap(([name, value]) => (value === '' ? [] : [[name, maskText(value)]])),
    ),
    customer: {
      ref: maskedOrNull(order.customerRef),
      name: row.customerName,
      emailMasked: maskEmail(order.customerEmail),
      phoneMasked: maskPhone(order.customerPhone),
      vpaMasked: maskVpa(order.payerVpa),
    },
    chargedAt: order.chargedAt,
    lastCheckedAt: order.lastCheckedAt,
    nextCheckAt: order.nextCheckAt,
    unconfirmedSince: order.unconfirmedSince,
    autoRefundDueAt,
    version: order.version,
    refundBlock: refundBlock(order, parts.actor, parts.refunds),
    refundNote: waitingText(parts.refunds),
    locks: parts.locks.map(batchLockView),
    discrepancies: open.map(({ id, kind, detail, foundAt }) => ({ id, kind, detail, foundAt })),
  }
}

function explainFacts(
  order: StoredOrder,
  parts: {
    refunds: readonly RefundFacts[]
    stops: readonly StopScope[]
    open: readonly DiscrepancyRow[]
    disputes: readonly StoredDispute[]
    figures: OrderFigures
    autoRefundDueAt: Date | null
    stuck: boolean
  },
): ExplainFacts {
  return {
    orderRef: order.orderRef,
    amountMinor: order.amountMinor,
    chargedMinor: order.chargedMinor,
    currency: order.currency,
    paymentStatus: order.paymentStatus,
    providerStatus: order.providerStatus,
    methodLabel: methodLabel(order),
    errorCode: order.errorCode,
    errorMessage: order.errorMessage,
    stuck: parts.stuck,
    attemptCount: order.attemptCount,
    chargeCount: parts.figures.charges.length,
    createdAt: order.createdAt,
    chargedAt: order.chargedAt,
    unconfirmedSince: order.unconfirmedSince,
    nextCheckAt: order.nextCheckAt,
    autoRefundDueAt: parts.autoRefundDueAt,
    openFindings: parts.open,
    disputes: parts.disputes,
    refunds: parts.refunds,
    stops: parts.stops,
  }
}

function disputeView(dispute: StoredDispute, currency: string): DisputeView {
  return {
    id: dispute.id,
    status: dispute.status,
    open: isOpenDispute(dispute.status),
    amountMinor: dispute.amountMinor,
    currency: dispute.currency ?? currency,
    reason: maskedOrNull(dispute.reason),
    dueAt: dispute.dueAt,
  }
}

/** The same sentence the server refuses with, so that a disabled button and a refusal never differ. */
function refundBlock(order: StoredOrder, actor: StaffActor, refunds: readonly RefundFacts[]): string | null {
  if (!roleCan(actor.role, 'refund:request')) return deniedReason(actor.role, 'refund:request')
  // Money that is claimed a moment ago is asked about when the form opens; money in doubt is not worth the form.
  const block = formBlockOf(order, refunds) ?? (order.inReview ? unconfirmedBlock(order) : null)
  return block?.message ?? null
}

/** Attempts in the order they were made, counted from 1. */
export function attemptViews(
  order: StoredOrder,
  attempts: readonly StoredTransaction[],
  refunds: readonly RefundFacts[],
): AttemptView[] {
  const charged = chargedAttempts(order, attempts, commitmentsOfFacts(refunds))
  const left = new Map(charged.map(({ txnRef, leftMinor }) => [txnRef, leftMinor]))
  return attempts.map((attempt, index) => ({
    id: attempt.id,
    txnRef: attempt.txnRef,
    number: index + 1,
    providerStatus: attempt.providerStatus,
    paymentStatus: attempt.paymentStatus,
    label: describeStatus(attempt.providerStatus).label,
    amountMinor: attempt.amountMinor,
    leftMinor: left.get(attempt.txnRef) ?? null,
    currency: order.currency,
    gateway: attempt.gateway,
    methodLabel: methodLabel(attempt) ?? NO_METHOD,
    gatewayRef: attempt.gatewayRef,
    rrn: attempt.rrn,
    errorCode: attempt.errorCode,
    errorMessage: attempt.errorMessage === null ? null : maskText(attempt.errorMessage),
    createdAt: attempt.createdAt,
  }))
}

/** What a status check found, as it may be shown. */
export function withShownChanges<T extends { changes: FieldChange[] }>(result: T): T {
  return { ...result, changes: result.changes.map(shownChange) }
}
