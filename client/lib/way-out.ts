/** What an empty list offers besides clearing its filter: less of the filter, or more time. */
import { timeRangeOf, type TimeRange } from '../../server/domain/time-range.ts'

const COUNT = new Intl.NumberFormat('en-IN')

/** What is known stays true for so long. */
export const WAY_OUT_FRESH_MS = 60_000

type Count = { count: number; more: boolean }

/** The last 30 days, when they go further back than the list does. */
export function monthBeyond({ from }: TimeRange): TimeRange | null {
  const month = timeRangeOf('-30d', new Date())
  return from !== null && month?.from && from > month.from ? month : null
}

/**
 * The longer time to offer to a list that shows `t`, and its words. When the month has none either, it is all time that is
 * left to look in; a month that could not be counted may have some.
 */
export function widerTime(
  t: string,
  month: TimeRange | null,
  found: Count | null | undefined,
): { t: '-30d' | 'all'; words: string } | null {
  if (t === 'all') return null
  return month !== null && found?.count !== 0
    ? { t: '-30d', words: `Search the last 30 days${wouldMatch(found)}` }
    : { t: 'all', words: 'Search all time' }
}

/** " (312 would match)", and nothing as long as nobody knows. */
export function wouldMatch(found: Count | null | undefined): string {
  return found ? ` (${COUNT.format(found.count)}${found.more ? '+' : ''} would match)` : ''
}
