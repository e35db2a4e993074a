/** What the screens are told about refunds and the requests behind them. */
import type { StaffActor } from '../../domain/actor.ts'
import type { ApprovalCheck } from '../../domain/approval-checks.ts'
import { maskedOrNull } from '../../domain/masked-text.ts'
import { deniedReason, roleCan, type Role } from '../../domain/permission.ts'
import { ageBucketOf, type AgeBucket, type RefundClock } from '../../domain/refund-clock.ts'
import { destinationText } from '../../domain/refund-destination.ts'
import { retryBlock } from '../../domain/refund-retry.ts'
import type { RefundCallRow } from '../../store/refund-calls.ts'
import { refundRow, type RefundFacts, type RefundRow, type RefundStep } from '../../domain/refund-display.ts'
import type { StopScope } from '../../domain/refund-stop.ts'
import { reasonLabel } from '../../domain/refund-reason.ts'
import type { RefundRequestStatus } from '../../domain/refund-request.ts'
import type { TellLanguage } from '../../domain/refund-tell.ts'
import type { RefundStatus } from '../../domain/refund.ts'
import type { ReviewOutcome, ReviewStatus } from '../../domain/refund-review.ts'
import type { AgeingCell } from '../../store/refund-reads.ts'
import type { RefundReview } from '../../store/refund-reviews.ts'
import type { ApprovalFacts } from '../../store/refund-request-reads.ts'
import type { RequestComment } from '../../store/request-comments.ts'
import { proseFor } from './prose.ts'

export type RefundRowView = RefundRow

/**
 * One refund for the person who looks: what the bank says of a failure is masked for everybody, what people wrote for
 * those who may not see personal data.
 */
export function refundRowView(
  facts: RefundFacts,
  reader: { role: Role; stops: readonly StopScope[]; now: Date },
): RefundRowView {
  const row = refundRow(facts, reader.stops, reader.now)
  const prose = proseFor(reader.role)
  return {
    ...row,
    note: prose(row.note),
    decisionNote: prose(row.decisionNote),
    errorMessage: maskedOrNull(row.errorMessage),
  }
}

export type RefundPageView = { rows: RefundRowView[]; nextCursor: string | null; asOf: Date }

export type RefundDetailView = RefundRow & {
  steps: RefundStep[]
  /** Of a failed refund: whether it can be asked for again, and why not yet. Null for any other. */
  retry: RetryView | null
  /** What people wrote down about it while it was in review, newest first. */
  reviews: ReviewView[]
  /** The clocks beside a refund that Juspay has and that has not ended. */
  clock: RefundClock | null
  /** In every language there is; null when there is nothing to promise. */
  tellCustomer: Record<TellLanguage, string> | null
}

/** Open refunds of one gateway, currency and age. */
export type AgeingCellView = {
  /** Null while no gateway is known. */
  gateway: string | null
  currency: string
  bucket: AgeBucket
  count: number
  amountMinor: bigint
}

export function ageingCellView({ gateway, currency, days, count, amountMinor }: AgeingCell): AgeingCellView {
  return { gateway, currency, bucket: ageBucketOf(days), count: Number(count), amountMinor }
}

export type RetryView = { blockedReason: string | null; notBefore: Date | null }

/** One call to Juspay, without the answer's bytes. */
export type RefundCallView = RefundCallRow

/** One call; Juspay's words may repeat an address or a number. */
export function refundCallView(call: RefundCallRow): RefundCallView {
  return { ...call, words: maskedOrNull(call.words) }
}

export function retryView(facts: RefundFacts, now: Date): RetryView | null {
  const { origin, refundStatus: status, sentAt, settledByPeople, changedAt, retriedBy } = facts
  if (status !== 'failed' && status !== 'rejected') return null
  const block = retryBlock({ origin, status, sentAt, settledByPeople, changedAt, retriedBy }, now)
  return { blockedReason: block?.message ?? null, notBefore: block?.notBefore ?? null }
}

/** A proposal of how a refund in review ended. */
export type ReviewView = {
  id: string
  outcome: ReviewOutcome
  reference: string | null
  note: string
  status: ReviewStatus
  proposedBy: string
  proposedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
  decisionNote: string | null
  /** Why the person who looks cannot decide it; null when they can. */
  blockedReason: string | null
}

