/** A dispute enters: merged into its row, shown on its order, told in the order's timeline. */
import { differences, type FieldChange } from '../../domain/change.ts'
import { disputeAsNew, mergeDispute, withDisputes, type ProviderDispute } from '../../domain/dispute.ts'
import type { OrderKey } from '../../store/order-locks.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef } from '../deps.ts'

export type SideSource = { eventId: string; occurredAt: Date | null }

export type SideOutcome = {
  /** `no_order_yet`: kept, and its order is one that we do not know. */
  outcome: 'applied' | 'no_change' | 'stale' | 'no_order_yet'
  changes: FieldChange[]
  orderId: string | null
}

/** An order that a transaction has just stored for the first time. */
export type NewlyKnown = OrderKey & { orderId: string; held: { changedAt: Date } }

type Input = { account: AccountRef; told: ProviderDispute; source: SideSource; now: Date }

/**
 * Applies one message about a dispute inside `tx`. A dispute of an order we do not know is kept all the same: it is the
 * likeliest of all messages to be about an order from before our time.
 */
export async function applyDispute(tx: StoreTx, { account, told, source, now }: Input): Promise<SideOutcome> {
  const by = { eventId: source.eventId, now }
  const merged = await tx.disputes.merge(account.id, told.disputeRef, by, (current) =>
    mergeDispute(current, told),
  )
  const orderId = merged.orderId ?? (await orderOf(tx, account.id, merged.next))
  if (orderId === null) return { outcome: 'no_order_yet', changes: merged.changes, orderId }
  const found = merged.orderId === null
  if (found) await tx.disputes.link(account.id, merged.id, orderId)
  const own = found ? disputeAsNew(merged.next) : merged.changes
  const changes = await tellOrder(tx, { accountId: account.id, orderId, changes: own, source, now })
  const outcome = changes.length > 0 ? 'applied' : merged.stale ? 'stale' : 'no_change'
  return { outcome, changes, orderId }
}

/**
 * Gives orders that have just become known the disputes that waited for them. The caller has stored the orders in this
 * transaction; disputes are rare, so all of them cost one look at a small index.
 */
export async function adoptDisputes(tx: StoreTx, orders: readonly NewlyKnown[]): Promise<void> {
  const byKey = new Map(orders.map((order) => [`${order.accountId} ${order.key}`, order]))
  for (const dispute of await tx.disputes.waitingFor(orders)) {
    const { accountId, id, eventId } = dispute
    const order = byKey.get(`${accountId} ${dispute.key}`)
    if (order === undefined) continue
    const { orderId, held } = order
    await tx.disputes.link(accountId, id, orderId)
    const source = { eventId, occurredAt: null }
    await tellOrder(tx, { accountId, orderId, changes: disputeAsNew(dispute), source, now: held.changedAt })
  }
}

async function orderOf(
  tx: StoreTx,
  accountId: string,
  { orderRef, txnRef }: { orderRef: string | null; txnRef: string | null },
): Promise<string | null> {
  if (orderRef !== null) return (await tx.orders.byRef(accountId, orderRef))?.id ?? null
  return txnRef === null ? null : tx.orders.idByTxnRef(accountId, txnRef)
}

/** Shows the order as its disputes leave it, and records what changed in both. */
async function tellOrder(
  tx: StoreTx,
  {
    accountId,
    orderId,
    changes,
    source,
    now,
  }: {
    accountId: string
    orderId: string
    changes: readonly FieldChange[]
    source: SideSource
    now: Date
  },
): Promise<FieldChange[]> {
  const current = await tx.orders.lockAggregate(accountId, orderId)
  if (current === null) throw new Error('a dispute of an order that cannot be found')
  const next = withDisputes(current, await tx.disputes.byOrder(accountId, orderId))
  const all = [...changes, ...differences('order', current.order, next.order, ['disputed', 'displayStatus'])]
  if (all.length === 0) return all
  const version = current.version + 1
  await tx.orders.saveOrders([{ ...current, next, before: current, changedAt: now, version, now }])
  await tx.orderChanges.append({
    accountId,
    orderId,
    source: 'webhook',
    sourceId: source.eventId,
    changes: all,
    occurredAt: source.occurredAt,
    at: now,
  })
  await tx.liveChanges.append(accountId, 'order', orderId)
  return all
}
