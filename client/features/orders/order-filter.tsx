import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { EMPTY_QUERY, namesPerson, parseQuery, printQuery } from '../../../server/domain/search-query.ts'
import { recentQueries } from '../../lib/recent-queries.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useQueryLine } from '../../lib/use-query-line.ts'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { TimeRangeMenu } from '../../ui/time-range-menu.tsx'
import { usePhone } from '../../ui/use-phone.ts'
import { offersFor, pillsOf } from './filter-suggestions.ts'
import type { OrderSearch } from './order-views.ts'

const FACETS_FRESH_MS = 60_000
const PLACEHOLDER = 'Add a filter, or paste an order ID, UTR or email'
/** As much of it as is not cut off. */
const PHONE_PLACEHOLDER = 'Add a filter, or paste an order ID'
const recent = recentQueries('transactions')

export type OrderFilterProps = {
  search: OrderSearch
  range: { from: Date | null; to: Date | null }
  onSearch: (change: Partial<OrderSearch>) => void
  onUnreadable?: (unreadable: boolean) => void
  /** Columns, export: after the time range. */
  children?: ReactNode
}

/** The filter line of the transactions list. */
export function OrderFilter({ search, range, onSearch, onUnreadable, children }: OrderFilterProps) {
  const trpc = useTRPC()
  const { account, user } = useSession()
  const { currency } = account
  const readable = parseQuery(search.q, { currency }).ok
  const facets = useQuery(
    trpc.orders.facets.queryOptions(
      { q: readable ? search.q : '', ...range },
      { staleTime: FACETS_FRESH_MS, placeholderData: keepPreviousData },
    ),
  )
  const phone = usePhone()
  const line = useQueryLine({
    language: {
      empty: EMPTY_QUERY,
      parse: (text) => parseQuery(text, { currency }),
      print: (query) => printQuery(query, { currency }),
      keeps: (query) => !namesPerson(query),
    },
    q: search.q,
    pillsOf: (query) => pillsOf(query, currency),
    offersFor: (text) => offersFor(text, { facets: facets.data, currency, now: new Date() }),
    recent: { queries: recent.useItems(user.id), note: (q) => recent.note(user.id, q) },
    onRun: onSearch,
    ...(onUnreadable && { onUnreadable }),
  })
  return (
    <FilterBar
      label="Filter transactions"
      placeholder={line.pills.length ? 'Add a filter' : phone ? PHONE_PLACEHOLDER : PLACEHOLDER}
      {...line}
    >
      <TimeRangeMenu value={search.t} onChange={(t) => onSearch({ t })} />
      {children}
    </FilterBar>
  )
}
