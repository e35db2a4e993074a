import { utcSeconds } from './clock.ts'
import { jsonAmount } from './money.ts'
import { offersOf } from './pricing.ts'
import { cardBlock, gatewayBlock, gatewayId, subDetails, txnDetail, upiBlock } from './serialise-attempt.ts'
import { mandateBlock } from './side-events.ts'
import { settlementBlock } from './split-settlement.ts'
import { STATUS_ID } from './status.ts'
import type { AttemptRecord, OrderRecord, RefundRecord } from './types.ts'

export type JsonObject = Record<string, unknown>

/** What an answer shows of an order: one attempt and that attempt's refunds (reference 3.4, last rule). */
export type OrderView = {
  order: OrderRecord
  attempt: AttemptRecord | null
  refunds: readonly RefundRecord[]
  /** Address of the sandbox as the payer's browser sees it. */
  publicUrl: string
  fullGatewayResponse: boolean
  /** All attempts and refunds of an order that is paid with several instruments; null for any other. */
  split: { attempts: readonly AttemptRecord[]; refunds: readonly RefundRecord[] } | null
}

/** Money still held by refunds: pending and manual review count, failures do not (reference 3.5). */
export function refundedMinor(refunds: readonly RefundRecord[]): bigint {
  return refunds.reduce((sum, refund) => (refund.status === 'FAILURE' ? sum : sum + refund.amountMinor), 0n)
}

/**
 * The refunds an answer about this attempt lists: its own, and those people asked for on other attempts.
 * A refund by rule of a second charge is told only with that charge ("the order object shows only one", pitfall 10).
 */
export function visibleRefunds(
  refunds: readonly RefundRecord[],
  attempt: AttemptRecord | null,
): RefundRecord[] {
  return refunds.filter(
    (refund) => refund.txnUuid === attempt?.txnUuid || refund.initiatedBy !== 'AUTO_REFUNDED',
  )
}

export function paymentLinks(publicUrl: string, order: OrderRecord): JsonObject {
  const page = `${publicUrl}/payment-page/order/${order.id}`
  return { web: page, mobile: page, iframe: `${page}?embed=1` }
}

/** What the caller sent, and what Juspay keeps beside it (reference 3.5 `metadata`). */
function metadataBlock(order: OrderRecord, publicUrl: string): JsonObject {
  return {
    ...order.metadata,
    ...(order.clientId === undefined ? {} : { payment_page_client_id: order.clientId }),
    payment_links: paymentLinks(publicUrl, order),
    order_expiry: utcSeconds(order.expiresAt),
  }
}

/** An item of the basket comes back with every field there is, null where the caller named none (sample 130). */
const BASKET_ITEM = {
  productName: null,
  productUrl: null,
  category: null,
  quantity: null,
  customParams: null,
  passenger: null,
  id: null,
  sku: null,
  productRisk: null,
  unitPrice: null,
  shippingDestinationType: null,
  description: null,
  productCode: null,
  sellerType: null,
}

function basketItem(item: unknown): unknown {
  return typeof item === 'object' && item !== null ? { ...BASKET_ITEM, ...item } : item
}

function orderBlock({ order, attempt, refunds, publicUrl }: OrderView): JsonObject {
  const status = attempt?.status ?? 'NEW'
  const udf = Object.fromEntries(order.udf.map((value, index) => [`udf${index + 1}`, value]))
  return {
    customer_email: order.customerEmail,
    customer_phone: order.customerPhone,
    customer_id: order.customerId,
    status,
    status_id: STATUS_ID[status],
    id: order.id,
    merchant_id: order.merchantId,
    amount: jsonAmount(order.amountMinor, order.currency),
    currency: order.currency,
    order_id: order.orderId,
    date_created: utcSeconds(order.createdAt),
    last_updated: utcSeconds(order.updatedAt),
    order_expiry: utcSeconds(order.expiresAt),
    return_url: order.returnUrl,
    product_id: order.productId,
    description: order.description,
    first_name: order.firstName,
    last_name: order.lastName,
    payment_links: paymentLinks(publicUrl, order),
    ...udf,
    metadata: metadataBlock(order, publicUrl),
    ...(order.basket ? { basket: order.basket.map(basketItem) } : {}),
    additional_info: {},
    offers: offersOf(order, attempt, refunds),
  }
}

