import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'

/** The credentials of one merchant account. They exist in clear only inside the server's memory. */
export type AccountSecrets = {
  /** Juspay API key, the user name of our Basic authentication (API reference §1.2). */
  apiKey: string
  /** Password Juspay sends with webhooks. */
  webhookPassword: string
  /** The password before the last change: both are accepted while the portal is being updated. */
  previousWebhookPassword: string | null
  /** Key of the return URL's HMAC-SHA256 (§7). */
  responseKey: string | null
  /** Where earlier releases kept the key that signs SDK payloads; now it is a `merchant_key`. */
  signingKey: string | null
}

const secretsShape = z.object({
  apiKey: z.string(),
  webhookPassword: z.string(),
  previousWebhookPassword: z.string().nullable(),
  responseKey: z.string().nullable(),
  signingKey: z.string().nullable(),
})

/** Layout: version (1) | nonce (12) | tag (16) | ciphertext. */
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** Sealed bytes that cannot be opened: another SECRET_KEY, or changed in the database. */
export class SealError extends Error {
  override name = 'SealError'
}

/** A key for one use alone, so that SECRET_KEY can serve others without them sharing key material. */
function sealingKey(secretKey: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, new Uint8Array(0), use, 32))
}

/** Encrypts and authenticates bytes (AES-256-GCM) under a key for `use`. */
export function sealBytes(secretKey: Uint8Array, use: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secretKey, use), nonce)
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed])
}

/** Opens what {@link sealBytes} made. @throws SealError when key or use is another or the bytes were changed. */
export function openBytes(secretKey: Uint8Array, use: string, sealed: Uint8Array): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION)
    throw new SealError('Sealed bytes have an unknown format.')
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const tag = sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES)
  const key = sealingKey(secretKey, use)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()])
  } catch {
    throw new SealError('Sealed bytes cannot be opened. Is SECRET_KEY the one this database was filled with?')
  }
}

/** Use of the key that seals private halves of a merchant's keys. */
export const PRIVATE_KEYS = 'paydesk private keys v1'
/** Use of the key that seals what `/sdk` was asked and answered. */
export const SDK_ANSWERS = 'paydesk sdk answers v1'

const ACCOUNT_SECRETS = 'paydesk account secrets v1'

/** Seals the secrets for `merchant_account.sealed_secrets`. */
export function sealSecrets(secretKey: Uint8Array, secrets: AccountSecrets): Buffer {
  return sealBytes(secretKey, ACCOUNT_SECRETS, Buffer.from(JSON.stringify(secrets), 'utf8'))
}

/** Opens what {@link sealSecrets} made. @throws SealError when the key is another or the bytes were changed. */
export function openSecrets(secretKey: Uint8Array, sealed: Uint8Array): AccountSecrets {
  const text = openBytes(secretKey, ACCOUNT_SECRETS, sealed).toString('utf8')
  try {
    return secretsShape.parse(JSON.parse(text))
  } catch {
    throw new SealError('Sealed account secrets hold something else.')
  }
}
