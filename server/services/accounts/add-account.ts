import type { SystemActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { NewAccount } from '../../store/accounts.ts'
import type { AccountSecrets } from '../../store/sealing.ts'
import type { AppDeps } from '../deps.ts'
import { readPrivateKey } from '../keys/key-pair.ts'

export type AddAccountDeps = Pick<AppDeps, 'store' | 'ids' | 'clock' | 'sealPrivateKey'> & {
  /** Encrypts the credentials with the server's key (`sealSecrets`). */
  seal(secrets: AccountSecrets): Uint8Array
}

export type AccountToAdd = Omit<NewAccount, 'id' | 'sealedSecrets'> & {
  secrets: AccountSecrets
  /** The key that signs SDK payloads, with the id Juspay gave its public half; null when none is used. */
  signing: { keyId: string; privateKeyPem: string } | null
}

/**
 * Adds a merchant account with its credentials sealed; the audit entry names everything about it but those.
 * @throws Refusal `conflict` when the slug is taken
 */
export async function addAccount(
  deps: AddAccountDeps,
  by: Pick<SystemActor, 'name' | 'requestId'>,
  input: AccountToAdd,
): Promise<{ accountId: string }> {
  const { secrets, signing, ...facts } = input
  const accountId = deps.ids.uuid()
  await deps.store.transaction(async (tx) => {
    if (await tx.accounts.bySlug(facts.slug))
      throw new Refusal('conflict', `There is an account with the slug ${facts.slug} already.`)
    await tx.accounts.create({ ...facts, id: accountId, sealedSecrets: deps.seal(secrets) })
    if (signing !== null) {
      const pair = readPrivateKey(signing.privateKeyPem)
      const now = deps.clock.now()
      await tx.merchantKeys.create({
        id: deps.ids.uuid(),
        accountId,
        purpose: 'payload',
        state: 'current',
        keyId: signing.keyId,
        fingerprint: pair.fingerprint,
        publicKey: pair.publicKeyPem,
        sealedPrivateKey: deps.sealPrivateKey(pair.privateKeyPem),
        juspayPublicKey: null,
        createdBy: by.name,
        createdAt: now,
        activatedAt: now,
        retiredAt: null,
      })
    }
    await tx.audit.append({
      actor: { kind: 'system', ...by, accountId },
      action: 'merchant_account.create',
      subjectKind: 'merchant_account',
      subjectId: accountId,
      outcome: 'done',
      after: { ...facts, signingKeyId: signing?.keyId ?? null },
    })
  })
  return { accountId }
}
