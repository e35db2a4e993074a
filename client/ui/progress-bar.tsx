import { formatDuration } from './time-format.ts'
import css from './progress-bar.module.css'

/** How far a long run is: counts beside the bar, and the same words for those who cannot see it. */
export function ProgressBar(props: {
  label: string
  done: number
  total: number
  tone?: 'accent' | 'review'
}) {
  const { label, done, total, tone = 'accent' } = props
  const text = progressText(done, total)
  const share = total === 0 ? 0 : Math.min(1, done / total)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={text}
      className={css['bar']}
      data-tone={tone}
    >
      <span className={css['done']} style={{ inlineSize: `${share * 100}%` }} />
    </div>
  )
}

/** "312 of 1,240". */
export function progressText(done: number, total: number): string {
  return `${done.toLocaleString('en-IN')} of ${total.toLocaleString('en-IN')}`
}

/** How fast a long run goes and how long it still takes, as two facts of the list of counts that it stands in. */
export function PaceFacts({ pace }: { pace: { perSecond: number; leftMs: number } }) {
  return (
    <>
      <div>
        <dt>Rate</dt>
        <dd>{`${pace.perSecond < 10 ? pace.perSecond.toFixed(1) : Math.round(pace.perSecond)}/s`}</dd>
      </div>
      <div>
        <dt>Time left</dt>
        <dd>{formatDuration(pace.leftMs)}</dd>
      </div>
    </>
  )
}
