import { currentOrder } from './current-order.ts'
import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import { mandatoryMissing, orderNotFound, refundErrors, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { jsonAmount, parseDecimal } from './money.ts'
import { checkRefund } from './refund-rules.ts'
import { acceptRefund } from './refunds.ts'
import type { RefundAsk } from './refunds.ts'
import { isSplit, refundedMinor } from './serialise.ts'
import { settlementOfRefund } from './split-settlement.ts'
import { splitRefund } from './split-tender.ts'
import type { JsonObject } from './serialise.ts'
import { winningAttempt } from './status.ts'
import type { AttemptRecord, OrderRecord, RefundRecord } from './types.ts'

/** Reference 5.1: fewer than 21 characters. */
const ID_LIMIT = 20

type Part = { refund: RefundRecord; attempt: AttemptRecord }
/** What one call became: one refund, or one for each instrument. */
type Accepted = { parts: readonly Part[]; amountMinor: bigint }

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

/** Reference 5.2: a card gets its money at once through another gateway, when the merchant has that switched on. */
const INSTANT = { gateway: 'MORPHEUS', source: 'YESBANK_VISADIRECT' }

/** How a refund of this type is paid, or why it cannot be; INSTANT_WITH_FALLBACK is then paid like any other. */
function wayOf(
  call: ApiCall,
  attempt: AttemptRecord,
): { refusal: ApiAnswer } | Pick<RefundAsk, 'refundType' | 'atOnce' | 'source'> {
  const refundType = text(call.params, 'refund_type') || 'STANDARD'
  if (refundType !== 'INSTANT' && refundType !== 'INSTANT_WITH_FALLBACK') return { refundType }
  const { instantRefunds } = call.merchant
  const isCard = attempt.instrument.type === 'CARD'
  if (instantRefunds && isCard) return { refundType: 'INSTANT', atOnce: true, source: INSTANT.source }
  if (refundType === 'INSTANT_WITH_FALLBACK') return { refundType: 'STANDARD' }
  return { refusal: instantRefunds ? refundErrors.notInstant() : refundErrors.instantOff() }
}

function decide(context: Context, call: ApiCall, order: OrderRecord): { refusal: ApiAnswer } | Accepted {
  const uniqueRequestId = text(call.params, 'unique_request_id') ?? ''
  const amountMinor = askedAmount(context, call, order)
  const negative = (text(call.params, 'amount') ?? '').startsWith('-')
  if (amountMinor === null || negative) return { refusal: refundErrors.invalidAmount() }
  const txnId = text(call.params, 'txn_id') || null
  const checked = checkRefund(context, order, uniqueRequestId, amountMinor, txnId, call.at)
  if ('refusal' in checked) return checked
  const way = wayOf(call, checked.attempt)
  if ('refusal' in way) return way
  const settlement = settlementOfRefund(call.params.get('metadata.split_settlement_details'))
  const ask = {
    ...way,
    initiatedBy: text(call.params, 'initiated_by') || 'API',
    outcome: context.configuration.settings().refundOutcome,
    webhookUrl: text(call.params, 'webhook_url') || null,
    ...(settlement ? { settlement } : {}),
  }
  const asked = isSplit(order)
    ? splitRefund(context, order, uniqueRequestId, amountMinor)
    : [{ attempt: checked.attempt, amountMinor, uniqueRequestId }]
  const parts = asked.map(({ attempt, ...part }) => ({
    refund: acceptRefund(context, order, attempt, { ...ask, ...part }, call.at),
    attempt,
  }))
  return parts.length === 0 ? { refusal: refundErrors.exceeded() } : { parts, amountMinor }
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

function flatFields({ refund, attempt }: Part, currency: string): JsonObject {
  return {
    unique_request_id: refund.uniqueRequestId,
    txn_id: attempt.txnId,
    status: refund.status,
    sent_to_gateway: refund.sentToGateway,
    refund_type: refund.refundType,
    refund_source: refund.source,
    refund_arn: refund.arn,
    reference_id: refund.ref,
    gateway: refund.refundType === 'INSTANT' ? INSTANT.gateway : attempt.instrument.gateway,
    epg_txn_id: refund.status === 'SUCCESS' ? attempt.epgTxnId : null,
    authorization_id: null,
    amount: jsonAmount(refund.amountMinor, currency),
  }
}

/** One flat refund; of an order paid with several instruments it lists its parts (samples refund/23, 26). */
function flatRefund(order: OrderRecord, { parts, amountMinor }: Accepted): JsonObject {
  const [first] = parts
  if (!first) return {}
  const isWhole = parts.length === 1
  return {
    ...flatFields(first, order.currency),
    order_id: order.orderId,
    response_code: null,
    initiated_by: first.refund.initiatedBy,
    error_message: null,
    created: utcSeconds(first.refund.createdAt),
    amount: jsonAmount(amountMinor, order.currency),
    ...(isWhole ? {} : { split_refund_details: parts.map((part) => flatFields(part, order.currency)) }),
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
  return 'refusal' in taken ? taken.refusal : { status: 200, body: flatRefund(taken.order, taken) }
}
