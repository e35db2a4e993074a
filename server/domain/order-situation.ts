/**
 * What an order's facts come to for the person who asks about it. One situation at a time: of everything that is true,
 * the one that decides what may be said. Doubt stands before certainty, and money on its way before money that arrived.
 */
import type { DiscrepancyKind } from './discrepancy.ts'
import { isOpenDispute, type DisputeStatus } from './dispute.ts'
import type { PaymentStatus } from './payment-status.ts'
import { endsUnconfirmed, tellStateOf, type RefundFacts } from './refund-display.ts'
import type { StopScope } from './refund-stop.ts'
import type { TellState } from './refund-tell.ts'
import { isAmountUnknown } from './unknown-amount.ts'

export const SITUATIONS = [
  'not_paid',
  'cash_on_delivery',
  'paying',
  'stuck',
  'held',
  'hold_in_review',
  'releasing',
  'released',
  'failed',
  'charged',
  'partly_charged',
  'amount_unknown',
  'confirming',
  'confirming_refund',
  'doubted',
  'missing',
  'conflicting',
  'in_question',
  'late_success',
  'double_charge',
  'disputed',
  'dispute_lost',
  'auto_refund_running',
  'auto_refunded',
  'refund_waiting',
  'refund_held',
  'refund_queued',
  'refund_pending',
  'refund_late',
  'refund_done',
  'refund_done_with_reference',
  'refund_failed',
  'refund_review',
  'refund_unknown',
  'unknown',
] as const

export type Situation = (typeof SITUATIONS)[number]

/** Everything that decides what is said about an order; amounts in minor units. */
export type ExplainFacts = {
  orderRef: string
  amountMinor: bigint
  chargedMinor: bigint
  currency: string
  paymentStatus: PaymentStatus
  providerStatus: string
  methodLabel: string | null
  errorCode: string | null
  errorMessage: string | null
  /** Whether an outcome is overdue (`stuck.ts`). */
  stuck: boolean
  attemptCount: number
  /** How many attempts took money. */
  chargeCount: number
  createdAt: Date
  chargedAt: Date | null
  /** Since when webhooks alone vouch for the money. */
  unconfirmedSince: Date | null
  nextCheckAt: Date | null
  /** When Juspay has returned a payment that succeeded late, if it does so by itself. */
  autoRefundDueAt: Date | null
  /** Kinds of the findings that are open. */
  openFindings: readonly { kind: DiscrepancyKind; detail: string }[]
  disputes: readonly { status: DisputeStatus; amountMinor: bigint | null; dueAt: Date | null }[]
  /** Refunds and refund requests, newest first. */
  refunds: readonly RefundFacts[]
  /** Stops of refunds in force on its account. */
  stops: readonly StopScope[]
}

/** Situations that are about a refund; Juspay's own may have left no record of one. */
export type RefundSituation = Extract<
  Situation,
  `refund_${string}` | `auto_refund${string}` | 'confirming_refund'
>
export type PaymentSituation = Exclude<Situation, RefundSituation> | 'auto_refunded'

/** A situation, with the refund it is about when it is about one. */
export type Situated =
  { situation: PaymentSituation; refund: null } | { situation: RefundSituation; refund: RefundFacts }

const OF_TELL: Readonly<Record<TellState, RefundSituation>> = {
  waiting: 'refund_waiting',
  held: 'refund_held',
  queued: 'refund_queued',
  pending: 'refund_pending',
  late: 'refund_late',
  confirming: 'confirming_refund',
  done_with_reference: 'refund_done_with_reference',
  done: 'refund_done',
  failed: 'refund_failed',
  review: 'refund_review',
  unknown: 'refund_unknown',
}

/** Of several refunds on their way, the one in most doubt is told. */
const OPEN_ORDER: readonly TellState[] = ['unknown', 'review', 'late', 'pending', 'queued', 'held', 'waiting']

/** Findings after which what our record says about a refund may not be repeated to anybody. */
const QUESTIONABLE: ReadonlySet<DiscrepancyKind> = new Set([
  'over_refunded',
  'refund_amount_differs',
  'refund_late_success',
  'refund_reversed',
])

