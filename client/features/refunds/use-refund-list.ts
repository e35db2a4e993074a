import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useRowMarks } from '../../lib/row-marks.ts'
import { useRowRenewal } from '../../lib/row-renewal.ts'
import { firstPage, STANDING_PAGES, useCatchUp, useKeptPages } from '../../lib/standing-list.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ORDER_SUBJECTS, useChangedIds } from '../../lib/use-changed-ids.ts'
import { REFUND_SUBJECTS, refundIds, type RefundRow } from './refund-types.ts'
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
  const kept = useKeptPages(options.queryKey)
  const list = useInfiniteQuery(options)
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const [changed, mark] = useRowMarks()
  // Counted for one search; another search starts at none.
  const [counted, setCounted] = useState({ search, newer: 0 })

  const renew = useRowRenewal<RefundRow>({
    queryKey: options.queryKey,
    ask: (ids) =>
      client.fetchQuery(
        trpc.refunds.rows.queryOptions({ ids: [...ids] }, { staleTime: 0, gcTime: 0, retry: false }),
      ),
    idsOf: refundIds,
    onRenewed: mark,
  })

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
      ...(here.length ? [renew(here)] : []),
      ...(here.length < ids.length ? [countNewer()] : []),
    ])
  })

  // What Juspay has confirmed changed its order, and nothing about the refund itself.
  useChangedIds(ORDER_SUBJECTS, (ids) => {
    const confirmed = rows.filter((row) => row.confirming && ids.includes(row.orderId))
    if (confirmed.length > 0) void Promise.allSettled([renew(confirmed.map((row) => row.id))])
  })

  const ready = pages !== undefined && !list.isPlaceholderData
  useCatchUp(rows, { kept, ready, firstInSight }, (ids) => {
    void Promise.allSettled([...(ids.length ? [renew(ids)] : []), countNewer()])
  })

  /** Starts again from the newest row. */
  async function showNewest() {
    setCounted({ search, newer: 0 })
    client.setQueryData(options.queryKey, firstPage)
    await list.refetch()
  }

  const newer = refundListPath(counted.search) === refundListPath(search) ? counted.newer : 0
  return { list, rows, asOf: pages?.[0]?.asOf, changed, newer, showNewest }
}
