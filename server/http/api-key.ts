import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MachineActor } from '../domain/actor.ts'
import { isApiKeyAlive, retryAfterSeconds, scopesAllow, type ApiKeyNeed } from '../domain/api-key.ts'
import { Refusal } from '../domain/refusal.ts'
import type { AccountRecord } from '../store/accounts.ts'
import type { Store } from '../store/store.ts'

const BEARER = /^Bearer ([A-Za-z0-9_-]{20,200})$/i

/** A key as stored: keys carry 256 random bits, so a plain hash is enough. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** A new key, such as `pd_live_…`, and what is stored of it. */
export function mintApiKey(kind: 'live' | 'demo'): { key: string; secretHash: Buffer } {
  const key = `pd_${kind}_${randomBytes(32).toString('base64url')}`
  return { key, secretHash: hashApiKey(key) }
}

/**
 * A key in a page or an app is everybody's. Browsers say that they are one.
 * @throws Refusal `browser_call`
 */
export function refuseBrowsers(request: FastifyRequest): void {
  // Not Sec-Fetch-Mode: the fetch of Node sends that one, from servers.
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin === undefined && site === undefined) return
  throw new Refusal(
    'browser_call',
    'Call this from your server. In a page or an app everybody could read the API key and choose the amount.',
  )
}

/**
 * The program behind a request, by its bearer key: alive, of this account, with the scope, within its rate. An unknown,
 * revoked or foreign key is the same 401, so that nobody learns which accounts or keys exist; that a key has ended is
 * told to whoever holds it.
 */
export async function machineOf(
  { store, clock }: { store: Store; clock: { now(): Date } },
  request: FastifyRequest<{ Params: { account: string } }>,
  reply: FastifyReply,
  need: ApiKeyNeed,
): Promise<{ actor: MachineActor; account: AccountRecord }> {
  refuseBrowsers(request)
  const now = clock.now()
  const text = BEARER.exec(request.headers.authorization ?? '')?.[1]
  const hash = text === undefined ? null : hashApiKey(text)
  const key = hash === null ? null : await store.apiKeys.use(hash, now)
  if (key === null && hash !== null) await tellEnded(store, hash, now)
  const account = key === null ? null : await store.accounts.byId(key.accountId)
  if (key === null || account === null || account.slug !== request.params.account)
    throw new Refusal('not_signed_in', 'Send an API key of this account as a bearer token.')
  const wait = retryAfterSeconds(key, now)
  if (wait !== null) {
    reply.header('retry-after', String(wait))
    throw new Refusal(
      'rate_limited',
      `More than ${key.ratePerMinute} calls in a minute with this API key. Wait ${wait} s.`,
    )
  }
  if (!scopesAllow(key.scopes, need))
    throw new Refusal('permission_denied', `This API key lacks the scope "${need}".`)
  return {
    account,
    actor: { kind: 'machine', name: key.name, accountId: account.id, requestId: request.id, ip: request.ip },
  }
}

async function tellEnded(store: Store, hash: Buffer, now: Date): Promise<void> {
  const key = await store.apiKeys.byHash(hash)
  if (key === null || key.revokedAt !== null || isApiKeyAlive(key, now)) return
  throw new Refusal(
    'not_signed_in',
    `This API key ended on ${key.expiresAt?.toISOString().slice(0, 10) ?? ''}.`,
  )
}
