import type { ReactNode } from 'react'
import { ProgressBar, progressText } from './progress-bar.tsx'
import { formatDuration } from './time-format.ts'
import css from './progress-bar.module.css'

type RunProgressProps = {
  /** What is done: "Replay". */
  label: string
  done: number
  total: number
  paused: boolean
  /** The name of the first count: "Sent". */
  doneLabel: string
  counts: readonly { label: string; count: number }[]
  /** Null before there is anything to reckon it by. */
  pace: { perSecond: number; leftMs: number } | null
  /** Who is behind it, and as of when. */
  children: ReactNode
}

/** How far a long run is: bar, counts, rate, time left. */
export function RunProgress({ counts, pace, children, ...run }: RunProgressProps) {
  const { label, done, total, paused, doneLabel } = run
  return (
    <>
      <ProgressBar label={label} done={done} total={total} tone={paused ? 'review' : 'accent'} />
      <dl className={css['counts']}>
        <Count label={doneLabel} value={progressText(done, total)} />
        {counts.map((one) => (
          <Count key={one.label} label={one.label} value={one.count.toLocaleString('en-IN')} />
        ))}
        {pace ? (
          <>
            <Count label="Rate" value={rateText(pace.perSecond)} />
            <Count label="Time left" value={formatDuration(pace.leftMs)} />
          </>
        ) : null}
      </dl>
      <p className={css['facts']}>{children}</p>
    </>
  )
}

function Count({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Slower than this a second, the fraction matters. */
const WHOLE_RATES_FROM = 10

function rateText(perSecond: number): string {
  return `${perSecond < WHOLE_RATES_FROM ? perSecond.toFixed(1) : Math.round(perSecond)}/s`
}
