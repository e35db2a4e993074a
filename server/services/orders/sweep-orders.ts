import type { SystemActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { DueCheck } from '../../store/orders.ts'
import type { Deps } from '../deps.ts'
import { askJuspay, type CheckOutcome } from './check-status.ts'

/** Orders asked about in one sweep, and how many at a time: Juspay publishes no rate limit, so we stay modest. */
const SWEEP_MAX = 40
const AT_ONCE = 4
/** A taken order that nobody finishes (a crash) comes back after this. */
const LEASE_MS = 60_000

/**
 * Asks Juspay about orders whose next check is due, because webhooks can be lost or switched off (W24). Stops at the
 * first account whose provider does not answer: the rest wait for the next sweep.
 * @returns how many orders were asked about.
 */
export async function sweepOrders(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const due = await deps.store.orders.takeDueChecks(now, new Date(now.getTime() + LEASE_MS), SWEEP_MAX)
  const down = new Set<string>()
  let asked = 0
  const queue = [...due]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (down.has(next.accountId)) continue
      const outcome = await askOne(deps, next)
      asked += 1
      if (outcome === 'unavailable' || outcome === 'unauthorised') down.add(next.accountId)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return asked
}

async function askOne(deps: Deps, { orderId, accountId }: DueCheck): Promise<CheckOutcome | null> {
  const actor: SystemActor = { kind: 'system', name: 'status-sweep', accountId, requestId: deps.ids.uuid() }
  try {
    return (await askJuspay(deps, actor, orderId)).outcome
  } catch (error) {
    if (error instanceof Refusal) return null
    // One order must not stop the sweep; its lease brings it back.
    deps.log.error({ accountId, orderId, error: String(error) }, 'status check failed')
    return null
  }
}
