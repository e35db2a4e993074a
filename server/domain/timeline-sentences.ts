/** One sentence per thing that happened to an order, for people. Each says what, how much and through whom. */
import type { FieldChange } from './change.ts'
import { gatewayLabel } from './gateway.ts'
import { formatMoney } from './money.ts'
import { describeStatus, paymentStatusOf, type DisplayStatus } from './payment-status.ts'
import type { RefundFacts } from './refund-display.ts'
import { reasonLabel } from './refund-reason.ts'

export type EntryKind =
  | 'order'
  | 'attempt'
  | 'refund'
  | 'dispute'
  | 'mandate'
  | 'status_check'
  | 'request'
  | 'discrepancy'
  | 'person'
  | 'note'

/** The telling part of a timeline entry. */
export type Sentence = {
  kind: EntryKind
  tone: DisplayStatus | 'info'
  title: string
  detail: string | null
  actorName: string | null
  /** Bank reference to copy. */
  reference: string | null
}

/** What the sentences need to know besides the changes. */
export type TimelineFacts = {
  currency: string
  /** `txnRef` of the attempts in the order they were made. */
  attempts: readonly { txnRef: string; gateway: string | null }[]
  /** The order's refunds and refund requests, as for the refunds list. */
  refunds: readonly RefundFacts[]
}

/** The value a field changed to; null when it did not change or became empty. */
function after(changes: readonly FieldChange[], field: string): string | null {
  return changes.find((change) => change.field === field)?.after ?? null
}

function changeOf(changes: readonly FieldChange[], field: string): FieldChange | null {
  return changes.find((change) => change.field === field) ?? null
}

function toneOf(providerStatus: string): DisplayStatus {
  const status = paymentStatusOf(providerStatus)
  return status === 'created' ? 'pending' : status
}

function money(minor: string | bigint | null, currency: string): string | null {
  if (minor === null || (typeof minor === 'string' && !/^-?\d+$/.test(minor))) return null
  return formatMoney({ minor: BigInt(minor), currency })
}

const PLAIN = { actorName: null, reference: null }

/** Words for fields in "Order details updated". */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  amountMinor: 'amount',
  effectiveAmountMinor: 'amount after offers',
  currency: 'currency',
  customerName: 'customer name',
  customerEmail: 'customer e-mail',
  customerPhone: 'customer phone',
  description: 'description',
  gateway: 'gateway',
  gatewayRef: 'gateway reference',
  rrn: 'bank reference',
  methodType: 'payment method',
  method: 'payment method',
  providerOrderRef: 'Juspay’s order id',
}

/** What changed on the order itself; null when it only follows from an attempt or refund told beside it. */
export function orderSentence(
  changes: readonly FieldChange[],
  context: { currency: string; hasOthers: boolean },
): Sentence | null {
  const status = changeOf(changes, 'providerStatus')
  if (status !== null && status.before === null) {
    const amount = money(after(changes, 'amountMinor'), context.currency)
    const fresh = status.after === 'NEW' || status.after === 'CREATED'
    const title =
      fresh || context.hasOthers ? 'Order created' : `Order first heard of, ${labelOf(status.after)}`
    const tone = fresh || context.hasOthers ? 'info' : toneOf(status.after ?? '')
    return { ...PLAIN, kind: 'order', tone, title, detail: amount }
  }
  if (context.hasOthers) return null
  if (status !== null && status.after !== null) {
    const { label, plain } = describeStatus(status.after)
    return {
      ...PLAIN,
      kind: 'order',
      tone: toneOf(status.after),
      title: `Order is ${label.toLowerCase()}`,
      detail: plain,
    }
  }
  const words = new Set(changes.flatMap((change) => FIELD_WORDS[change.field] ?? []))
  const detail = words.size === 0 ? null : `Changed: ${[...words].join(', ')}`
  return { ...PLAIN, kind: 'order', tone: 'info', title: 'Order details updated', detail }
}

function labelOf(providerStatus: string | null): string {
  return describeStatus(providerStatus ?? '').label.toLowerCase()
}

/** What happened to one attempt. */
export function attemptSentence(
  txnRef: string,
  changes: readonly FieldChange[],
  facts: TimelineFacts,
): Sentence {
  const index = facts.attempts.findIndex((attempt) => attempt.txnRef === txnRef)
  const name = index < 0 ? 'Attempt' : `Attempt ${index + 1}`
  const gateway = after(changes, 'gateway') ?? facts.attempts[index]?.gateway ?? null
  const through = gateway === null ? '' : ` by ${gatewayLabel(gateway)}`
  const status = after(changes, 'providerStatus')
  const amount = money(after(changes, 'amountMinor'), facts.currency)
  if (status === null) {
    const reference = after(changes, 'rrn') ?? after(changes, 'gatewayRef')
    return {
      ...PLAIN,
      kind: 'attempt',
      tone: 'info',
      title: `${name}: details updated`,
      detail: null,
      reference,
    }
  }
  const tone = toneOf(status)
  const error = after(changes, 'errorMessage')
  const detail = error ?? (tone === 'charged' ? amount : describeStatus(status).plain)
  return { ...PLAIN, kind: 'attempt', tone, title: `${name} ${deedOf(status, through)}`, detail }
}

/** Words that say more than the payment status they count as (API reference §4.1). */
const OWN_DEEDS: Readonly<Record<string, (through: string) => string>> = {
  COD_INITIATED: () => 'is to be paid on delivery',
  CAPTURE_INITIATED: (through) => `is being captured${through}`,
  CAPTURE_FAILED: (through) => `not captured${through}, still held`,
  VOID_INITIATED: (through) => `is being released${through}`,
  VOID_FAILED: (through) => `not released${through}, still held`,
  PARTIAL_CHARGED: (through) => `charged in part${through}`,
  AUTO_REFUNDED: () => 'returned by Juspay',
}

