/** What an empty list offers: the clause that is most likely at fault, and how much more time there is to look in. */
import { z } from 'zod'
import type { StaffPresence } from '../auth/staff-auth.ts'
import { clausesOf, printQuery } from '../domain/search-query.ts'
import type { AppDeps } from '../services/deps.ts'
import { isTimeout } from '../store/database.ts'
import type { OrderFilter } from '../store/orders-where.ts'
import { instant } from './inputs.ts'
import { orderFilterInput, orderFilterOf } from './order-filter.ts'
import type { OrderCountView, OrderWayOutView } from './views/order.ts'

/** Clauses that are tried at most: each costs a count. */
const CLAUSES_MAX = 5
/** No further count begins after so long: what is known by then is enough for a hint. */
const BUDGET_MS = 4_000

export const wayOutInput = orderFilterInput.extend({
  /** A longer time that the screen would offer. */
  wider: z.strictObject({ from: instant, to: instant }).nullable().default(null),
})

/**
 * How many orders would match without the clause that keeps out most, which is null when no single one is at fault, and
 * in the longer time. What could not be counted in time is null. Counts stop at `max`.
 */
export async function orderWayOut(
  deps: AppDeps,
  person: StaffPresence,
  { wider, ...narrowed }: z.infer<typeof wayOutInput>,
  max: number,
): Promise<OrderWayOutView> {
  const began = deps.clock.now()
  const filter = orderFilterOf(narrowed, person, began)
  let stopped = false
  // One after another: a hint does not take the connections of other people's lists.
  const count = async (other: OrderFilter): Promise<OrderCountView | null> => {
    if (stopped || deps.clock.now().getTime() - began.getTime() > BUDGET_MS) return null
    try {
      return await deps.store.orders.countUpTo(person.accountId, other, max)
    } catch (error) {
      if (!isTimeout(error)) throw error
      stopped = true
      return null
    }
  }

  let best: OrderWayOutView['clause'] = null
  // Of many the last ones: ids and parts of a text, which keep out more than a status does.
  for (const { text, without } of clausesOf(filter.query, person).slice(-CLAUSES_MAX)) {
    const found = await count({ ...filter, query: without })
    if (found && found.count > (best?.count ?? 0)) best = { text, q: printQuery(without, person), ...found }
    if (best?.more) break
  }
  return { clause: best, wider: wider && (await count({ ...filter, ...wider })) }
}
