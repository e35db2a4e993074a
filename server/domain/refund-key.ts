/**
 * The texts from which refund keys and hashes are made, and the alphabet of the keys. Hashing itself is done by the
 * service (`services/refunds/refund-key.ts`): the domain knows no cryptography.
 */

/** Juspay takes at most 20 characters (API reference §5.1); 20 of base32 carry 100 bits. */
export const REFUND_KEY_LENGTH = 20

/** Crockford's base32: digits and capitals without I, L, O and U, so a key can be read out on the phone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The first `length` characters of `bytes` in Crockford base32, five bits each, most significant first. */
export function crockford(bytes: Uint8Array, length: number): string {
  if (bytes.length * 8 < length * 5)
    throw new RangeError(`${bytes.length} bytes are too few for ${length} characters`)
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5 && text.length < length) {
      bits -= 5
      text += ALPHABET.charAt((held >> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return text
}

/** Lists fields without ambiguity: a value can hold no character that JSON does not escape. */
function canonical(fields: readonly string[]): string {
  return JSON.stringify(fields)
}

/** What a refund key is derived from: the same attempt of the same request always has the same key. */
export function refundKeyText(input: {
  accountId: string
  refundRequestId: string
  attemptNo: number
}): string {
  return canonical(['refund-key', input.accountId, input.refundRequestId, String(input.attemptNo)])
}

/** What one gesture asked for. The same client key with another text is another gesture, and refused. */
export function requestText(input: {
  orderId: string
  requesterId: string
  amountMinor: bigint
  currency: string
  reason: string
  note: string | null
  txnRef: string | null
}): string {
  const { orderId, requesterId, amountMinor, currency, reason, note, txnRef } = input
  const fields = ['request', orderId, requesterId, amountMinor.toString(), currency, reason, note ?? '']
  return canonical(withAttempt(fields, txnRef))
}

/** Texts of requests that name no attempt are what they always were: their hashes are stored. */
function withAttempt(fields: readonly string[], txnRef: string | null): readonly string[] {
  return txnRef === null ? fields : [...fields, 'attempt', txnRef]
}

/** What an approver agreed to (invariant I8): a change of any of it needs a new request. */
export function approvalText(input: {
  orderId: string
  orderRef: string
  amountMinor: bigint
  currency: string
  destination: string
  reason: string
  note: string | null
  txnRef: string | null
}): string {
  const { orderId, orderRef, amountMinor, currency, destination, reason, note, txnRef } = input
  const fields = ['approval', orderId, orderRef, amountMinor.toString(), currency, destination]
  return canonical(withAttempt([...fields, reason, note ?? ''], txnRef))
}

/** A key made by the client: 16 to 64 unreserved characters (the database checks the length as well). */
export const CLIENT_KEY = /^[A-Za-z0-9_-]{16,64}$/
