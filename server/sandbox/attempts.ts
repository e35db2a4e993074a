import type { Context } from './context.ts'
import { isRefundedByRule, startAutoRefund } from './auto-refunds.ts'
import { emitOrderEvent, emitTxnEvent } from './events.ts'
import { moveMandate } from './mandates.ts'
import { payableMinor, priceOf } from './pricing.ts'
import { alphanumeric, digits } from './random.ts'
import { splitStatus } from './serialise.ts'
import type { AttemptRecord, AttemptStatus, Instrument, OrderRecord } from './types.ts'

/** Reference 3.4: at most 25 transactions an order. */
export const MAX_ATTEMPTS = 25

type Reason = Pick<AttemptRecord, 'errorCode' | 'errorMessage' | 'respCode' | 'respMessage' | 'respCategory'>

/** Typical reasons in the words gateways use. */
const REASONS: Partial<Record<AttemptStatus, Reason>> = {
  AUTHENTICATION_FAILED: {
    errorCode: 'TXN_NOT_AUTHENTICATED',
    errorMessage: 'Customer did not complete authentication',
    respCode: 'USER_DECLINED',
    respMessage: 'Authentication was not completed',
    respCategory: 'USER_DROPPED',
  },
  AUTHORIZATION_FAILED: {
    errorCode: '51',
    errorMessage: 'Not sufficient funds',
    respCode: 'INSUFFICIENT_FUNDS',
    respMessage: 'Insufficient balance in the account',
    respCategory: 'BUSINESS_ERROR',
  },
  JUSPAY_DECLINED: {
    errorCode: 'JP_001',
    errorMessage: 'Transaction was declined',
    respCode: 'DECLINED',
    respMessage: 'Transaction was declined',
    respCategory: 'GATEWAY_VALIDATION_ERROR',
  },
  // Not a failure, but gateways say it in the same fields (sample order-status/120).
  COD_INITIATED: {
    errorCode: 'INITIATED',
    errorMessage: 'COD initiated successfully',
    respCode: null,
    respMessage: null,
    respCategory: null,
  },
  CAPTURE_FAILED: {
    errorCode: 'CAPTURE_DECLINED',
    errorMessage: 'Capture was declined by the acquirer',
    respCode: 'CAPTURE_FAILED',
    respMessage: 'Capture failed',
    respCategory: 'GATEWAY_ERROR',
  },
  VOID_FAILED: {
    errorCode: 'VOID_DECLINED',
    errorMessage: 'Reversal was declined by the acquirer',
    respCode: 'VOID_FAILED',
    respMessage: 'Void failed',
    respCategory: 'GATEWAY_ERROR',
  },
}

function gatewayReference(instrument: Instrument): string {
  return instrument.gateway === 'RAZORPAY' ? `pay_${alphanumeric(14)}` : digits(11)
}

/**
 * Starts an attempt (PENDING_VBV) and queues TXN_CREATED.
 * @returns null when the order already has 25 attempts
 */
export function startAttempt(
  context: Context,
  order: OrderRecord,
  instrument: Instrument,
  at: number,
  /** Of an order paid with several instruments: what this one pays. */
  partMinor: bigint | null = null,
): AttemptRecord | null {
  const n = context.records.attempts(order.id).length + 1
  if (n > MAX_ATTEMPTS) return null
  const merchant = context.configuration.merchant(order.merchantId)
  const prefix = merchant?.txnIdPrefix ?? order.merchantId
  const terms = order.terms ?? merchant
  const price = terms && partMinor === null ? priceOf(order, terms) : null
  const attempt: AttemptRecord = {
    txnUuid: `moz${alphanumeric(16)}`,
    orderKey: order.id,
    n,
    txnId: `${prefix}-${order.orderId}-${n}`,
    status: 'PENDING_VBV',
    amountMinor: price ? payableMinor(price) : (partMinor ?? order.amountMinor),
    ...(price ? { price } : {}),
    instrument,
    channel: 'WEB',
    rrn: digits(12),
    epgTxnId: gatewayReference(instrument),
    authId: digits(6),
    errorCode: '',
    errorMessage: '',
    respCode: null,
    respMessage: null,
    respCategory: null,
    createdAt: at,
    updatedAt: at,
  }
  context.records.insertAttempt(attempt)
  logAttempt(context, order, attempt, null, at)
  touch(context, order, at)
  // A mandate that failed with an earlier attempt is asked for again.
  if (order.mandate?.status !== 'ACTIVE') moveMandate(context, order, 'CREATED', 'MANDATE_CREATED', at)
  emitOrderEvent(context, 'TXN_CREATED', order, attempt, at)
  return attempt
}

