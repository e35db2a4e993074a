import type { SystemActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import { DOWN_PAUSE_MS } from '../../domain/status-budget.ts'
import type { DueCheck } from '../../store/status-budget.ts'
import type { Deps } from '../deps.ts'
import { askJuspay, type CheckOutcome } from './check-status.ts'

/** Orders of one account in one sweep, and how many questions are open at a time in this process. */
const SWEEP_MAX = 40
const AT_ONCE = 8
/** A taken order that nobody finishes (a crash) comes back after this. */
const LEASE_MS = 60_000

/** What a sweep came to: `down` names the accounts whose provider did not answer. */
export type Sweep = { asked: number; down: ReadonlySet<string> }

/**
 * Asks Juspay about orders whose next check is due, because webhooks can be lost, switched off or forged (W16, W24):
 * unconfirmed money first, and no more than the accounts' budgets allow. An account whose provider does not answer is
 * left alone for a while; its orders wait for a later sweep.
 * @returns how many orders were asked about.
 */
export async function sweepOrders(deps: Deps): Promise<number> {
  return (await sweep(deps)).asked
}

/** The same, telling which accounts' providers are away. */
export async function sweep(deps: Deps): Promise<Sweep> {
  const queue = await takeDue(deps)
  const down = new Set<string>()
  let asked = 0
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (down.has(next.accountId)) continue
      const outcome = await askOne(deps, next)
      asked += 1
      if (outcome === 'unavailable' || outcome === 'unauthorised') down.add(next.accountId)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const until = new Date(deps.clock.now().getTime() + DOWN_PAUSE_MS)
  for (const accountId of down) await deps.store.transaction((tx) => tx.statusBudget.pause(accountId, until))
  return { asked, down }
}

/** Orders to ask about, account by account, so that none waits for another's budget. */
async function takeDue(deps: Deps): Promise<DueCheck[]> {
  const now = deps.clock.now()
  const when = { now, leaseUntil: new Date(now.getTime() + LEASE_MS), limit: SWEEP_MAX }
  const taken: DueCheck[] = []
  for (const accountId of await deps.store.statusBudget.accountsDue(now))
    taken.push(...(await deps.store.transaction((tx) => tx.statusBudget.takeDue(accountId, when))))
  return taken
}

async function askOne(deps: Deps, { orderId, accountId }: DueCheck): Promise<CheckOutcome | null> {
  const actor: SystemActor = { kind: 'system', name: 'status-sweep', accountId, requestId: deps.ids.uuid() }
  try {
    return (await askJuspay(deps, actor, orderId, 'sweep')).outcome
  } catch (error) {
    if (error instanceof Refusal) return null
    // One order must not stop the sweep; its lease brings it back.
    deps.log.error({ accountId, orderId, error: String(error) }, 'status check failed')
    return null
  }
}
