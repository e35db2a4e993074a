/** What an empty list offers: the clause that is most likely at fault, and how much more time there is to look in. */
import { z } from 'zod'
import type { AppDeps } from '../services/deps.ts'
import { isTimeout } from '../store/database.ts'
import { instant } from './inputs.ts'
import type { CountView, WayOutView } from './views/way-out.ts'

/** Counts stop here: "999+" says enough, and a count beyond costs. */
export const COUNT_MAX = 999
/** Clauses that are tried at most: each costs a count. */
const CLAUSES_MAX = 5
/** No further count begins after so long: what is known by then is enough for a hint. */
const BUDGET_MS = 4_000

/** A longer time that the screen would offer. */
export const widerTime = z.strictObject({ from: instant, to: instant }).nullable().default(null)

type Tried<Filter> = {
  /** The clauses of the filter, with the rest as text and as a filter; `rest` is made only of those that are tried. */
  clauses: readonly { text: string; rest: () => { q: string; filter: Filter } }[]
  /** The filter over the longer time; null when none is offered. */
  wider: Filter | null
  /** Counts up to `max`, for as long as a search may take. */
  count: (filter: Filter, max: number) => Promise<CountView>
}

/**
 * How many rows would match without the clause that keeps out most, which is null when no single one is at fault, and in
 * the longer time. What could not be counted in time is null.
 */
export async function wayOut<Filter>(
  clock: AppDeps['clock'],
  { clauses, wider, count }: Tried<Filter>,
): Promise<WayOutView> {
  const began = clock.now().getTime()
  let stopped = false
  // One after another: a hint does not take the connections of other people's lists.
  const tried = async (filter: Filter): Promise<CountView | null> => {
    if (stopped || clock.now().getTime() - began > BUDGET_MS) return null
    try {
      return await count(filter, COUNT_MAX)
    } catch (error) {
      if (!isTimeout(error)) throw error
      stopped = true
      return null
    }
  }

  let best: WayOutView['clause'] = null
  // Of many the last ones: ids and parts of a text, which keep out more than a status does.
  for (const { text, rest } of clauses.slice(-CLAUSES_MAX)) {
    const { q, filter } = rest()
    const found = await tried(filter)
    if (found && found.count > (best?.count ?? 0)) best = { text, q, ...found }
    if (best?.more) break
  }
  return { clause: best, wider: wider && (await tried(wider)) }
}
