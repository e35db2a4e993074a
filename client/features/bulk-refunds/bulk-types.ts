import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type BulkBatch = inferOutput<Api['bulk']['get']>
export type BulkRow = inferOutput<Api['bulk']['rows']>['rows'][number]
export type BulkReview = inferOutput<Api['bulk']['review']>
export type BulkSampleRow = inferOutput<Api['bulk']['sample']>['largest'][number]
