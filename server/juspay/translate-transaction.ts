/** Payment attempts as Juspay tells them: top-level `txn_*`, `txn_list[]` of split payments, and `content.txn` (§3.5, §6.4). */
import type { ProviderTransaction } from '../domain/provider-order.ts'
import { NO_STATUS } from './translate-refund.ts'
import { amount, gatewayText, instant, integer, list, object, ref, text, word } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

/**
 * One attempt summary: the fields beside `txn_id`, completed by its `txn_detail`, `card`, `upi` and
 * `payment_gateway_response`. The summary's own word wins where both name the same thing.
 * @returns `null` when there is no attempt (an order nobody has tried to pay has no `txn_id`).
 */
export function transactionOf(json: Json | undefined, currency: string): ProviderTransaction | null {
  const summary = object(json)
  if (!summary) return null
  const detail = object(summary['txn_detail']) ?? {}
  const txnRef = ref(summary['txn_id']) ?? ref(detail['txn_id'])
  if (txnRef === null) return null
  const card = object(summary['card']) ?? {}
  const answer = object(summary['payment_gateway_response']) ?? {}
  return {
    txnRef,
    txnUuid: ref(summary['txn_uuid']) ?? ref(detail['txn_uuid']),
    // The top level carries the order's word; `txn_detail` the attempt's.
    providerStatus: word(detail['status']) ?? word(summary['status']) ?? NO_STATUS,
    amountMinor: amount(detail['txn_amount'], currency) ?? amount(summary['txn_amount'], currency),
    netAmountMinor: amount(detail['net_amount'], currency) ?? amount(summary['net_amount'], currency),
    gateway: text(detail['gateway']) ?? text(summary['gateway']),
    gatewayId: integer(detail['gateway_id']) ?? integer(summary['gateway_id']),
    methodType: text(summary['payment_method_type']) ?? text(detail['payment_method_type']),
    method: text(summary['payment_method']) ?? text(detail['payment_method']),
    cardBrand: text(card['card_brand']),
    cardLast4: lastFour(card['last_four_digits']),
    payerVpa: text(summary['payer_vpa']) ?? text(object(summary['upi'])?.['payer_vpa']),
    gatewayRef: gatewayRef(answer['epg_txn_id']),
    rrn: gatewayRef(answer['rrn']),
    authCode: gatewayRef(answer['auth_id_code']),
    errorCode: text(detail['error_code']) ?? text(summary['error_code']) ?? text(summary['bank_error_code']),
    errorMessage:
      text(detail['error_message']) ?? text(summary['error_message']) ?? text(summary['bank_error_message']),
    createdAt: instant(detail['created']) ?? instant(summary['created']),
  }
}

/** What one instrument of a split payment paid: `net_amount` of its detail is what the whole order costs (samples). */
function ownAmount(json: Json, currency: string): bigint | null {
  const summary = object(json) ?? {}
  const detail = object(summary['txn_detail']) ?? {}
  return amount(summary['effective_amount'], currency) ?? amount(detail['txn_amount'], currency)
}

/** The last four digits and nothing else: a longer number here would be card data we must never keep. */
function lastFour(json: Json | undefined): string | null {
  const digits = ref(json)
  return digits !== null && /^\d{4}$/.test(digits) ? digits : null
}

function gatewayRef(json: Json | undefined): string | null {
  return gatewayText(json) === null ? null : ref(json)
}

/**
 * Every attempt an order body tells of. With `txn_list[]` the attempts move there and the top-level fields vanish;
 * bodies that have both are read as both, once per `txn_id`.
 */
export function transactionsOf(order: JsonObject, currency: string): readonly ProviderTransaction[] {
  const byRef = new Map<string, ProviderTransaction>()
  const whole = transactionOf(order, currency)
  if (whole) byRef.set(whole.txnRef, whole)
  for (const entry of list(order['txn_list']) ?? []) {
    const part = transactionOf(entry, currency)
    if (part)
      byRef.set(part.txnRef, { ...part, netAmountMinor: ownAmount(entry, currency) ?? part.netAmountMinor })
  }
  return [...byRef.values()]
}
