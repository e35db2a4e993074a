/** Links and codes that open a UPI app (reference 2.1 `options.get_upi_deep_links`, `options.get_upi_qr`; samples session/07, 09, 27). */
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import { minimalDecimal } from './money.ts'
import type { JsonObject } from './serialise.ts'
import type { OrderRecord } from './types.ts'

/** Merchant category "other services". */
const CATEGORY = '7399'

export function upiLink(order: OrderRecord, payeeName: string): string {
  const query = new URLSearchParams({
    tr: order.id,
    mc: CATEGORY,
    pa: `${order.merchantId}@sandbox`,
    pn: payeeName,
    am: minimalDecimal(order.amountMinor, order.currency),
    cu: order.currency,
  })
  return `upi://pay?${query.toString()}`
}

/** What `POST /orders` adds when it is asked for; the code is the link as text, for no image is needed to test with. */
export function upiFields(params: Params, order: OrderRecord, payeeName: string): JsonObject {
  const link = upiLink(order, payeeName)
  const wantsCode = text(params, 'options.get_upi_qr') === 'true'
  if (!wantsCode && text(params, 'options.get_upi_deep_links') !== 'true') return {}
  return {
    deep_link: link,
    ...(wantsCode ? { base64_encoded_qr: Buffer.from(link).toString('base64') } : {}),
    source_object: '',
    source_object_id: '',
  }
}