/** A proposal, for the person who looks. One that Juspay's word has overtaken is told as such. */
export function reviewView(
  review: RefundReview,
  refund: { refundStatus: RefundStatus | null },
  actor: StaffActor,
): ReviewView {
  const overtaken = review.status === 'waiting' && refund.refundStatus !== 'manual_review'
  const { id, outcome, reference, proposedAt, decidedAt } = review
  const prose = proseFor(actor.role)
  return {
    id,
    outcome,
    reference,
    note: prose(review.note),
    status: overtaken ? 'overtaken' : review.status,
    proposedBy: review.proposedBy.name,
    proposedAt,
    decidedBy: review.decidedBy?.name ?? null,
    decidedAt,
    decisionNote: prose(review.decisionNote),
    blockedReason: whyNotReview(review, actor, overtaken),
  }
}

function whyNotReview(review: RefundReview, actor: StaffActor, overtaken: boolean): string | null {
  if (overtaken) return 'Juspay has said by now what became of it.'
  if (review.status !== 'waiting') return 'This is already decided.'
  if (review.proposedBy.id === actor.userId) return 'You proposed this, so someone else must confirm it.'
  return roleCan(actor.role, 'refund:approve') ? null : deniedReason(actor.role, 'refund:approve')
}

export type PersonView = { id: string; name: string }

export type ApprovalRowView = {
  requestId: string
  orderId: string
  orderRef: string
  amountMinor: bigint
  currency: string
  paidMinor: bigint
  leftAfterMinor: bigint
  destination: string
  /** The attempt it gives back, where several were charged; part of what is approved. */
  attempt: { txnRef: string; number: number | null } | null
  reason: string
  note: string | null
  requestedBy: PersonView
  requestedAt: Date
  expiresAt: Date
  status: RefundRequestStatus
  /** SHA-256, hex, of exactly what is shown: approving sends it back. */
  approvalHash: string
  orderVersion: number
  canDecide: boolean
  blockedReason: string | null
  policyReason: string
  decidedBy: PersonView | null
  decidedAt: Date | null
  decisionNote: string | null
  /** How many questions and answers there are; `approvals.comments` has them. */
  commentCount: number
}

/** One question or answer about a request. */
export type CommentView = { id: string; author: PersonView; text: string; at: Date; mine: boolean }

export function commentView({ id, author, text, at }: RequestComment, actor: StaffActor): CommentView {
  const mine = author.id === actor.userId
  return { id, author, text: mine ? text : proseFor(actor.role)(text), at, mine }
}

/** One request with its checks as they stand at `checkedAt`. */
export type ApprovalView = { row: ApprovalRowView; checks: ApprovalCheck[]; checkedAt: Date }

/** A request in the approvals inbox, for the person who looks. */
export function approvalRowView(facts: ApprovalFacts, actor: StaffActor, now: Date): ApprovalRowView {
  const blockedReason = whyNot(facts, actor, now)
  const prose = proseFor(actor.role)
  return {
    requestId: facts.requestId,
    orderId: facts.orderId,
    orderRef: facts.orderRef,
    amountMinor: facts.amountMinor,
    currency: facts.currency,
    paidMinor: facts.paidMinor,
    leftAfterMinor: facts.leftAfterMinor,
    destination: destinationText(facts.paidWith),
    attempt: facts.txnRef === null ? null : { txnRef: facts.txnRef, number: facts.attemptNumber },
    reason: reasonLabel(facts.reason),
    note: prose(facts.note),
    requestedBy: facts.requestedBy,
    requestedAt: facts.requestedAt,
    expiresAt: facts.expiresAt,
    status: facts.status,
    approvalHash: facts.approvalHash,
    orderVersion: facts.orderVersion,
    canDecide: blockedReason === null,
    blockedReason,
    policyReason: facts.policyReason,
    decidedBy: facts.decidedBy,
    decidedAt: facts.decidedAt,
    decisionNote: prose(facts.decisionNote),
    commentCount: facts.commentCount,
  }
}

function whyNot(facts: ApprovalFacts, actor: StaffActor, now: Date): string | null {
  if (facts.status !== 'pending_approval') return 'This request is already decided.'
  if (facts.requestedBy.id === actor.userId)
    return 'You asked for this refund, so someone else must approve it.'
  if (!roleCan(actor.role, 'refund:approve')) return deniedReason(actor.role, 'refund:approve')
  return facts.expiresAt.getTime() <= now.getTime() ? 'This request has expired.' : null
}
