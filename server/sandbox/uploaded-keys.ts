/** What the dashboard does when a merchant uploads the public half of a key: it keeps it and gives it an id. */
import { createPublicKey } from 'node:crypto'
import type { Configuration } from './configuration.ts'
import { ourKey } from './jwt.ts'
import { digits, hex } from './random.ts'
import type { Merchant } from './settings.ts'

function pemOf(publicKey: string): string {
  const key = createPublicKey(publicKey)
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('not an RSA key')
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

/** The id of a key that was uploaded before, or a new one. */
function idOf(keys: Readonly<Record<string, string>>, pem: string, mint: () => string): string {
  return Object.entries(keys).find(([, kept]) => kept === pem)?.[0] ?? mint()
}

/** "Upload New JWT" (reference 1.5): also hands out our public half. */
export function uploadJwtKey(
  configuration: Configuration,
  merchant: Merchant,
  publicKey: string,
): { keyId: string; juspayPublicKey: string } {
  const pem = pemOf(publicKey)
  const keyId = idOf(merchant.jwtKeys, pem, () => `key_${hex(32)}`)
  configuration.saveMerchant({ ...merchant, jwtKeys: { ...merchant.jwtKeys, [keyId]: pem } })
  return {
    keyId,
    juspayPublicKey: pemOf(
      createPublicKey(ourKey(configuration)).export({ type: 'spki', format: 'pem' }).toString(),
    ),
  }
}

/** Uploads a key for signed payloads; the id is a number (reference 2.4). */
export function uploadSigningKey(
  configuration: Configuration,
  merchant: Merchant,
  publicKey: string,
): { keyId: string } {
  const pem = pemOf(publicKey)
  const keyId = idOf(merchant.publicKeys, pem, () => digits(5))
  configuration.saveMerchant({ ...merchant, publicKeys: { ...merchant.publicKeys, [keyId]: pem } })
  return { keyId }
}
