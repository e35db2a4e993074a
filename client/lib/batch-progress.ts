/** How far a batch of refunds is, for its pages and for the top bar. */
import type { inferOutput } from '@trpc/tanstack-react-query'
import type { useTRPC } from './trpc.ts'

type Batch = inferOutput<ReturnType<typeof useTRPC>['bulk']['get']>

/** What progress is counted from. */
export type BatchCounts = Pick<Batch, 'status' | 'total' | 'rows' | 'outcomes' | 'released'>

/** Rows that can go. */
export function readyRows({ rows }: Pick<BatchCounts, 'rows'>): number {
  return rows.ok + rows.accepted
}

/** What the progress bar counts. */
export function progressOf(batch: BatchCounts): { label: string; done: number; total: number } {
  const { outcomes, rows, total } = batch
  const going = readyRows(batch)
  if (batch.status === 'checking')
    return { label: 'Check', done: total - rows.unchecked - rows.dropped, total: total - rows.dropped }
  if (batch.status === 'submitting')
    return { label: 'Setting aside', done: outcomes.reserved + outcomes.refused, total: going }
  return { label: 'Refunds', done: batch.released + outcomes.not_sent, total: going - outcomes.refused }
}

/** Address of a batch. */
export function bulkPath(batchId: string): string {
  return `/refunds/bulk/${batchId}`
}
