import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type ReconRow = inferOutput<Api['recon']['list']>['rows'][number]
export type ReconResult = inferOutput<Api['recon']['run']>[number]

export const RECON_KINDS = ['disagree', 'stale'] as const
export type ReconKind = (typeof RECON_KINDS)[number]
