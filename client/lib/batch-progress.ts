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

/** What the progress bar counts, and what is said of those that are done. */
export function progressOf(batch: BatchCounts): Progress {
  const { outcomes, rows, total } = batch
  const going = readyRows(batch)
  if (batch.status === 'checking') {
    const done = total - rows.unchecked - rows.dropped
    return { label: 'Check', doneLabel: 'Checked', done, total: total - rows.dropped }
  }
  if (batch.status === 'submitting') {
    const done = outcomes.reserved + outcomes.refused
    return { label: 'Setting aside', doneLabel: 'Set aside', done, total: going }
  }
  const done = batch.released + outcomes.not_sent
  return { label: 'Refunds', doneLabel: 'Sent', done, total: going - outcomes.refused }
}

type Progress = { label: string; doneLabel: string; done: number; total: number }

/** Address of a batch. */
export function bulkPath(batchId: string): string {
  return `/refunds/bulk/${batchId}`
}
