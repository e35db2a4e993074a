import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'

/**
 * The customer's address and number as they are. Every look is written down, in the same transaction as the reading:
 * what was not logged was not shown.
 * @throws Refusal `not_found`
 */
export async function revealCustomer(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  input: { orderId: string },
): Promise<{ email: string | null; phone: string | null }> {
  return deps.store.transaction(async (tx) => {
    const order = await tx.orders.byId(actor.accountId, input.orderId)
    if (!order) throw new Refusal('not_found', 'There is no such order.')
    await tx.audit.append({
      actor,
      action: 'order.reveal_customer',
      subjectKind: 'order',
      subjectId: order.id,
      outcome: 'done',
    })
    return { email: order.customerEmail, phone: order.customerPhone }
  })
}
