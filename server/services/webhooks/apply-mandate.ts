/** Mandates and the notices on them enter: merged into the mandate's row, told in its order's timeline. */
import {
  mandateAsNew,
  mergeMandate,
  mergeNotification,
  type MandateMerge,
  type MandateRecord,
  type ProviderMandate,
  type ProviderNotification,
} from '../../domain/mandate.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef } from '../deps.ts'
import type { NewlyKnown, SideOutcome, SideSource } from './apply-dispute.ts'

type Context = { account: AccountRef; source: SideSource; now: Date }

/** Applies one message about a mandate inside `tx`. It needs no order: the mandate is kept whether we know it or not. */
export function applyMandate(
  tx: StoreTx,
  { told, ...context }: Context & { told: ProviderMandate },
): Promise<SideOutcome> {
  return apply(tx, context, told.mandateRef, (current) => mergeMandate(current, told))
}

/** Applies one notice, which is kept on its mandate. */
export function applyNotification(
  tx: StoreTx,
  { told, ...context }: Context & { told: ProviderNotification & { mandateRef: string } },
): Promise<SideOutcome> {
  return apply(tx, context, told.mandateRef, (current) => mergeNotification(current, told))
}

/** Gives orders that have just become known the mandates that were registered with them. */
export async function adoptMandates(tx: StoreTx, orders: readonly NewlyKnown[]): Promise<void> {
  const waiting = await tx.mandates.waitingFor(orders)
  const byKey = new Map(orders.map((order) => [`${order.accountId} ${order.key}`, order]))
  for (const mandate of waiting) {
    const { accountId, key, id } = mandate
    const order = byKey.get(`${accountId} ${key}`)
    if (order === undefined) continue
    const { orderId, held } = order
    await tx.mandates.link(accountId, id, orderId)
    const told = { accountId, orderId, source: 'webhook' as const, sourceId: null, occurredAt: null }
    await tx.orderChanges.append({ ...told, changes: mandateAsNew(mandate), at: held.changedAt })
  }
}

async function apply(
  tx: StoreTx,
  { account, source, now }: Context,
  mandateRef: string,
  merge: (current: MandateRecord | null) => MandateMerge,
): Promise<SideOutcome> {
  const merged = await tx.mandates.merge(account.id, mandateRef, now, merge)
  const { orderRef } = merged.next
  const known =
    merged.orderId === null && orderRef !== null ? await tx.orders.byRef(account.id, orderRef) : null
  const orderId = merged.orderId ?? known?.id ?? null
  if (known !== null) await tx.mandates.link(account.id, merged.id, known.id)
  const changes = known === null ? merged.changes : mandateAsNew(merged.next)
  if (orderId !== null && changes.length > 0) {
    const { eventId: sourceId, occurredAt } = source
    const entry = {
      accountId: account.id,
      orderId,
      source: 'webhook' as const,
      sourceId,
      occurredAt,
      at: now,
    }
    await tx.orderChanges.append({ ...entry, changes })
    await tx.liveChanges.append(account.id, 'order', orderId)
  }
  const outcome = changes.length > 0 ? 'applied' : merged.stale ? 'stale' : 'no_change'
  return { outcome, changes, orderId }
}
