import {
  addWorkingDays,
  isDayOver,
  PROMISED_WORKING_DAYS,
  refundClock,
  type RefundClock,
} from './refund-clock.ts'
import { tellSentence, type TellLanguage, type TellState } from './refund-tell.ts'
import type { RefundOrigin, RefundPart, RefundStatus } from './refund.ts'
import { heldOf, type HeldFacts } from './refund-held.ts'
import type { StopScope } from './refund-stop.ts'
import { reasonLabel } from './refund-reason.ts'
import type { RefundRequestStatus } from './refund-request.ts'

/** What a refund's chip shows: request and refund are one story for the reader (design Appendix A, "Refund state"). */
export const REFUND_DISPLAYS = [
  'waiting_approval',
  'approved',
  'sending',
  'pending',
  'succeeded',
  'failed',
  'review',
  'rejected',
  'expired',
  'withdrawn',
  'unknown',
] as const

export type RefundDisplay = (typeof REFUND_DISPLAYS)[number]

/** A refund request, a refund, or both, as stored. */
export type RefundFacts = {
  /** The refund's id, or the request's while nothing has been made of it. */
  id: string
  requestId: string | null
  refundId: string | null
  orderId: string
  orderRef: string
  amountMinor: bigint
  currency: string
  requestStatus: RefundRequestStatus | null
  refundStatus: RefundStatus | null
  sentToGateway: boolean
  reason: string | null
  note: string | null
  requestedBy: { id: string; name: string } | null
  requestedAt: Date
  /** Until when a request can be decided and sent; null for a refund nobody here asked for. */
  expiresAt: Date | null
  decidedBy: { name: string } | null
  decidedAt: Date | null
  decisionNote: string | null
  gateway: string | null
  uniqueRequestId: string | null
  ref: string | null
  arn: string | null
  origin: RefundOrigin
  errorMessage: string | null
  sentAt: Date | null
  settledAt: Date | null
  expectedCreditAt: Date | null
  settledByPeople: boolean
  /** The reference that people wrote down for it. */
  proof: string | null
  /** When something happened to it last, by our clock. */
  changedAt: Date
  /** The failed refund that it asks for again, and the request that asks for it again. */
  retryOf: string | null
  retriedBy: string | null
  /** The attempt whose money goes back, when it is told or was asked for, counted from 1 among those of its order. */
  txnRef: string | null
  attemptNumber: number | null
  /** What Juspay made of it on an order paid with several instruments. */
  parts: readonly RefundPart[]
  /** What it waits for, as last written down. */
  held: HeldFacts | null
  /** Since when webhooks alone vouch for something about its order's money (`confirmation.ts`); null when nothing is open. */
  unconfirmedSince: Date | null
}

export type RefundRow = Omit<
  RefundFacts,
  'requestStatus' | 'refundStatus' | 'sentToGateway' | 'held' | 'unconfirmedSince'
> & {
  status: RefundDisplay
  /** A webhook says that it ended so, and Juspay has not been heard about it yet. */
  confirming: boolean
  /** Where the money is, in plain words; why it waits, when something keeps it back. */
  where: string
  /** Until when it is kept back; null when nothing does, or nobody can say. */
  heldUntil: Date | null
}

const OF_REQUEST: Readonly<Record<RefundRequestStatus, RefundDisplay>> = {
  pending_approval: 'waiting_approval',
  approved: 'approved',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'expired',
}

const OF_REFUND: Readonly<Record<RefundStatus, RefundDisplay>> = {
  ready: 'approved',
  sending: 'sending',
  unknown: 'unknown',
  pending: 'pending',
  manual_review: 'review',
  succeeded: 'succeeded',
  failed: 'failed',
  // Refused by Juspay: for the reader no different from a failure, and `where` says that nothing moved.
  rejected: 'failed',
}

/** One status for the pair. */
export function refundDisplay(facts: Pick<RefundFacts, 'requestStatus' | 'refundStatus'>): RefundDisplay {
  if (facts.refundStatus !== null) return OF_REFUND[facts.refundStatus]
  return facts.requestStatus === null ? 'unknown' : OF_REQUEST[facts.requestStatus]
}

