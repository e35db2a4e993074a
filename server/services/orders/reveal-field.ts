import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  REVEAL_MS,
  REVEAL_REASON_MAX,
  REVEAL_REASON_MIN,
  REVEAL_WORDS,
  type RevealField,
} from '../../domain/reveal.ts'
import type { StoredOrder } from '../../store/order-rows.ts'
import type { Deps } from '../deps.ts'

/**
 * One field of the customer as it is, and until when it may be shown. Every look is written down with its reason, in the
 * same transaction as the reading: what was not logged was not shown.
 * @throws Refusal `not_found`, `invalid_input` without a reason
 */
export async function revealField(
  deps: Pick<Deps, 'store' | 'clock' | 'wake'>,
  actor: StaffActor,
  input: { orderId: string; field: RevealField; reason: string },
): Promise<{ value: string | null; until: Date }> {
  const reason = input.reason.trim()
  if (reason.length < REVEAL_REASON_MIN || reason.length > REVEAL_REASON_MAX)
    throw new Refusal(
      'invalid_input',
      `Say in ${REVEAL_REASON_MIN} to ${REVEAL_REASON_MAX} characters why you need the ${REVEAL_WORDS[input.field]}.`,
    )
  const shown = await deps.store.transaction(async (tx) => {
    const order = await tx.orders.byId(actor.accountId, input.orderId)
    if (!order) throw new Refusal('not_found', 'There is no such order.')
    await tx.audit.append({
      actor,
      action: 'order.reveal_customer',
      subjectKind: 'order',
      subjectId: order.id,
      outcome: 'done',
      reason,
      after: { field: input.field },
    })
    // The timeline of whoever has the order open tells it.
    await tx.liveChanges.append(actor.accountId, 'order', order.id)
    return valueOf(order, input.field)
  })
  deps.wake('live')
  return { value: shown, until: new Date(deps.clock.now().getTime() + REVEAL_MS) }
}

function valueOf(order: StoredOrder, field: RevealField): string | null {
  switch (field) {
    case 'email':
      return order.customerEmail
    case 'phone':
      return order.customerPhone
    case 'vpa':
      return order.payerVpa
  }
}
