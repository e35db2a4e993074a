import type { Actor } from '../../domain/actor.ts'
import { describeError } from '../../domain/provider-error.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { MerchantKeyRecord } from '../../store/merchant-keys.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AppDeps } from '../deps.ts'
import { readPublicKey } from './key-pair.ts'

type KeyDeps = Pick<AppDeps, 'store' | 'clock' | 'tryJwe'>

export type Activation = {
  id: string
  /** What the Juspay dashboard shows for the uploaded public half. */
  keyId: string
  /** Juspay's own public half, PEM; wanted for `jwe`. */
  juspayPublicKey: string | null
}

/**
 * The waiting key signs from now on; the one before stays accepted until it is retired. A key for `/v4` is tried on
 * Juspay first: one that does not work never becomes the current one.
 * @throws Refusal `conflict` while an older key is still on its way out, `provider_*` when Juspay does not take the key
 */
export async function activateKey(deps: KeyDeps, actor: Actor, input: Activation): Promise<void> {
  const { accountId } = actor
  const known = (await deps.store.merchantKeys.list(accountId)).find(({ id }) => id === input.id)
  if (!known) throw new Refusal('not_found', 'There is no such key.')
  const juspayPublicKey = known.purpose === 'jwe' ? readPublicKey(input.juspayPublicKey ?? '') : null
  if (juspayPublicKey !== null) await demandWorking(deps, accountId, { ...input, juspayPublicKey })
  await deps.store.transaction(async (tx) => {
    const live = await tx.merchantKeys.lockLive(accountId, known.purpose)
    const waiting = live.find(({ id }) => id === input.id)
    if (waiting?.state !== 'waiting')
      throw new Refusal('conflict', 'This key does not wait for its id any more.')
    if (live.some(({ keyId }) => keyId === input.keyId))
      throw new Refusal('invalid_input', `Key ID: ${input.keyId} is the id of another key.`)
    const before = await makeRoom(tx, live)
    await tx.merchantKeys.activate({
      id: input.id,
      keyId: input.keyId,
      juspayPublicKey,
      now: deps.clock.now(),
    })
    await tx.audit.append({
      actor,
      action: 'merchant_key.activate',
      subjectKind: 'merchant_key',
      subjectId: input.id,
      outcome: 'done',
      before: { keyId: before?.keyId ?? null },
      after: { purpose: known.purpose, keyId: input.keyId, fingerprint: known.fingerprint },
    })
  })
}

/** The current key steps back. @throws Refusal `conflict` when one has stepped back already */
async function makeRoom(
  tx: StoreTx,
  live: readonly MerchantKeyRecord[],
): Promise<MerchantKeyRecord | undefined> {
  const previous = live.find(({ state }) => state === 'previous')
  if (previous)
    throw new Refusal(
      'conflict',
      `Retire the old key ${previous.keyId} first: two keys at once are the most.`,
    )
  const current = live.find(({ state }) => state === 'current')
  if (current) await tx.merchantKeys.stepBack(current.id)
  return current
}

async function demandWorking(
  deps: KeyDeps,
  accountId: string,
  key: { id: string; keyId: string; juspayPublicKey: string },
): Promise<void> {
  const error = await deps.tryJwe(accountId, key)
  if (error === null) return
  const hint = 'Check that the key id and Juspay’s public key belong to this key.'
  const code = error.kind === 'unauthorised' ? 'provider_unauthorised' : 'provider_unavailable'
  throw new Refusal(code, `A test call with this key did not work. ${describeError(error)}.`, hint)
}
