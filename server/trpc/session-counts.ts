/** What stands beside the places of the sidebar: what waits for this person there. */
import type { StaffActor } from '../domain/actor.ts'
import { roleCan } from '../domain/permission.ts'
import type { AppDeps } from '../services/deps.ts'
import { limitUsedUp } from '../services/refunds/refund-limits.ts'
import type { CountsView } from './views/admin.ts'

/** A badge for what the person may act on or see; the others stay at zero. */
export async function sessionCounts(
  { store, clock }: Pick<AppDeps, 'store' | 'clock'>,
  person: StaffActor & { currency: string },
): Promise<CountsView> {
  const { accountId, userId, role, currency } = person
  const approves = roleCan(role, 'refund:approve')
  const [approvals, batches, failedEvents, discrepancies, mentions, refundLimit] = await Promise.all([
    approves ? store.refundRequests.waitingCount(accountId, userId) : 0,
    approves ? store.bulk.waitingFor(accountId, userId) : 0,
    roleCan(role, 'event:read') ? store.webhookEvents.countFailed(accountId) : 0,
    roleCan(role, 'recon:read') ? store.discrepancies.countOpen(accountId) : 0,
    store.orderNotes.unseenCount(accountId, userId),
    roleCan(role, 'refund:request') ? limitUsedUp(store, person, { currency, now: clock.now() }) : null,
  ])
  return { approvals, batches, failedEvents, discrepancies, mentions, refundLimit }
}
