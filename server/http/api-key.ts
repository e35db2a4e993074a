import { createHash, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { MachineActor } from '../domain/actor.ts'
import { Refusal } from '../domain/refusal.ts'
import type { ApiKeyScope } from '../store/api-keys.ts'
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
 * The program behind a request, by its bearer key: known, not revoked, of this account, with this scope. Every other
 * case is the same 401, so that nobody learns which accounts or keys exist; only a missing scope is told.
 */
export async function machineOf(
  store: Store,
  request: FastifyRequest,
  slug: string,
  scope: ApiKeyScope,
): Promise<{ actor: MachineActor; accountId: string }> {
  const text = BEARER.exec(request.headers.authorization ?? '')?.[1]
  const key = text === undefined ? null : await store.apiKeys.byHash(hashApiKey(text))
  const account = key === null || key.revokedAt !== null ? null : await store.accounts.byId(key.accountId)
  if (key === null || account === null || account.slug !== slug)
    throw new Refusal('not_signed_in', 'Send an API key of this account as a bearer token.')
  if (!key.scopes.includes(scope))
    throw new Refusal('permission_denied', `This API key lacks the scope "${scope}".`)
  return {
    accountId: account.id,
    actor: { kind: 'machine', name: key.name, accountId: account.id, requestId: request.id, ip: request.ip },
  }
}
