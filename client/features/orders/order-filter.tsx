import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  EMPTY_QUERY,
  parseQuery,
  printQuery,
  type QueryError,
  type SearchQuery,
} from '../../../server/domain/search-query.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { TimeRangeMenu } from '../../ui/time-range-menu.tsx'
import { offersFor, pillsOf } from './filter-suggestions.ts'
import type { OrderSearch } from './order-views.ts'

const FACETS_FRESH_MS = 60_000

export type OrderFilterProps = {
  search: OrderSearch
  range: { from: Date | null; to: Date | null }
  onSearch: (change: Partial<OrderSearch>) => void
}

/**
 * The filter line of the transactions list. The address holds the query in canonical form; what is typed joins it on
 * Enter. A query that cannot be read is not run: the rows stay and the reason stands under the bar.
 */
export function OrderFilter({ search, range, onSearch }: OrderFilterProps) {
  const trpc = useTRPC()
  const { currency } = useSession().account
  const facets = useQuery(trpc.orders.facets.queryOptions(range, { staleTime: FACETS_FRESH_MS }))
  const parsed = parseQuery(search.q, { currency })
  // An address with a query that cannot be read puts it into the field, to be mended there.
  const [text, setText] = useState(parsed.ok ? '' : search.q)
  const [problem, setProblem] = useState<QueryError | null>(null)
  // A pill that became text again: the rows still show the whole query until the next Enter.
  const [editing, setEditing] = useState<{ of: string; base: SearchQuery } | null>(null)
  const shown = parsed.ok ? parsed.query : EMPTY_QUERY
  const query = editing?.of === search.q ? editing.base : shown
  const error = problem ?? (parsed.ok ? null : parsed.error)
  const offers = offersFor(text, facets.data)
  const pills = pillsOf(query, currency)

  function run(typed: string, base: SearchQuery = query) {
    const whole = `${printQuery(base, { currency })} ${typed}`.trim()
    const next = parseQuery(whole, { currency })
    if (!next.ok) {
      setText(typed)
      setProblem(next.error)
      return
    }
    setText('')
    setProblem(null)
    setEditing(null)
    onSearch({ q: printQuery(next.query, { currency }), ...(next.time !== null && { t: next.time }) })
  }

  function edit(pill: { id: string }) {
    const found = pills.find((one) => one.id === pill.id)
    if (!found) return
    setText(text === '' ? found.clause : `${found.clause} ${text}`)
    setEditing({ of: search.q, base: found.without })
  }

  return (
    <FilterBar
      label="Filter transactions"
      placeholder={pills.length ? 'Add a filter' : 'Add a filter, or paste an order ID, UTR or email'}
      pills={pills}
      onRemove={(pill) => {
        const found = pills.find((one) => one.id === pill.id)
        if (found) run('', found.without)
      }}
      onEdit={edit}
      text={text}
      onTextChange={(next) => {
        setText(next)
        setProblem(null)
      }}
      onSubmit={() => run(text)}
      error={
        error && {
          message: error.message,
          ...(error.fix && { fix: { label: error.fix.label, apply: repair(error.fix.text) } }),
        }
      }
      suggestions={offers}
      onAccept={(chosen) => {
        const offer = offers.find((one) => one.id === chosen.id)
        if (!offer) return
        if (offer.run) run(offer.text)
        else setText(offer.text)
      }}
    >
      <TimeRangeMenu value={search.t} onChange={(t) => onSearch({ t })} />
    </FilterBar>
  )

  /** The repaired text is the whole query, pills included. */
  function repair(whole: string): () => void {
    return () => run(whole, EMPTY_QUERY)
  }
}
