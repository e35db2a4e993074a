import type { Actor } from '../../domain/actor.ts'
import { mayHaveActed } from '../../domain/provider-error.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { SignedPayload } from '../../juspay/signing.ts'
import type { AppDeps } from '../deps.ts'
import { applyProviderOrder } from '../orders/apply-order.ts'
import { restateAmount } from './answer-once.ts'

export type AmountUpdate = {
  orderRef: string
  amountMinor: bigint
  currency: string
  /** New signed order details for the SDK's `updateOrder`; null when the account has no signing key. */
  signed: SignedPayload | null
}

/** Statuses of an order that may still get another price: nothing was taken or held. */
const UNPAID: ReadonlySet<string> = new Set(['created', 'pending', 'failed'])

/**
 * Changes what an unpaid order costs, at Juspay first (API reference §3.2), and signs the order details again (§2.4,
 * "Order-amount change mid-session"). Asking twice for the same amount is asking once.
 * @throws Refusal `conflict` for an order that is paid, `provider_*` when Juspay did not take it or its answer is missing
 */
export async function updateAmount(
  deps: AppDeps,
  actor: Actor,
  input: { orderRef: string; amountMinor: bigint; currency: string },
): Promise<AmountUpdate> {
  const { accountId } = actor
  const account = await deps.store.accounts.byId(accountId)
  const order = await deps.store.orders.byRef(accountId, input.orderRef)
  if (!account || !order) throw new Refusal('not_found', `There is no order ${input.orderRef} here.`)
  if (order.currency !== input.currency)
    throw new Refusal('invalid_input', `currency: the order is in ${order.currency}`)
  if (!UNPAID.has(order.paymentStatus))
    throw new Refusal('conflict', `Order ${order.orderRef} is ${order.paymentStatus}: its amount stays.`)
  const juspay = await deps.juspay(accountId)
  const result = await juspay.updateAmount({ ...input, routingId: order.customerRef ?? order.orderRef })
  if (!result.ok) {
    if (mayHaveActed(result.error))
      throw new Refusal(
        'provider_unavailable',
        'Juspay’s answer is missing: the amount may have changed. Ask again with the same amount.',
      )
    throw result.error.kind === 'rejected'
      ? new Refusal(
          'provider_rejected',
          'Juspay did not take the new amount. It takes none once a payment runs.',
        )
      : new Refusal('provider_unavailable', 'Juspay did not answer. Ask again in a moment.')
  }
  const now = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    const source = { kind: 'status_check', id: null, occurredAt: null } as const
    const { id, slug, currency, juspayMerchantId } = account
    const ref = { id, slug, currency, juspayMerchantId }
    await applyProviderOrder(tx, { account: ref, order: result.order, source, now })
    await tx.audit.append({
      actor,
      action: 'order.update_amount',
      subjectKind: 'order',
      subjectId: order.id,
      outcome: 'done',
      before: { amountMinor: order.amountMinor },
      after: { orderRef: order.orderRef, amountMinor: input.amountMinor, currency: input.currency },
    })
  })
  await restateAmount(deps, { accountId, ...input })
  deps.wake('live')
  const signer = await deps.signer(accountId)
  const details = { ...input, customerRef: order.customerRef ?? '', at: now }
  return { ...input, signed: signer.signing?.process(details) ?? null }
}
