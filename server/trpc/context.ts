import type { StaffAuth, StaffPresence, Visit } from '../auth/staff-auth.ts'
import type { AppDeps } from '../services/deps.ts'
import type { Live } from './live.ts'
import { orderParts, type OrderParts } from './order-parts.ts'

/** What the dashboard's API is built on, once per server. */
export type Surroundings = {
  deps: AppDeps
  auth: StaffAuth
  /** What the live feeds of this server share. */
  live: Live
  /** Aborts when the server stops, so that live feeds end at once. */
  closing: AbortSignal
}

/** What every procedure works with. */
export type Context = Surroundings & {
  visit: Visit
  /** The signed-in person, read from the database once per HTTP request. */
  person(): Promise<StaffPresence | null>
  /** Parts of orders, each read once per HTTP request. */
  orderParts: OrderParts
}

/** Makes the context of one HTTP request; a batch of calls shares it. */
export function createContext(surroundings: Surroundings, visit: Visit): Context {
  let found: Promise<StaffPresence | null> | undefined
  return {
    ...surroundings,
    visit,
    orderParts: orderParts(surroundings.deps.store),
    person: () => {
      found ??= surroundings.auth.actorOf(visit, { passive: isPassive(visit.headers) })
      return found
    },
  }
}

/** Nobody did anything: the page says so, or it opens its live feed, again and again as connections break. */
function isPassive(headers: Headers): boolean {
  return headers.get('x-paydesk-passive') === '1' || headers.get('accept') === 'text/event-stream'
}
