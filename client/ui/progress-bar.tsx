import { useEffect, useRef } from 'react'
import { announce } from './announcer.tsx'
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
