/** RSA pairs in PEM: made here, or read from what a person uploads. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '../../domain/refusal.ts'

/** Bits of an RSA modulus: Juspay's documents say 2048 (API reference §1.5, §2.4). */
export const RSA_BITS = 2_048

export type KeyPair = {
  privateKeyPem: string
  publicKeyPem: string
  /** SHA-256 of the public half (SPKI), hexadecimal. */
  fingerprint: string
}

/** Makes a new pair. */
export async function newKeyPair(): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS })
  return pairOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
}

/**
 * The pair of an uploaded private key.
 * @throws Refusal `invalid_input` in words that quote nothing of it
 */
export function readPrivateKey(pem: string): KeyPair {
  const refuse = (message: string) => new Refusal('invalid_input', `Private key: ${message}`)
  if (/BEGIN PUBLIC KEY|BEGIN CERTIFICATE/.test(pem))
    throw refuse('this is a public one. Paste the private one.')
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(pem))
    throw refuse('it has a passphrase. Take it off first.')
  let bits: number | undefined
  try {
    const key = createPrivateKey(pem)
    bits = key.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : undefined
  } catch {
    throw refuse('it must be PEM, with its BEGIN and END lines.')
  }
  if (bits === undefined) throw refuse('it must be an RSA key.')
  if (bits < RSA_BITS) throw refuse(`it has ${bits} bits and must have at least ${RSA_BITS}.`)
  return pairOf(pem)
}

/**
 * A public key of Juspay's as PEM in one form.
 * @throws Refusal `invalid_input`
 */
export function readPublicKey(pem: string): string {
  const refuse = (message: string) => new Refusal('invalid_input', `Juspay’s public key: ${message}`)
  if (/PRIVATE KEY/.test(pem)) throw refuse('this is a private key. Never paste one here.')
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS)
      return key.export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    throw refuse('it must be PEM, with its BEGIN and END lines.')
  }
  throw refuse(`it must be an RSA key of at least ${RSA_BITS} bits.`)
}

function pairOf(privateKeyPem: string): KeyPair {
  const privateKey = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(privateKey)
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  }
}
