/** Money that is settled to several vendors (reference 2.1 `metadata.split_settlement_details`, 3.5, 5.1; samples 092, 093). */
import { z } from 'zod'
import { structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { jsonAmount, parseDecimal } from './money.ts'
import type { JsonObject } from './serialise.ts'
import type { OrderRecord, RefundRecord } from './types.ts'

/** Amounts arrive as numbers or text in major units. */
const amount = z.union([z.number(), z.string()]).transform(String)

const split = z.object({ sub_mid: z.string(), amount, merchant_commission: amount.optional() })

const details = z.object({
  marketplace: z.object({ amount }).optional(),
  vendor: z.object({ split: z.array(split) }).optional(),
})

const refundDetails = z.object({
  vendor: z.object({ split: z.array(z.object({ sub_mid: z.string(), refund_amount: amount })) }).optional(),
})

/** The value as JSON text or as an object already; undefined when it is neither. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

function detailsOf(metadata: Record<string, unknown>) {
  const read = details.safeParse(parsed(metadata['split_settlement_details']))
  return read.success ? read.data : null
}

/** Sample error/20: what the vendors and the marketplace get must be what the customer pays. */
export function settlementRefusal(
  metadata: Record<string, unknown>,
  amountMinor: bigint,
  currency: string,
): ApiAnswer | null {
  if (metadata['split_settlement_details'] === undefined) return null
  const read = detailsOf(metadata)
  const shares = [read?.marketplace?.amount ?? '0', ...(read?.vendor?.split ?? []).map((one) => one.amount)]
  const minor = shares.map((share) => parseDecimal(share, currency))
  const total = minor.reduce<bigint>((sum, share) => sum + (share ?? 0n), 0n)
  if (read !== null && !minor.includes(null) && total === amountMinor) return null
  return structuredError({
    status: 'ERROR',
    errorCode: 'invalid_request',
    message: 'Split settlement amount is not equal to order amount',
    code: 'INVALID_INPUT',
  })
}

/** What each vendor has given back, by the refunds that say so. */
function refundedOf(refunds: readonly RefundRecord[], subMid: string, currency: string): bigint {
  return refunds
    .filter(({ status }) => status !== 'FAILURE')
    .flatMap(({ settlement }) => refundDetails.safeParse(settlement).data?.vendor?.split ?? [])
    .filter((one) => one.sub_mid === subMid)
    .reduce((sum, one) => sum + (parseDecimal(one.refund_amount, currency) ?? 0n), 0n)
}

/** `split_settlement_response` of an order answer; null for an order that is settled to one account. */
export function settlementBlock(order: OrderRecord, refunds: readonly RefundRecord[]): JsonObject | null {
  const vendors = detailsOf(order.metadata)?.vendor?.split
  if (!vendors) return null
  return {
    split_applied: true,
    split_details: vendors.map((vendor) => {
      const refunded = refundedOf(refunds, vendor.sub_mid, order.currency)
      const commission = parseDecimal(vendor.merchant_commission ?? '0', order.currency) ?? 0n
      return {
        sub_vendor_id: vendor.sub_mid,
        amount: jsonAmount(parseDecimal(vendor.amount, order.currency) ?? 0n, order.currency),
        merchant_commission: jsonAmount(commission, order.currency),
        ...(refunded > 0n ? { refunded_amount: jsonAmount(refunded, order.currency) } : {}),
      }
    }),
  }
}

/** The vendors' shares of a refund as its call states them (reference 5.1), kept as they came. */
export function settlementOfRefund(value: unknown): JsonObject | null {
  const read = refundDetails.safeParse(parsed(value))
  return read.success && read.data.vendor ? read.data : null
}