function refundedBlock(charged: bigint, refunded: bigint, currency: string): JsonObject {
  return {
    refunded: refunded > 0n && refunded >= charged,
    amount_refunded: jsonAmount(refunded, currency),
  }
}

/** What a pre-authorised order adds: nothing is captured or refundable while the money is only held (samples 020, 129). */
function capturedBlock(captured: bigint, refunded: bigint, { currency }: OrderRecord): JsonObject {
  return {
    captured_amount: jsonAmount(captured, currency),
    refundable_amount: jsonAmount(captured - refunded, currency),
  }
}

function moneyBlock({ order, attempt, refunds }: OrderView): JsonObject {
  const effective = attempt?.amountMinor ?? order.amountMinor
  const refunded = refundedMinor(refunds.filter((refund) => refund.txnUuid === attempt?.txnUuid))
  const captured = attempt?.status === 'CHARGED' || attempt?.status === 'AUTO_REFUNDED'
  return {
    ...refundedBlock(effective, refunded, order.currency),
    effective_amount: jsonAmount(effective, order.currency),
    ...(captured ? { maximum_eligible_refund_amount: jsonAmount(effective - refunded, order.currency) } : {}),
    ...(order.autoCapture || attempt === null
      ? {}
      : capturedBlock(captured ? effective : 0n, refunded, order)),
  }
}

/** The gateway account that the merchant chose by metadata (reference 2.1), of Juspay or of this gateway. */
function gatewayReference(order: OrderRecord, attempt: AttemptRecord): string | null {
  const chosen =
    order.metadata[`${attempt.instrument.gateway}:gateway_reference_id`] ??
    order.metadata['JUSPAY:gateway_reference_id']
  return typeof chosen === 'string' ? chosen : null
}

function attemptBlock({ order, attempt, fullGatewayResponse }: OrderView): JsonObject {
  if (attempt === null) return {}
  const card = cardBlock(attempt)
  const upi = upiBlock(attempt)
  const mandate = mandateBlock(order, attempt)
  return {
    txn_id: attempt.txnId,
    txn_uuid: attempt.txnUuid,
    payment_method_type: attempt.instrument.type,
    payment_method: attempt.instrument.method,
    auth_type: attempt.instrument.type === 'CARD' ? 'THREE_DS' : '',
    resp_code: attempt.respCode,
    resp_message: attempt.respMessage,
    resp_category: attempt.respCategory,
    bank_error_code: attempt.errorCode,
    bank_error_message: attempt.errorMessage,
    bank_pg: null,
    gateway_id: gatewayId(attempt.instrument.gateway),
    gateway_reference_id: gatewayReference(order, attempt),
    rewards_breakup: null,
    ...(card ? { card } : {}),
    ...(upi ? { payer_vpa: attempt.instrument.vpa ?? '', upi } : {}),
    ...(attempt.instrument.app ? { payer_app_name: attempt.instrument.app } : {}),
    ...(attempt.instrument.type === 'WALLET' ? { wallet: { txn_flow_type: 'REDIRECT_DEBIT' } } : {}),
    ...(mandate ? { mandate } : {}),
    txn_detail: txnDetail(order, attempt),
    ...(attempt.parts ? { txn_sub_details: subDetails(order, attempt) } : {}),
    payment_gateway_response: gatewayBlock(order, attempt, fullGatewayResponse),
  }
}

const HOUR_MS = 3_600_000
/** Days until a bank has credited a refund, as gateways promise (sample order-status/094: eleven, to the next full hour). */
const CREDIT_DAYS = 11

function expectedCredit(createdAt: number): number {
  return Math.ceil((createdAt + CREDIT_DAYS * 24 * HOUR_MS) / HOUR_MS) * HOUR_MS
}

/** What Razorpay says about the speed of a refund (sample order-status/062). */
const SPEED = { speed_requested: 'normal', speed_processed: 'normal' }

