import type { inferOutput } from '@trpc/tanstack-react-query'
import type { OverviewComparison, OverviewRange } from '../../../server/domain/overview.ts'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>['overview']

export type Summary = inferOutput<Api['summary']>
export type Figures = Pick<Summary, 'payments' | 'refunds' | 'amounts'>
export type Amounts = Summary['amounts'][number]
export type Series = inferOutput<Api['series']>
export type GatewayNow = inferOutput<Api['gateways']>['gateways'][number]
export type MethodFigures = inferOutput<Api['methods']>['methods'][number]
export type Need = inferOutput<Api['needs']>['needs'][number]
export type Steps = inferOutput<Api['steps']>

/** What the address says. */
export type OverviewSearch = { range: OverviewRange; compare: OverviewComparison }
export const DEFAULT_OVERVIEW: OverviewSearch = { range: 'today', compare: 'last_week' }
