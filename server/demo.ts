/**
 * The demo workspace (contract "Demo workspace"): one sandbox account and one person per role, made once and then left
 * alone. Its passwords are public, so it is never made in production.
 */
import { hashPassword } from 'better-auth/crypto'
import { API_KEY_RATE_DEFAULT } from './domain/api-key.ts'
import { DEFAULT_POLICY } from './domain/approval-policy.ts'
import { DEFAULT_LIMITS, type RefundLimits } from './domain/refund-limit.ts'
import type { Role } from './domain/permission.ts'
import { mintApiKey } from './http/api-key.ts'
import { API_KEY_PREFIX_LENGTH } from './services/accounts/api-keys.ts'
import { newKeyPair } from './services/keys/key-pair.ts'
import { PRIVATE_KEYS, sealBytes, sealSecrets } from './store/sealing.ts'
import type { Store, StoreTx } from './store/store.ts'

export const DEMO_SLUG = 'demo'
export const DEMO_PASSWORD = 'paydesk-demo'
/** What the sandbox knows the account by. */
const MERCHANT_ID = 'paydeskdemo'
const API_KEY = 'sandbox-api-key'
const RESPONSE_KEY = 'sandbox-response-key'
export const DEMO_WEBHOOK = { username: 'demowebhook', password: 'demo-webhook-password' } as const
const API_VERSION = '2024-05-01'
const MERCHANT_KEY_ID = '2980'

/** Enough for any day of showing things, and little enough to see what a limit is. */
const DEMO_LIMITS: RefundLimits['roles'] = [
  { role: 'support', dayMinor: 5_000_000n },
  { role: 'finance', dayMinor: 250_000_000n },
]

const PEOPLE: readonly { role: Role; name: string }[] = [
  { role: 'admin', name: 'Kavya Iyer' },
  { role: 'finance', name: 'Asha Menon' },
  { role: 'approver', name: 'Rohan Das' },
  { role: 'support', name: 'Meera Nair' },
  { role: 'ops', name: 'Vikram Rao' },
  { role: 'developer', name: 'Neha Gupta' },
  { role: 'auditor', name: 'Farhan Ali' },
  { role: 'viewer', name: 'Priya Shah' },
]

/** The demo's sign-ins, as the sign-in page lists them. */
export const DEMO_STAFF: readonly { email: string; role: Role }[] = PEOPLE.map(({ role }) => ({
  email: `${role}@demo.test`,
  role,
}))

export type DemoOptions = {
  store: Store
  secretKey: Uint8Array
  /** Where the sandbox answers as Juspay. */
  sandboxUrl: string
  publicUrl: string
  now: Date
}

export type DemoWorkspace = {
  accountId: string
  /** A key for `/sdk`, only when the workspace was just made: afterwards nobody knows it. */
  apiKey: string | null
}

/** Makes the workspace, or brings its addresses up to date when it exists. Two starts at once make one. */
export async function seedDemo(options: DemoOptions): Promise<DemoWorkspace> {
  const { store } = options
  const known = await store.accounts.bySlug(DEMO_SLUG)
  const addresses = {
    baseUrl: new URL(options.sandboxUrl).origin,
    returnPageUrl: `${options.publicUrl}/checkout/return`,
  }
  if (known) {
    await store.accounts.setAddresses(known.id, addresses)
    return { accountId: known.id, apiKey: null }
  }
  const accountId = crypto.randomUUID()
  const [passwordHash, pair] = await Promise.all([hashPassword(DEMO_PASSWORD), newKeyPair()])
  const { key: apiKey, secretHash } = mintApiKey('demo')
  await store.transaction(async (tx) => {
    await tx.accounts.create({
      id: accountId,
      slug: DEMO_SLUG,
      name: 'Paydesk Demo Store',
      environment: 'sandbox',
      ...addresses,
      juspayMerchantId: MERCHANT_ID,
      clientId: MERCHANT_ID,
      apiVersion: API_VERSION,
      currency: 'INR',
      webhookUsername: DEMO_WEBHOOK.username,
      sealedSecrets: sealSecrets(options.secretKey, {
        apiKey: API_KEY,
        webhookPassword: DEMO_WEBHOOK.password,
        previousWebhookPassword: null,
        responseKey: RESPONSE_KEY,
        signingKey: null,
      }),
    })
    await tx.merchantKeys.create({
      id: crypto.randomUUID(),
      accountId,
      purpose: 'payload',
      state: 'current',
      keyId: MERCHANT_KEY_ID,
      fingerprint: pair.fingerprint,
      publicKey: pair.publicKeyPem,
      sealedPrivateKey: sealBytes(options.secretKey, PRIVATE_KEYS, Buffer.from(pair.privateKeyPem, 'utf8')),
      juspayPublicKey: null,
      createdBy: 'paydesk',
      createdAt: options.now,
      activatedAt: options.now,
      retiredAt: null,
    })
    await addPeople(tx, accountId, passwordHash)
    await tx.apiKeys.create({
      accountId,
      name: 'Demo shop',
      prefix: apiKey.slice(0, API_KEY_PREFIX_LENGTH),
      secretHash,
      scopes: ['sdk'],
      createdBy: 'paydesk',
      expiresAt: null,
      ratePerMinute: API_KEY_RATE_DEFAULT,
    })
    const policy = {
      accountId,
      basedOn: 0,
      rules: { ...DEFAULT_POLICY.rules, limits: { ...DEFAULT_LIMITS, roles: DEMO_LIMITS } },
      createdBy: 'paydesk',
      now: options.now,
    }
    await tx.refundPolicies.write(policy)
  })
  return { accountId, apiKey }
}

/** One public password for all: it is hashed once. */
async function addPeople(tx: StoreTx, accountId: string, passwordHash: string): Promise<void> {
  for (const { role, name } of PEOPLE) {
    const userId = crypto.randomUUID()
    const added = await tx.staff.create({ userId, name, email: `${role}@demo.test`, passwordHash })
    if (added) await tx.staff.setRole(accountId, userId, role)
  }
}
