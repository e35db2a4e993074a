import { formatMoney } from './money.ts'
import type { RefundOrigin, RefundStatus } from './refund.ts'
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
}

export type RefundRow = Omit<RefundFacts, 'requestStatus' | 'refundStatus' | 'sentToGateway'> & {
  status: RefundDisplay
  /** Where the money is, in plain words. */
  where: string
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

const DAY_MS = 86_400_000
/** After this Juspay moves a pending refund to manual review (§2.3, API reference §5.3). */
const PENDING_DAYS_MAX = 10
/** Promise to the customer. Working days are not known here, so nine days stand for seven of them. */
const LATE_AFTER_DAYS = 9

/** Where a refund is, in plain words. */
export function refundWhere(facts: RefundFacts, now: Date): string {
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
      return facts.arn !== null || facts.ref !== null
        ? 'Paid back by the bank'
        : 'Paid back, bank reference to follow'
    case 'failed':
      return 'The gateway could not pay it back'
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
  if (!facts.sentToGateway) return 'Queued at Juspay'
  const since = (facts.sentAt ?? facts.requestedAt).getTime()
  const days = Math.floor((now.getTime() - since) / DAY_MS)
  if (days >= LATE_AFTER_DAYS) return 'Late. With the gateway'
  const left = PENDING_DAYS_MAX - days
  return days === 0
    ? 'With the gateway'
    : `With the gateway, ${left} ${left === 1 ? 'day' : 'days'} until review`
}

/** The row as screens show it. */
export function refundRow(facts: RefundFacts, now: Date): RefundRow {
  const { requestStatus: _request, refundStatus: _refund, sentToGateway: _sent, ...rest } = facts
  return {
    ...rest,
    reason: facts.reason === null ? null : reasonLabel(facts.reason),
    status: refundDisplay(facts),
    where: refundWhere(facts, now),
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
      at: facts.refundStatus === 'succeeded' ? facts.settledAt : null,
      by: facts.gateway,
    },
  ]
}

const IST = 'Asia/Kolkata'

function dayText(at: Date, locale: 'en-IN' | 'hi-IN'): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    timeZone: IST,
    numberingSystem: 'latn',
  }).format(at)
}

/**
 * What to tell the customer, ready to copy, in English and Hindi; null when there is nothing to promise yet (nobody
 * has approved it, or we do not know whether it was made).
 */
export function tellCustomer(facts: RefundFacts): { en: string; hi: string } | null {
  const money = formatMoney({ minor: facts.amountMinor, currency: facts.currency })
  const reference = facts.arn ?? facts.ref
  const status = refundDisplay(facts)
  if (status === 'succeeded') {
    const at = facts.settledAt ?? facts.sentAt ?? facts.requestedAt
    return {
      en: `We refunded ${money} on ${dayText(at, 'en-IN')}.${reference === null ? '' : ` Your bank reference is ${reference}.`} It can take 5 to 7 working days to show.`,
      hi: `हमने ${dayText(at, 'hi-IN')} को ${money} वापस कर दिए हैं।${reference === null ? '' : ` आपका बैंक संदर्भ क्रमांक ${reference} है।`} खाते में दिखने में 5 से 7 कार्य दिवस लग सकते हैं।`,
    }
  }
  if (status === 'pending') {
    return {
      en: `Your refund of ${money} is on its way. It can take 5 to 7 working days to show.`,
      hi: `आपके ${money} वापस भेजे जा रहे हैं। खाते में दिखने में 5 से 7 कार्य दिवस लग सकते हैं।`,
    }
  }
  if (status === 'review' || status === 'unknown' || status === 'failed') {
    return {
      en: `We are checking your refund of ${money} with the bank and will tell you as soon as we know more.`,
      hi: `हम आपके ${money} की वापसी के बारे में बैंक से पूछ रहे हैं और पता चलते ही आपको बताएँगे।`,
    }
  }
  return null
}