function touch(context: Context, order: OrderRecord, at: number): void {
  order.updatedAt = at
  context.records.saveOrder(order)
}

function logAttempt(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  from: AttemptStatus | null,
  at: number,
): void {
  context.ledger.append(attempt.status === 'CHARGED' ? 'charge' : 'attempt', at, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    txnId: attempt.txnId,
    txnUuid: attempt.txnUuid,
    from,
    status: attempt.status,
    amountMinor: attempt.amountMinor.toString(),
    gateway: attempt.instrument.gateway,
  })
}

/** Moves an attempt to a status, stores it, logs it. No events: the callers below know which ones belong. */
export function moveAttempt(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  status: AttemptStatus,
  at: number,
): AttemptRecord {
  const cleared = { errorCode: '', errorMessage: '', respCode: null, respMessage: null, respCategory: null }
  const moved: AttemptRecord = { ...attempt, ...cleared, ...REASONS[status], status, updatedAt: at }
  context.records.saveAttempt(moved)
  logAttempt(context, order, moved, attempt.status, at)
  touch(context, order, at)
  return moved
}

/** Takes the money; what Juspay returns by rule goes back at once (reference 4.3). */
export function chargeAttempt(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  at: number,
): AttemptRecord {
  const merchant = context.configuration.merchant(order.merchantId)
  const goesBack = isRefundedByRule(merchant, order, attempt, context.records.attempts(order.id), at)
  const charged = moveAttempt(context, order, attempt, 'CHARGED', at)
  emitTxnEvent(context, 'TXN_CHARGED', order, charged, at)
  moveMandate(context, order, 'ACTIVE', 'MANDATE_ACTIVATED', at)
  if (goesBack) return startAutoRefund(context, order, charged, at)
  const isPartial = splitStatus(order, context.records.attempts(order.id)) === 'PARTIAL_CHARGED'
  emitOrderEvent(context, isPartial ? 'ORDER_PARTIAL_CHARGED' : 'ORDER_SUCCEEDED', order, charged, at)
  return charged
}

export function failAttempt(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  status: 'AUTHENTICATION_FAILED' | 'AUTHORIZATION_FAILED' | 'JUSPAY_DECLINED',
  at: number,
): AttemptRecord {
  const failed = moveAttempt(context, order, attempt, status, at)
  emitTxnEvent(context, 'TXN_FAILED', order, failed, at)
  if (order.mandate?.status === 'CREATED') moveMandate(context, order, 'FAILURE', 'MANDATE_FAILED', at)
  emitOrderEvent(context, 'ORDER_FAILED', order, failed, at)
  return failed
}

/** What comes of a good attempt: a charge, a promise to pay on delivery, or a hold instead of a charge when the order asked for pre-authorisation. */
export function succeedAttempt(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  at: number,
): AttemptRecord {
  if (attempt.instrument.type === 'CASH') {
    const promised = moveAttempt(context, order, attempt, 'COD_INITIATED', at)
    emitOrderEvent(context, 'ORDER_COD_INITIATED', order, promised, at)
    return promised
  }
  if (order.autoCapture) return chargeAttempt(context, order, attempt, at)
  const held = moveAttempt(context, order, attempt, 'AUTHORIZED', at)
  emitOrderEvent(context, 'ORDER_AUTHORIZED', order, held, at)
  return held
}
