import { utcSeconds } from './clock.ts'
import { jsonAmount, oneDecimal } from './money.ts'
import { detailAmounts } from './pricing.ts'
import type { JsonObject } from './serialise.ts'
import { STATUS_ID, tookMoney } from './status.ts'
import type { AttemptRecord, Gateway, OrderRecord } from './types.ts'

/** Reference 9.7. */
const GATEWAY_ID: Record<Gateway, number> = {
  HDFC: 2,
  PAYU: 12,
  RAZORPAY: 23,
  GOCASHFREE: 70,
  DUMMY: 100,
  CASH: 700,
}

/** What each gateway says on success, in its own words. */
const SUCCESS_CODE: Record<Gateway, string> = {
  HDFC: '00',
  PAYU: 'success',
  RAZORPAY: 'captured',
  GOCASHFREE: 'SUCCESS',
  DUMMY: 'success',
  CASH: 'INITIATED',
}

const FLOW = {
  UPI: 'COLLECT',
  CARD: 'CARD_TRANSACTION',
  NB: 'NET_BANKING',
  WALLET: 'REDIRECT_DEBIT',
  CASH: 'CASH_PAY',
} as const

/** `auth_id_code` where there is none: each way of paying has its own nothing (samples 059, 072, 042). */
const NO_AUTH_ID = { UPI: '', CARD: '', NB: 'NA', WALLET: null, CASH: 'NA' } as const

function flowOf({ instrument }: AttemptRecord): string {
  return instrument.app ? 'INTENT' : FLOW[instrument.type]
}

const CARD_BIN: Record<string, string> = { VISA: '424242', MASTERCARD: '529992', RUPAY: '607080' }

export function gatewayId(gateway: Gateway): number {
  return GATEWAY_ID[gateway]
}

/** Whether the gateway said yes: it then has references of its own for the attempt. */
function accepted(attempt: AttemptRecord): boolean {
  return tookMoney(attempt.status)
}

/** What the attempt is for: a payment, or one that also registers a mandate (reference 3.5 `txn_object_type`). */
function objectOf(order: OrderRecord, { instrument }: AttemptRecord): JsonObject {
  if (!order.mandate) return { txn_object_type: 'ORDER_PAYMENT' }
  return {
    txn_object_type: instrument.type === 'CARD' ? 'MANDATE_REGISTER' : 'EMANDATE_REGISTER',
    source_object: 'MANDATE',
    source_object_id: String(Number.parseInt(order.id.slice(-6), 16)),
  }
}

/** `txn_detail` of an order answer (reference 3.5). */
export function txnDetail(order: OrderRecord, attempt: AttemptRecord): JsonObject {
  return {
    txn_id: attempt.txnId,
    order_id: order.orderId,
    txn_uuid: attempt.txnUuid,
    status: attempt.status,
    error_code: attempt.errorCode === '' ? null : attempt.errorCode,
    error_message: attempt.errorMessage,
    ...detailAmounts(order, attempt),
    gateway_id: gatewayId(attempt.instrument.gateway),
    gateway: attempt.instrument.gateway,
    currency: order.currency,
    express_checkout: attempt.instrument.type === 'CARD',
    redirect: true,
    ...(attempt.respCode === null
      ? {}
      : { response_code: attempt.respCode, response_message: attempt.respMessage }),
    txn_flow_type: flowOf(attempt),
    ...objectOf(order, attempt),
    metadata: { payment_channel: attempt.channel, microapp: 'hyperpay' },
    created: utcSeconds(attempt.createdAt),
    last_updated: utcSeconds(attempt.updatedAt),
  }
}

/** `txn_sub_details[]`: captures and voids of a part, each a transaction of its own (samples 090, 129). */
export function subDetails(order: OrderRecord, attempt: AttemptRecord): JsonObject[] {
  return (attempt.parts ?? []).map(({ kind, txnId, txnUuid, amount, at }) => ({
    txn_id: txnId,
    order_id: order.orderId,
    status: kind === 'PARTIAL_VOID' ? 'VOIDED' : 'CHARGED',
    error_code: null,
    net_amount: Number(amount),
    surcharge_amount: null,
    tax_amount: null,
    txn_amount: Number(amount),
    offer_deduction_amount: null,
    gateway_id: gatewayId(attempt.instrument.gateway),
    currency: order.currency,
    express_checkout: false,
    redirect: true,
    txn_uuid: txnUuid,
    gateway: attempt.instrument.gateway,
    error_message: '',
    txn_object_type: kind,
    source_object: 'TXN_SUB_DETAIL',
    source_object_id: attempt.txnId,
    created: utcSeconds(at),
    order_amount: jsonAmount(order.amountMinor, order.currency),
    payment_gateway_response: {
      resp_code: kind === 'PARTIAL_VOID' ? 'CANCELLED' : 'CHARGED',
      rrn: attempt.rrn,
      created: utcSeconds(at),
      epg_txn_id: attempt.epgTxnId,
      resp_message: kind === 'PARTIAL_VOID' ? 'CANCELLED' : 'CHARGED',
      auth_id_code: 'NA',
      txn_id: txnId,
    },
    txn_flow_type: flowOf(attempt),
  }))
}

