import type { Deps } from '../deps.ts'
import { closeUndecided } from './close-request.ts'
import { jobActor } from './refund-facts.ts'

/** Requests closed in one pass. */
const EXPIRE_MAX = 100

/** Closes requests that nobody decided in time and gives their amounts back. Returns how many. */
export async function expireRequests(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const due = await deps.store.refundRequests.expired(now, EXPIRE_MAX)
  let closed = 0
  for (const request of due) {
    const actor = jobActor(deps, 'request-expiry', request.merchantAccountId)
    const won = await deps.store.transaction(async (tx) => {
      await tx.orders.lockAggregate(request.merchantAccountId, request.orderId)
      return closeUndecided(tx, { actor, request, status: 'expired', note: null, now })
    })
    if (won) closed += 1
  }
  if (closed > 0) deps.wake('live')
  return closed
}
