import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type AccountSettings = inferOutput<Api['settings']['account']>
export type PolicySettings = inferOutput<Api['settings']['policy']>
