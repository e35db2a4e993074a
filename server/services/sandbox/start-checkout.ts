import { randomBytes } from 'node:crypto'
import type { StaffActor } from '../../domain/actor.ts'
import type { AppDeps } from '../deps.ts'
import { createSession } from '../sdk/create-session.ts'
import { sandboxAccount } from './control.ts'

export type CheckoutCustomer = {
  ref: string | null
  name: string | null
  email: string | null
  phone: string | null
}

export type CheckoutStart = {
  orderRef: string
  orderId: string | null
  /** Juspay's `sdk_payload` as its JSON text. */
  sdkPayloadJson: string | null
  paymentLink: string | null
}

/** Letters that cannot be misread; 16 of them are 80 bits, so order references never meet. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const REF_LENGTH = 16

/**
 * Plays the shop: creates a session for the demo checkout the way a merchant's server does (integration step 4).
 * Only on a sandbox account, because here the amount does come from a browser.
 * @throws Refusal `sandbox_only`, `provider_*`
 */
export async function startCheckout(
  deps: AppDeps,
  actor: StaffActor,
  input: { amountMinor: bigint; customer: CheckoutCustomer },
): Promise<CheckoutStart> {
  await sandboxAccount(deps, actor)
  const { customer } = input
  const [firstName, ...rest] = customer.name?.split(/\s+/) ?? []
  const { session, orderId } = await createSession(deps, actor, {
    orderRef: newOrderRef(),
    amountMinor: input.amountMinor,
    customerRef: customer.ref ?? '',
    customerEmail: customer.email ?? undefined,
    customerPhone: customer.phone ?? undefined,
    firstName,
    lastName: rest.length > 0 ? rest.join(' ') : undefined,
    description: 'Demo checkout',
    action: 'paymentPage',
  })
  return {
    orderRef: session.orderRef,
    orderId,
    sdkPayloadJson: session.sdkPayloadJson,
    paymentLink: session.paymentLinks['web'] ?? null,
  }
}

function newOrderRef(): string {
  return `PD${[...randomBytes(REF_LENGTH)].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join('')}`
}
