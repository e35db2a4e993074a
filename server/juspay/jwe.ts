/**
 * JWE + JWS bodies of Juspay's `/v4` routes (API reference §1.5). What we send is signed with the merchant's key and
 * encrypted to Juspay's; what comes back is encrypted to ours and signed with Juspay's. An answer that cannot be opened
 * says nothing about what Juspay did, so it is never an answer.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { errors, FlattenedEncrypt, FlattenedSign, flattenedDecrypt, flattenedVerify } from 'jose'
import type { JWEHeaderParameters, JWSHeaderParameters } from 'jose'
import type { SealedProblem } from '../domain/provider-error.ts'
import { isObject, parseJson } from './json.ts'
import { integer, ref } from './wire.ts'
import type { JsonObject } from './wire.ts'

/** What one merchant account needs for `/v4`. */
export type JweKeys = {
  /** Id the dashboard gave the pair of keys, `key_<hex>`. */
  keyId: string
  /** Ours, PEM: signs requests and opens answers. */
  privateKeyPem: string
  /** Juspay's, PEM: encrypts requests and verifies answers. */
  juspayPublicKeyPem: string
}

export type Jwe = {
  /** Signs and encrypts the JSON of a request; RSA-OAEP-256 with A256GCM, the five-member form. */
  seal(json: string): Promise<string>
  /** Opens an answer in either form. @returns its JSON, or why it is none. Never throws. */
  open(body: JsonObject, now: Date): Promise<Opened>
}

export type Opened = { ok: true; json: Uint8Array } | { ok: false; problem: SealedProblem }

type Envelope = { protected: string; encrypted_key: string; iv: string; ciphertext: string; tag: string }

/** Shortest RSA modulus taken; the reference says 2048. */
export const RSA_BITS_MIN = 2_048

/** Clocks of two companies differ; an answer is expired only beyond this. */
const EXPIRY_LEEWAY_MS = 60_000

/** Reads the keys once. @throws TypeError when one of them is no RSA key of at least 2048 bits in PEM */
export function createJwe(keys: JweKeys): Jwe {
  const ours = rsa(createPrivateKey(keys.privateKeyPem))
  const theirs = rsa(createPublicKey(keys.juspayPublicKeyPem))
  return {
    async seal(json) {
      const signed = await new FlattenedSign(Buffer.from(json, 'utf8'))
        .setProtectedHeader({ alg: 'RS256', kid: keys.keyId })
        .sign(ours)
      const inner = { header: signed.protected, payload: signed.payload, signature: signed.signature }
      const sealed = await new FlattenedEncrypt(Buffer.from(JSON.stringify(inner), 'utf8'))
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: keys.keyId })
        .encrypt(theirs)
      return JSON.stringify({
        header: sealed.protected,
        encryptedKey: sealed.encrypted_key,
        iv: sealed.iv,
        encryptedPayload: sealed.ciphertext,
        tag: sealed.tag,
      })
    },
    async open(body, now) {
      const envelope = envelopeOf(body)
      if (envelope === null) return { ok: false, problem: 'not_encrypted' }
      try {
        return await opened(envelope, { ours, theirs, keyId: keys.keyId }, now)
      } catch (error) {
        return { ok: false, problem: problemOf(error) }
      }
    },
  }
}

function rsa(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < RSA_BITS_MIN)
    throw new TypeError(`A JWT key must be an RSA key of at least ${RSA_BITS_MIN} bits.`)
  return key
}

/** Whether a body looks encrypted at all: errors of `/v4` come in plain JSON. */
export function isEnvelope(body: JsonObject): boolean {
  return envelopeOf(body) !== null
}

function envelopeOf(body: JsonObject): Envelope | null {
  const dotted = body['JWT']
  const parts =
    typeof dotted === 'string'
      ? dotted.split('.')
      : ['header', 'encryptedKey', 'iv', 'encryptedPayload', 'tag'].map((name) => body[name])
  const [header, encryptedKey, iv, ciphertext, tag] = parts
  if (parts.length !== 5) return null
  if (typeof header !== 'string' || typeof encryptedKey !== 'string' || typeof iv !== 'string') return null
  if (typeof ciphertext !== 'string' || typeof tag !== 'string') return null
  return { protected: header, encrypted_key: encryptedKey, iv, ciphertext, tag }
}

type OpenKeys = { ours: KeyObject; theirs: KeyObject; keyId: string }

class KeyIdDiffers extends Error {}

async function opened(envelope: Envelope, keys: OpenKeys, now: Date): Promise<Opened> {
  const expectKeyId = (kid: unknown): void => {
    // Absent is allowed: the key itself is what proves; another id means another pair of keys.
    if (kid !== undefined && kid !== keys.keyId) throw new KeyIdDiffers()
  }
  const { plaintext } = await flattenedDecrypt(
    envelope,
    (header?: JWEHeaderParameters) => {
      expectKeyId(header?.kid)
      return keys.ours
    },
    {
      keyManagementAlgorithms: ['RSA-OAEP-256', 'RSA-OAEP'],
      contentEncryptionAlgorithms: ['A256GCM'],
    },
  )
  const { payload } = await flattenedVerify(
    signedOf(plaintext),
    (header: JWSHeaderParameters) => {
      expectKeyId(header.kid)
      return keys.theirs
    },
    { algorithms: ['RS256'] },
  )
  const parsed = parseJson(payload)
  const expiresAt = parsed.ok && isObject(parsed.json) ? integer(parsed.json['exp']) : null
  if (expiresAt !== null && expiresAt * 1_000 + EXPIRY_LEEWAY_MS < now.getTime())
    return { ok: false, problem: 'expired' }
  return { ok: true, json: payload }
}

/** The signed object inside: three members, or a dotted string. */
function signedOf(plaintext: Uint8Array): { protected: string; payload: string; signature: string } {
  const text = Buffer.from(plaintext).toString('utf8')
  const parsed = parseJson(text)
  const body = parsed.ok && isObject(parsed.json) ? parsed.json : null
  const [header, payload, signature, more] = body
    ? ['header', 'payload', 'signature'].map((name) => signedText(body, name))
    : text.trim().split('.')
  if (header === undefined || payload === undefined || signature === undefined || more !== undefined)
    throw new errors.JWSInvalid('not a signed object')
  return { protected: header, payload, signature }
}

function signedText(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  return typeof value === 'string' ? value : (ref(value) ?? undefined)
}

function problemOf(error: unknown): SealedProblem {
  if (error instanceof KeyIdDiffers) return 'key_id_differs'
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWSInvalid)
    return 'signature_differs'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm_differs'
  return 'undecryptable'
}
