import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useRowMarks } from '../../lib/row-marks.ts'
import {
  firstPage,
  inQuestions,
  isSameRow,
  STANDING_PAGES,
  useCatchUp,
  useKeptPages,
} from '../../lib/standing-list.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { REFUND_SUBJECTS, refundIds, type RefundPage, type RefundRow } from './refund-types.ts'
import { refundListPath, type RefundSearch } from './refund-views.ts'

const PAGE_ROWS = 100

/**
 * The rows of one tab with paging, live patches in place and the count of newer rows that are not shown yet.
 * @param firstInSight where in the list the rows in sight begin
 */
export function useRefundList(search: RefundSearch, firstInSight: () => number) {
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
    ...STANDING_PAGES,
  })
  const wasLeft = useKeptPages(options.queryKey)
  const list = useInfiniteQuery(options)
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const [changed, mark] = useRowMarks()
  // Counted for one search; another search starts at none.
  const [counted, setCounted] = useState({ search, newer: 0 })

  /** Asks for the rows again and puts them where they stand: no row moves under the reader. */
  async function patch(ids: readonly string[]) {
    const parts = await Promise.all(
      inQuestions(ids).map((part) =>
        client.fetchQuery(
          trpc.refunds.rows.queryOptions({ ids: part }, { staleTime: 0, gcTime: 0, retry: false }),
        ),
      ),
    )
    const fresh = parts.flat()
    client.setQueryData(options.queryKey, (data) => replaceRows(data, fresh))
    const before = new Map(rows.map((row) => [row.id, row]))
    mark(fresh.filter((row) => !isSameRow(row, before.get(row.id))).map(({ id }) => id))
  }

  async function countNewer() {
    const shown = new Set(rows.flatMap(refundIds))
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
      ...(here.length < ids.length ? [countNewer()] : []),
    ])
  })

  // What Juspay has confirmed changed its order, and nothing about the refund itself.
  useChangedIds(ORDER_SUBJECTS, (ids) => {
    const confirmed = rows.filter((row) => row.confirming && ids.includes(row.orderId))
    if (confirmed.length > 0) void Promise.allSettled([patch(confirmed.map((row) => row.id))])
  })

  const ready = pages !== undefined && !list.isPlaceholderData
  useCatchUp(rows, { wasLeft, ready, firstInSight }, (ids) => {
    void Promise.allSettled([...(ids.length ? [patch(ids)] : []), countNewer()])
  })

  /** Starts again from the newest row. */
  async function showNewest() {
    setCounted({ search, newer: 0 })
    client.setQueryData(options.queryKey, firstPage)
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
