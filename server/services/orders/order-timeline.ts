import { timelineOf, type TimelineEntry } from '../../domain/timeline.ts'
import type { Deps } from '../deps.ts'

/** The timeline of one order of the account, newest first; empty when the account has no such order. */
export async function orderTimeline(
  deps: Deps,
  input: { accountId: string; orderId: string },
): Promise<TimelineEntry[]> {
  const { accountId, orderId } = input
  const { store } = deps
  const order = await store.orders.byId(accountId, orderId)
  if (order === null) return []
  const [attempts, refunds, changes, events, checks, discrepancies, deeds, staff] = await Promise.all([
    store.orders.attempts(accountId, orderId),
    store.refunds.byOrder(accountId, orderId),
    store.orderChanges.byOrder(accountId, orderId),
    store.webhookEvents.byOrder(accountId, orderId),
    store.statusChecks.byOrder(accountId, orderId),
    store.discrepancies.byOrder(accountId, orderId),
    store.audit.bySubject(accountId, 'order', orderId),
    store.staff.list(accountId),
  ])
  return timelineOf({
    currency: order.currency,
    attempts,
    refunds,
    changes,
    // Oldest first, as they were recorded.
    events: events.toReversed(),
    checks: checks.toReversed(),
    discrepancies: discrepancies.toReversed(),
    deeds: deeds.filter((deed) => deed.outcome === 'done'),
    names: new Map(staff.map((member) => [member.id, member.name])),
  })
}