function deedOf(status: string, through: string): string {
  const own = OWN_DEEDS[status]
  if (own) return own(through)
  switch (paymentStatusOf(status)) {
    case 'created':
    case 'pending':
      return `started${through.replace(' by ', ' with ')}`
    case 'authorised':
      return `authorised${through}`
    case 'charged':
      return `charged${through}`
    case 'failed':
      return `declined${through}`
    case 'voided':
      return `released${through}`
    case 'unknown':
      return `has a status we do not know: ${status}`
  }
}

/** What happened to one refund; null for steps inside our own house that another entry tells. */
export function refundSentence(
  uniqueRequestId: string,
  changes: readonly FieldChange[],
  facts: TimelineFacts,
): Sentence | null {
  const known = facts.refunds.find((refund) => refund.uniqueRequestId === uniqueRequestId)
  const amount = money(known?.amountMinor ?? after(changes, 'amountMinor'), known?.currency ?? facts.currency)
  const named = `${amount === null ? 'refund' : `refund of ${amount}`}${ofAttempt(known, facts)}`
  const status = changeOf(changes, 'status')
  const reference = after(changes, 'arn') ?? after(changes, 'ref')
  const base = { ...PLAIN, kind: 'refund' as const, reference }
  const where = known?.gateway ? ` through ${gatewayLabel(known.gateway)}` : ''
  if (status === null || status.after === null) {
    if (reference !== null)
      return { ...base, tone: 'info', title: `Bank reference of the ${named} is known`, detail: reference }
    return after(changes, 'sentToGateway') === 'true'
      ? { ...base, tone: 'pending', title: `Juspay passed the ${named} to the gateway`, detail: null }
      : null
  }
  const started = status.before === null && (known === undefined || known.origin !== 'paydesk')
  const maker = known?.origin === 'auto' ? 'by Juspay’s own rules' : 'outside Paydesk'
  const detail = started ? `Made ${maker}` : null
  switch (status.after) {
    case 'ready':
      return null
    case 'sending':
      return { ...base, tone: 'pending', title: `Sending the ${named} to Juspay`, detail }
    case 'pending':
      return {
        ...base,
        tone: 'pending',
        title: `${capital(named)} is on its way${where}`,
        detail: detail ?? 'Juspay has accepted it',
      }
    case 'succeeded':
      return {
        ...base,
        tone: 'refunded',
        title: `${capital(named)} succeeded${where}`,
        detail: reference ?? detail,
      }
    case 'failed':
      return {
        ...base,
        tone: 'failed',
        title: `${capital(named)} failed${where}`,
        detail: after(changes, 'errorMessage') ?? detail,
      }
    case 'rejected':
      return {
        ...base,
        tone: 'failed',
        title: `Juspay refused the ${named}`,
        detail: after(changes, 'errorMessage'),
      }
    case 'manual_review':
      return { ...base, tone: 'review', title: `${capital(named)} needs review at Juspay`, detail }
    default:
      return {
        ...base,
        tone: 'review',
        title: `No clear answer about the ${named}`,
        detail: 'We keep asking Juspay; it is not sent twice',
      }
  }
}

/** " of attempt 2", where the order has several and it is known which one the refund gives back. */
function ofAttempt(refund: RefundFacts | undefined, { attempts }: TimelineFacts): string {
  const number = refund?.attemptNumber ?? null
  return number === null || attempts.length < 2 ? '' : ` of attempt ${number}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What happened to a refund request. */
export function requestSentence(
  requestId: string | null,
  changes: readonly FieldChange[],
  facts: TimelineFacts,
): Sentence | null {
  const status = changeOf(changes, 'status')
  if (status === null) return null
  const request = facts.refunds.find((refund) => refund.requestId === requestId)
  const amount = money(request?.amountMinor ?? null, request?.currency ?? facts.currency) ?? 'an amount'
  const asker = request?.requestedBy?.name ?? null
  const decider = request?.decidedBy?.name ?? null
  const why =
    request?.reason == null ? null : [reasonLabel(request.reason), request.note].filter(Boolean).join(': ')
  const base = { kind: 'request' as const, reference: null }
  const of = ofAttempt(request, facts)
  const asked = `${asker ?? 'Someone'} asked to refund ${amount}${of}`
  switch (status.after) {
    case 'pending_approval':
      return status.before === null
        ? { ...base, tone: 'pending', title: asked, detail: why, actorName: asker }
        : {
            ...base,
            tone: 'pending',
            title: `The refund of ${amount}${of} needs approval again`,
            detail: null,
            actorName: null,
          }
    case 'approved':
      return status.before === null
        ? { ...base, tone: 'info', title: asked, detail: why, actorName: asker }
        : {
            ...base,
            tone: 'info',
            title: `${decider ?? 'Someone'} approved the refund of ${amount}${of}`,
            detail: request?.decisionNote ?? null,
            actorName: decider,
          }
    case 'rejected':
      return {
        ...base,
        tone: 'failed',
        title: `${decider ?? 'Someone'} rejected the refund of ${amount}${of}`,
        detail: request?.decisionNote ?? null,
        actorName: decider,
      }
    case 'withdrawn':
      return {
        ...base,
        tone: 'info',
        title: `${asker ?? 'Someone'} withdrew the refund of ${amount}${of}`,
        detail: null,
        actorName: asker,
      }
    case 'expired':
      return {
        ...base,
        tone: 'info',
        title: `The request to refund ${amount}${of} expired`,
        detail: 'Nobody decided in time',
        actorName: null,
      }
    default:
      return null
  }
}
