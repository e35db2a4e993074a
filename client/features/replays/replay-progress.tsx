import { doneOf, eventsText, paceOf, type ReplayJob } from '../../lib/replay-words.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { progressText, useSpokenProgress } from '../../ui/progress-bar.tsx'
import { RunProgress } from '../../ui/run-progress.tsx'
import { scopeText } from './scope-words.ts'
import css from './replays.module.css'

/** How far a replay is: bar, counts, rate, time left, and who began it. */
export function ReplayProgress({ job }: { job: ReplayJob }) {
  const done = doneOf(job)
  useSpokenProgress({
    status: job.status,
    done,
    total: job.total,
    failed: job.phase === 'applying' && job.failed > 0,
    text: spoken(job),
  })
  const counts =
    job.phase === 'shadowing'
      ? [
          { label: 'Would change', count: job.wouldChange },
          {
            label: 'Would change nothing',
            count: job.shadowed - job.wouldChange - job.wouldAsk - job.wouldFail,
          },
          { label: 'Would ask Juspay', count: job.wouldAsk },
          { label: 'Would fail', count: job.wouldFail },
        ]
      : [
          { label: 'Changed', count: job.changed },
          { label: 'Changed nothing', count: job.unchanged },
          { label: 'Failed', count: job.failed },
          { label: 'Left alone', count: job.skipped },
        ]
  return (
    <div className={css['progress']}>
      <RunProgress
        label={job.phase === 'shadowing' ? 'Dry run' : 'Replay'}
        done={done}
        total={job.total}
        paused={job.status === 'paused'}
        doneLabel={job.phase === 'shadowing' ? 'Looked at' : 'Done'}
        counts={counts}
        pace={paceOf(job)}
      >
        {scopeText(job.scope)}. Started by {job.createdBy}, <DateTime at={job.createdAt} />
        {job.appliedAt === null ? null : (
          <>
            . Applied by {job.appliedBy}, <DateTime at={job.appliedAt} />
          </>
        )}
        {job.reason === null ? null : `. Why: ${job.reason}`}. As of <DateTime at={job.asOf} format="time" />.
      </RunProgress>
    </div>
  )
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
