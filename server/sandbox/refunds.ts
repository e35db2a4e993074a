import type { Context } from './context.ts'
import { emitOrderEvent } from './events.ts'
import { alphanumeric, digits } from './random.ts'
import type {
  AttemptRecord,
  EventName,
  OrderRecord,
  RefundOutcome,
  RefundRecord,
  RefundStatus,
} from './types.ts'

const DAY_MS = 24 * 60 * 60_000

export type RefundAsk = {
  uniqueRequestId: string
  amountMinor: bigint
  initiatedBy: string
  refundType: string
  outcome: RefundOutcome
  webhookUrl: string | null
  /** Sent to the gateway in the call itself: instant refunds (reference 5.2). */
  atOnce?: boolean
  source?: string
  settlement?: Record<string, unknown>
}

function isAuto(refund: RefundRecord): boolean {
  return refund.initiatedBy === 'AUTO_REFUNDED'
}

function logState(
  context: Context,
  order: OrderRecord,
  refund: RefundRecord,
  from: RefundStatus,
  at: number,
): void {
  context.ledger.append('refund_state', at, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    uniqueRequestId: refund.uniqueRequestId,
    from,
    status: refund.status,
    sentToGateway: refund.sentToGateway,
    amountMinor: refund.amountMinor.toString(),
    ref: refund.ref,
    arn: refund.arn,
  })
}

function announce(
  context: Context,
  name: EventName,
  order: OrderRecord,
  refund: RefundRecord,
  at: number,
): void {
  emitOrderEvent(context, name, order, context.records.attempt(refund.txnUuid), at, refund.webhookUrl)
}

/**
 * Takes a refund on: PENDING, not yet at the gateway (reference 5.3). The acceptance reaches the disk before
 * anything is answered, so the ledger can never miss money that left.
 */
export function acceptRefund(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  ask: RefundAsk,
  at: number,
): RefundRecord {
  const { outcome, atOnce = false, source = attempt.instrument.gateway, ...asked } = ask
  const refund = context.records.insertRefund({
    ...asked,
    orderKey: order.id,
    txnUuid: attempt.txnUuid,
    status: 'PENDING',
    sentToGateway: false,
    source,
    plannedOutcome: outcome,
    ref: null,
    rrn: null,
    arn: null,
    errorCode: null,
    errorMessage: '',
    createdAt: at,
    updatedAt: at,
    processedAt: null,
  })
  const facts = {
    merchantId: order.merchantId,
    orderId: order.orderId,
    uniqueRequestId: refund.uniqueRequestId,
    amountMinor: refund.amountMinor.toString(),
    currency: order.currency,
    txnId: attempt.txnId,
    initiatedBy: refund.initiatedBy,
  }
  context.ledger.append('refund_accepted', at, facts, true)
  const { refundQueueSeconds } = context.configuration.settings()
  const isQueued = !atOnce && refundQueueSeconds > 0
  if (isQueued) context.scheduler.add('refund.send', at + refundQueueSeconds * 1_000, refund.seq)
  if (!isAuto(refund)) announce(context, 'REFUND_INITIATED', order, refund, at)
  if (!isQueued) sendToGateway(context, refund, at)
  return context.records.refund(refund.seq) ?? refund
}

function sendToGateway(context: Context, refund: RefundRecord, at: number): void {
  if (refund.status !== 'PENDING' || refund.sentToGateway) return
  const order = context.records.order(refund.orderKey)
  if (!order) return
  const { refundSettleSeconds, refundReviewDays } = context.configuration.settings()
  const sent: RefundRecord = { ...refund, sentToGateway: true, updatedAt: at }
  context.records.saveRefund(sent)
  logState(context, order, sent, 'PENDING', at)
  if (refund.plannedOutcome === 'stuck') {
    context.scheduler.add('refund.review', refund.createdAt + refundReviewDays * DAY_MS, refund.seq)
  } else if (refundSettleSeconds > 0) {
    context.scheduler.add('refund.settle', at + refundSettleSeconds * 1_000, refund.seq)
  } else {
    settleRefund(context, sent, refund.plannedOutcome === 'failure' ? 'FAILURE' : 'SUCCESS', at)
  }
}

