import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type EventPage = inferOutput<Api['events']['list']>
export type EventRow = EventPage['rows'][number]
export type EventStatus = EventRow['status']
export type EventDetail = inferOutput<Api['events']['get']>
export type EventAttempt = EventDetail['attempts'][number]
export type EventRelated = inferOutput<Api['events']['related']>
export type EventFacets = inferOutput<Api['events']['facets']>
export type EventHealth = inferOutput<Api['events']['health']>
