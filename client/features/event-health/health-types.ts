import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type WebhookHealth = inferOutput<Api['health']['webhooks']>
export type NameRate = WebhookHealth['names'][number]
export type RejectionCauseRow = WebhookHealth['rejections']['causes'][number]
export type Strip = inferOutput<Api['rates']['strip']>
export type Gap = inferOutput<Api['gaps']['list']>['rows'][number]
export type GapCount = inferOutput<Api['gaps']['counts']>[number]
