/** Says of a batch or a replay that was running what became of it: once, and not where its page says it. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { isWorkedOn } from '../../server/domain/bulk-batch.ts'
import { announce } from '../ui/announcer.tsx'
import { batchWord } from './batch-chip.ts'
import { presence } from './departure.ts'
import { isAtWork, jobWord } from './replay-words.ts'
import type { RunningJob } from './running-jobs.ts'
import { useTRPC } from './trpc.ts'

/**
 * @param jobs that run; undefined while nobody knows
 * @param path of the page on screen
 */
export function useJobEnds(jobs: readonly RunningJob[] | undefined, path: string): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const known = useRef<readonly RunningJob[]>([])

  /** Null for one whose end is not known, or that goes on. */
  const wordOf = async ({ kind, id }: RunningJob): Promise<string | null> => {
    const now = { staleTime: 0, retry: false }
    try {
      if (kind === 'batch') {
        const batch = await client.fetchQuery(trpc.bulk.get.queryOptions({ batchId: id }, now))
        return isWorkedOn(batch.status) ? null : batchWord(batch).label
      }
      const job = await client.fetchQuery(trpc.replays.get.queryOptions({ jobId: id }, now))
      return isAtWork(job) ? null : jobWord(job).label
    } catch {
      return null
    }
  }
  const tell = useEffectEvent(async (ended: readonly RunningJob[]) => {
    const here = presence()
    const told = ended.filter(({ kind, to }) => kind !== 'export' && to !== path)
    const words = await Promise.all(told.map(async (job) => ({ job, word: await wordOf(job) })))
    const text = words.flatMap(({ job, word }) => (word === null ? [] : `${job.title}: ${word}.`)).join(' ')
    if (text !== '' && here()) announce(text)
  })
  useEffect(() => {
    if (!jobs) return
    const ended = known.current.filter(({ id }) => !jobs.some((job) => job.id === id))
    known.current = jobs
    if (ended.length > 0) void tell(ended)
  }, [jobs])
}
