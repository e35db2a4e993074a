import { useEffect, useMemo } from 'react'
import { timeRangeOf, type TimeRange } from '../../server/domain/time-range.ts'
import { pageMemory } from './page-memory.ts'

/** "The last 24 hours" begins on a full minute, so that two screens that open one after the other ask alike. */
const RANGE_STEP_MS = 60_000

const ranges = pageMemory<{ t: string; range: TimeRange }>()

/**
 * The instants of the address's time range; an unknown range is `fallback`. Fixed until `t` changes, and the same again
 * for whoever comes back: a list that was left minutes ago is in the cache under the instants it had then.
 */
export function useTimeRange(t: string, fallback: string): TimeRange {
  const keep = ranges.useKeep()
  const range = useMemo(() => {
    const left = ranges.recall()
    return left?.t === t ? left.range : rangeFromNow(t, fallback)
  }, [t, fallback])
  // By every drawing: an address with another filter is another page of the history.
  useEffect(() => keep({ t, range }))
  return range
}

function rangeFromNow(t: string, fallback: string): TimeRange {
  const now = new Date(Math.floor(Date.now() / RANGE_STEP_MS) * RANGE_STEP_MS)
  return timeRangeOf(t, now) ?? timeRangeOf(fallback, now) ?? { from: null, to: null }
}
