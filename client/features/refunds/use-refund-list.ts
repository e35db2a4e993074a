import { keepPreviousData, useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTRPC } from '../../lib/trpc.ts'
import type { RefundPage, RefundRow } from './refund-types.ts'
import { refundListPath, type RefundSearch } from './refund-views.ts'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { REFUND_SUBJECTS, refundIds } from './refund-types.ts'

const PAGE_ROWS = 100
/** Up to here changed rows are asked for one by one (one batched request); beyond, the list is renewed. */
const PATCH_MAX = 10
/** How long a changed row stays marked (the kit's fade). */
const MARK_MS = 2_000

/** The rows of one tab with paging, live patches in place and the count of newer rows that are not shown yet. */
export function useRefundList(search: RefundSearch) {
  const { view, q, gateway, origin, settled } = search
  const trpc = useTRPC()
  const client = useQueryClient()
  const input = {
    view,
    q,
    gateway: gateway || null,
    origin: origin || null,
    settled: settled || null,
    limit: PAGE_ROWS,
  }
  const options = trpc.refunds.list.infiniteQueryOptions(input, {
    initialCursor: null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const list = useInfiniteQuery(options)
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  // Counted for one search; another search starts at none.
  const [counted, setCounted] = useState({ search, newer: 0 })
  useEffect(() => {
    if (changed.size === 0) return
    const timer = setTimeout(() => setChanged(new Set()), MARK_MS)
    return () => clearTimeout(timer)
  }, [changed])

  /** Asks for the rows again and puts them where they stand: no row moves under the reader. */
  async function patch(ids: readonly string[]) {
    if (ids.length > PATCH_MAX) {
      await client.invalidateQueries({ queryKey: options.queryKey })
      return
    }
    const fresh = await Promise.all(
      ids.map((id) =>
        client.fetchQuery(trpc.refunds.get.queryOptions({ id }, { staleTime: 0, retry: false })),
      ),
    )
    client.setQueryData(options.queryKey, (data) => replaceRows(data, fresh))
    setChanged(new Set(fresh.map((row) => row.id)))
  }

  async function countNewer(shown: ReadonlySet<string>) {
    const head = await client.fetchQuery(
      trpc.refunds.list.queryOptions({ ...input, cursor: null }, { staleTime: 0, retry: false }),
    )
    const newer = head.rows.filter((row) => refundIds(row).every((id) => !shown.has(id))).length
    setCounted({ search, newer })
  }

  useChangedIds(REFUND_SUBJECTS, (ids) => {
    if (!pages) return
    const shown = new Set(rows.flatMap(refundIds))
    const here = ids.filter((id) => shown.has(id))
    // A renewal that fails changes nothing on screen; the next change or a refetch tries again.
    void Promise.allSettled([
      ...(here.length ? [patch(here)] : []),
      ...(here.length < ids.length ? [countNewer(shown)] : []),
    ])
  })

  // What Juspay has confirmed changed its order, and nothing about the refund itself.
  useChangedIds(ORDER_SUBJECTS, (ids) => {
    const confirmed = rows.filter((row) => row.confirming && ids.includes(row.orderId))
    if (confirmed.length > 0) void Promise.allSettled([patch(confirmed.map((row) => row.id))])
  })

  /** Starts again from the newest row. */
  async function showNewest() {
    setCounted({ search, newer: 0 })
    client.setQueryData(options.queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
    )
    await list.refetch()
  }

  const newer = refundListPath(counted.search) === refundListPath(search) ? counted.newer : 0
  return { list, rows, changed, newer, showNewest }
}

function replaceRows<Param>(
  data: InfiniteData<RefundPage, Param> | undefined,
  fresh: readonly RefundRow[],
): InfiniteData<RefundPage, Param> | undefined {
  if (!data) return data
  const byId = new Map(fresh.flatMap((row) => refundIds(row).map((id) => [id, row])))
  const current = (row: RefundRow) => byId.get(row.refundId ?? '') ?? byId.get(row.id) ?? row
  return { ...data, pages: data.pages.map((page) => ({ ...page, rows: page.rows.map(current) })) }
}
