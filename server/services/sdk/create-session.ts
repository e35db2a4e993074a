import type { Actor } from '../../domain/actor.ts'
import type { ProviderOrder } from '../../domain/provider-order.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Session, SessionInput } from '../../juspay/session.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef, AppDeps } from '../deps.ts'
import { applyProviderOrder } from '../orders/apply-order.ts'

const PAID: ReadonlySet<string> = new Set(['charged', 'authorised', 'voided'])

/** What the merchant's server asks for; the amount is its own, never a browser's. */
export type NewSession = Omit<SessionInput, 'currency' | 'routingId'> & { currency?: string | undefined }

/**
 * Creates the order at Juspay (`POST /session`, API reference §2) and records it here, so that it can be found before
 * its first webhook. Asking again for an unpaid order gives a fresh session of the same order.
 * @returns Juspay's session, and the order's id here
 * @throws Refusal `provider_*` when Juspay gave no session; whether it made the order is then unknown and harmless.
 */
export async function createSession(
  deps: AppDeps,
  actor: Actor,
  input: NewSession,
): Promise<{ session: Session; orderId: string | null }> {
  const account = await deps.store.accounts.byId(actor.accountId)
  if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
  const currency = input.currency ?? account.currency
  const known = await deps.store.orders.byRef(account.id, input.orderRef)
  // A paid id used again leads to mixed states at Juspay (reference §3.4, pitfall 18).
  if (known && PAID.has(known.paymentStatus))
    throw new Refusal('conflict', `Order ${known.orderRef} is ${known.paymentStatus}. Use a new order_id.`)
  const juspay = await deps.juspay(account.id)
  const result = await juspay.createSession({
    ...input,
    currency,
    returnUrl: input.returnUrl ?? deps.returnUrl(account.slug),
    // The same value on every call about this customer (§1.3); a guest is known by the order only.
    routingId: input.customerRef === '' ? input.orderRef : input.customerRef,
  })
  if (!result.ok) throw refusalOf(result.error.kind)
  const { session } = result
  const orderId = await deps.store.transaction(async (tx) => {
    const recorded = await record(tx, deps, account, toldBySession(session, input, currency))
    await tx.audit.append({
      actor,
      action: 'order.create_session',
      subjectKind: 'order',
      subjectId: recorded,
      outcome: 'done',
      after: { orderRef: session.orderRef, amountMinor: input.amountMinor, currency },
    })
    return recorded
  })
  deps.wake('live')
  return { session, orderId }
}

/** A new session of an order we hold tells nothing new about it: its status is not what `NEW` says any more. */
async function record(
  tx: StoreTx,
  deps: AppDeps,
  account: AccountRef,
  order: ProviderOrder,
): Promise<string | null> {
  const known = await tx.orders.lockByRef(account.id, order.orderRef)
  if (known !== null) return known.orderId
  const source = { kind: 'status_check', id: null, occurredAt: null } as const
  const applied = await applyProviderOrder(tx, { account, order, source, now: deps.clock.now() })
  return applied.orderId
}

function refusalOf(kind: string): Refusal {
  switch (kind) {
    case 'rejected':
      return new Refusal('provider_rejected', 'Juspay did not accept this order. Check its fields.')
    case 'unauthorised':
      return new Refusal('provider_unauthorised', 'Juspay does not accept our API key.')
    default:
      return new Refusal('provider_unavailable', 'Juspay did not answer. Ask again in a moment.')
  }
}

/** What a new session says about its order. It carries no date, so anything Juspay says later outranks it. */
function toldBySession(session: Session, input: NewSession, currency: string): ProviderOrder {
  return {
    merchantRef: null,
    orderRef: session.orderRef,
    providerOrderRef: session.providerOrderRef,
    providerStatus: session.providerStatus ?? 'NEW',
    amountMinor: input.amountMinor,
    effectiveAmountMinor: null,
    currency,
    customer: {
      ref: input.customerRef === '' ? null : input.customerRef,
      name: [input.firstName, input.lastName].filter(Boolean).join(' ') || null,
      email: input.customerEmail ?? null,
      phone: input.customerPhone ?? null,
    },
    description: input.description ?? null,
    returnUrl: null,
    udf: input.udf ?? {},
    transactions: [],
    refunds: [],
    createdAt: null,
    statedAt: null,
  }
}
