import { keepPreviousData, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { hashQueryKey } from '../../lib/query-key.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { usePollWhileDown, useReturn } from '../../lib/use-catch-up.ts'
import type { OrderPage, OrderRow } from './order-types.ts'
import type { OrderSearch } from './order-views.ts'
import { useOrderPages, type OrderPagesOptions } from './use-order-pages.ts'

/** Changed rows that one question asks for. */
const PATCH_ROWS = 100
/** Rows around those in sight that are brought up to date without word of a change: three questions, one request. */
const CATCH_UP_ROWS = 300
/** How long a changed row stays marked (the kit's fade). */
const MARK_MS = 2_000

type OrderListOptions = OrderPagesOptions & {
  /** Where in the list the rows in sight begin. */
  firstInSight: () => number
}

/** The rows of the list with paging, live patches and the count of newer rows that are not shown yet. */
export function useOrderList(search: OrderSearch, options: OrderListOptions) {
  const { range, readable } = options
  const trpc = useTRPC()
  const client = useQueryClient()
  const { list, input, listKey, queryKey, keptPages, at, toTop } = useOrderPages(search, options)
  // Beside the rows, which do not wait for it.
  const total = useQuery(
    trpc.orders.total.queryOptions(
      { q: search.q, ...range },
      { enabled: readable, placeholderData: keepPreviousData },
    ),
  )
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  // Counted for one list; another list begins with none.
  const [found, setFound] = useState<{ listKey: string; ids: readonly string[] }>({ listKey, ids: [] })
  const newer = useMemo(() => {
    if (found.listKey !== listKey || found.ids.length === 0) return 0
    const shown = new Set(rows.map((row) => row.id))
    return found.ids.filter((id) => !shown.has(id)).length
  }, [found, listKey, rows])

  /** Asks for the rows again and puts them into the pages they are on. */
  async function patch(ids: readonly string[]) {
    const parts = Array.from({ length: Math.ceil(ids.length / PATCH_ROWS) }, (_, i) =>
      ids.slice(i * PATCH_ROWS, (i + 1) * PATCH_ROWS),
    )
    const fresh = await Promise.all(
      parts.map((orderIds) =>
        client.fetchQuery(
          trpc.orders.rows.queryOptions({ orderIds }, { staleTime: 0, gcTime: 0, retry: false }),
        ),
      ),
    )
    const byId = new Map<string, OrderRow>(fresh.flat().map((row) => [row.id, row]))
    for (const row of rows) if (sameRow(row, byId.get(row.id))) byId.delete(row.id)
    client.setQueryData(queryKey, (data) => replaceRows(data, byId))
    void client.invalidateQueries({ queryKey: trpc.orders.extras.pathKey() })
    setChanged(new Set(byId.keys()))
  }

  /** How many orders of this list are newer than the first one on screen. */
  async function countNewer() {
    const first = rows[0]
    // In the middle of the list nothing is new above.
    const middle = pages?.[0]?.previousCursor
    if (search.sort !== '-created' || range.to !== null || !readable || middle) return
    const head = await client.fetchQuery(
      trpc.orders.list.queryOptions(
        { ...input, from: first?.createdAt ?? range.from, cursor: null, at: null },
        { staleTime: 0, retry: false },
      ),
    )
    setFound({ listKey, ids: head.rows.map((row) => row.id) })
  }

  useChangedIds(ORDER_SUBJECTS, (ids) => {
    const shown = new Set(rows.map((row) => row.id))
    const here = ids.filter((id) => shown.has(id))
    const jobs = [...(here.length ? [patch(here)] : []), ...(here.length < ids.length ? [countNewer()] : [])]
    // A renewal that fails changes nothing on screen; the next change or a refetch tries again.
    void Promise.allSettled(jobs)
  })
  function catchUp() {
    if (!pages || list.isPlaceholderData) return
    const start = Math.max(0, options.firstInSight() - CATCH_UP_ROWS / 3)
    const ids = rows.slice(start, start + CATCH_UP_ROWS).map((row) => row.id)
    void Promise.allSettled([...(ids.length ? [patch(ids)] : []), countNewer()])
  }
  useReturn(keptPages, catchUp)
  usePollWhileDown(catchUp)
  useEffect(() => {
    if (changed.size === 0) return
    const timer = setTimeout(() => setChanged(new Set()), MARK_MS)
    return () => clearTimeout(timer)
  }, [changed])

  /** Starts again from the newest row. */
  async function showNewest() {
    setFound({ listKey, ids: [] })
    client.setQueryData(queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
    )
    await list.refetch()
  }

  /** Puts the exact number in place of the estimate. */
  async function countExactly() {
    const counted = { q: search.q, ...range }
    const found = await client.fetchQuery(trpc.orders.total.queryOptions({ ...counted, exactly: true }))
    client.setQueryData(trpc.orders.total.queryKey(counted), found)
  }

  return {
    list,
    rows,
    changed,
    newer,
    showNewest,
    head: pages?.[0],
    total: total.data,
    countExactly,
    /** The row that the list was read around, null from its top; and to read it from its top after all. */
    at,
    toTop,
  }
}

function replaceRows<Param>(
  data: InfiniteData<OrderPage, Param> | undefined,
  fresh: ReadonlyMap<string, OrderRow>,
): InfiniteData<OrderPage, Param> | undefined {
  if (!data) return data
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, rows: page.rows.map((row) => fresh.get(row.id) ?? row) })),
  }
}

function sameRow(row: OrderRow, fresh: OrderRow | undefined): boolean {
  return fresh !== undefined && hashQueryKey([row]) === hashQueryKey([fresh])
}
