/** `POST /session` (API reference §2): what we send, and the few fields of the answer that we look at. */
import { toDecimal } from '../domain/money.ts'
import { jsonText } from './json.ts'
import type { MalformedCause } from '../domain/provider-error.ts'
import { amount, instant, object, ref, text, word } from './wire.ts'
import type { JsonObject } from './wire.ts'

/** What the SDK may be asked to open (§2.1 `action`). */
export type SessionAction = 'paymentPage' | 'paymentManagement' | 'quickPay'

export type SessionInput = {
  /** The merchant's `order_id`; Juspay takes 1 to 20 letters and digits. */
  orderRef: string
  /** From the merchant's server, never from a browser. */
  amountMinor: bigint
  currency: string
  /** Empty for a guest. */
  customerRef: string
  /** Sticky routing key; the same for every call about this customer (§1.3). */
  routingId: string
  customerEmail?: string | undefined
  customerPhone?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  returnUrl?: string | undefined
  description?: string | undefined
  action?: SessionAction | undefined
  language?: string | undefined
  /** `udf1` … `udf10`. */
  udf?: Readonly<Record<string, string>> | undefined
  /** Further documented fields (`metadata.*`, `options.*`, `payment_filter` …). They cannot replace the ones above. */
  extra?: Readonly<Record<string, unknown>> | undefined
}

export type Session = {
  orderRef: string
  providerOrderRef: string | null
  providerStatus: string | null
  /** `web`, and sometimes `iframe`, `mobile`, `deep_link`: as Juspay sent them. */
  paymentLinks: Readonly<Record<string, string>>
  /** The text of `sdk_payload`, member for member as Juspay sent it, to hand to the app; numbers untouched. */
  sdkPayloadJson: string | null
  expiresAt: Date | null
}

/** The JSON body of the request. The amount is decimal text in major units (§2.1). */
export function sessionBody(input: SessionInput, clientId: string): string {
  return JSON.stringify({
    ...input.extra,
    ...input.udf,
    order_id: input.orderRef,
    amount: toDecimal({ minor: input.amountMinor, currency: input.currency }),
    currency: input.currency,
    customer_id: input.customerRef,
    customer_email: input.customerEmail,
    customer_phone: input.customerPhone,
    first_name: input.firstName,
    last_name: input.lastName,
    payment_page_client_id: clientId,
    action: input.action ?? 'paymentPage',
    return_url: input.returnUrl,
    description: input.description,
    language: input.language,
  })
}

/**
 * Reads the answer and checks that it is about our order and our amount.
 * @returns the session, or what is wrong with it.
 */
export function readSession(body: JsonObject, input: SessionInput): Session | MalformedCause {
  const orderRef = ref(body['order_id'])
  const providerStatus = word(body['status'])
  if (orderRef === null || providerStatus === 'ERROR') return 'not_an_order'
  if (!sameOrder(orderRef, input.orderRef)) return 'other_order'
  const sdkPayload = object(body['sdk_payload'])
  const paymentLinks = linksOf(object(body['payment_links']) ?? {})
  if (sdkPayload === null && paymentLinks['web'] === undefined) return 'no_session'
  const inner = object(sdkPayload?.['payload'])?.['amount']
  // Juspay re-serialises "10.00" as "10.0": compared as money, never as text (§2.2).
  if (inner !== undefined && amount(inner, input.currency) !== input.amountMinor) return 'amount_differs'
  return {
    orderRef,
    providerOrderRef: ref(body['id']),
    providerStatus,
    paymentLinks,
    sdkPayloadJson: sdkPayload === null ? null : jsonText(sdkPayload),
    expiresAt: instant(body['order_expiry']) ?? instant(object(body['payment_links'])?.['expiry']),
  }
}

function linksOf(links: JsonObject): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const key of ['web', 'iframe', 'mobile', 'deep_link']) {
    const link = text(links[key])
    if (link !== null) found[key] = link
  }
  return found
}

/** Juspay treats order ids without regard to case (§2.1), so an echo in another case is the same order. */
export function sameOrder(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
