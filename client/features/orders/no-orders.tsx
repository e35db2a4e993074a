import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { clausesOf, parseQuery, printQuery } from '../../../server/domain/search-query.ts'
import type { TimeRange } from '../../../server/domain/time-range.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { monthBeyond, WAY_OUT_FRESH_MS, widerTime, wouldMatch } from '../../lib/way-out.ts'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { readingOffers } from './filter-suggestions.ts'
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
  const { currency } = useSession().account
  const readings = useMemo(() => readingsOf(search.q, currency), [search.q, currency])
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
          {readings.map(({ label, q, t }) => (
            <Link key={label} to={listPath({ ...search, q, t: t ?? search.t })}>
              Look for {label}
            </Link>
          ))}
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

type TextReading = { label: string; q: string; t: string | null }

/** What a filter of nothing but text may also be: it was looked for in names, IDs and addresses alone. */
function readingsOf(q: string, currency: string): TextReading[] {
  const parsed = parseQuery(q, { currency })
  if (!parsed.ok || parsed.query.text === null || clausesOf(parsed.query, { currency }).length > 1) return []
  return readingOffers(parsed.query.text, { currency, now: new Date() }).flatMap(({ label, text }) => {
    const reading = parseQuery(text, { currency })
    return reading.ok ? [{ label, q: printQuery(reading.query, { currency }), t: reading.time }] : []
  })
}
