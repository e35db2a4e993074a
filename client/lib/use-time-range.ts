import { useMemo } from 'react'
import { timeRangeOf, type TimeRange } from '../../server/domain/time-range.ts'

/** "The last 24 hours" begins on a full minute, so that coming back to the list finds it in the cache. */
const RANGE_STEP_MS = 60_000

/** The instants of the address's time range; an unknown range is `fallback`. Fixed until `t` changes. */
export function useTimeRange(t: string, fallback: string): TimeRange {
  return useMemo(() => rangeFromNow(t, fallback), [t, fallback])
}

function rangeFromNow(t: string, fallback: string): TimeRange {
  const now = new Date(Math.floor(Date.now() / RANGE_STEP_MS) * RANGE_STEP_MS)
  return timeRangeOf(t, now) ?? timeRangeOf(fallback, now) ?? { from: null, to: null }
}
