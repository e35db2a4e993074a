import { batchWord } from '../../lib/batch-chip.ts'
import { progressOf } from '../../lib/batch-progress.ts'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { progressText, useSpokenProgress } from '../../ui/progress-bar.tsx'
import { RunProgress } from '../../ui/run-progress.tsx'
import { formatCountdown } from '../../ui/time-format.ts'
import type { BulkBatch } from './bulk-types.ts'
import { countsOf, isOver, paceOf } from './bulk-words.ts'
import css from './bulk.module.css'

const SECOND_MS = 1_000
/** How far a batch is: bar, counts, rate, time left, and who is behind it. */
export function BulkProgress({ batch }: { batch: BulkBatch }) {
  const { label, doneLabel, done, total } = progressOf(batch)
  useSpokenProgress({
    status: batch.status,
    done,
    total,
    failed: batch.outcomes.failed > 0,
    text: spoken(batch),
  })
  return (
    <div className={css['progress']}>
      {batch.status === 'held' ? <Hold until={batch.holdUntil} /> : null}
      <RunProgress
        label={label}
        done={done}
        total={total}
        paused={batch.status === 'paused'}
        doneLabel={doneLabel}
        counts={countsOf(batch)}
        pace={paceOf(batch)}
      >
        {batch.submittedBy === null ? null : `Sent for approval by ${batch.submittedBy}. `}
        {batch.decidedBy === null
          ? null
          : `${batch.status === 'rejected' ? 'Rejected' : 'Approved'} by ${batch.decidedBy}. `}
        As of <DateTime at={batch.asOf} format="time" />.
      </RunProgress>
    </div>
  )
}

function Hold({ until }: { until: Date | null }) {
  const now = useNow(SECOND_MS)
  if (until === null) return null
  const left = until.getTime() - now.getTime()
  return (
    <p className={css['hold']}>
      Starts at <DateTime at={until} format="time" />
      {left > 0 ? <span className="num">, in {formatCountdown(left)}</span> : null}. It can be cancelled until
      then.
    </p>
  )
}

function spoken(batch: BulkBatch): string {
  const { label, done, total } = progressOf(batch)
  const failed = batch.outcomes.failed > 0 ? `, ${batch.outcomes.failed} failed` : ''
  if (isOver(batch) || batch.status === 'paused')
    return `${batchWord(batch).label} at ${progressText(done, total)}${failed}. ${batch.remark ?? ''}`
  if (batch.status === 'ready') return 'Check finished.'
  return `${label}: ${progressText(done, total)}${failed}`
}