/** `payment_gateway_response`; the raw gateway body only when the caller asked for it (its amount is in paise). */
export function gatewayBlock(order: OrderRecord, attempt: AttemptRecord, full: boolean): JsonObject {
  const ok = accepted(attempt)
  const clean = ok && attempt.errorCode === ''
  const block: JsonObject = {
    resp_code: clean ? SUCCESS_CODE[attempt.instrument.gateway] : attempt.errorCode || null,
    resp_message: clean ? '' : attempt.errorMessage || null,
    rrn: ok ? attempt.rrn : null,
    created: utcSeconds(attempt.updatedAt),
    epg_txn_id: ok ? attempt.epgTxnId : null,
    auth_id_code:
      ok && attempt.instrument.type === 'CARD' ? attempt.authId : NO_AUTH_ID[attempt.instrument.type],
    network_error_code: null,
    network_error_message: null,
    txn_id: attempt.txnId,
    ...(ok && attempt.status !== 'VOIDED'
      ? { debit_amount: oneDecimal(attempt.amountMinor, order.currency) }
      : {}),
  }
  if (!full) return block
  const raw = {
    id: attempt.epgTxnId,
    entity: 'payment',
    amount: attempt.amountMinor.toString(),
    currency: order.currency,
    status: ok ? 'captured' : 'failed',
    method: attempt.instrument.type.toLowerCase(),
  }
  return { ...block, gateway_response: raw }
}

export function cardBlock({ instrument }: AttemptRecord): JsonObject | null {
  if (instrument.type !== 'CARD') return null
  return {
    expiry_year: '2030',
    expiry_month: '12',
    card_reference: '',
    card_fingerprint: '',
    saved_to_locker: false,
    name_on_card: '',
    card_issuer: 'HDFC Bank',
    last_four_digits: instrument.lastFour ?? '',
    using_saved_card: false,
    card_isin: CARD_BIN[instrument.method] ?? '',
    card_type: instrument.method === 'RUPAY' ? 'DEBIT' : 'CREDIT',
    card_brand: instrument.method,
    card_issuer_country: 'INDIA',
    using_token: false,
    tokens: [],
    token_type: 'CARD',
    juspay_bank_code: 'JP_HDFC',
    extended_card_type: instrument.method === 'RUPAY' ? 'DEBIT' : 'CREDIT',
    payment_account_reference: '',
  }
}

export function upiBlock({ instrument }: AttemptRecord): JsonObject | null {
  if (instrument.type !== 'UPI') return null
  const payer = { payer_vpa: instrument.vpa ?? '' }
  if (!instrument.app) return { ...payer, txn_flow_type: 'COLLECT' }
  return { ...payer, payer_app: instrument.app, txn_flow_type: 'INTENT' }
}

/** `content.txn` of TXN_CHARGED and TXN_FAILED (reference 6.4): no customer, no refunds. */
export function txnObject(order: OrderRecord, attempt: AttemptRecord): JsonObject {
  const card = cardBlock(attempt)
  return {
    txn_id: attempt.txnId,
    txn_uuid: attempt.txnUuid,
    order_id: order.orderId,
    status: attempt.status,
    status_id: STATUS_ID[attempt.status],
    ...detailAmounts(order, attempt),
    currency: order.currency,
    payment_method_type: attempt.instrument.type,
    payment_method: attempt.instrument.method,
    gateway: attempt.instrument.gateway,
    gateway_id: gatewayId(attempt.instrument.gateway),
    error_code: attempt.errorCode,
    error_message: attempt.errorMessage,
    express_checkout: attempt.instrument.type === 'CARD',
    redirect: true,
    txn_flow_type: flowOf(attempt),
    ...(card ? { card } : {}),
    payment_gateway_response: gatewayBlock(order, attempt, false),
    created: utcSeconds(attempt.createdAt),
  }
}
