import { utcSeconds } from './clock.ts'
import { jsonAmount, oneDecimal } from './money.ts'
import type { JsonObject } from './serialise.ts'
import { STATUS_ID, tookMoney } from './status.ts'
import type { AttemptRecord, Gateway, OrderRecord } from './types.ts'

/** Reference 9.7. */
const GATEWAY_ID: Record<Gateway, number> = { HDFC: 2, PAYU: 12, RAZORPAY: 23, GOCASHFREE: 70, DUMMY: 100 }

/** What each gateway says on success, in its own words. */
const SUCCESS_CODE: Record<Gateway, string> = {
  HDFC: '00',
  PAYU: 'success',
  RAZORPAY: 'captured',
  GOCASHFREE: 'SUCCESS',
  DUMMY: 'success',
}

const FLOW = {
  UPI: 'COLLECT',
  CARD: 'CARD_TRANSACTION',
  NB: 'NET_BANKING',
  WALLET: 'REDIRECT_DEBIT',
  CASH: 'CASH_ON_DELIVERY',
} as const

const CARD_BIN: Record<string, string> = { VISA: '424242', MASTERCARD: '529992', RUPAY: '607080' }

export function gatewayId(gateway: Gateway): number {
  return GATEWAY_ID[gateway]
}

/** Whether the gateway said yes: it then has references of its own for the attempt. */
function accepted(attempt: AttemptRecord): boolean {
  return tookMoney(attempt.status)
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
    net_amount: jsonAmount(attempt.amountMinor, order.currency),
    txn_amount: jsonAmount(attempt.amountMinor, order.currency),
    surcharge_amount: null,
    tax_amount: null,
    offer_deduction_amount: null,
    gateway_id: gatewayId(attempt.instrument.gateway),
    gateway: attempt.instrument.gateway,
    currency: order.currency,
    express_checkout: attempt.instrument.type === 'CARD',
    redirect: true,
    txn_flow_type: FLOW[attempt.instrument.type],
    txn_object_type: 'ORDER_PAYMENT',
    metadata: { payment_channel: attempt.channel, microapp: 'hyperpay' },
    created: utcSeconds(attempt.createdAt),
    last_updated: utcSeconds(attempt.updatedAt),
  }
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
    auth_id_code: ok && attempt.instrument.type === 'CARD' ? attempt.authId : '',
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
  }
}

export function upiBlock({ instrument }: AttemptRecord): JsonObject | null {
  return instrument.type === 'UPI' ? { payer_vpa: instrument.vpa ?? '', txn_flow_type: 'COLLECT' } : null
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
    txn_amount: jsonAmount(attempt.amountMinor, order.currency),
    net_amount: jsonAmount(attempt.amountMinor, order.currency),
    surcharge_amount: null,
    tax_amount: null,
    currency: order.currency,
    payment_method_type: attempt.instrument.type,
    payment_method: attempt.instrument.method,
    gateway: attempt.instrument.gateway,
    gateway_id: gatewayId(attempt.instrument.gateway),
    error_code: attempt.errorCode,
    error_message: attempt.errorMessage,
    express_checkout: attempt.instrument.type === 'CARD',
    redirect: true,
    txn_flow_type: FLOW[attempt.instrument.type],
    ...(card ? { card } : {}),
    payment_gateway_response: gatewayBlock(order, attempt, false),
    created: utcSeconds(attempt.createdAt),
  }
}