/** One entry of `refunds[]` (reference 5.4): `id` stays null until the refund is terminal. */
export function refundEntry(refund: RefundRecord, currency: string): JsonObject {
  const terminal = refund.status === 'SUCCESS' || refund.status === 'FAILURE'
  return {
    unique_request_id: refund.uniqueRequestId,
    id: terminal ? refund.uniqueRequestId : null,
    ref: refund.ref,
    status: refund.status,
    amount: jsonAmount(refund.amountMinor, currency),
    created: utcSeconds(refund.createdAt),
    last_updated: utcSeconds(refund.updatedAt),
    sent_to_gateway: refund.sentToGateway,
    initiated_by: refund.initiatedBy,
    refund_source: refund.source,
    refund_type: refund.refundType,
    error_code: refund.errorCode,
    error_message: refund.errorMessage,
    ...(refund.rrn === null ? {} : { internal_reference_id: refund.rrn }),
    expected_refund_credit_time: utcSeconds(expectedCredit(refund.createdAt)),
    ...(refund.processedAt === null ? {} : { pg_processed_at: utcSeconds(refund.processedAt) }),
    ...(refund.processedAt === null ? {} : { reversal_type: 'SETTLED' }),
    ...(refund.arn === null ? {} : { arn: refund.arn, bank_processed_at: utcSeconds(refund.updatedAt) }),
    ...(refund.source === 'RAZORPAY' ? { metadata: SPEED } : {}),
  }
}

/** Whether an order is paid with several instruments: made so by its scenario. */
export function isSplit(order: OrderRecord): boolean {
  return order.metadata['split_tender'] === true
}

/** What is charged of an order paid with several instruments, when only part is (reference 4.1, 37); null otherwise. */
export function splitStatus(
  order: OrderRecord,
  attempts: readonly AttemptRecord[],
): 'PARTIAL_CHARGED' | null {
  if (!isSplit(order)) return null
  const charged = attempts.filter(({ status }) => status === 'CHARGED')
  const taken = charged.reduce((sum, attempt) => sum + attempt.amountMinor, 0n)
  return taken > 0n && taken < order.amountMinor ? 'PARTIAL_CHARGED' : null
}

/** `txn_list[]`: each instrument with its own refunds; the attempt's fields leave the top level (samples 040, 098). */
function splitBlock(view: OrderView, split: NonNullable<OrderView['split']>): JsonObject {
  const { order } = view
  const status = splitStatus(order, split.attempts)
  return {
    ...(status === null ? {} : { status, status_id: STATUS_ID[status] }),
    effective_amount: jsonAmount(order.amountMinor, order.currency),
    amount_refunded: jsonAmount(0n, order.currency),
    refunded: false,
    txn_list: split.attempts.map((attempt) => {
      const own = split.refunds.filter((refund) => refund.txnUuid === attempt.txnUuid)
      const entries = own.map((refund) => refundEntry(refund, order.currency))
      const detail = {
        ...txnDetail(order, attempt),
        net_amount: jsonAmount(order.amountMinor, order.currency),
      }
      return {
        ...attemptBlock({ ...view, attempt }),
        offers: [],
        metadata: metadataBlock(order, view.publicUrl),
        status: attempt.status,
        ...refundedBlock(attempt.amountMinor, refundedMinor(own), order.currency),
        effective_amount: jsonAmount(attempt.amountMinor, order.currency),
        txn_detail: detail,
        ...(entries.length > 0 ? { refunds: entries } : {}),
      }
    }),
  }
}

/** The order object of Order Status, refund answers and order events (reference 3.5). `refunds` is absent when there is none. */
export function orderObject(view: OrderView): JsonObject {
  if (view.split !== null) return { ...orderBlock(view), ...splitBlock(view, view.split) }
  const entries = view.refunds.map((refund) => refundEntry(refund, view.order.currency))
  const settlement = view.attempt && settlementBlock(view.order, view.refunds)
  return {
    ...orderBlock(view),
    ...attemptBlock(view),
    ...moneyBlock(view),
    ...(settlement ? { split_settlement_response: settlement } : {}),
    ...(entries.length > 0 ? { refunds: entries } : {}),
  }
}
