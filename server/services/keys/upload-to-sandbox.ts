import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps } from '../deps.ts'

/**
 * Uploads a waiting key's public half to the sandbox, as one does in Juspay's dashboard, and answers what the dashboard
 * would show: the id, and for `/v4` Juspay's own half. Nothing changes here.
 * @throws Refusal `sandbox_only` for an account at the real Juspay
 */
export async function uploadToSandbox(
  deps: AppDeps,
  actor: StaffActor,
  input: { id: string },
): Promise<{ keyId: string; juspayPublicKey: string | null }> {
  const account = await deps.store.accounts.byId(actor.accountId)
  if (account?.environment !== 'sandbox' || deps.sandboxControl === null)
    throw new Refusal(
      'sandbox_only',
      'Upload the key in Juspay’s dashboard: this account is not on the sandbox.',
    )
  const key = (await deps.store.merchantKeys.list(account.id)).find(({ id }) => id === input.id)
  if (key?.state !== 'waiting') throw new Refusal('not_found', 'This key does not wait for its id any more.')
  const { purpose, publicKey } = key
  try {
    return await deps.sandboxControl.uploadKey({ merchantId: account.juspayMerchantId, purpose, publicKey })
  } catch {
    throw new Refusal('provider_unavailable', 'The sandbox does not answer. Is it running?')
  }
}
