import { useQueries } from '@tanstack/react-query'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { timeRangeOf } from '../../../server/domain/time-range.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useNow } from '../../ui/date-time.tsx'
import { DEFAULT_SEARCH, type OrderView } from './order-views.ts'

/** Asked again this often, and when the page is opened or seen again. */
const RENEW_MS = 60_000
/** More tabs than these would count all day for one person. */
const COUNTED_MAX = 5

/** How many orders the first counted tabs have, by view: "7", "999+". One that is not known yet has none. */
export function useViewCounts(tabs: readonly OrderView[]): ReadonlyMap<string, string> {
  const trpc = useTRPC()
  const { currency } = useSession().account
  // On the full minute, so that tabs of one time range share their answer.
  const now = new Date(Math.floor(useNow(RENEW_MS).getTime() / RENEW_MS) * RENEW_MS)
  const counted = tabs
    .filter((view) => view.counted)
    .flatMap((view) => {
      const parsed = parseQuery(view.state.q, { currency })
      const range = timeRangeOf(view.state.t, now) ?? timeRangeOf(DEFAULT_SEARCH.t, now)
      // A view that an older Paydesk could read has no number; its own page says why.
      return parsed.ok && range ? [{ id: view.id, input: { q: view.state.q, ...range } }] : []
    })
    .slice(0, COUNTED_MAX)
  const counts = useQueries({
    queries: counted.map(({ input }) =>
      trpc.orders.count.queryOptions(input, {
        staleTime: RENEW_MS,
        // The number stays while the next minute is counted.
        placeholderData: (before) => before,
      }),
    ),
  })
  return new Map(
    counted.flatMap(({ id }, i) => {
      const found = counts[i]?.data
      return found ? [[id, `${found.count}${found.more ? '+' : ''}`] as const] : []
    }),
  )
}
