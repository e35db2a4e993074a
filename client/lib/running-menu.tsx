/** What the server does, on every page: nobody waits for it, so it comes when the browser is idle. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { JobsMenu } from '../ui/jobs-menu.tsx'
import { useExportEnds } from './export-ends.ts'
import { useJobEnds } from './job-ends.ts'
import { jobsOf, type Running } from './running-jobs.ts'
import { useTRPC } from './trpc.ts'
import { usePollWhileDown, useReturn } from './use-catch-up.ts'
import { useRenewOn } from './use-renew-on.ts'

const TOLD = ['bulk_batch', 'replay_job']
/** However much is done, it is asked for this often at most; what is over sooner is never shown. */
const RENEW_MS = 2_000
/** No stream tells of a file. While one is being made it is asked for this often; otherwise not at all. */
const FILES_MS = 5_000

/** "2 running", with a line for each; nothing while nothing runs. Tells what became of each. */
export function RunningMenu({ path }: { path: string }) {
  const running = useRunning()
  const jobs = useMemo(() => running && jobsOf(running), [running])
  useExportEnds(running?.exports)
  useJobEnds(jobs, path)
  return jobs === undefined || jobs.length === 0 ? null : <JobsMenu jobs={jobs} />
}

function useRunning(): Running | undefined {
  const trpc = useTRPC()
  const client = useQueryClient()
  const queryKey = trpc.session.running.queryKey()
  const renew = () => void client.invalidateQueries({ queryKey })
  useRenewOn(TOLD, queryKey, RENEW_MS)
  usePollWhileDown(renew)
  useReturn(null, renew)
  return useQuery(
    trpc.session.running.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data?.exports.length ? FILES_MS : false),
    }),
  ).data
}
