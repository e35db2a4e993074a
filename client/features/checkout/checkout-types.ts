import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

/** An order as the server knows it. */
export type OrderResult = inferOutput<ReturnType<typeof useTRPC>['orders']['get']>
