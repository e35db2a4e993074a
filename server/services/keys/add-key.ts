import type { Actor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { KeyPurpose, MerchantKeyRecord } from '../../store/merchant-keys.ts'
import type { AppDeps } from '../deps.ts'
import { newKeyPair, readPrivateKey } from './key-pair.ts'

type KeyDeps = Pick<AppDeps, 'store' | 'clock' | 'ids' | 'sealPrivateKey'>

/**
 * Makes a pair, or takes the private half a person uploads, and keeps it sealed. It waits until Juspay has given its
 * public half an id; nothing is signed with it before.
 * @throws Refusal `conflict` when one waits already or the pair was here before, `invalid_input` for a key that is none
 */
export async function addKey(
  deps: KeyDeps,
  actor: Actor,
  input: { purpose: KeyPurpose; privateKeyPem: string | null },
): Promise<MerchantKeyRecord> {
  const { purpose, privateKeyPem } = input
  const pair = privateKeyPem === null ? await newKeyPair() : readPrivateKey(privateKeyPem)
  const key: MerchantKeyRecord = {
    id: deps.ids.uuid(),
    purpose,
    state: 'waiting',
    keyId: null,
    fingerprint: pair.fingerprint,
    publicKey: pair.publicKeyPem,
    juspayPublicKey: null,
    createdBy: actor.name,
    createdAt: deps.clock.now(),
    activatedAt: null,
    retiredAt: null,
  }
  const sealedPrivateKey = deps.sealPrivateKey(pair.privateKeyPem)
  await deps.store.transaction(async (tx) => {
    const live = await tx.merchantKeys.lockLive(actor.accountId, purpose)
    if (live.some(({ state }) => state === 'waiting'))
      throw new Refusal('conflict', 'Another key waits for its id already. Enter its id, or discard it.')
    if (!(await tx.merchantKeys.create({ ...key, accountId: actor.accountId, sealedPrivateKey })))
      throw new Refusal('conflict', 'This key was here before. Use a new one.')
    await tx.audit.append({
      actor,
      action: 'merchant_key.add',
      subjectKind: 'merchant_key',
      subjectId: key.id,
      outcome: 'done',
      after: {
        purpose,
        fingerprint: key.fingerprint,
        origin: privateKeyPem === null ? 'generated' : 'uploaded',
      },
    })
  })
  return key
}
