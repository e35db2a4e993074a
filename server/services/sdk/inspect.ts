import type { StaffActor } from '../../domain/actor.ts'
import type { Inspection } from '../../domain/inspection.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AppDeps } from '../deps.ts'

export type Inspected =
  | { kind: 'payload'; text: string; signature: string; merchantKeyId: string }
  | { kind: 'return'; text: string }
  | { kind: 'webhook'; authorization: string; body: string }

/**
 * Explains what a developer pasted: the exact signed text, the key, the verdict and the reason in words. Nothing is
 * stored or logged, and no secret is told. @throws Refusal `not_found`
 */
export async function inspect(deps: AppDeps, actor: StaffActor, input: Inspected): Promise<Inspection> {
  const account = await deps.store.accounts.byId(actor.accountId)
  if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
  const inspector = await deps.inspector(account.id)
  switch (input.kind) {
    case 'payload': {
      const keys = await deps.store.merchantKeys.list(account.id)
      return inspector.payload(input, {
        keys: keys.flatMap(({ purpose, state, keyId, publicKey }) =>
          purpose === 'payload' && keyId !== null
            ? [{ keyId, publicKeyPem: publicKey, retired: state === 'retired' }]
            : [],
        ),
        merchantId: account.juspayMerchantId,
        now: deps.clock.now(),
      })
    }
    case 'return':
      return inspector.returnUrl(input.text)
    case 'webhook':
      return inspector.webhook(input.authorization, input.body)
  }
}
