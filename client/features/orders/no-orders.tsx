import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TimeRange } from '../../../server/domain/time-range.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { monthBeyond, WAY_OUT_FRESH_MS, widerTime, wouldMatch } from '../../lib/way-out.ts'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { listPath, type OrderSearch } from './order-views.ts'

type NoOrdersProps = {
  search: OrderSearch
  range: TimeRange
  /** The query could not be read, so it was not run. */
  unread: boolean
}

/** Why the list is empty and the most likely way out. */
export function NoOrders({ search, range, unread }: NoOrdersProps) {
  const { link: Link } = useKit()
  if (unread) {
    return (
      <EmptyState
        title="The filter was not run."
        action={<Link to={listPath({ ...search, q: '' })}>Clear the filter</Link>}
      >
        Mend it above. No rows are shown until it can be read.
      </EmptyState>
    )
  }
  return <NothingFound search={search} range={range} />
}

function NothingFound({ search, range }: Omit<NoOrdersProps, 'unread'>) {
  const { link: Link } = useKit()
  const trpc = useTRPC()
  const month = useMemo(() => monthBeyond(range), [range])
  const { data: way } = useQuery(
    trpc.orders.wayOut.queryOptions(
      { q: search.q, ...range, wider: month },
      { staleTime: WAY_OUT_FRESH_MS, enabled: search.q !== '' || month !== null },
    ),
  )
  const clause = way?.clause ?? null
  const wider = widerTime(search.t, month, way?.wider)
  const widen = wider && <Link to={listPath({ ...search, t: wider.t })}>{wider.words}</Link>
  if (search.q === '') {
    return (
      <EmptyState title="No orders in this time." action={widen}>
        Payments appear here as Juspay reports them. Shown: {timeRangeLabel(search.t).toLowerCase()}.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="No orders match."
      action={
        <>
          {clause === null ? null : (
            <Link to={listPath({ ...search, q: clause.q })}>
              Remove <span className="mono">{clause.text}</span>
              {wouldMatch(clause)}
            </Link>
          )}
          {clause?.q === '' ? null : <Link to={listPath({ ...search, q: '' })}>Clear the filter</Link>}
          {widen}
        </>
      }
    >
      Filter <span className="mono">{search.q}</span>, {timeRangeLabel(search.t).toLowerCase()}.
    </EmptyState>
  )
}