/** Whether webhooks alone vouch for how a refund ended: nobody may be told that it was paid, or that it was not. */
export function endsUnconfirmed(
  facts: Pick<RefundFacts, 'refundStatus' | 'changedAt' | 'unconfirmedSince' | 'settledByPeople'>,
): boolean {
  const { refundStatus, changedAt, unconfirmedSince: since } = facts
  const told = (refundStatus === 'succeeded' || refundStatus === 'failed') && !facts.settledByPeople
  return told && since !== null && changedAt >= since
}

/** Where a refund is, in plain words. */
export function refundWhere(facts: RefundFacts, now: Date): string {
  if (endsUnconfirmed(facts))
    return `A webhook says that it ${facts.refundStatus === 'succeeded' ? 'was paid back' : 'failed'}. Confirming with Juspay`
  if (facts.refundStatus === 'rejected') return 'Juspay refused it, no money moved'
  switch (refundDisplay(facts)) {
    case 'waiting_approval':
      return 'Waiting for a second person'
    case 'approved':
      return facts.sentAt === null
        ? 'Approved, about to be sent to Juspay'
        : 'Juspay did not take it yet. Sending again'
    case 'sending':
      return 'On its way to Juspay'
    case 'unknown':
      return 'We do not know yet if Juspay has it. We keep asking'
    case 'pending':
      return pendingWhere(facts, now)
    case 'succeeded':
      if (facts.settledByPeople) return 'Paid back, as two people found out'
      return referenceOf(facts) !== null ? 'Paid back by the bank' : 'Paid back, bank reference to follow'
    case 'failed':
      return facts.settledByPeople
        ? 'Not paid back, as two people found out'
        : 'The gateway could not pay it back'
    case 'review':
      return 'Needs review: Juspay cannot tell what the gateway did'
    case 'rejected':
      return 'Rejected by the approver'
    case 'expired':
      return 'Nobody decided in time'
    case 'withdrawn':
      return 'Withdrawn by the person who asked'
  }
}

function pendingWhere(facts: RefundFacts, now: Date): string {
  const clock = clockOf(facts, now)
  if (clock === null || (clock.place === 'queue' && !clock.late))
    return clock?.overdueInQueue ? 'Queued at Juspay for longer than usual' : 'Queued at Juspay'
  if (clock.late)
    return `Late: ${clock.workingDays} working days. ${clock.place === 'queue' ? 'Queued at Juspay' : 'With the gateway'}`
  const { daysToReview } = clock
  if (daysToReview === 0) return 'With the gateway. Juspay calls for a review any time now'
  return `With the gateway, ${daysToReview} ${daysToReview === 1 ? 'day' : 'days'} until review`
}

/** The clocks of a refund that Juspay has and nobody has ended; null for any other. */
export function clockOf(facts: RefundFacts, now: Date): RefundClock | null {
  if (facts.refundStatus !== 'pending') return null
  const { sentToGateway, expectedCreditAt } = facts
  return refundClock({ sentAt: facts.sentAt ?? facts.requestedAt, sentToGateway, expectedCreditAt }, now)
}

/** The bank's reference: the ARN, else the gateway's (UTR or RRN), else what people were told. */
export function referenceOf(facts: Pick<RefundFacts, 'arn' | 'ref' | 'proof'>): string | null {
  return facts.arn ?? facts.ref ?? facts.proof
}

/**
 * The row as screens show it.
 * @param stops of refunds in force on its account
 */
export function refundRow(facts: RefundFacts, stops: readonly StopScope[], now: Date): RefundRow {
  const {
    requestStatus: _request,
    refundStatus: _refund,
    sentToGateway: _sent,
    held: _held,
    unconfirmedSince: _since,
    ...rest
  } = facts
  const held = heldOf(facts, stops, now)
  return {
    ...rest,
    reason: facts.reason === null ? null : reasonLabel(facts.reason),
    status: refundDisplay(facts),
    confirming: endsUnconfirmed(facts),
    where: held?.text ?? refundWhere(facts, now),
    heldUntil: held?.until ?? null,
  }
}

export type RefundStep = {
  name: 'Asked' | 'Approved' | 'Sent' | 'With customer'
  at: Date | null
  by: string | null
}

