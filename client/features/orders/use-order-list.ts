import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { useRowMarks } from '../../lib/row-marks.ts'
import { useRowRenewal } from '../../lib/row-renewal.ts'
import { firstPage, useCatchUp } from '../../lib/standing-list.ts'
import { useTRPC } from '../../lib/trpc.ts'
import type { OrderRow } from './order-types.ts'
import type { OrderSearch } from './order-views.ts'
import { useListStop } from './use-list-stop.ts'
import { STOPPABLE, useOrderPages, type OrderPagesOptions } from './use-order-pages.ts'

type OrderListOptions = OrderPagesOptions & {
  /** Where in the list the rows in sight begin. */
  firstInSight: () => number
}

const NO_ROWS: OrderRow[] = []

/** The rows of the list with paging, live patches and the count of newer rows that are not shown yet. */
export function useOrderList(search: OrderSearch, options: OrderListOptions) {
  const { range, readable } = options
  const trpc = useTRPC()
  const client = useQueryClient()
  const { list, input, listKey, queryKey, keptPages, at, toTop } = useOrderPages(search, options)
  // Beside the rows, which do not wait for it.
  const totalOptions = trpc.orders.total.queryOptions(
    { q: search.q, ...range },
    { enabled: readable, placeholderData: keepPreviousData, trpc: STOPPABLE },
  )
  const total = useQuery(totalOptions)
  const { goOn, stop } = useListStop(list, {
    queryKeys: [queryKey, totalOptions.queryKey],
    onAgain: () => (total.isPlaceholderData || total.isPending ? void total.refetch() : undefined),
  })
  const pages = list.data?.pages
  // Copied page by page: a function called for each is felt by whoever scrolls through a hundred thousand rows.
  const rows = useMemo(() => NO_ROWS.concat(...(pages ?? []).map((page) => page.rows)), [pages])
  const [changed, mark] = useRowMarks()
  // Counted for one list; another list begins with none.
  const [found, setFound] = useState<{ listKey: string; ids: readonly string[] }>({ listKey, ids: [] })
  const newer = useMemo(() => {
    if (found.listKey !== listKey || found.ids.length === 0) return 0
    const shown = new Set(rows.map((row) => row.id))
    return found.ids.filter((id) => !shown.has(id)).length
  }, [found, listKey, rows])

  const renew = useRowRenewal<OrderRow>({
    queryKey,
    ask: (orderIds) =>
      client.fetchQuery(
        trpc.orders.rows.queryOptions({ orderIds: [...orderIds] }, { staleTime: 0, gcTime: 0, retry: false }),
      ),
    idsOf: ({ id }) => [id],
    onRenewed(ids) {
      void client.invalidateQueries({ queryKey: trpc.orders.extras.pathKey() })
      mark(ids)
    },
  })

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
    const jobs = [...(here.length ? [renew(here)] : []), ...(here.length < ids.length ? [countNewer()] : [])]
    // A renewal that fails changes nothing on screen; the next change or a refetch tries again.
    void Promise.allSettled(jobs)
  })
  const ready = pages !== undefined && !list.isPlaceholderData
  useCatchUp(rows, { kept: keptPages, ready, firstInSight: options.firstInSight }, (ids) => {
    void Promise.allSettled([...(ids.length ? [renew(ids)] : []), countNewer()])
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
    goOn,
    stop,
    /** The row that the list was read around, null from its top; and to read it from its top after all. */
    at,
    toTop,
  }
}