function succeeded(refund: RefundRecord, at: number): RefundRecord {
  const rrn = digits(12)
  const isRazorpay = refund.source === 'RAZORPAY'
  return {
    ...refund,
    status: 'SUCCESS',
    sentToGateway: true,
    ref: isRazorpay ? `rfnd_${alphanumeric(14)}` : rrn,
    rrn,
    errorCode: isRazorpay ? 'processed' : '00',
    errorMessage: isRazorpay ? 'processed' : 'Refund Success',
    updatedAt: at,
    processedAt: at,
  }
}

function failed(refund: RefundRecord, at: number): RefundRecord {
  return {
    ...refund,
    status: 'FAILURE',
    sentToGateway: true,
    ref: null,
    errorCode: '105',
    errorMessage: 'Refund FAILURE - Invalid amount',
    updatedAt: at,
    processedAt: null,
  }
}

function inReview(refund: RefundRecord, at: number): RefundRecord {
  const errorMessage = 'Refund request was raised for this transaction. But it is pending state.'
  return { ...refund, status: 'MANUAL_REVIEW', sentToGateway: true, errorMessage, updatedAt: at }
}

/** Puts a refund into a state, with ledger line and webhook. Also the hand of a person in manual review. */
export function settleRefund(
  context: Context,
  refund: RefundRecord,
  status: Exclude<RefundStatus, 'PENDING'>,
  at: number,
): RefundRecord | null {
  const order = context.records.order(refund.orderKey)
  if (!order) return null
  const settled = { SUCCESS: succeeded, FAILURE: failed, MANUAL_REVIEW: inReview }[status](refund, at)
  context.records.saveRefund(settled)
  order.updatedAt = at
  context.records.saveOrder(order)
  logState(context, order, settled, refund.status, at)
  const auto = isAuto(refund)
  if (status === 'SUCCESS') {
    announce(context, auto ? 'AUTO_REFUND_SUCCEEDED' : 'ORDER_REFUNDED', order, settled, at)
    context.scheduler.add(
      'refund.arn',
      at + context.configuration.settings().refundArnSeconds * 1_000,
      refund.seq,
    )
  } else if (status === 'FAILURE') {
    announce(context, auto ? 'AUTO_REFUND_FAILED' : 'ORDER_REFUND_FAILED', order, settled, at)
  } else {
    announce(context, 'REFUND_MANUAL_REVIEW_NEEDED', order, settled, at)
  }
  return settled
}

function captureArn(context: Context, refund: RefundRecord, at: number): void {
  const order = context.records.order(refund.orderKey)
  if (!order || refund.status !== 'SUCCESS' || refund.arn !== null) return
  const known: RefundRecord = { ...refund, arn: `74${digits(21)}`, updatedAt: at }
  context.records.saveRefund(known)
  logState(context, order, known, 'SUCCESS', at)
  announce(context, 'REFUND_ARN_CAPTURED', order, known, at)
}

/** Connects the refund timers; called once at start. */
export function scheduleRefunds(context: Context): void {
  const withRefund = (work: (refund: RefundRecord, at: number) => void) => (payload: unknown, at: number) => {
    const refund = context.records.refund(Number(payload))
    if (refund) work(refund, at)
  }
  const { scheduler } = context
  scheduler.handle(
    'refund.send',
    withRefund((refund, at) => sendToGateway(context, refund, at)),
  )
  scheduler.handle(
    'refund.settle',
    withRefund((refund, at) => {
      if (refund.status !== 'PENDING') return
      settleRefund(context, refund, refund.plannedOutcome === 'failure' ? 'FAILURE' : 'SUCCESS', at)
    }),
  )
  scheduler.handle(
    'refund.review',
    withRefund((refund, at) => {
      if (refund.status === 'PENDING') settleRefund(context, refund, 'MANUAL_REVIEW', at)
    }),
  )
  scheduler.handle(
    'refund.arn',
    withRefund((refund, at) => captureArn(context, refund, at)),
  )
}
