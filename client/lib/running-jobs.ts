/** Long work of the server in words, for the top bar: the same counts as on its pages. */
import type { inferOutput } from '@trpc/tanstack-react-query'
import { batchName } from '../../server/domain/batch-words.ts'
import { progressText } from '../ui/progress-bar.tsx'
import { bulkPath, progressOf } from './batch-progress.ts'
import { doneOf, eventsText, replayPath } from './replay-words.ts'
import type { useTRPC } from './trpc.ts'

const COUNT = new Intl.NumberFormat('en-IN')

export type Running = inferOutput<ReturnType<typeof useTRPC>['session']['running']>

export type RunningJob = {
  kind: 'batch' | 'replay' | 'export'
  id: string
  /** "Batch 0197". */
  title: string
  /** How far it is: "Refunds: 312 of 1,240". */
  text: string
  /** Address of its page. */
  to: string
}

/** One line for each piece of work that goes on. */
export function jobsOf({ batches, replays, exports }: Running): RunningJob[] {
  return [
    ...batches.map((batch): RunningJob => {
      const { label, done, total } = progressOf(batch)
      const text = `${label}: ${progressText(done, total)}`
      return { kind: 'batch', id: batch.id, title: batchName(batch.no), text, to: bulkPath(batch.id) }
    }),
    ...replays.map((job): RunningJob => {
      const what = job.phase === 'shadowing' ? 'Dry run' : 'Replay'
      const text = progressText(doneOf(job), job.total)
      return {
        kind: 'replay',
        id: job.id,
        title: `${what} of ${eventsText(job.total)}`,
        text,
        to: replayPath(job),
      }
    }),
    ...exports.map(({ id, fileName, written, expected }): RunningJob => {
      // How many there will be is a guess, which the file may outgrow.
      const text = `${COUNT.format(written)} of about ${COUNT.format(Math.max(written, expected))} orders`
      return { kind: 'export', id, title: fileName, text, to: '/transactions?dialog=export' }
    }),
  ]
}
