import { randomBytes } from 'node:crypto'
import type { StaffActor } from '../../domain/actor.ts'
import type { AppDeps } from '../deps.ts'
import { createSession } from '../sdk/create-session.ts'
import { Refusal } from '../../domain/refusal.ts'

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
 * @throws Refusal `sandbox_only`, `provider_*`, `conflict` when the named order is paid
 */
export async function startCheckout(
  deps: AppDeps,
  actor: StaffActor,
  input: {
    amountMinor: bigint
    customer: CheckoutCustomer
    /** An order of the demo that is not paid and whose session is too old; null for a new one. */
    orderRef: string | null
  },
): Promise<CheckoutStart> {
  await checkoutAccount(deps, actor)
  const { customer } = input
  const [firstName, ...rest] = customer.name?.split(/\s+/) ?? []
  const { session, orderId } = await createSession(deps, actor, {
    orderRef: input.orderRef ?? newOrderRef(),
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

/**
 * The actor's account, which must be a sandbox one: at Juspay's sandbox, or at the one that runs here.
 * @throws Refusal `sandbox_only`
 */
export async function checkoutAccount(deps: Pick<AppDeps, 'store'>, actor: StaffActor): Promise<void> {
  const account = await deps.store.accounts.byId(actor.accountId)
  if (account?.environment !== 'sandbox')
    throw new Refusal('sandbox_only', 'This works only on a sandbox account.')
}

/** How the demo names its orders. */
export const DEMO_ORDER_REF = new RegExp(`^PD[${LETTERS}]{${REF_LENGTH}}$`)

function newOrderRef(): string {
  return `PD${[...randomBytes(REF_LENGTH)].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join('')}`
}
