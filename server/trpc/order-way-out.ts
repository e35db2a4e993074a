import type { z } from 'zod'
import type { StaffPresence } from '../auth/staff-auth.ts'
import { clausesOf, printQuery } from '../domain/search-query.ts'
import type { AppDeps } from '../services/deps.ts'
import { orderFilterOf } from '../services/orders/order-filter.ts'
import { orderFilterInput } from './order-filter.ts'
import type { WayOutView } from './views/way-out.ts'
import { wayOut, widerTime } from './way-out.ts'

export const orderWayOutInput = orderFilterInput.extend({ wider: widerTime })

/** Of an empty list of orders. */
export function orderWayOut(
  { clock, store }: Pick<AppDeps, 'clock' | 'store'>,
  person: StaffPresence,
  { wider, ...narrowed }: z.infer<typeof orderWayOutInput>,
): Promise<WayOutView> {
  const filter = orderFilterOf(narrowed, person, clock.now())
  return wayOut(clock, {
    clauses: clausesOf(filter.query, person).map(({ text, without: query }) => ({
      text,
      rest: () => ({ q: printQuery(query, person), filter: { ...filter, query } }),
    })),
    wider: wider && { ...filter, ...wider },
    count: (other, max) => store.orders.countUpTo(person.accountId, other, max),
  })
}
