import type { Actor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AuthMode } from '../../store/accounts.ts'
import type { AppDeps } from '../deps.ts'

/**
 * How this account's calls to Juspay prove who they are: by API key, or signed and encrypted on `/v4` (API reference
 * §1.5). @throws Refusal `conflict` without a key that was tried
 */
export async function setAuthMode(
  deps: Pick<AppDeps, 'store'>,
  actor: Actor,
  input: { mode: AuthMode },
): Promise<void> {
  const { accountId } = actor
  await deps.store.transaction(async (tx) => {
    const keys = await tx.merchantKeys.lockLive(accountId, 'jwe')
    if (input.mode === 'jwe' && !keys.some(({ state }) => state === 'current'))
      throw new Refusal('conflict', 'Add a JWT key first: without one nothing can be signed and encrypted.')
    const before = (await tx.accounts.byId(accountId))?.authMode
    await tx.accounts.setAuthMode(accountId, input.mode)
    await tx.audit.append({
      actor,
      action: 'merchant_account.auth_mode',
      subjectKind: 'merchant_account',
      subjectId: accountId,
      outcome: 'done',
      before: { mode: before ?? null },
      after: { mode: input.mode },
    })
  })
}