/** The four steps of a refund's life; a step that has not happened has no time. */
export function refundSteps(facts: RefundFacts): RefundStep[] {
  const decided = facts.requestStatus === 'approved'
  const outside = facts.origin === 'auto' ? 'Juspay' : 'Outside Paydesk'
  const asked = facts.requestedBy?.name ?? outside
  return [
    { name: 'Asked', at: facts.requestedAt, by: asked },
    {
      name: 'Approved',
      at: decided ? (facts.decidedAt ?? facts.requestedAt) : null,
      by: decided ? (facts.decidedBy?.name ?? 'Refund policy') : null,
    },
    { name: 'Sent', at: facts.sentAt, by: facts.sentAt === null ? null : 'Paydesk' },
    {
      name: 'With customer',
      at: facts.refundStatus === 'succeeded' && !endsUnconfirmed(facts) ? facts.settledAt : null,
      by: facts.gateway,
    },
  ]
}

/**
 * What the customer can be told; null when nothing was promised or everything about it has ended here.
 * @param stops of refunds in force on its account
 */
export function tellStateOf(facts: RefundFacts, stops: readonly StopScope[], now: Date): TellState | null {
  if (endsUnconfirmed(facts)) return 'confirming'
  switch (refundDisplay(facts)) {
    case 'waiting_approval':
      return 'waiting'
    case 'approved':
      if (isKeptBack(facts, stops, now)) return 'held'
      return isDayOver(creditBy(facts, now), now) ? 'late' : 'queued'
    case 'sending':
      return isDayOver(creditBy(facts, now), now) ? 'late' : 'queued'
    case 'pending': {
      const clock = clockOf(facts, now)
      // A day that Juspay named may be over before the promised ones are.
      if (clock?.late || isDayOver(creditBy(facts, now), now)) return 'late'
      return clock?.place === 'gateway' ? 'pending' : 'queued'
    }
    case 'succeeded':
      return referenceOf(facts) === null ? 'done' : 'done_with_reference'
    case 'failed':
      return 'failed'
    case 'review':
      return 'review'
    case 'unknown':
      return 'unknown'
    case 'rejected':
    case 'expired':
    case 'withdrawn':
      return null
  }
}

/** Whether something keeps it back for longer than the seconds that Juspay wants between two refunds of an order. */
function isKeptBack(
  facts: Pick<RefundFacts, 'refundStatus' | 'gateway' | 'held'>,
  stops: readonly StopScope[],
  now: Date,
): boolean {
  const held = facts.held?.why === 'spacing' ? null : facts.held
  return heldOf({ ...facts, held }, stops, now) !== null
}

/** By when a refund on its way should be there: as Juspay told, else as promised. One that was not sent has a day to come. */
export function creditBy(facts: Pick<RefundFacts, 'expectedCreditAt' | 'sentAt'>, now: Date): Date {
  const { expectedCreditAt: told, sentAt } = facts
  if (told !== null && (sentAt !== null || !isDayOver(told, now))) return told
  return addWorkingDays(sentAt ?? now, PROMISED_WORKING_DAYS)
}

/** By when the account of the customer shows a refund that was paid: as Juspay told, else as promised. */
export function shownBy(facts: Pick<RefundFacts, 'expectedCreditAt' | 'settledAt' | 'changedAt'>): Date {
  return facts.expectedCreditAt ?? addWorkingDays(facts.settledAt ?? facts.changedAt, PROMISED_WORKING_DAYS)
}

/**
 * What to tell the customer, ready to copy, in every language; null when there is nothing to promise.
 * @param stops of refunds in force on its account
 */
export function tellCustomer(
  facts: RefundFacts,
  stops: readonly StopScope[],
  now: Date,
): Record<TellLanguage, string> | null {
  const state = tellStateOf(facts, stops, now)
  if (state === null) return null
  const at = facts.settledAt ?? facts.sentAt ?? facts.requestedAt
  const { amountMinor, currency } = facts
  const by = creditBy(facts, now)
  const shown = isDayOver(shownBy(facts), now)
  const told = { amountMinor, currency, at, by, shown, reference: referenceOf(facts) }
  return { en: tellSentence(state, told, 'en'), hi: tellSentence(state, told, 'hi') }
}
