import type { ProviderEvent } from '../../domain/provider-order.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef } from '../deps.ts'
import { adoptDisputes, applyDispute, type NewlyKnown, type SideOutcome } from './apply-dispute.ts'
import { adoptMandates, applyMandate, applyNotification } from './apply-mandate.ts'

/**
 * Applies what an event tells beside an order: a mandate, a notice on one, or a dispute. Returns null when it tells of
 * none, or names it by nothing; that costs no query. A dispute locks and writes its order itself, so whoever holds
 * orders in memory calls this after writing them. `no_order_yet` means that the fact is kept and that Juspay should
 * be asked for the order.
 */
export async function applySideFacts(
  tx: StoreTx,
  {
    account,
    event,
    told,
    now,
  }: {
    account: AccountRef
    event: { id: string }
    told: Pick<ProviderEvent, 'mandate' | 'notification' | 'dispute' | 'occurredAt'>
    now: Date
  },
): Promise<SideOutcome | null> {
  const { dispute, mandate, notification, occurredAt } = told
  const context = { account, source: { eventId: event.id, occurredAt }, now }
  if (dispute !== null) return applyDispute(tx, { ...context, told: dispute })
  if (mandate !== null) return applyMandate(tx, { ...context, told: mandate })
  const mandateRef = notification?.mandateRef ?? null
  if (notification === null || mandateRef === null) return null
  return applyNotification(tx, { ...context, told: { ...notification, mandateRef } })
}

/**
 * Gives orders that have just been stored for the first time what came before them and waited. One look at a small index
 * for each kind, whatever the number of orders.
 */
export async function adoptSideFacts(tx: StoreTx, orders: readonly NewlyKnown[]): Promise<void> {
  await adoptDisputes(tx, orders)
  await adoptMandates(tx, orders)
}
