import { useQuery } from '@tanstack/react-query'
import { useTRPC } from './trpc.ts'
import { useRenewOn } from './use-renew-on.ts'

/** For what no stream tells: mentions, and everything while it is down. */
const POLL_MS = 30_000
/** However much changes, the counts are asked for this often at most (design §3.1). */
export const RENEW_MS = 5_000
const COUNTED = ['refund_request', 'bulk_batch', 'webhook_event', 'discrepancy']

/** How much waits in the places of the sidebar. */
export function useNavCounts() {
  const trpc = useTRPC()
  useRenewOn(COUNTED, trpc.session.counts.queryKey(), RENEW_MS)
  return useQuery(trpc.session.counts.queryOptions(undefined, { refetchInterval: POLL_MS }))
}
