import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type RefundPage = inferOutput<Api['refunds']['list']>
export type RefundRow = RefundPage['rows'][number]
export type RefundDetail = inferOutput<Api['refunds']['get']>
export type RefundCall = inferOutput<Api['refunds']['calls']>[number]
export type AgeingCell = inferOutput<Api['refunds']['ageing']>[number]
export type RefundDisplay = RefundRow['status']

/** What changes a row of the list: the request, or the refund made from it. */
export const REFUND_SUBJECTS = ['refund', 'refund_request']

/** A request and the refund made of it are one row: it is known by all their ids. */
export function refundIds({
  id,
  requestId,
  refundId,
}: Pick<RefundRow, 'id' | 'requestId' | 'refundId'>): string[] {
  return [id, requestId, refundId].filter((one) => one !== null)
}
