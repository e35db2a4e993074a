import type { Actor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiKeyRecord } from '../../store/api-keys.ts'
import type { Deps } from '../deps.ts'

/** How much of a key is kept readable, to recognise it by. */
export const API_KEY_PREFIX_LENGTH = 12

type KeyDeps = Pick<Deps, 'store'> & {
  /** A new secret, and its hash: the only part that is stored. */
  mint(): { key: string; secretHash: Uint8Array }
}

/** Makes a key with scope `sdk` for a program of the merchant. It is told once and never stored. */
export async function addApiKey(deps: KeyDeps, actor: Actor, input: { name: string }): Promise<string> {
  const { key, secretHash } = deps.mint()
  const prefix = key.slice(0, API_KEY_PREFIX_LENGTH)
  const { accountId } = actor
  await deps.store.transaction(async (tx) => {
    await tx.apiKeys.create({ accountId, name: input.name, prefix, secretHash, scopes: ['sdk'] })
    await tx.audit.append({
      actor,
      action: 'api_key.create',
      subjectKind: 'api_key',
      subjectId: null,
      outcome: 'done',
      after: { name: input.name, prefix, scopes: ['sdk'] },
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
  input: { prefix: string },
): Promise<ApiKeyRecord> {
  return deps.store.transaction(async (tx) => {
    const keys = await tx.apiKeys.list(actor.accountId)
    const [key, other] = keys.filter(
      (each) => each.revokedAt === null && each.prefix.startsWith(input.prefix),
    )
    if (!key) throw new Refusal('not_found', `No key in use begins with ${input.prefix}.`)
    if (other) throw new Refusal('conflict', `Several keys begin with ${input.prefix}. Give more of it.`)
    await tx.apiKeys.revoke(actor.accountId, key.id)
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
