import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLive } from './live.tsx'
import { isAtWork } from './replay-words.ts'
import { useTRPC } from './trpc.ts'

/** While a job is at work it is asked for this often, should the live feed be away. */
const WORKING_REFRESH_MS = 1_000
/** Renewed at most this often, however often the feed says so. */
const RENEW_MS = 400

/** A replay job that follows its own progress. */
export function useReplayJob(jobId: string | null) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  useLive((message) => {
    if (message.kind !== 'change' || message.subject !== 'replay_job' || message.subjectId !== jobId) return
    timer.current ??= setTimeout(() => {
      timer.current = null
      void client.invalidateQueries({ queryKey: trpc.replays.pathKey() })
    }, RENEW_MS)
  })
  return useQuery(
    trpc.replays.get.queryOptions(
      { jobId: jobId ?? '' },
      {
        enabled: jobId !== null,
        refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? WORKING_REFRESH_MS : false),
      },
    ),
  )
}
