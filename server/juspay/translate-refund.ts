/** Refunds as Juspay tells them: entries of `refunds[]` (API reference §5.4) and flat transaction-level bodies (§5.2). */
import type { ProviderRefund } from '../domain/provider-order.ts'
import { isObject } from './json.ts'
import { amount, flag, instant, list, object, ref, text, word } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

/**
 * Stands for a status word that is missing or masked. The entry is kept all the same: its key proves that the refund
 * exists, and a refund we overlook is a refund that could be paid twice.
 */
export const NO_STATUS = 'UNKNOWN'

/** One entry of `refunds[]`, or `null` when it has no `unique_request_id` to know it by. */
export function refundOf(
  json: Json | undefined,
  currency: string,
  txnRef: string | null = null,
): ProviderRefund | null {
  const entry = object(json)
  const uniqueRequestId = ref(entry?.['unique_request_id'])
  if (!entry || uniqueRequestId === null) return null
  return {
    uniqueRequestId,
    txnRef: ref(entry['txn_id']) ?? txnRef,
    providerStatus: word(entry['status']) ?? NO_STATUS,
    amountMinor: amount(entry['amount'], currency),
    ref: ref(entry['ref']) ?? ref(entry['reference_id']) ?? ref(entry['epg_txn_id']),
    arn: ref(entry['arn']) ?? ref(entry['refund_arn']),
    sentToGateway: flag(entry['sent_to_gateway']),
    initiatedBy: text(entry['initiated_by']),
    refundSource: text(entry['refund_source']),
    refundType: text(entry['refund_type']),
    errorCode: text(entry['error_code']) ?? text(entry['response_code']),
    errorMessage: text(entry['error_message']),
    expectedCreditAt: instant(entry['expected_refund_credit_time']),
    createdAt: instant(entry['created']),
  }
}

/** Every refund of an order body: its own `refunds[]`, and those of split payments, which sit inside `txn_list[]`. */
export function refundsOf(order: JsonObject, currency: string): readonly ProviderRefund[] {
  const attempts = list(order['txn_list']) ?? []
  const own = (list(order['refunds']) ?? []).map((entry) => refundOf(entry, currency))
  const inside = attempts.flatMap((json) => {
    const attempt = object(json) ?? {}
    const txnRef = ref(attempt['txn_id'])
    return (list(attempt['refunds']) ?? []).map((entry) => refundOf(entry, currency, txnRef))
  })
  return [...own, ...inside].filter((refund) => refund !== null)
}

/**
 * Whether every refund of the body could be read. When not, the absence of a key proves nothing, and a caller that
 * releases money because "our refund is not there" must not do so (reliability §2.3).
 */
export function refundsAreReadable(order: JsonObject): boolean {
  const entries = refundLists(order)
  if (entries.some(isMasked) || isMasked(order['txn_list'])) return false
  return entries.flatMap((refunds) => list(refunds) ?? []).every((refund) => refundOf(refund, 'INR') !== null)
}

/** Something stands where a list should, and it is neither a list nor one of the ways to say "none". */
function isMasked(json: Json | undefined): boolean {
  if (json === undefined || json === null || list(json) !== null) return false
  if (typeof json === 'string') return !['', 'null'].includes(json.trim())
  return !isObject(json) || object(json) !== null
}

function refundLists(order: JsonObject): readonly (Json | undefined)[] {
  const attempts = list(order['txn_list']) ?? []
  return [order['refunds'], ...attempts.map((attempt) => object(attempt)?.['refunds'])]
}

/** A flat refund body: which order and attempt it belongs to, and the refund itself. */
export type FlatRefund = { orderRef: string | null; txnRef: string | null; refund: ProviderRefund }

/**
 * Reads the answer of a transaction-level refund call, which is the refund and not the order (§5.2).
 * @param currency the order's currency: the body carries none.
 */
export function translateRefund(json: Json, currency: string): FlatRefund | null {
  const body = object(json)
  const refund = refundOf(json, currency)
  if (!body || !refund) return null
  return { orderRef: ref(body['order_id']), txnRef: ref(body['txn_id']), refund }
}
