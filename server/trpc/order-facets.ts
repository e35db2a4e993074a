/** What the filter bar offers with counts, kept for a minute: it is asked for with every filter, and may be a little old. */
import type { StaffPresence } from '../auth/staff-auth.ts'
import type { AppDeps } from '../services/deps.ts'
import { orderFilterOf } from '../services/orders/order-filter.ts'
import { searching, type OrderFilterInput } from './order-filter.ts'
import type { OrderFacetsView } from './views/order.ts'

const FRESH_MS = 60_000
/** Answers kept by one process; the oldest goes first. */
const KEPT_MAX = 200

type Kept = { at: number; facets: Promise<OrderFacetsView> }

const kept = new WeakMap<AppDeps, Map<string, Kept>>()

/** The facets of a filter, at most a minute old. A failure is not kept. */
export function orderFacets(
  deps: AppDeps,
  person: StaffPresence,
  input: OrderFilterInput,
): Promise<OrderFacetsView> {
  const now = deps.clock.now()
  const filter = orderFilterOf(input, person, now)
  const answers = kept.get(deps) ?? new Map<string, Kept>()
  kept.set(deps, answers)
  // `is:mine` means another list for everybody.
  const key = JSON.stringify([person.accountId, person.userId, input])
  const known = answers.get(key)
  if (known && now.getTime() - known.at < FRESH_MS) return known.facets
  const facets = searching(deps.store.orders.facets(person.accountId, filter))
  answers.delete(key)
  answers.set(key, { at: now.getTime(), facets })
  facets.catch(() => answers.delete(key))
  for (const oldest of answers.keys()) {
    if (answers.size <= KEPT_MAX) break
    answers.delete(oldest)
  }
  return facets
}
