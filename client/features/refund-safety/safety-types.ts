import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

export type Safety = inferOutput<ReturnType<typeof useTRPC>['health']['safety']>
export type InvariantLine = Safety['invariants'][number]
