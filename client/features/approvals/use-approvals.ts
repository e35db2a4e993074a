import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '../../lib/trpc.ts'
import { useChangedIds } from '../../lib/use-changed-ids.ts'
import type { ApprovalTab } from './approval-tabs.ts'

const PAGE_ROWS = 50
const REQUESTS = ['refund_request']

/** One box of the inbox with paging; it renews itself when a request changes anywhere. */
export function useApprovals(tab: ApprovalTab) {
  const trpc = useTRPC()
  const list = useInfiniteQuery(
    trpc.approvals.list.infiniteQueryOptions(
      { tab, limit: PAGE_ROWS },
      // What is decided here is money: an inbox that was left and opened again is asked for anew.
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor, staleTime: 0 },
    ),
  )
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages])
  const renew = useRenewApprovals()
  useChangedIds(REQUESTS, () => void renew())
  return { list, rows }
}

/** Asks again for every box, the sidebar's count and what was read of single requests. */
export function useRenewApprovals(): () => Promise<void> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: trpc.approvals.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.refunds.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() }),
    ])
  }
}
