import { currentOrder } from './api-orders.ts'
import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import { mandatoryMissing, orderNotFound, refundErrors, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { jsonAmount, parseDecimal } from './money.ts'
import { checkRefund } from './refund-rules.ts'
import { acceptRefund } from './refunds.ts'
import { isSplit, refundedMinor } from './serialise.ts'
import { splitRefund } from './split-tender.ts'
import type { JsonObject } from './serialise.ts'
import { winningAttempt } from './status.ts'
import type { AttemptRecord, OrderRecord, RefundRecord } from './types.ts'

/** Reference 5.1: fewer than 21 characters. */
const ID_LIMIT = 20

type Accepted = { refund: RefundRecord; attempt: AttemptRecord }

/** The amount asked for; when the switch allows its absence, all that is left. Null is unreadable. */
function askedAmount(context: Context, call: ApiCall, order: OrderRecord): bigint | null {
  const asked = text(call.params, 'amount')
  if (asked !== undefined && asked !== '') return parseDecimal(asked.replace(/^-/, '0'), order.currency)
  const attempt = winningAttempt(context.records.attempts(order.id))
  const refunds = context.records.refunds(order.id).filter((refund) => refund.txnUuid === attempt?.txnUuid)
  return (attempt?.amountMinor ?? 0n) - refundedMinor(refunds)
}

function refuse(context: Context, call: ApiCall, orderId: string, refusal: ApiAnswer): ApiAnswer {
  context.ledger.append('refund_refused', call.at, {
    merchantId: call.merchant.merchantId,
    orderId,
    uniqueRequestId: text(call.params, 'unique_request_id') ?? null,
    amount: text(call.params, 'amount') ?? null,
    status: refusal.status,
    body: refusal.body,
  })
  return refusal
}

function decide(context: Context, call: ApiCall, order: OrderRecord): { refusal: ApiAnswer } | Accepted {
  const uniqueRequestId = text(call.params, 'unique_request_id') ?? ''
  const amountMinor = askedAmount(context, call, order)
  const negative = (text(call.params, 'amount') ?? '').startsWith('-')
  if (amountMinor === null || negative) return { refusal: refundErrors.invalidAmount() }
  const txnId = text(call.params, 'txn_id') || null
  const checked = checkRefund(context, order, uniqueRequestId, amountMinor, txnId, call.at)
  if ('refusal' in checked) return checked
  const ask = {
    uniqueRequestId,
    amountMinor,
    initiatedBy: text(call.params, 'initiated_by') || 'API',
    refundType: text(call.params, 'refund_type') || 'STANDARD',
    outcome: context.configuration.settings().refundOutcome,
    webhookUrl: text(call.params, 'webhook_url') || null,
  }
  if (!isSplit(order))
    return { refund: acceptRefund(context, order, checked.attempt, ask, call.at), attempt: checked.attempt }
  const [first] = splitRefund(context, order, uniqueRequestId, amountMinor).map(({ attempt, ...part }) => ({
    refund: acceptRefund(context, order, attempt, { ...ask, ...part }, call.at),
    attempt,
  }))
  return first ?? { refusal: refundErrors.exceeded() }
}

function takeRefund(
  context: Context,
  call: ApiCall,
  orderId: string,
): { refusal: ApiAnswer } | (Accepted & { order: OrderRecord }) {
  const settings = context.configuration.settings()
  const id = text(call.params, 'unique_request_id') ?? ''
  const hasAmount = (text(call.params, 'amount') ?? '') !== '' || settings.refundAmountOptional
  if (id === '' || !hasAmount) return { refusal: refuse(context, call, orderId, mandatoryMissing()) }
  if (id.length > ID_LIMIT) {
    const message = 'unique_request_id should be less than 21 characters'
    const refusal = structuredError({ errorCode: 'invalid_request', message, code: 'INVALID_INPUT' })
    return { refusal: refuse(context, call, orderId, refusal) }
  }
  const order = context.records.orderOf(call.merchant.merchantId, orderId)
  if (!order) {
    return { refusal: refuse(context, call, orderId, orderNotFound(settings.unknownOrderOnRefund, orderId)) }
  }
  const decided = decide(context, call, order)
  if ('refusal' in decided) return { refusal: refuse(context, call, orderId, decided.refusal) }
  return { ...decided, order }
}

/** `POST /orders/:id/refunds` (reference 5.1): answers with the whole order. */
export function refundOrder(context: Context, call: ApiCall): ApiAnswer {
  const taken = takeRefund(context, call, call.target)
  return 'refusal' in taken ? taken.refusal : { status: 200, body: currentOrder(context, taken.order) }
}

function flatRefund({ order, refund, attempt }: Accepted & { order: OrderRecord }): JsonObject {
  return {
    unique_request_id: refund.uniqueRequestId,
    txn_id: attempt.txnId,
    order_id: order.orderId,
    status: refund.status,
    sent_to_gateway: refund.sentToGateway,
    response_code: null,
    refund_type: refund.refundType,
    refund_source: refund.source,
    refund_arn: null,
    reference_id: null,
    initiated_by: refund.initiatedBy,
    gateway: attempt.instrument.gateway,
    error_message: null,
    epg_txn_id: null,
    created: utcSeconds(refund.createdAt),
    authorization_id: null,
    amount: jsonAmount(refund.amountMinor, order.currency),
  }
}

/** `POST /refunds` (reference 5.2): by txn_id or order_id, answers with one flat refund. */
export function refundTransaction(context: Context, call: ApiCall): ApiAnswer {
  const txnId = text(call.params, 'txn_id') ?? ''
  const attempt = txnId === '' ? null : context.records.attemptByTxnId(txnId)
  const owner = attempt ? context.records.order(attempt.orderKey) : null
  const orderId = owner?.orderId ?? text(call.params, 'order_id') ?? ''
  if (orderId === '' && txnId === '') return refuse(context, call, orderId, mandatoryMissing())
  const taken = takeRefund(context, call, orderId)
  return 'refusal' in taken ? taken.refusal : { status: 200, body: flatRefund(taken) }
}
