/** What a customer pays beside the amount of the order: surcharges and offers (reference 3.5, 5.3 "surcharge", 10). */
import { jsonAmount, parseDecimal } from './money.ts'
import type { JsonObject } from './serialise.ts'
import type { Offer, Terms } from './settings.ts'
import type { AttemptRecord, OrderRecord, Price, RefundRecord } from './types.ts'
import { isFailed } from './status.ts'

function share(amountMinor: bigint, percent: number): bigint {
  return (amountMinor * BigInt(Math.round(percent * 100))) / 10_000n
}

function benefitOf(offer: Offer, amountMinor: bigint, currency: string): bigint {
  const full =
    offer.rule === 'PERCENTAGE'
      ? share(amountMinor, offer.value)
      : (parseDecimal(String(offer.value), currency) ?? 0n)
  const most = offer.maxAmount === null ? full : (parseDecimal(String(offer.maxAmount), currency) ?? full)
  const benefit = full < most ? full : most
  return benefit < amountMinor ? benefit : amountMinor
}

/**
 * The price of an order under the merchant's surcharge rule and offer; null when neither changes it. Cashback is paid back
 * later by the bank, so it does not lower what is charged.
 */
export function priceOf(order: OrderRecord, terms: Terms): Price | null {
  const { amountMinor, currency } = order
  const surchargeMinor = share(amountMinor, terms.surchargePercent)
  const { offer } = terms
  if (surchargeMinor === 0n && offer === null) return null
  const benefitMinor = offer === null ? 0n : benefitOf(offer, amountMinor, currency)
  const discountMinor = offer?.type === 'DISCOUNT' ? benefitMinor : 0n
  return { baseMinor: amountMinor, surchargeMinor, discountMinor, benefitMinor, offer }
}

export function payableMinor({ baseMinor, surchargeMinor, discountMinor }: Price): bigint {
  return baseMinor + surchargeMinor - discountMinor
}

/** The price behind what an attempt took; null without one, and once only part of it was captured. */
function priceBehind({ price, amountMinor }: AttemptRecord): Price | null {
  return price && payableMinor(price) === amountMinor ? price : null
}

/**
 * The amounts of `txn_detail`: `net_amount` is the order's, `txn_amount` has the surcharge on top, and the offer is told
 * apart (samples order-status/094, webhook/034).
 */
export function detailAmounts(order: OrderRecord, attempt: AttemptRecord): JsonObject {
  const { currency } = order
  const price = priceBehind(attempt)
  if (price === null) {
    const amount = jsonAmount(attempt.amountMinor, currency)
    const none = { surcharge_amount: null, tax_amount: null, offer_deduction_amount: null }
    return { net_amount: amount, txn_amount: amount, ...none, txn_amount_breakup: [line('BASE', amount, 1)] }
  }
  const base = jsonAmount(price.baseMinor, currency)
  const surcharge = jsonAmount(price.surchargeMinor, currency)
  const discount = jsonAmount(price.discountMinor, currency)
  return {
    net_amount: base,
    txn_amount: jsonAmount(price.baseMinor + price.surchargeMinor, currency),
    surcharge_amount: price.surchargeMinor > 0n ? surcharge : null,
    tax_amount: price.surchargeMinor > 0n ? 0 : null,
    offer_deduction_amount: price.offer === null ? null : discount,
    txn_amount_breakup: [
      line('BASE', base, 1),
      ...(price.surchargeMinor > 0n ? [line('SURCHARGE', surcharge, 2)] : []),
      ...(price.offer === null ? [] : [line('OFFER', discount, 3)]),
    ],
  }
}

function line(name: 'BASE' | 'SURCHARGE' | 'OFFER', amount: number, sno: number): JsonObject {
  return { name, amount, sno, method: name === 'OFFER' ? 'SUBTRACT' : 'ADD' }
}

function offerStatus(attempt: AttemptRecord, refundedMinor: bigint): string {
  if (isFailed(attempt.status)) return 'FAILED'
  if (attempt.status !== 'CHARGED' && attempt.status !== 'AUTO_REFUNDED') return 'INITIATED'
  if (refundedMinor === 0n) return 'AVAILED'
  return refundedMinor >= attempt.amountMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
}

/** `offers[]` (reference 3.5): the benefit, and what became of it with the payment and its refunds. */
export function offersOf(
  order: OrderRecord,
  attempt: AttemptRecord | null,
  refunds: readonly RefundRecord[],
): JsonObject[] {
  const price = attempt?.price
  if (!attempt || !price?.offer) return []
  const { offer, benefitMinor } = price
  const returned = refunds.filter(
    ({ txnUuid, status }) => txnUuid === attempt.txnUuid && status === 'SUCCESS',
  )
  const status = offerStatus(
    attempt,
    returned.reduce((sum, refund) => sum + refund.amountMinor, 0n),
  )
  const failure = {
    error_code: 'JP706',
    error_message: 'Offer Application failed due to transaction failure',
  }
  return [
    {
      offer_id: offer.id,
      offer_code: offer.code,
      status,
      ...(status === 'FAILED' ? failure : {}),
      benefits: [
        {
          type: offer.type,
          amount: jsonAmount(benefitMinor, order.currency),
          calculation_info: {
            value: offer.value,
            calculation_rule: offer.rule,
            ...(offer.maxAmount === null ? {} : { max_amount: offer.maxAmount }),
          },
        },
      ],
      metadata: { minimum_order_amount: offer.minimumAmount },
    },
  ]
}
