/**
 * The JWE + JWS bodies of `/v4` (reference 1.5): what a merchant sends is signed with its key and encrypted to ours,
 * what we answer is signed with ours and encrypted to its key.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { errors, FlattenedEncrypt, FlattenedSign, flattenedDecrypt, flattenedVerify } from 'jose'
import type { JWSHeaderParameters } from 'jose'
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Configuration } from './configuration.ts'
import type { Merchant } from './settings.ts'

/** Both forms exist: five named members, or one dotted string in `JWT`. An answer takes the form of its request. */
type Form = 'flattened' | 'compact'

export type OpenedBody = { keyId: string; form: Form; json: string }

type Parts = { protected: string; encrypted_key: string; iv: string; ciphertext: string; tag: string }

const KEY_META = 'jwt_private_key'
const RSA_BITS = 2_048

/** Why a body cannot be read; said to the caller as it is. */
export class JwtProblem extends Error {
  override name = 'JwtProblem'
}

/** Juspay's own key of `/v4`; made when first needed. */
export function ourKey(configuration: Configuration): KeyObject {
  const kept = configuration.meta(KEY_META)
  if (kept !== null) return createPrivateKey(kept)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
  configuration.setMeta(KEY_META, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return privateKey
}

function partsOf(params: Params): { form: Form; parts: Parts } {
  const dotted = text(params, 'JWT')?.split('.')
  if (dotted) {
    const [header, encryptedKey, iv, ciphertext, tag] = dotted
    if (dotted.length !== 5 || !header || !encryptedKey || !iv || !ciphertext || !tag)
      throw new JwtProblem('JWT must have five parts.')
    return { form: 'compact', parts: { protected: header, encrypted_key: encryptedKey, iv, ciphertext, tag } }
  }
  const member = (name: string): string => {
    const value = text(params, name)
    if (value === undefined || value === '') throw new JwtProblem(`The encrypted body lacks ${name}.`)
    return value
  }
  const parts = {
    protected: member('header'),
    encrypted_key: member('encryptedKey'),
    iv: member('iv'),
    ciphertext: member('encryptedPayload'),
    tag: member('tag'),
  }
  return { form: 'flattened', parts }
}

/** The signed object inside: three members, or a dotted string. */
function signedParts(plain: string): { protected: string; payload: string; signature: string } {
  const dotted = plain.split('.')
  const [header, payload, signature] = dotted
  if (dotted.length === 3 && header && payload && signature && !plain.startsWith('{'))
    return { protected: header, payload, signature }
  const parsed: unknown = JSON.parse(plain)
  const members = new Map(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [])
  const member = (name: string): string => {
    const value: unknown = members.get(name)
    if (typeof value !== 'string') throw new JwtProblem(`The signed object lacks ${name}.`)
    return value
  }
  return { protected: member('header'), payload: member('payload'), signature: member('signature') }
}

function describe(error: unknown): JwtProblem {
  if (error instanceof JwtProblem) return error
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new JwtProblem('The signature does not match the uploaded public key.')
  if (error instanceof errors.JWEDecryptionFailed)
    return new JwtProblem('The body cannot be decrypted with our key, or it was changed.')
  return new JwtProblem('The body is not a JWE of a JWS.')
}

/**
 * Opens a `/v4` body of this merchant. OAEP with SHA-1 and with SHA-256 are both taken (reference 13, row 10).
 * @throws JwtProblem
 */
export async function openBody(
  configuration: Configuration,
  merchant: Merchant,
  params: Params,
  now: number,
): Promise<OpenedBody> {
  try {
    const { form, parts } = partsOf(params)
    const { plaintext } = await flattenedDecrypt(parts, ourKey(configuration), {
      keyManagementAlgorithms: ['RSA-OAEP', 'RSA-OAEP-256'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const signed = signedParts(Buffer.from(plaintext).toString('utf8'))
    let keyId = ''
    const { payload } = await flattenedVerify(
      signed,
      (header: JWSHeaderParameters) => {
        keyId = header?.kid ?? ''
        const pem = merchant.jwtKeys[keyId]
        if (pem === undefined) throw new JwtProblem(`The key id ${keyId || '(none)'} is unknown.`)
        return createPublicKey(pem)
      },
      { algorithms: ['RS256'] },
    )
    const json = Buffer.from(payload).toString('utf8')
    const expiresAt = expiryOf(json)
    if (expiresAt !== null && expiresAt <= now) throw new JwtProblem('The signed body has expired.')
    return { keyId, form, json }
  } catch (error) {
    throw describe(error)
  }
}

/** `exp`, epoch seconds, when the signed body carries one; in milliseconds. */
function expiryOf(json: string): number | null {
  const parsed: unknown = JSON.parse(json)
  if (typeof parsed !== 'object' || parsed === null) throw new JwtProblem('The signed body is not an object.')
  return 'exp' in parsed && typeof parsed.exp === 'number' ? parsed.exp * 1_000 : null
}

/** Signs and encrypts an answer in the form of the request; always RSA-OAEP-256. */
export async function sealBody(
  configuration: Configuration,
  merchant: Merchant,
  { keyId, form }: OpenedBody,
  json: string,
): Promise<Record<string, string>> {
  const recipient = createPublicKey(merchant.jwtKeys[keyId] ?? '')
  const signed = await new FlattenedSign(Buffer.from(json))
    .setProtectedHeader({ alg: 'RS256', kid: keyId })
    .sign(ourKey(configuration))
  const inner =
    form === 'compact'
      ? `${signed.protected}.${signed.payload}.${signed.signature}`
      : JSON.stringify({ header: signed.protected, payload: signed.payload, signature: signed.signature })
  const sealed = await new FlattenedEncrypt(Buffer.from(inner))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: keyId })
    .encrypt(recipient)
  const { protected: header = '', encrypted_key: encryptedKey = '', iv = '', ciphertext, tag = '' } = sealed
  if (form === 'compact') return { JWT: [header, encryptedKey, iv, ciphertext, tag].join('.') }
  return { header, encryptedKey, iv, encryptedPayload: ciphertext, tag }
}
