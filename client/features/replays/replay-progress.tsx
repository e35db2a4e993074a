import { useEffect, useRef } from 'react'
import { doneOf, eventsText, paceOf, type ReplayJob } from '../../lib/replay-words.ts'
import { announce } from '../../ui/announcer.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { PaceFacts, ProgressBar, progressText } from '../../ui/progress-bar.tsx'
import { scopeText } from './scope-words.ts'
import css from './replays.module.css'

const QUARTERS = 4

/** How far a replay is: bar, counts, rate, time left, and who began it. */
export function ReplayProgress({ job }: { job: ReplayJob }) {
  const done = doneOf(job)
  const pace = paceOf(job)
  useProgressSpoken(job)
  const counts =
    job.phase === 'shadowing'
      ? [
          ['Would change', job.wouldChange],
          ['Would change nothing', job.shadowed - job.wouldChange - job.wouldAsk - job.wouldFail],
          ['Would ask Juspay', job.wouldAsk],
          ['Would fail', job.wouldFail],
        ]
      : [
          ['Changed', job.changed],
          ['Changed nothing', job.unchanged],
          ['Failed', job.failed],
          ['Left alone', job.skipped],
        ]
  return (
    <div className={css['progress']}>
      <ProgressBar
        label={job.phase === 'shadowing' ? 'Dry run' : 'Replay'}
        done={done}
        total={job.total}
        tone={job.status === 'paused' ? 'review' : 'accent'}
      />
      <dl className={css['counts']}>
        <div>
          <dt>{job.phase === 'shadowing' ? 'Looked at' : 'Done'}</dt>
          <dd>{progressText(done, job.total)}</dd>
        </div>
        {counts.map(([label, count]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{count?.toLocaleString('en-IN')}</dd>
          </div>
        ))}
        {pace ? <PaceFacts pace={pace} /> : null}
      </dl>
      <p className={css['facts']}>
        {scopeText(job.scope)}. Started by {job.createdBy}, <DateTime at={job.createdAt} />
        {job.appliedAt === null ? null : (
          <>
            . Applied by {job.appliedBy}, <DateTime at={job.appliedAt} />
          </>
        )}
        {job.reason === null ? null : `. Why: ${job.reason}`}. As of <DateTime at={job.asOf} format="time" />.
      </p>
    </div>
  )
}

/** Says the start, every quarter, the first failure and the end; nothing in between. */
function useProgressSpoken(job: ReplayJob): void {
  const said = useRef('')
  const quarter = job.total === 0 ? 0 : Math.floor((doneOf(job) / job.total) * QUARTERS)
  const failed = job.phase === 'applying' && job.failed > 0
  const mark = `${job.status} ${quarter} ${failed ? 'failed' : ''}`
  useEffect(() => {
    if (said.current === mark) return
    // What is on the page when it opens is read with the page.
    if (said.current !== '') announce(spoken(job))
    said.current = mark
  }, [mark, job])
}

function spoken(job: ReplayJob): string {
  const counts = progressText(doneOf(job), job.total)
  if (job.status === 'ready')
    return `Dry run finished. ${eventsText(job.wouldChange)} would change something.`
  if (job.status === 'done') return `Replay finished. ${job.changed} changed, ${job.failed} failed.`
  if (job.status === 'paused') return `Paused at ${counts}. ${job.note ?? ''}`
  if (job.status === 'stopped' || job.status === 'failed') return `Ended at ${counts}. ${job.note ?? ''}`
  return `${counts}${job.failed > 0 ? `, ${job.failed} failed` : ''}`
}
