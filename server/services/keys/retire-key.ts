import type { Actor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps } from '../deps.ts'

type KeyDeps = Pick<AppDeps, 'store' | 'clock'>

/**
 * Ends a key: one that waits is discarded, any other loses its private half for good. The current one may be ended too,
 * as after a theft; nothing is signed then until another is there.
 * @throws Refusal `conflict` for the current `/v4` key while calls use it
 */
export async function retireKey(deps: KeyDeps, actor: Actor, input: { id: string }): Promise<void> {
  const { accountId } = actor
  await deps.store.transaction(async (tx) => {
    const known = (await tx.merchantKeys.list(accountId)).find(({ id }) => id === input.id)
    if (!known) throw new Refusal('not_found', 'There is no such key.')
    const live = await tx.merchantKeys.lockLive(accountId, known.purpose)
    const key = live.find(({ id }) => id === input.id)
    if (!key) throw new Refusal('conflict', 'This key is retired already.')
    const account = await tx.accounts.byId(accountId)
    if (key.purpose === 'jwe' && key.state === 'current' && account?.authMode === 'jwe')
      throw new Refusal('conflict', 'Calls to Juspay use this key. Switch to the API key first.')
    if (key.state === 'waiting') await tx.merchantKeys.discard(key.id)
    else await tx.merchantKeys.retire(key.id, deps.clock.now())
    await tx.audit.append({
      actor,
      action: key.state === 'waiting' ? 'merchant_key.discard' : 'merchant_key.retire',
      subjectKind: 'merchant_key',
      subjectId: key.id,
      outcome: 'done',
      before: { purpose: key.purpose, state: key.state, keyId: key.keyId, fingerprint: key.fingerprint },
    })
  })
}
