import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'

/**
 * Whether whoever moves money on the actor's account needs a second factor. In production everybody does, so there the
 * rule cannot be taken away. @throws Refusal conflict
 */
export async function setSecondFactorRule(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  input: { required: boolean },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const account = await tx.accounts.byId(actor.accountId)
    if (account === null) throw new Refusal('not_found', 'There is no such merchant account.')
    if (account.environment === 'production' && !input.required)
      throw new Refusal('conflict', 'In production a second step is always needed to move money.')
    const before = await tx.accounts.setSecondFactorRule(actor.accountId, input.required)
    await tx.audit.append({
      actor,
      action: 'settings.second_factor',
      subjectKind: 'merchant_account',
      subjectId: actor.accountId,
      outcome: 'done',
      before: { required: before },
      after: { required: input.required },
    })
  })
}
