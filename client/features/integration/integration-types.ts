import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

export type IntegrationOverview = inferOutput<ReturnType<typeof useTRPC>['integration']['overview']>
export type IntegrationStep = IntegrationOverview['steps'][number]
export type SilentSwitch = IntegrationOverview['switches'][number]
