import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { EventFilter } from '../../../server/domain/event-filter.ts'
import type { TimeRange } from '../../../server/domain/time-range.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { monthBeyond, WAY_OUT_FRESH_MS, widerTime, wouldMatch } from '../../lib/way-out.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { DEFAULT_EVENT_SEARCH, type EventSearch } from './event-search.ts'

type NoEventsProps = {
  search: EventSearch
  range: TimeRange
  /** Null: it could not be read, so it was not run. */
  filter: EventFilter | null
  onSearch: (change: Partial<EventSearch>) => void
}

/** Why the feed is empty and the most likely way out. */
export function NoEvents({ search, range, filter, onSearch }: NoEventsProps) {
  if (filter === null) {
    return (
      <EmptyState
        title="The filter was not run."
        action={<ActionButton onPress={() => onSearch({ q: '' })}>Clear the filter</ActionButton>}
      >
        Mend it above. No rows are shown until it can be read.
      </EmptyState>
    )
  }
  if (search.q === '' && search.t === DEFAULT_EVENT_SEARCH.t) return <NothingCame />
  return <NothingFound search={search} range={range} filter={filter} onSearch={onSearch} />
}

function NothingFound({ search, range, filter, onSearch }: NoEventsProps & { filter: EventFilter }) {
  const trpc = useTRPC()
  const month = useMemo(() => monthBeyond(range), [range])
  const { data: way } = useQuery(
    trpc.events.wayOut.queryOptions(
      { filter, ...range, wider: month },
      { staleTime: WAY_OUT_FRESH_MS, enabled: search.q !== '' || month !== null },
    ),
  )
  const clause = way?.clause ?? null
  const wider = widerTime(search.t, month, way?.wider)
  const widen = wider && <ActionButton onPress={() => onSearch({ t: wider.t })}>{wider.words}</ActionButton>
  if (search.q === '') {
    return (
      <EmptyState title="No events in this time." action={widen}>
        Shown: {timeRangeLabel(search.t).toLowerCase()}.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="No events match."
      action={
        <>
          {clause === null ? null : (
            <ActionButton onPress={() => onSearch({ q: clause.q })}>
              Remove <span className="mono">{clause.text}</span>
              {wouldMatch(clause)}
            </ActionButton>
          )}
          {clause?.q === '' ? null : (
            <ActionButton onPress={() => onSearch({ q: '' })}>Clear the filter</ActionButton>
          )}
          {widen}
        </>
      }
    >
      Filter <span className="mono">{search.q}</span>, {timeRangeLabel(search.t).toLowerCase()}. New events
      that match appear here by themselves.
    </EmptyState>
  )
}

function NothingCame() {
  const { environment } = useSession().account
  const { link: Link } = useKit()
  return (
    <EmptyState
      title="Webhooks will appear here."
      action={
        environment === 'sandbox' ? (
          <Link to="/sandbox">Simulate a payment</Link>
        ) : (
          <Link to="/settings">Connect Juspay</Link>
        )
      }
    >
      Each one is stored before it is answered, and shown here the moment it arrives. None came in the last 24
      hours.
    </EmptyState>
  )
}
