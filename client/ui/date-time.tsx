import { useEffect, useState, type PointerEvent } from 'react'
import { useKit } from './kit-context.ts'
import { NoValue } from './money.tsx'
import { describeInstant, formatAge, formatTime, type TimeStyle } from './time-format.ts'

/** "This year" of list times; a page that stays open over New Year shows the year a little longer than needed. */
const PAGE_OPENED_AT = new Date()
const AGE_REFRESH_MS = 30_000

/** An instant in the chosen zone; the title gives it in full in both zones, and says how long ago it is. */
export function DateTime({ at, format = 'list' }: { at: Date | null; format?: TimeStyle }) {
  const { timeZone } = useKit()
  if (!at) return <NoValue />
  return (
    <time
      dateTime={at.toISOString()}
      title={describeInstant(at)}
      className="num"
      // As of when the pointer comes: no timer has to keep every time of a list fresh.
      onPointerEnter={({ currentTarget }: PointerEvent<HTMLTimeElement>) => {
        currentTarget.title = describeInstant(at, new Date())
      }}
    >
      {formatTime(at, format, timeZone, PAGE_OPENED_AT)}
    </time>
  )
}

/** Age of an instant ("6 min ago"), renewed every 30 s without announcements. Only where age is the point. */
export function TimeAgo({ at }: { at: Date }) {
  const now = useNow(AGE_REFRESH_MS)
  return (
    <time dateTime={at.toISOString()} title={describeInstant(at)} className="num">
      {formatAge(at, now)}
    </time>
  )
}

const SECOND_MS = 1_000

/** A wait that began at an instant of this clock. */
export type Wait = { from: Date; ms: number }

/** How much is left of a wait, moving every second until it is over; 0 without one. */
export function useLeftMs(wait: Wait | null): number {
  const [now, setNow] = useState(() => Date.now())
  const fromMs = wait?.from.getTime() ?? 0
  // What was drawn last may be older than the wait.
  const leftMs = Math.max(0, fromMs + (wait?.ms ?? 0) - Math.max(now, fromMs))
  const waits = wait !== null && leftMs > 0
  useEffect(() => {
    if (!waits) return
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [waits])
  return waits ? leftMs : 0
}

/** The current instant, renewed every `everyMs`. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
