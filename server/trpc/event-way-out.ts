import { z } from 'zod'
import type { StaffActor } from '../domain/actor.ts'
import { ANY_EVENT, eventFilterSchema } from '../domain/event-filter.ts'
import { eventClausesOf, printEventQuery } from '../domain/event-query.ts'
import type { AppDeps } from '../services/deps.ts'
import { instant } from './inputs.ts'
import type { WayOutView } from './views/way-out.ts'
import { wayOut, widerTime } from './way-out.ts'

export const eventSearchInput = z.strictObject({
  filter: z._default(eventFilterSchema, ANY_EVENT),
  from: instant,
  to: instant,
})
export const eventWayOutInput = eventSearchInput.extend({ wider: widerTime })

/** Of an empty list of events. */
export function eventWayOut(
  { clock, store }: Pick<AppDeps, 'clock' | 'store'>,
  { accountId }: Pick<StaffActor, 'accountId'>,
  { wider, ...search }: z.infer<typeof eventWayOutInput>,
): Promise<WayOutView> {
  return wayOut(clock, {
    clauses: eventClausesOf(search.filter).map(({ text, without: filter }) => ({
      text,
      rest: () => ({ q: printEventQuery(filter), filter: { ...search, filter } }),
    })),
    wider: wider && { ...search, ...wider },
    count: (other, max) => store.webhookEvents.countUpTo(accountId, other, max),
  })
}
