import { useEffect, useRef } from 'react'
import { announce } from '../../ui/announcer.tsx'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { PaceFacts, ProgressBar, progressText } from '../../ui/progress-bar.tsx'
import { formatCountdown } from '../../ui/time-format.ts'
import type { BulkBatch } from './bulk-types.ts'
import { batchWord, isOver, OUTCOME_WORDS, paceOf, progressOf } from './bulk-words.ts'
import css from './bulk.module.css'

const QUARTERS = 4
const SECOND_MS = 1_000
const SHOWN = [
  'succeeded',
  'pending',
  'released',
  'unknown',
  'review',
  'returned',
  'failed',
  'not_sent',
] as const

/** How far a batch is: bar, counts, rate, time left, and who is behind it. */
export function BulkProgress({ batch }: { batch: BulkBatch }) {
  const { label, done, total } = progressOf(batch)
  const pace = paceOf(batch)
  useProgressSpoken(batch)
  const before = batch.status === 'checking' || batch.status === 'submitting'
  return (
    <div className={css['progress']}>
      {batch.status === 'held' ? <Hold until={batch.holdUntil} /> : null}
      <ProgressBar
        label={label}
        done={done}
        total={total}
        tone={batch.status === 'paused' ? 'review' : 'accent'}
      />
      <dl className={css['counts']}>
        <div>
          <dt>{batch.status === 'checking' ? 'Checked' : before ? 'Set aside' : 'Sent'}</dt>
          <dd>{progressText(done, total)}</dd>
        </div>
        {before
          ? null
          : SHOWN.filter((outcome) => outcome === 'succeeded' || batch.outcomes[outcome] > 0).map(
              (outcome) => (
                <div key={outcome}>
                  <dt>{OUTCOME_WORDS[outcome].label}</dt>
                  <dd>{batch.outcomes[outcome].toLocaleString('en-IN')}</dd>
                </div>
              ),
            )}
        {pace ? <PaceFacts pace={pace} /> : null}
      </dl>
      <p className={css['facts']}>
        {batch.submittedBy === null ? null : `Sent for approval by ${batch.submittedBy}. `}
        {batch.decidedBy === null
          ? null
          : `${batch.status === 'rejected' ? 'Rejected' : 'Approved'} by ${batch.decidedBy}. `}
        As of <DateTime at={batch.asOf} format="time" />.
      </p>
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

/** Says the start, every quarter, the first failure and the end; nothing in between. */
function useProgressSpoken(batch: BulkBatch): void {
  const said = useRef('')
  const { done, total } = progressOf(batch)
  const quarter = total === 0 ? 0 : Math.floor((done / total) * QUARTERS)
  const mark = `${batch.status} ${quarter} ${batch.outcomes.failed > 0 ? 'failed' : ''}`
  useEffect(() => {
    if (said.current === mark) return
    // What is on the page when it opens is read with the page.
    if (said.current !== '') announce(spoken(batch))
    said.current = mark
  }, [mark, batch])
}

function spoken(batch: BulkBatch): string {
  const { label, done, total } = progressOf(batch)
  const failed = batch.outcomes.failed > 0 ? `, ${batch.outcomes.failed} failed` : ''
  if (isOver(batch) || batch.status === 'paused')
    return `${batchWord(batch).label} at ${progressText(done, total)}${failed}. ${batch.remark ?? ''}`
  if (batch.status === 'ready') return 'Check finished.'
  return `${label}: ${progressText(done, total)}${failed}`
}
