import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { orderColumn } from '../../../server/domain/order-columns.ts'
import { useTRPC } from '../../lib/trpc.ts'
import type { ListedOrder } from './order-columns.tsx'
import type { OrderRow } from './order-types.ts'

/** Rows of one page of the list, and of one question here. */
const PAGE_ROWS = 100

/** The rows with what their further columns show, asked for page by page and only while such a column is shown. */
export function useOrderExtras(
  rows: readonly OrderRow[],
  columns: readonly string[],
): readonly ListedOrder[] {
  const trpc = useTRPC()
  const wanted = columns.some((id) => orderColumn(id)?.extra)
  const pages = wanted
    ? Array.from({ length: Math.ceil(rows.length / PAGE_ROWS) }, (_, i) =>
        rows.slice(i * PAGE_ROWS, (i + 1) * PAGE_ROWS),
      )
    : []
  const found = useQueries({
    queries: pages.map((page) =>
      trpc.orders.extras.queryOptions(
        { orderIds: page.map(({ id }) => id) },
        // A row that arrives moves all pages by one; what was known stays until the answer is there.
        { placeholderData: (before) => before },
      ),
    ),
    combine: (results) => results.map(({ data }) => data),
  })
  return useMemo(() => {
    if (!wanted) return rows
    const byId = new Map(found.flatMap((page) => page ?? []).map((extras) => [extras.id, extras]))
    return rows.map((row) => ({ ...row, extras: byId.get(row.id) }))
  }, [wanted, rows, found])
}