/** The situation of an order at `now`. */
export function situationOf(facts: ExplainFacts, now: Date): Situated {
  const doubt = doubtIn(facts)
  const ended = doubt === 'confirming' ? endedUnconfirmed(facts) : null
  if (ended !== null) return { situation: 'confirming_refund', refund: ended }
  if (doubt !== null) return { situation: doubt, refund: null }
  const told = facts.refunds.map((refund) => ({ refund, state: tellStateOf(refund, facts.stops, now) }))
  for (const wanted of OPEN_ORDER) {
    const refund = told.find(({ state }) => state === wanted)?.refund
    if (refund === undefined) continue
    const certain = wanted === 'pending' || wanted === 'queued'
    return {
      situation: refund.origin === 'auto' && certain ? 'auto_refund_running' : OF_TELL[wanted],
      refund,
    }
  }
  const failed = unansweredFailure(told)
  if (failed !== null) return { situation: 'refund_failed', refund: failed }
  const paid = told.find(({ state }) => state === 'done' || state === 'done_with_reference')
  const waits = troubleIn(facts)
  // Money that went back after a double charge or a late success has answered it.
  if (waits !== null && (paid === undefined || waits === 'dispute_lost'))
    return { situation: waits, refund: null }
  if (paid?.state) {
    const { refund, state } = paid
    return { situation: refund.origin === 'auto' ? 'auto_refunded' : OF_TELL[state], refund }
  }
  return { situation: ofPayment(facts), refund: null }
}

/** What forbids to say anything definite. */
function doubtIn(facts: ExplainFacts): PaymentSituation | null {
  const { disputes, openFindings, unconfirmedSince } = facts
  // Of an amount that nobody knows no sentence may speak.
  if (isAmountUnknown(facts)) return 'amount_unknown'
  const found = new Set(openFindings.map(({ kind }) => kind))
  if (disputes.some(({ status }) => isOpenDispute(status))) return 'disputed'
  if (found.has('unconfirmed_claim')) return 'doubted'
  if (found.has('missing_at_juspay')) return 'missing'
  if (found.has('status_conflict')) return 'conflicting'
  if ([...QUESTIONABLE].some((kind) => found.has(kind))) return 'in_question'
  return unconfirmedSince === null ? null : 'confirming'
}

/**
 * The refund of ours whose end webhooks alone vouch for. It was sent when Juspay had confirmed the payment, as every
 * refund is; what nobody has confirmed came after.
 */
function endedUnconfirmed({ refunds, unconfirmedSince: since }: ExplainFacts): RefundFacts | null {
  if (since === null) return null
  const isOne = (refund: RefundFacts): boolean =>
    refund.origin === 'paydesk' && refund.sentAt !== null && refund.sentAt <= since && endsUnconfirmed(refund)
  return refunds.find(isOne) ?? null
}

/** The newest refund that failed, unless it was asked for again or another went through after it. */
function unansweredFailure(
  told: readonly { refund: RefundFacts; state: TellState | null }[],
): RefundFacts | null {
  for (const { refund, state } of told) {
    if (state === 'done' || state === 'done_with_reference') return null
    if (state === 'failed') return refund.retriedBy === null ? refund : null
  }
  return null
}

/** What a person has to settle about a charge. */
function troubleIn(facts: ExplainFacts): PaymentSituation | null {
  if (facts.disputes.some(({ status }) => status === 'resolved_customer')) return 'dispute_lost'
  if (facts.chargeCount > 1 && facts.openFindings.some(({ kind }) => kind === 'double_charge'))
    return 'double_charge'
  return facts.autoRefundDueAt === null ? null : 'late_success'
}

function ofPayment({ paymentStatus, providerStatus, stuck }: ExplainFacts): PaymentSituation {
  if (providerStatus === 'AUTO_REFUNDED') return 'auto_refunded'
  switch (paymentStatus) {
    case 'created':
      return 'not_paid'
    case 'pending':
      if (providerStatus === 'COD_INITIATED') return 'cash_on_delivery'
      return stuck ? 'stuck' : 'paying'
    case 'authorised':
      return providerStatus === 'CAPTURE_FAILED' || providerStatus === 'VOID_FAILED'
        ? 'hold_in_review'
        : 'held'
    case 'voided':
      return providerStatus === 'VOID_INITIATED' ? 'releasing' : 'released'
    case 'failed':
      return 'failed'
    case 'charged':
      return providerStatus === 'PARTIAL_CHARGED' ? 'partly_charged' : 'charged'
    case 'unknown':
      return 'unknown'
  }
}
