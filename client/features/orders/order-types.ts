import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type OrderPage = inferOutput<Api['orders']['list']>
export type OrderTotal = inferOutput<Api['orders']['total']>
export type OrderRow = OrderPage['rows'][number]
export type OrderDetail = inferOutput<Api['orders']['get']>
export type OrderExtras = inferOutput<Api['orders']['extras']>[number]
export type SavedView = inferOutput<Api['views']['list']>[number]
export type ViewAlert = inferOutput<Api['views']['alerts']>[number]
export type TimelinePage = inferOutput<Api['orders']['timeline']>
export type TimelineEntry = TimelinePage['entries'][number]
export type AllMatching = inferOutput<Api['orders']['selection']>
export type Attempt = inferOutput<Api['orders']['attempts']>[number]
export type OrderEvent = inferOutput<Api['orders']['events']>[number]
export type OrderMessage = inferOutput<Api['orders']['messages']>[number]
export type OrderNote = inferOutput<Api['notes']['list']>[number]
export type StatusCheck = inferOutput<Api['orders']['checkStatus']>
export type OrderRefund = inferOutput<Api['refunds']['byOrder']>[number]
