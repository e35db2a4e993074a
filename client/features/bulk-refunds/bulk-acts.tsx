import { bulkCan } from '../../../server/domain/bulk-batch.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { downloadPath } from '../../lib/download.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import type { BulkBatch } from './bulk-types.ts'
import { batchTitle, refundsText } from './bulk-words.ts'
import { runAct, useBulkActs } from './use-bulk-acts.ts'

type ActsProps = { batch: BulkBatch; onMade: (batchId: string) => void }

/** What can be done with a batch as it is. */
export function BulkActs({ batch, onMade }: ActsProps) {
  const can = useCan('refund:bulk')
  const canApprove = useCan('refund:approve')
  const acts = useBulkActs()
  const at = { batchId: batch.id }
  const control = (act: 'pause' | 'resume', said: string) =>
    void runAct(() => acts.control.mutateAsync({ ...at, act }), said)
  // An approver without the permission for batches can still hold one back.
  const halts = !can.allowed && canApprove.allowed && (batch.status === 'held' || batch.status === 'running')
  return (
    <>
      {bulkCan('resume', batch.status) ? (
        <ActionButton
          tone="primary"
          busy={acts.busy}
          disabledReason={can.reason}
          onPress={() => control('resume', 'Resumed.')}
        >
          Resume
        </ActionButton>
      ) : null}
      {halts ? (
        <ActionButton
          busy={acts.busy}
          onPress={() => void runAct(() => acts.halt.mutateAsync(at), 'Held back.')}
        >
          {batch.status === 'held' ? 'Cancel batch' : 'Pause'}
        </ActionButton>
      ) : null}
      {bulkCan('pause', batch.status) && !halts ? (
        <ActionButton
          busy={acts.busy}
          disabledReason={can.reason}
          shortcut={{ id: 'bulk.pause', keys: 'P', label: 'Pause the batch', group: 'This page' }}
          onPress={() => control('pause', 'Paused.')}
        >
          Pause
        </ActionButton>
      ) : null}
      <EndActs batch={batch} onMade={onMade} halts={halts} />
      {batch.submittedAt === null ? null : (
        // The rows have the summary above them on paper.
        <ActionButton onPress={() => window.print()}>Print summary</ActionButton>
      )}
      {batch.status === 'draft' || batch.status === 'checking' ? null : (
        <ActionButton
          disabledReason={can.reason}
          onPress={() => window.location.assign(downloadPath.bulk(batch))}
        >
          {batch.submittedAt === null ? 'Download rows' : 'Download results'}
        </ActionButton>
      )}
    </>
  )
}

function EndActs({ batch, onMade, halts }: ActsProps & { halts: boolean }) {
  const can = useCan('refund:bulk')
  const acts = useBulkActs()
  const { outcomes } = batch
  const failed = outcomes.failed + outcomes.not_sent + outcomes.refused
  return (
    <>
      {bulkCan('stop', batch.status) ? (
        <ActionButton busy={acts.busy} disabledReason={can.reason} onPress={() => void stop(batch, acts)}>
          Stop after current
        </ActionButton>
      ) : null}
      {bulkCan('cancel', batch.status) && !halts ? (
        <ActionButton busy={acts.busy} disabledReason={can.reason} onPress={() => void cancel(batch, acts)}>
          Cancel batch
        </ActionButton>
      ) : null}
      {bulkCan('rerun', batch.status) && (failed > 0 || batch.submittedAt === null) ? (
        <ActionButton
          busy={acts.busy}
          disabledReason={can.reason}
          onPress={() => void rerun(batch, acts, onMade)}
        >
          {batch.submittedAt === null ? 'Make it again' : `Run ${refundsText(failed)} again`}
        </ActionButton>
      ) : null}
    </>
  )
}

type Acts = ReturnType<typeof useBulkActs>

async function stop({ id, outcomes }: BulkBatch, acts: Acts): Promise<void> {
  const sending = outcomes.released + outcomes.unknown
  const done = await confirm({
    title: `Stop with ${refundsText(outcomes.reserved)} not sent?`,
    next: [
      sending === 0 ? 'Nothing is being sent at this moment.' : `Stops after the ${sending} being sent.`,
      `${outcomes.reserved.toLocaleString('en-IN')} will not be sent, and their amounts are given back.`,
      'What was sent stays sent.',
    ],
    verb: 'Stop batch',
    run: () => outcomeOf(() => acts.control.mutateAsync({ batchId: id, act: 'stop' })),
  })
  if (done) announce('Stopped.')
}

async function cancel(batch: BulkBatch, acts: Acts): Promise<void> {
  const sum = formatMoney({ minor: batch.amountMinor, currency: batch.currency })
  const done = await confirm({
    title: `Cancel ${batchTitle(batch)}, ${sum}?`,
    next: ['Nothing of it is refunded.', 'What is set aside is given back.'],
    tone: 'danger',
    verb: 'Cancel batch',
    run: () => outcomeOf(() => acts.control.mutateAsync({ batchId: batch.id, act: 'cancel' })),
  })
  if (done) announce('Cancelled.')
}

async function rerun(batch: BulkBatch, acts: Acts, onMade: (batchId: string) => void): Promise<void> {
  const requestKey = crypto.randomUUID()
  await runAct(async () => {
    const { id } = await acts.rerun.mutateAsync({ batchId: batch.id, requestKey })
    onMade(id)
  }, 'A new batch is being checked.')
}
