import { useQueries } from '@tanstack/react-query'
import { queryInput } from '../../../server/domain/search-input.ts'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ORDER_VIEWS } from './order-views.ts'
import { useTimeRange } from '../../lib/use-time-range.ts'
import { DEFAULT_SEARCH } from './order-views.ts'

/** Asked again this often, and when the page is opened or seen again. */
const RENEW_MS = 60_000

const COUNTED = ORDER_VIEWS.filter((view) => view.counted)

/** How many orders each counted view has, by its id: "7", "999+". A view that is not known yet has none. */
export function useViewCounts(): ReadonlyMap<string, string> {
  const trpc = useTRPC()
  const { currency } = useSession().account
  const today = useTimeRange('today', DEFAULT_SEARCH.t)
  const month = useTimeRange('-30d', DEFAULT_SEARCH.t)
  const counts = useQueries({
    queries: COUNTED.map((view) => {
      const parsed = parseQuery(view.q, { currency })
      if (!parsed.ok) throw new Error(`the view ${view.id} has a query that cannot be read`)
      const range = view.t === 'today' ? today : month
      return trpc.orders.count.queryOptions(
        { ...queryInput(parsed.query), ...range },
        { staleTime: RENEW_MS, refetchInterval: RENEW_MS },
      )
    }),
  })
  return new Map(
    COUNTED.flatMap((view, i) => {
      const found = counts[i]?.data
      return found ? [[view.id, `${found.count}${found.more ? '+' : ''}`] as const] : []
    }),
  )
}
