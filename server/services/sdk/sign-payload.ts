import type { Actor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { InitiateInput, ProcessInput, SignedPayload } from '../../juspay/signing.ts'
import type { AppDeps, PayloadSigner } from '../deps.ts'

/** A signed payload with what else the SDK needs to be started with it (API reference §2.4). */
export type SignedStart = SignedPayload & {
  merchantId: string
  clientId: string
  environment: 'sandbox' | 'production'
}

/** Signs the payload of Initiate for the customer. @throws Refusal `not_found` when the account has no signing key. */
export async function signInitiatePayload(
  deps: AppDeps,
  actor: Actor,
  input: Omit<InitiateInput, 'merchantId' | 'at'>,
): Promise<SignedStart> {
  const signer = await deps.signer(actor.accountId)
  const signed = keyOf(signer).initiate({ ...input, at: deps.clock.now() })
  noteSigned(deps, actor, signed)
  return started(signer, signed)
}

/** Signs the order details of Process. @throws Refusal `not_found` when the account has no signing key. */
export async function signProcessPayload(
  deps: AppDeps,
  actor: Actor,
  input: Omit<ProcessInput, 'merchantId' | 'at'>,
): Promise<SignedStart> {
  const signer = await deps.signer(actor.accountId)
  const signed = keyOf(signer).process({ ...input, at: deps.clock.now() })
  noteSigned(deps, actor, signed)
  return started(signer, signed)
}

function keyOf(signer: PayloadSigner): NonNullable<PayloadSigner['signing']> {
  if (signer.signing) return signer.signing
  throw new Refusal(
    'not_found',
    'This account has no signing key.',
    'Upload its public key at Juspay and set the key id here.',
  )
}

function noteSigned(deps: AppDeps, { accountId }: Actor, { merchantKeyId }: SignedPayload): void {
  deps.noteProof(accountId, { step: 'signed', ok: true, words: merchantKeyId })
}

function started(signer: PayloadSigner, signed: SignedPayload): SignedStart {
  return {
    ...signed,
    merchantId: signer.merchantId,
    clientId: signer.clientId,
    environment: signer.environment,
  }
}
