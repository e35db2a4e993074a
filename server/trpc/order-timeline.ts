import { GAP_SHOWN_AFTER_MS } from '../domain/webhook-gap.ts'
import { timelineOf, type TimelineEntry } from '../domain/timeline.ts'
import type { StoredOrder } from '../store/order-rows.ts'
import type { Store } from '../store/store.ts'

/** Deeds that the change log does not tell. */
const TOLD_DEEDS = new Set(['order.reveal_customer'])

/** Reads everything that was recorded about one order and tells it, newest first. */
export async function orderTimeline(store: Store, order: StoredOrder, now: Date): Promise<TimelineEntry[]> {
  const { merchantAccountId: accountId, id } = order
  const [changes, events, checks, discrepancies, gaps, deeds, attempts, refunds, staff] = await Promise.all([
    store.orderChanges.byOrder(accountId, id),
    store.webhookEvents.byOrder(accountId, id),
    store.statusChecks.byOrder(accountId, id),
    store.discrepancies.byOrder(accountId, id),
    store.webhookGaps.byOrder(accountId, id, new Date(now.getTime() - GAP_SHOWN_AFTER_MS)),
    store.audit.bySubject(accountId, 'order', id),
    store.orders.attempts(accountId, id),
    store.refunds.byOrder(accountId, id),
    store.staff.list(accountId),
  ])
  return timelineOf({
    currency: order.currency,
    attempts,
    refunds,
    changes,
    events,
    checks,
    discrepancies,
    gaps,
    deeds: deeds.filter((deed) => deed.outcome === 'done' && TOLD_DEEDS.has(deed.action)),
    names: new Map(staff.map((member) => [member.id, member.name])),
  })
}
