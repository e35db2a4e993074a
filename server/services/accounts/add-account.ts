import type { SystemActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { NewAccount } from '../../store/accounts.ts'
import type { AccountSecrets } from '../../store/sealing.ts'
import type { Deps } from '../deps.ts'

export type AddAccountDeps = Pick<Deps, 'store' | 'ids'> & {
  /** Encrypts the credentials with the server's key (`sealSecrets`). */
  seal(secrets: AccountSecrets): Uint8Array
}

export type AccountToAdd = Omit<NewAccount, 'id' | 'sealedSecrets'> & { secrets: AccountSecrets }

/**
 * Adds a merchant account with its credentials sealed; the audit entry names everything about it but those.
 * @throws Refusal `conflict` when the slug is taken
 */
export async function addAccount(
  deps: AddAccountDeps,
  by: Pick<SystemActor, 'name' | 'requestId'>,
  input: AccountToAdd,
): Promise<{ accountId: string }> {
  const { secrets, ...facts } = input
  const accountId = deps.ids.uuid()
  await deps.store.transaction(async (tx) => {
    if (await tx.accounts.bySlug(facts.slug))
      throw new Refusal('conflict', `There is an account with the slug ${facts.slug} already.`)
    await tx.accounts.create({ ...facts, id: accountId, sealedSecrets: deps.seal(secrets) })
    await tx.audit.append({
      actor: { kind: 'system', ...by, accountId },
      action: 'merchant_account.create',
      subjectKind: 'merchant_account',
      subjectId: accountId,
      outcome: 'done',
      after: facts,
    })
  })
  return { accountId }
}
