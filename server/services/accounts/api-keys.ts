import type { Actor } from '../../domain/actor.ts'
import type { ApiKeyScope } from '../../domain/api-key.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiKeyRecord } from '../../store/api-keys.ts'
import type { Deps } from '../deps.ts'

/** How much of a key is kept readable, to recognise it by. */
export const API_KEY_PREFIX_LENGTH = 12

type KeyDeps = Pick<Deps, 'store'> & {
  /** A new secret, and its hash: the only part that is stored. */
  mint(): { key: string; secretHash: Uint8Array }
}

export type NewApiKey = {
  name: string
  scopes: readonly ApiKeyScope[]
  ratePerMinute: number
  /** Null for a key that works until it is revoked. */
  expiresAt: Date | null
}

/**
 * Makes a key for a program of the merchant. It is told once and never stored.
 * @throws Refusal `invalid_input` without a scope, or for an end that has passed
 */
export async function addApiKey(deps: KeyDeps, actor: Actor, input: NewApiKey): Promise<string> {
  const { name, ratePerMinute, expiresAt } = input
  const scopes = [...new Set(input.scopes)]
  if (scopes.length === 0) throw new Refusal('invalid_input', 'Choose what the key may do.')
  const { key, secretHash } = deps.mint()
  const prefix = key.slice(0, API_KEY_PREFIX_LENGTH)
  const { accountId } = actor
  await deps.store.transaction(async (tx) => {
    await tx.apiKeys.create({
      accountId,
      name,
      prefix,
      secretHash,
      scopes,
      createdBy: actor.name,
      expiresAt,
      ratePerMinute,
    })
    await tx.audit.append({
      actor,
      action: 'api_key.create',
      subjectKind: 'api_key',
      subjectId: null,
      outcome: 'done',
      after: { name, prefix, scopes, ratePerMinute, expiresAt: expiresAt?.toISOString() ?? null },
    })
  })
  return key
}

/**
 * Ends a key at once: the next request with it is refused.
 * @throws Refusal `not_found` when no key in use begins like that, `conflict` when several do
 */
export async function revokeApiKey(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  which: { id: string } | { prefix: string },
): Promise<ApiKeyRecord> {
  return deps.store.transaction(async (tx) => {
    const keys = await tx.apiKeys.list(actor.accountId)
    const key = 'id' in which ? byId(keys, which.id) : byPrefix(keys, which.prefix)
    if (!(await tx.apiKeys.revoke(actor.accountId, key.id)))
      throw new Refusal('conflict', 'This key was revoked already.')
    await tx.audit.append({
      actor,
      action: 'api_key.revoke',
      subjectKind: 'api_key',
      subjectId: key.id,
      outcome: 'done',
      before: { name: key.name, prefix: key.prefix, scopes: key.scopes },
    })
    return key
  })
}

function byId(keys: readonly ApiKeyRecord[], id: string): ApiKeyRecord {
  const key = keys.find((each) => each.id === id)
  if (!key) throw new Refusal('not_found', 'There is no such key.')
  return key
}

function byPrefix(keys: readonly ApiKeyRecord[], prefix: string): ApiKeyRecord {
  const [key, other] = keys.filter((each) => each.revokedAt === null && each.prefix.startsWith(prefix))
  if (!key) throw new Refusal('not_found', `No key in use begins with ${prefix}.`)
  if (other) throw new Refusal('conflict', `Several keys begin with ${prefix}. Give more of it.`)
  return key
}
