import type { SystemActor } from '../../domain/actor.ts'
import type { PaymentStatus } from '../../domain/payment-status.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ReturnVerdict } from '../../juspay/return-url.ts'
import type { AppDeps } from '../deps.ts'
import { checkStatus } from '../orders/check-status.ts'

/** What the shop is told: our payment status, or `unverified` when nobody but the customer's browser said so. */
export type ReturnStatus = PaymentStatus | 'unverified'

export type Return = {
  /** Where to send the customer; null when the account has no return page. */
  returnPageUrl: string | null
  orderRef: string | null
  status: ReturnStatus
  verdict: 'signed' | 'forged' | 'unsigned'
}

/** Without a signature anybody can ask: at most one question to Juspay per order in this time. */
const UNSIGNED_CHECK_EVERY_MS = 10_000

const ORDER_REF = /^[A-Za-z0-9_-]{1,64}$/

/**
 * A customer came back from the payment page (API reference §7). The signature proves who sent them, not that money
 * moved, so Juspay is asked for the order's status, and only what it answered, now or before, is passed on. What the
 * address itself claims is never believed.
 * @throws Refusal `not_found` for an unknown account
 */
export async function verifyReturn(
  deps: AppDeps,
  input: {
    slug: string
    params: readonly (readonly [string, string])[]
    method: 'GET' | 'POST'
    requestId: string
  },
): Promise<Return> {
  const account = await deps.store.accounts.bySlug(input.slug)
  if (!account) throw new Refusal('not_found', 'There is no such merchant account.')
  const signer = await deps.signer(account.id)
  const verdict: ReturnVerdict = signer.verifyReturn?.(input.params) ?? { ok: false, reason: 'unsigned' }
  const orderRef = orderRefOf(input.params)
  const order = orderRef === null ? null : await deps.store.orders.byRef(account.id, orderRef)
  // Whoever makes an order up says nothing about the integration.
  if (order)
    deps.noteProof(account.id, {
      step: 'return',
      ok: verdict.ok,
      words: verdict.ok ? input.method : verdict.reason,
    })
  const actor: SystemActor = {
    kind: 'system',
    name: 'return-url',
    accountId: account.id,
    requestId: input.requestId,
  }
  if (order && (verdict.ok || mayAsk(order.lastCheckedAt, deps.clock.now())))
    await askIfAllowed(deps, actor, order.id)
  const verified = verdict.ok && order ? await deps.store.orders.byRef(account.id, order.orderRef) : null
  return {
    returnPageUrl: account.returnPageUrl,
    orderRef,
    // A webhook alone vouches for nothing (reliability W16).
    status: verified === null || verified.unconfirmedSince !== null ? 'unverified' : verified.paymentStatus,
    verdict: verdict.ok ? 'signed' : verdict.reason === 'unsigned' ? 'unsigned' : 'forged',
  }
}

/** A customer on the way back is sent on with what is known when Juspay may not be asked just now, as when it is silent. */
async function askIfAllowed(deps: AppDeps, actor: SystemActor, orderId: string): Promise<void> {
  try {
    await checkStatus(deps, actor, { orderId })
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'rate_limited')) throw error
  }
}

/** The order's name, for finding it; null when it is named twice or cannot be one. */
function orderRefOf(params: readonly (readonly [string, string])[]): string | null {
  const named = params.filter(([key]) => key === 'order_id')
  const [only] = named
  return named.length === 1 && only && ORDER_REF.test(only[1]) ? only[1] : null
}

function mayAsk(lastCheckedAt: Date | null, now: Date): boolean {
  return lastCheckedAt === null || now.getTime() - lastCheckedAt.getTime() >= UNSIGNED_CHECK_EVERY_MS
}
