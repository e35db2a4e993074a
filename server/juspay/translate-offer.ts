/** What offers leave of an order's amount to pay (API reference §3.5). */
import { amount, list, object, word } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

/** Offers that took something off the payment; REFUNDED ones did so before the money went back. */
const TAKEN = new Set(['INITIATED', 'AVAILED', 'REFUNDED', 'PARTIALLY_REFUNDED'])
/** Benefits that lower what is paid. Cash back is paid first. */
const OFF_THE_PRICE = new Set(['DISCOUNT', 'EMI_DISCOUNT'])

/**
 * What the customer paid after offers and surcharge. Nought is what they paid only when the body tells of offers that
 * take all of the order's amount. Without those it is read as not said: nothing that a gateway charges is nothing, and one
 * of Juspay's descriptions calls the field the amount minus refunds, which is nought once all has gone back. Taken as
 * told it would wipe out a charge of which the amount and the attempt say the same, and what went back of it would stand
 * as money that nobody had paid. Juspay itself refuses to return more than was paid (§5.3), should it have been nothing.
 */
export function effectiveAmountOf(
  order: JsonObject,
  amountMinor: bigint | null,
  currency: string,
): bigint | null {
  const effective = amount(order['effective_amount'], currency)
  if (effective !== 0n) return effective
  return amountMinor !== null && takenOff(order, currency) >= amountMinor ? 0n : null
}

/** What offers take off, by their own words or by the attempt's, whichever says more. */
function takenOff(order: JsonObject, currency: string): bigint {
  const deduction = amount(object(order['txn_detail'])?.['offer_deduction_amount'], currency) ?? 0n
  const benefits = (list(order['offers']) ?? []).reduce((sum, offer) => sum + benefitOf(offer, currency), 0n)
  return benefits > deduction ? benefits : deduction
}

function benefitOf(json: Json, currency: string): bigint {
  const offer = object(json)
  if (!TAKEN.has(word(offer?.['status']) ?? '')) return 0n
  let sum = 0n
  for (const entry of list(offer?.['benefits']) ?? []) {
    const benefit = object(entry)
    if (OFF_THE_PRICE.has(word(benefit?.['type']) ?? '')) sum += amount(benefit?.['amount'], currency) ?? 0n
  }
  return sum
}
