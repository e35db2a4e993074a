import type { inferInput } from '@trpc/tanstack-react-query'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { REASON_LABELS } from '../../../server/domain/event-failure.ts'
import { REPLAY_ITEMS_MAX } from '../../../server/domain/replay.ts'
import { outcomeOf, toProblem } from '../../lib/errors.ts'
import { eventsText } from '../../lib/replay-words.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { LoadingRows, Notice } from '../../ui/states.tsx'

export type ReplayScope = inferInput<ReturnType<typeof useTRPC>['replays']['create']>['scope']

export type ReplayMany = {
  scope: ReplayScope
  /** The events in words: "all that failed because the database was busy". */
  what: string
}

const REASON_MAX = 500

/** Counts what a replay of several events would be about, and begins its dry run. */
export function ReplayManyDialog({ scope, what, onClose }: ReplayMany & { onClose: () => void }) {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const [requestKey] = useState(() => crypto.randomUUID())
  const [reason, setReason] = useState('')
  const preview = useQuery(trpc.replays.preview.queryOptions({ scope }, { staleTime: 0, retry: false }))
  const create = useMutation(trpc.replays.create.mutationOptions())
  const found = preview.data
  const count = found?.count ?? 0

  const problem = preview.error ? toProblem(preview.error, 'these events') : null
  return (
    <FormDialog
      id="replay.begin"
      title={found ? `Replay ${eventsText(Math.min(count, REPLAY_ITEMS_MAX))}?` : 'Replay these events?'}
      verb="Start dry run"
      missing={cannotBegin(preview.isPending, count)}
      typed={reason !== ''}
      run={() =>
        outcomeOf(async () => {
          const job = await create.mutateAsync({ scope, reason: reason.trim() || null, requestKey })
          onClose()
          await navigate({ to: '/events/replays/$jobId', params: { jobId: job.id } })
        })
      }
      onClose={onClose}
    >
      {found ? (
        <FactList
          boxed
          facts={[
            { label: 'Events', value: `${eventsText(count)}: ${what}` },
            ...found.groups.map((group) => ({
              label: REASON_LABELS[group.reason],
              value: group.count.toLocaleString('en-IN'),
            })),
            { label: 'Oldest', value: found.oldestAt && <DateTime at={found.oldestAt} format="full" /> },
            { label: 'Newest', value: found.newestAt && <DateTime at={found.newestAt} format="full" /> },
            {
              label: 'Applied before',
              value: found.appliedBefore > 0 ? found.appliedBefore.toLocaleString('en-IN') : null,
            },
          ]}
        />
      ) : problem ? null : (
        <LoadingRows rows={3} label="Counting" />
      )}
      <TextField
        label="Why"
        required={false}
        value={reason}
        onChange={setReason}
        maxLength={REASON_MAX}
        hint="Shown with the replay and in the audit log."
      />
      <Notice tone="pending" title="What happens next">
        <ol>
          <li>A dry run finds out what each event would change. It changes nothing.</li>
          <li>You look at the result and apply it, or stop.</li>
          <li>Oldest first for each order. A replay never sends a refund.</li>
        </ol>
      </Notice>
      {problem ? (
        <Notice tone="failed" title={problem.title}>
          {problem.message}
        </Notice>
      ) : null}
    </FormDialog>
  )
}

function cannotBegin(counting: boolean, count: number): string | null {
  if (counting) return 'Wait until the events are counted.'
  if (count === 0) return 'Nothing matches any more.'
  const most = REPLAY_ITEMS_MAX.toLocaleString('en-IN')
  return count > REPLAY_ITEMS_MAX ? `At most ${most} at once. Choose one reason or fewer events.` : null
}
