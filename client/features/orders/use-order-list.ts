import { keepPreviousData, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { useRowMarks } from '../../lib/row-marks.ts'
import { firstPage, inQuestions, isSameRow, useCatchUp } from '../../lib/standing-list.ts'
import { useTRPC } from '../../lib/trpc.ts'
import type { OrderPage, OrderRow } from './order-types.ts'
import type { OrderSearch } from './order-views.ts'
import { useOrderPages, type OrderPagesOptions } from './use-order-pages.ts'

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
  const [changed, mark] = useRowMarks()
  // Counted for one list; another list begins with none.
  const [found, setFound] = useState<{ listKey: string; ids: readonly string[] }>({ listKey, ids: [] })
  const newer = useMemo(() => {
    if (found.listKey !== listKey || found.ids.length === 0) return 0
    const shown = new Set(rows.map((row) => row.id))
    return found.ids.filter((id) => !shown.has(id)).length
  }, [found, listKey, rows])

  /** Asks for the rows again and puts them into the pages they are on. */
  async function patch(ids: readonly string[]) {
    const fresh = await Promise.all(
      inQuestions(ids).map((orderIds) =>
        client.fetchQuery(
          trpc.orders.rows.queryOptions({ orderIds }, { staleTime: 0, gcTime: 0, retry: false }),
        ),
      ),
    )
    const byId = new Map<string, OrderRow>(fresh.flat().map((row) => [row.id, row]))
    for (const row of rows) if (isSameRow(row, byId.get(row.id))) byId.delete(row.id)
    client.setQueryData(queryKey, (data) => replaceRows(data, byId))
    void client.invalidateQueries({ queryKey: trpc.orders.extras.pathKey() })
    mark(byId.keys())
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
  const ready = pages !== undefined && !list.isPlaceholderData
  useCatchUp(rows, { wasLeft: keptPages, ready, firstInSight: options.firstInSight }, (ids) => {
    void Promise.allSettled([...(ids.length ? [patch(ids)] : []), countNewer()])
  })

  /** Starts again from the newest row. */
  async function showNewest() {
    setFound({ listKey, ids: [] })
    client.setQueryData(queryKey, firstPage)
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
