import type { SystemActor } from '../../domain/actor.ts'
import type { AppDeps } from '../deps.ts'
import { readPrivateKey } from './key-pair.ts'

/** A signing key as earlier releases kept it: among the account's sealed secrets. */
export type EarlierKey = { accountId: string; keyId: string; privateKeyPem: string }

/**
 * Takes signing keys over from where earlier releases kept them, once: a pair that was here before, also one retired
 * since, is left as it is. Servers of the earlier release go on with their copy meanwhile.
 */
export async function adoptKeys(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'sealPrivateKey'>,
  keys: readonly EarlierKey[],
): Promise<void> {
  for (const { accountId, keyId, privateKeyPem } of keys) {
    const pair = readPrivateKey(privateKeyPem)
    const now = deps.clock.now()
    await deps.store.transaction(async (tx) => {
      const live = await tx.merchantKeys.lockLive(accountId, 'payload')
      if (live.some(({ state }) => state === 'current')) return
      const id = deps.ids.uuid()
      const added = await tx.merchantKeys.create({
        id,
        accountId,
        purpose: 'payload',
        state: 'current',
        keyId,
        fingerprint: pair.fingerprint,
        publicKey: pair.publicKeyPem,
        sealedPrivateKey: deps.sealPrivateKey(pair.privateKeyPem),
        juspayPublicKey: null,
        createdBy: 'paydesk',
        createdAt: now,
        activatedAt: now,
        retiredAt: null,
      })
      if (!added) return
      const actor: SystemActor = { kind: 'system', name: 'start', accountId, requestId: deps.ids.uuid() }
      await tx.audit.append({
        actor,
        action: 'merchant_key.adopt',
        subjectKind: 'merchant_key',
        subjectId: id,
        outcome: 'done',
        after: { purpose: 'payload', keyId, fingerprint: pair.fingerprint },
      })
    })
  }
}
