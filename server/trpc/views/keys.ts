/** What the settings screen is told about keys. No secret is in it, but for a new API key, once. */
import { isApiKeyAlive } from '../../domain/api-key.ts'
import type { AuthMode } from '../../store/accounts.ts'
import type { ApiKeyRecord } from '../../store/api-keys.ts'
import type { KeyPurpose, KeyState, MerchantKeyRecord } from '../../store/merchant-keys.ts'

export type MerchantKeyView = {
  id: string
  purpose: KeyPurpose
  state: KeyState
  keyId: string | null
  fingerprint: string
  /** PEM, to paste into Juspay. */
  publicKey: string
  createdBy: string
  createdAt: Date
  activatedAt: Date | null
  retiredAt: Date | null
}

export type KeysView = {
  authMode: AuthMode
  /** The account is on the sandbox that runs beside us: keys can be uploaded there by a click. */
  sandbox: boolean
  keys: MerchantKeyView[]
}

export type ApiKeyView = {
  id: string
  name: string
  prefix: string
  scopes: string[]
  ratePerMinute: number
  createdBy: string | null
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  alive: boolean
}

export function merchantKeyView(key: MerchantKeyRecord): MerchantKeyView {
  return {
    id: key.id,
    purpose: key.purpose,
    state: key.state,
    keyId: key.keyId,
    fingerprint: key.fingerprint,
    publicKey: key.publicKey,
    createdBy: key.createdBy,
    createdAt: key.createdAt,
    activatedAt: key.activatedAt,
    retiredAt: key.retiredAt,
  }
}

export function apiKeyView(key: ApiKeyRecord, now: Date): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    ratePerMinute: key.ratePerMinute,
    createdBy: key.createdBy,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    revokedAt: key.revokedAt,
    alive: isApiKeyAlive(key, now),
  }
}
