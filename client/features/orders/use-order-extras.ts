import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { orderColumn } from '../../../server/domain/order-columns.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import type { ListedOrder } from './order-columns.tsx'
import type { OrderRow } from './order-types.ts'

/** Rows of one page of the list, and of one question here. */
const PAGE_ROWS = 100
/** Rows of which locks are asked for unasked: whoever scrolls on through thousands reads them on the order's page. */
export const LOCKED_ROWS_MAX = 2_000
/** A batch that goes on speaks of itself all the time. */
const RENEW_MS = 5_000

/**
 * The rows with what the list shows of them beside the row itself, asked for page by page: of all of them while a further
 * column is shown, else only of those among the first {@link LOCKED_ROWS_MAX} of which a batch may hold something.
 */
export function useOrderExtras(
  rows: readonly OrderRow[],
  columns: readonly string[],
): readonly ListedOrder[] {
  const trpc = useTRPC()
  const client = useQueryClient()
  const wanted = columns.some((id) => orderColumn(id)?.extra)
  const reach = wanted ? rows.length : Math.min(rows.length, LOCKED_ROWS_MAX)
  const pages = Array.from({ length: Math.ceil(reach / PAGE_ROWS) }, (_, i) =>
    rows.slice(i * PAGE_ROWS, (i + 1) * PAGE_ROWS).filter((row) => wanted || mayBeLocked(row)),
  ).filter((page) => page.length > 0)
  const found = useQueries({
    queries: pages.map((page) =>
      trpc.orders.extras.queryOptions(
        idsOf(page),
        // A row that arrives moves all pages by one; what was known stays until the answer is there.
        { placeholderData: (before) => before },
      ),
    ),
    combine: (results) => results.map(({ data }) => data),
  })
  // What a batch is at, and that it let go, no order tells. Of pages that are there for their columns it tells nothing.
  useRenewOn(
    'bulk_batch',
    () => {
      for (const [at, page] of pages.entries())
        if (page.some(mayBeLocked) || found[at]?.some(({ lock }) => lock))
          void client.invalidateQueries({ queryKey: trpc.orders.extras.queryKey(idsOf(page)) })
    },
    RENEW_MS,
  )
  const asked = pages.length > 0
  return useMemo(() => {
    if (!asked) return rows
    const byId = new Map(found.flatMap((page) => page ?? []).map((extras) => [extras.id, extras]))
    const listed: ListedOrder[] = rows.slice()
    for (const [at, row] of rows.slice(0, reach).entries())
      if (wanted || mayBeLocked(row)) listed[at] = { ...row, extras: byId.get(row.id) }
    return listed
  }, [asked, wanted, reach, rows, found])
}

/** A batch sets aside what it holds. */
const mayBeLocked = ({ reservedMinor }: OrderRow): boolean => reservedMinor > 0n

const idsOf = (page: readonly OrderRow[]) => ({ orderIds: page.map(({ id }) => id) })
