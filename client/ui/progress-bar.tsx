import { useEffect, useRef, type ReactNode } from 'react'
import { announce } from './announcer.tsx'
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

const QUARTERS = 4

/**
 * Says of a long run its start, every quarter, the first failure and the end; nothing in between, and nothing of what
 * stands there when the page opens, which is read with the page.
 */
export function useSpokenProgress(run: {
  status: string
  done: number
  total: number
  failed: boolean
  /** What is said when something of that is new. */
  text: string
}): void {
  const { status, done, total, failed, text } = run
  const said = useRef('')
  const quarter = total === 0 ? 0 : Math.floor((done / total) * QUARTERS)
  const mark = `${status} ${quarter} ${failed ? 'failed' : ''}`
  useEffect(() => {
    if (said.current === mark) return
    if (said.current !== '') announce(text)
    said.current = mark
  }, [mark, text])
}
