import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ANY_EVENT } from '../../../server/domain/event-filter.ts'
import { parseEventQuery, printEventQuery } from '../../../server/domain/event-query.ts'
import type { TimeRange } from '../../../server/domain/time-range.ts'
import { recentQueries } from '../../lib/recent-queries.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useQueryLine } from '../../lib/use-query-line.ts'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { TimeRangeMenu } from '../../ui/time-range-menu.tsx'
import type { EventSearch } from './event-search.ts'
import { offersFor, pillsOf } from './event-suggestions.ts'

const FACETS_FRESH_MS = 60_000
/** A query of events names orders and events, and no people. */
const LANGUAGE = {
  empty: ANY_EVENT,
  parse: parseEventQuery,
  print: printEventQuery,
  keeps: () => true,
}
const recent = recentQueries('events')

type EventFilterBarProps = {
  search: EventSearch
  range: TimeRange
  onSearch: (change: Partial<EventSearch>) => void
  onUnreadable: (unreadable: boolean) => void
  /** Connection and pause, at the end of the bar. */
  children: ReactNode
}

/** The filter line of the feed. */
export function EventFilterBar({ search, range, onSearch, onUnreadable, children }: EventFilterBarProps) {
  const trpc = useTRPC()
  const { user } = useSession()
  const facets = useQuery(trpc.events.facets.queryOptions(range, { staleTime: FACETS_FRESH_MS }))
  const line = useQueryLine({
    language: LANGUAGE,
    q: search.q,
    pillsOf,
    offersFor: (text) => offersFor(text, facets.data),
    recent: { queries: recent.useItems(user.id), note: (q) => recent.note(user.id, q) },
    onRun: onSearch,
    onUnreadable,
  })
  return (
    <FilterBar
      label="Filter events"
      placeholder={line.pills.length ? 'Add a filter' : 'Filter by event, outcome or order ID'}
      {...line}
    >
      <TimeRangeMenu value={search.t} onChange={(t) => onSearch({ t })} />
      {children}
    </FilterBar>
  )
}
