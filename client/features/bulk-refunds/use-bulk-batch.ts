import { useQuery } from '@tanstack/react-query'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { isAtWork } from './bulk-words.ts'

/** While a batch is at work it is asked for this often, should the live feed be away. */
const WORKING_REFRESH_MS = 2_000
/** Renewed at most this often, however often the feed says so. */
const RENEW_MS = 500

/** A batch that follows its own progress. */
export function useBulkBatch(batchId: string) {
  const trpc = useTRPC()
  useRenewOn('bulk_batch', trpc.bulk.pathKey(), RENEW_MS)
  return useQuery(
    trpc.bulk.get.queryOptions(
      { batchId },
      { refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? WORKING_REFRESH_MS : false) },
    ),
  )
}
