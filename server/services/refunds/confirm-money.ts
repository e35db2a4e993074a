import type { StaffActor } from '../../domain/actor.ts'
import { unconfirmedBlock } from '../../domain/refund-block.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { askJuspay } from '../orders/check-status.ts'

/**
 * Asks Juspay about an order whose money only webhooks vouch for, before anything of it is given back (W16). An order
 * that is confirmed costs no call; one that stays unconfirmed is for the caller to refuse (`unconfirmedBlock`).
 */
export async function confirmMoney(deps: Deps, actor: StaffActor, orderId: string): Promise<void> {
  const order = await deps.store.orders.byId(actor.accountId, orderId)
  if (order === null || order.unconfirmedSince === null) return
  await askJuspay(deps, actor, orderId)
}

/** @throws Refusal charge_unconfirmed while webhooks alone vouch for the order's money. */
export function refuseUnconfirmed(order: { unconfirmedSince: Date | null }): void {
  const block = unconfirmedBlock(order)
  if (block !== null) throw new Refusal(block.code, block.message)
}
