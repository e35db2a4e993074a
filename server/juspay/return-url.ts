/**
 * The signature of the return URL (API reference §7). A valid one proves that Juspay sent the customer back with these
 * values; it does not prove that money moved, so order status is asked before anything is believed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { assert } from '../domain/assert.ts'

/** The received parameters, each decoded once, in any order. */
export type ReturnParams = Iterable<readonly [string, string]>

export type ReturnVerdict =
  | { ok: true; orderRef: string | null; providerStatus: string | null; statusId: string | null }
  | { ok: false; reason: 'unsigned' | 'unknown_algorithm' | 'repeated_parameter' | 'signature_differs' }

const UNSIGNED = new Set(['signature', 'signature_algorithm'])
const ALGORITHM = 'HMAC-SHA256'
const DIGEST_BYTES = 32

/** How often a signature is percent-decoded at most: it arrives plain, single- or double-encoded. */
const DECODE_MAX = 3

/** `encodeURIComponent` of a text that may hold lone surrogates. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
}

/** HTML form encoding, which Java and Python samples use: differs in the space and in a few marks. */
function formEncode(text: string): string {
  return percentEncode(text)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The text that is fed to the HMAC: encoded pairs, sorted by encoded key, joined, and encoded once more. */
export function returnSignatureText(
  params: ReturnParams,
  encode: (text: string) => string = percentEncode,
): string {
  const pairs = [...params]
    .filter(([key]) => !UNSIGNED.has(key))
    .map(([key, value]) => [encode(key), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return encode(pairs.map(([key, value]) => `${key}=${value}`).join('&'))
}

/**
 * The base64 signature Juspay makes for these parameters.
 * @throws InvariantError when the response key is empty: everybody could sign with it.
 */
export function returnSignature(params: ReturnParams, responseKey: string): string {
  return digest(returnSignatureText(params), responseKey).toString('base64')
}

function digest(text: string, responseKey: string): Buffer {
  assert(responseKey !== '', 'the response key must not be empty')
  return createHmac('sha256', responseKey).update(text, 'ascii').digest()
}

/**
 * Checks the signature of a return URL in constant time. Which encoding of spaces Juspay uses is not documented
 * (§7 pitfalls, §13.17), so both are tried; either takes the key to produce.
 */
export function verifyReturnUrl(params: ReturnParams, responseKey: string): ReturnVerdict {
  const pairs = [...params]
  const values = new Map(pairs)
  // Which of two `order_id`s was signed, and which would be read, must never differ.
  if (values.size !== pairs.length) return { ok: false, reason: 'repeated_parameter' }
  const signature = values.get('signature')
  if (signature === undefined || signature === '') return { ok: false, reason: 'unsigned' }
  const algorithm = values.get('signature_algorithm') ?? ALGORITHM
  if (algorithm.toUpperCase() !== ALGORITHM) return { ok: false, reason: 'unknown_algorithm' }
  const received = signatureBytes(signature)
  const matches = [percentEncode, formEncode].map((encode) =>
    timingSafeEqual(received, digest(returnSignatureText(pairs, encode), responseKey)),
  )
  if (!matches.includes(true)) return { ok: false, reason: 'signature_differs' }
  return {
    ok: true,
    orderRef: values.get('order_id') ?? null,
    providerStatus: values.get('status')?.trim().toUpperCase() ?? null,
    statusId: values.get('status_id') ?? null,
  }
}

/** The received signature as 32 bytes; all zero when it is not a signature, so that the comparison always runs. */
function signatureBytes(signature: string): Buffer {
  let plain = signature
  for (let round = 0; round < DECODE_MAX && plain.includes('%'); round += 1) {
    try {
      plain = decodeURIComponent(plain)
    } catch {
      break
    }
  }
  // A "+" of base64 that was not encoded has become a space on the way.
  const bytes = Buffer.from(plain.replaceAll(' ', '+'), 'base64')
  return bytes.byteLength === DIGEST_BYTES ? bytes : Buffer.alloc(DIGEST_BYTES)
}
