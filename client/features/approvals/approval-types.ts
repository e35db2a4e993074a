import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type ApprovalRow = inferOutput<Api['approvals']['list']>['rows'][number]
export type DecidedRefund = inferOutput<Api['refunds']['get']>
export type ApprovalCheck = inferOutput<Api['approvals']['get']>['checks'][number]
