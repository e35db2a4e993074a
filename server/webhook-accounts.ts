/**
 * User names and passwords of all accounts, in memory: a database that is away must not turn Juspay's deliveries into
 * 404, and strangers must not cost it anything.
 */
import { setTimeout as after } from 'node:timers/promises'
import type { AccountCredentials } from './store/accounts.ts'
import { openSecrets } from './store/sealing.ts'
import { credentialHash, type WebhookAccount } from './webhooks/authenticate.ts'

const KEPT_MS = 5_000
/** Refused deliveries, however many, make us look at the database this often at most. */
const DOUBT_EVERY_MS = 1_000
/** How long a delivery that will probably be refused waits for that look. */
const DOUBT_WAIT_MS = 500

/**
 * Looks an account up by its slug; null when there is none. `kept` answers from memory. `fresh` is for a delivery that
 * memory would refuse: its account or its password may be newer than what is known.
 */
export type WebhookAccounts = (slug: string, how: 'kept' | 'fresh') => Account | Promise<Account>

type Account = WebhookAccount | null

/**
 * @param readAll the credentials of all accounts, sealed with a key derived from `secretKey`
 * @param now a monotonic clock in milliseconds
 */
export function createWebhookAccounts(
  readAll: () => Promise<AccountCredentials[]>,
  secretKey: Uint8Array,
  now: () => number = () => performance.now(),
): WebhookAccounts {
  let table: Map<string, WebhookAccount> | null = null
  let readAt = 0
  let startedAt = 0
  let reading: { done: Promise<void>; patience: Promise<void> } | null = null

  const read = async (): Promise<void> => {
    const rows = await readAll()
    table = new Map(rows.map((row) => [row.slug, openAccount(row, secretKey)]))
    readAt = now()
  }
  const start = () => {
    if (reading) return reading
    startedAt = now()
    const done = read().finally(() => {
      reading = null
    })
    // What is known is good enough meanwhile; a failure shows when the event cannot be stored.
    const settled = done.catch(() => undefined)
    reading = { done, patience: Promise.race([settled, after(DOUBT_WAIT_MS, undefined, { ref: false })]) }
    return reading
  }

  const find = (slug: string): Account => table?.get(slug) ?? null
  return (slug, how) => {
    if (table === null) return start().done.then(() => find(slug))
    if (how === 'fresh' && (reading || now() - startedAt >= DOUBT_EVERY_MS))
      return start().patience.then(() => find(slug))
    if (how === 'kept' && now() - readAt >= KEPT_MS) start()
    return find(slug)
  }
}

function openAccount(row: AccountCredentials, secretKey: Uint8Array): WebhookAccount {
  const secrets = openSecrets(secretKey, row.sealedSecrets)
  const passwords = [secrets.webhookPassword, secrets.previousWebhookPassword].filter(
    (password): password is string => password !== null && password !== '',
  )
  const credentials = passwords.map((password) => credentialHash(row.webhookUsername, password))
  return { id: row.id, slug: row.slug, username: row.webhookUsername, credentials }
}
