import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { DateTime } from '../ui/date-time.tsx'
import { Money } from '../ui/money.tsx'
import type { PaletteItem } from '../ui/palette-items.ts'
import { StatusChip } from '../ui/status-chip.tsx'
import { toProblem } from './errors.ts'
import { useTRPC } from './trpc.ts'

const DEBOUNCE_MS = 120
const RESULTS_MAX = 6
/** One letter finds everything and helps nobody. */
const QUERY_CHARS_MIN = 3

/** Orders for the palette's text. `open` goes to the record. */
export function usePaletteSearch(text: string, open: (orderRef: string, newTab: boolean) => void) {
  const trpc = useTRPC()
  const [settled, setSettled] = useState('')
  const query = text.replace(/^#/, '').trim()
  useEffect(() => {
    const timer = setTimeout(() => setSettled(query), DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [query])
  const wanted = settled.length >= QUERY_CHARS_MIN && !settled.startsWith('>')
  const search = useQuery(
    trpc.orders.list.queryOptions(
      {
        // In quotes: what is typed here is text, never a clause.
        q: `"${settled.replaceAll('"', ' ')}"`,
        limit: RESULTS_MAX,
      },
      { enabled: wanted, placeholderData: keepPreviousData },
    ),
  )
  const rows = wanted ? (search.data?.rows ?? []) : []
  const results: PaletteItem[] = rows.map((row) => ({
    id: `order-${row.id}`,
    group: 'Orders',
    label: row.orderRef,
    detail: (
      <>
        <Money value={{ minor: row.amountMinor, currency: row.currency }} />
        <StatusChip status={row.displayStatus} />
        <span className="caption">
          <DateTime at={row.createdAt} />
        </span>
      </>
    ),
    run: ({ newTab }) => open(row.orderRef, newTab),
  }))
  const status = !wanted
    ? undefined
    : search.isError
      ? toProblem(search.error, 'orders').title
      : search.isPending
        ? 'Searching…'
        : undefined
  return { results, status }
}
