import { useMutation, useQueryClient } from '@tanstack/react-query'
import { replayCan } from '../../../server/domain/replay.ts'
import { downloadPath } from '../../lib/download.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { eventsText, shadowSentence, type ReplayJob } from '../../lib/replay-words.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { confirm } from '../../ui/confirm-store.ts'

/** What can be done with a replay as it is. `only` names the order of a single event. */
export function ReplayActs({ job, only }: { job: ReplayJob; only: string | null }) {
  const can = useCan('event:replay')
  const { pause, resume, stop, apply, applyAgain, busy } = useControl(job, only)
  const fresh = job.total - job.appliedBefore
  return (
    <>
      {replayCan('resume', job.status) ? (
        <ActionButton tone="primary" busy={busy} disabledReason={can.reason} onPress={resume}>
          Resume
        </ActionButton>
      ) : null}
      {replayCan('pause', job.status) ? (
        <ActionButton
          busy={busy}
          disabledReason={can.reason}
          shortcut={{ id: 'replay.pause', keys: 'P', label: 'Pause the replay', group: 'This page' }}
          onPress={pause}
        >
          Pause
        </ActionButton>
      ) : null}
      {replayCan('apply', job.status) && job.appliedBefore > 0 ? (
        <ActionButton tone="danger" busy={busy} disabledReason={can.reason} onPress={applyAgain}>
          Apply again anyway
        </ActionButton>
      ) : null}
      {replayCan('apply', job.status) && fresh > 0 ? (
        <ActionButton
          tone="primary"
          busy={busy}
          disabledReason={can.reason}
          shortcut={{ id: 'replay.apply', keys: 'Shift+R', label: 'Replay these events', group: 'This page' }}
          onPress={apply}
        >
          {`Replay ${eventsText(fresh)}`}
        </ActionButton>
      ) : null}
      {replayCan('stop', job.status) ? (
        <ActionButton busy={busy} disabledReason={can.reason} onPress={stop}>
          {job.status === 'ready' ? 'Do not replay' : 'Stop after current'}
        </ActionButton>
      ) : null}
      <ActionButton onPress={() => window.location.assign(downloadPath.replay(job.id))}>
        Download CSV
      </ActionButton>
    </>
  )
}

function useControl(job: ReplayJob, only: string | null) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const options = { onSettled: () => client.invalidateQueries({ queryKey: trpc.replays.pathKey() }) }
  const pause = useMutation(trpc.replays.pause.mutationOptions(options))
  const resume = useMutation(trpc.replays.resume.mutationOptions(options))
  const stop = useMutation(trpc.replays.stop.mutationOptions(options))
  const apply = useMutation(trpc.replays.applyJob.mutationOptions(options))
  const jobId = job.id
  async function run(deed: Promise<unknown>, said: string) {
    try {
      await deed
      announce(said)
    } catch (error) {
      tellActProblem(error)
    }
  }
  const fresh = job.total - job.appliedBefore
  const typed = only ?? String(job.appliedBefore)
  const next = [
    'Oldest first for each order, and you can pause or stop.',
    'It can change the status of orders. It never sends a refund.',
    'It uses the orders as they are then; each event shows what it would have done and what it did.',
  ]
  return {
    busy: pause.isPending || resume.isPending || stop.isPending || apply.isPending,
    pause: () => void run(pause.mutateAsync({ jobId }), 'Paused'),
    resume: () => void run(resume.mutateAsync({ jobId }), 'Resumed'),
    stop: () => void run(stop.mutateAsync({ jobId }), 'Stopped'),
    apply: () =>
      void confirm({
        title: `Replay ${eventsText(fresh)}?`,
        facts: [
          { label: 'Dry run', value: shadowSentence(job) },
          {
            label: 'Left alone',
            value: job.appliedBefore > 0 ? `${eventsText(job.appliedBefore)}, applied before` : null,
          },
        ],
        next,
        verb: `Replay ${eventsText(fresh)}`,
        run: () => outcomeOf(() => apply.mutateAsync({ jobId, again: null })),
      }),
    applyAgain: () =>
      void confirm({
        title: `Apply again what was applied already?`,
        facts: [
          { label: 'Applied before', value: eventsText(job.appliedBefore) },
          { label: 'Dry run', value: shadowSentence(job) },
        ],
        next,
        requireTyped: typed,
        tone: 'danger',
        verb: 'Apply again anyway',
        run: () => outcomeOf(() => apply.mutateAsync({ jobId, again: typed })),
      }),
  }
}
