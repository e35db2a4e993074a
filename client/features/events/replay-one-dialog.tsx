import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { isOver, replayPath, type ReplayItemRow, type ReplayJob } from '../../lib/replay-words.ts'
import { useReplayJob } from '../../lib/use-replay-job.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { TextField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { LoadingRows, Notice } from '../../ui/states.tsx'
import type { EventRow } from './event-types.ts'
import { eventSpoken } from './event-words.ts'
import { ReplayEffect, replayDidText } from './replay-results.tsx'
import css from './events.module.css'

export type ReplayOne = {
  event: Pick<EventRow, 'id' | 'eventName' | 'orderRef' | 'receivedAt' | 'status'>
}

/** Replays one event: first what it would change, then, when the person says so, for good. */
export function ReplayOneDialog({ event, onClose }: ReplayOne & { onClose: () => void }) {
  const { link: Link } = useKit()
  const run = useOneReplay(event.id)
  const { job, item, problem } = run
  const [typing, setTyping] = useState(false)
  const applied = job?.appliedAt !== null && job !== null
  const over = applied && job !== null && isOver(job)
  const known = event.status === 'processed'

  function leave() {
    run.abandon()
    onClose()
  }

  return (
    <Dialog
      open
      width={680}
      onClose={leave}
      title={`Replay ${eventSpoken(event)}?`}
      dismissable={!run.busy && !typing}
      footNote={job && over ? <Link to={replayPath(job)}>Open the replay</Link> : null}
      actions={
        over ? (
          <ActionButton tone="primary" onPress={onClose}>
            Close
          </ActionButton>
        ) : (
          <>
            <ActionButton onPress={leave}>Cancel</ActionButton>
            <ActionButton
              tone="primary"
              busy={run.busy}
              disabledReason={
                known
                  ? 'It was applied already. Use "Apply again anyway".'
                  : job?.status === 'ready'
                    ? null
                    : 'Wait until we know what would change.'
              }
              shortcut={{ id: 'replay.apply', keys: 'Mod+Enter', label: 'Replay', scope: 'dialog' }}
              onPress={() => void run.apply(null)}
            >
              Replay
            </ActionButton>
          </>
        )
      }
    >
      <FactList
        boxed
        facts={[
          { label: 'Event', value: <span className="mono">{event.eventName ?? 'No name'}</span> },
          { label: 'Order', value: event.orderRef && <span className="mono">{event.orderRef}</span> },
          { label: 'Received', value: <DateTime at={event.receivedAt} format="full" /> },
        ]}
      />
      <p>
        It runs the saved body through the same steps. It can change the order status. It does not move money,
        and it never sends a refund.
      </p>
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : item === null ? (
        <LoadingRows rows={3} label="Finding out what would change" />
      ) : (
        <ReplayEffect item={item} applied={over} />
      )}
      {known && job?.status === 'ready' && item ? (
        <ApplyAgain
          wanted={event.orderRef ?? event.eventName ?? '1'}
          busy={run.busy}
          onTyping={setTyping}
          onApply={(typed) => void run.apply(typed)}
        />
      ) : null}
    </Dialog>
  )
}

/** Apart and red: what was applied is only applied again by somebody who means it. */
function ApplyAgain(props: {
  wanted: string
  busy: boolean
  onTyping: (typing: boolean) => void
  onApply: (typed: string) => void
}) {
  const { wanted } = props
  const [typed, setTyped] = useState('')
  return (
    <Notice tone="review" title="It was applied already">
      <div className={css['stack']}>
        <p>
          Applying it again does nothing that the dry run above does not show. Do it only when you know why.
        </p>
        <TextField
          label={`Type ${wanted} to go on`}
          mono
          autoComplete="off"
          value={typed}
          onChange={(next) => {
            setTyped(next)
            props.onTyping(next !== '')
          }}
        />
        <ActionButton
          tone="danger"
          busy={props.busy}
          disabledReason={typed.trim() === wanted ? null : `Type ${wanted} first.`}
          onPress={() => props.onApply(typed)}
        >
          Apply again anyway
        </ActionButton>
      </div>
    </Notice>
  )
}

/** The job behind the dialog: made when it opens, applied on demand, ended when it is left without applying. */
function useOneReplay(eventId: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [requestKey] = useState(() => crypto.randomUUID())
  const create = useMutation(trpc.replays.create.mutationOptions())
  const apply = useMutation(trpc.replays.applyJob.mutationOptions())
  const stop = useMutation(trpc.replays.stop.mutationOptions())
  const { mutate } = create
  const begin = useEffectEvent(() => mutate({ scope: { kind: 'events', ids: [eventId] }, requestKey }))
  // The key makes a second run of this effect the same job.
  useEffect(() => begin(), [])
  const jobId = create.data?.id ?? null
  const query = useReplayJob(jobId)
  const job: ReplayJob | null = query.data ?? null
  const shown = job !== null && (job.status === 'ready' || isOver(job))
  const items = useQuery(
    trpc.replays.items.queryOptions({ jobId: jobId ?? '', limit: 1 }, { enabled: shown, staleTime: 0 }),
  )
  const item: ReplayItemRow | null = (shown ? items.data?.rows[0] : undefined) ?? null
  const finished = job !== null && job.appliedAt !== null && isOver(job)
  const didText = finished && item !== null ? replayDidText(item) : null
  const renew = useEffectEvent((text: string) => {
    announce(text)
    void client.invalidateQueries({ queryKey: trpc.events.pathKey() })
    void client.invalidateQueries({ queryKey: trpc.failedEvents.pathKey() })
    void client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() })
  })
  useEffect(() => {
    if (didText !== null) renew(didText)
  }, [didText])
  const error = create.error ?? apply.error ?? query.error ?? items.error
  return {
    job,
    item,
    problem: error === null ? null : toActProblem(error),
    busy: apply.isPending || job?.status === 'applying',
    async apply(again: string | null) {
      if (jobId === null) return
      await apply.mutateAsync({ jobId, again }).catch(() => undefined)
      await client.invalidateQueries({ queryKey: trpc.replays.pathKey() })
    },
    abandon() {
      if (jobId !== null && job?.appliedAt === null && !isOver(job)) stop.mutate({ jobId })
    },
  }
}
