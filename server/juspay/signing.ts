/**
 * Signed payloads for starting the SDK without a server-made session (API reference §2.4): RSA PKCS#1 v1.5 with
 * SHA-256 over the exact UTF-8 bytes of the string that is sent, base64. The string is built once and returned with
 * its signature; serialising it again would break the signature.
 */
import { createPrivateKey, sign } from 'node:crypto'
import { toDecimal } from '../domain/money.ts'

/** The merchant's signing key: PEM private key, and the id the dashboard gave its public half. */
export type SigningKey = { privateKeyPem: string; merchantKeyId: string }

export type SignedPayload = {
  /** The exact text that was signed; send it as it is (`signaturePayload` or `orderDetails`). */
  payload: string
  /** Base64, standard alphabet. */
  signature: string
  merchantKeyId: string
}

/** Signs any text with the merchant's key. @throws when the key is not an RSA private key in PEM. */
export function signText(payload: string, key: SigningKey): SignedPayload {
  const privateKey = createPrivateKey(key.privateKeyPem)
  if (privateKey.asymmetricKeyType !== 'rsa')
    throw new TypeError('The signing key must be an RSA private key.')
  const signature = sign('RSA-SHA256', Buffer.from(payload, 'utf8'), privateKey).toString('base64')
  return { payload, signature, merchantKeyId: key.merchantKeyId }
}

export type InitiateInput = { merchantId: string; customerRef?: string | undefined; at: Date }

/** Signs the `signaturePayload` of Initiate: merchant, customer and the time in epoch milliseconds as text. */
export function signInitiate(input: InitiateInput, key: SigningKey): SignedPayload {
  const payload = JSON.stringify({
    merchant_id: input.merchantId,
    customer_id: input.customerRef,
    timestamp: String(input.at.getTime()),
  })
  return signText(payload, key)
}

export type ProcessInput = {
  orderRef: string
  amountMinor: bigint
  currency: string
  merchantId: string
  customerRef: string
  customerEmail?: string | undefined
  customerPhone?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  returnUrl?: string | undefined
  description?: string | undefined
  /** `udf1` … `udf10`. */
  udf?: Readonly<Record<string, string>> | undefined
  /** `options.*`, `mandate.*`, `metadata.*`; cannot replace the fields above. */
  extra?: Readonly<Record<string, string>> | undefined
  at: Date
}

/** Signs the `orderDetails` of Process: a string of JSON with snake_case keys (§2.4). */
export function signProcess(input: ProcessInput, key: SigningKey): SignedPayload {
  const payload = JSON.stringify({
    ...input.extra,
    ...input.udf,
    order_id: input.orderRef,
    amount: toDecimal({ minor: input.amountMinor, currency: input.currency }),
    currency: input.currency,
    merchant_id: input.merchantId,
    customer_id: input.customerRef,
    customer_email: input.customerEmail,
    customer_phone: input.customerPhone,
    first_name: input.firstName,
    last_name: input.lastName,
    return_url: input.returnUrl,
    description: input.description,
    timestamp: String(input.at.getTime()),
  })
  return signText(payload, key)
}
