/**
 * How many events come, and how late: the units in which reception is counted. The table of events is rolled up into
 * slots, so that no screen ever counts events one by one.
 */

/** Length of the fine slots, kept for two days. */
export const SLOT_SECONDS = 10
/** Length of the coarse slots, kept for two months. */
export const HOUR_SECONDS = 3_600
export const SLOT_MS = SLOT_SECONDS * 1_000
export const HOUR_MS = HOUR_SECONDS * 1_000
export const DAY_MS = 24 * HOUR_MS
/** How far the strip above the feed looks back. */
export const STRIP_MS = 15 * 60_000

/** What became of an event, as far as a chart tells it. `refused` deliveries never became events. */
export const RATE_OUTCOMES = ['applied', 'unchanged', 'held', 'waiting', 'failed', 'refused'] as const
export type RateOutcome = (typeof RATE_OUTCOMES)[number]

/** How many of each outcome. */
export type OutcomeCounts = Readonly<Record<RateOutcome, number>>

export const NO_EVENTS: OutcomeCounts = {
  applied: 0,
  unchanged: 0,
  held: 0,
  waiting: 0,
  failed: 0,
  refused: 0,
}

/**
 * Upper bounds of the delay histograms, in milliseconds; one more bucket is for what is longer. Close enough together
 * that a percentile read from them is right within about a third.
 */
export const DELAY_BOUNDS_MS = [
  5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000,
  15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000,
] as const

/** Buckets of a delay histogram. */
export const DELAY_BUCKETS = DELAY_BOUNDS_MS.length + 1

/** Percentiles of a delay, in milliseconds. Null when nothing was measured. */
export type Delay = { count: number; p50: number; p95: number; p99: number } | null

/** Percentiles of a histogram over {@link DELAY_BOUNDS_MS}. */
export function delayOf(histogram: readonly number[]): Delay {
  const count = histogram.reduce((sum, n) => sum + n, 0)
  if (count === 0) return null
  return {
    count,
    p50: quantile(histogram, count, 0.5),
    p95: quantile(histogram, count, 0.95),
    p99: quantile(histogram, count, 0.99),
  }
}

/** Between two bounds the values are taken to be spread evenly; past the last bound that bound is all one can say. */
function quantile(histogram: readonly number[], count: number, share: number): number {
  const rank = share * count
  let before = 0
  for (const [bucket, n] of histogram.entries()) {
    if (n > 0 && before + n >= rank) {
      const low = DELAY_BOUNDS_MS[bucket - 1] ?? 0
      const high = DELAY_BOUNDS_MS[bucket] ?? low
      return Math.round(low + ((high - low) * Math.max(0, rank - before)) / n)
    }
    before += n
  }
  return DELAY_BOUNDS_MS.at(-1) ?? 0
}

/** The beginning of the slot of that length in which `at` lies. */
export function slotOf(at: Date, seconds: number): Date {
  const length = seconds * 1_000
  return new Date(Math.floor(at.getTime() / length) * length)
}

export type Comparison = {
  kind: 'unknown' | 'usual' | 'less' | 'more'
  /** Of the usual rate; null when there is none. */
  percent: number | null
}

/** Counts this far from what was to be expected, in standard deviations, are not chance. */
const UNUSUAL_SIGMAS = 3
/** Within this share of the usual nobody needs to look, however sure the difference is. */
const UNUSUAL_SHARE = 0.25

/**
 * Compares what came in a while with what usually comes in as much time. Few events vary by chance: three instead of one
 * is nothing to report.
 */
export function compareWithUsual(count: number, expected: number | null): Comparison {
  if (expected === null) return { kind: 'unknown', percent: null }
  const percent = expected === 0 ? null : Math.round((count / expected) * 100)
  const apart = Math.abs(count - expected)
  const byChance = UNUSUAL_SIGMAS * Math.sqrt(Math.max(expected, 1))
  if (apart <= byChance || apart <= expected * UNUSUAL_SHARE) return { kind: 'usual', percent }
  return { kind: count < expected ? 'less' : 'more', percent }
}

/** An hour of history: how many events it had. */
export type HourCount = { at: Date; count: number }

/** How many days back "the same hour" is looked at. */
export const USUAL_DAYS = 7

/**
 * Of how many days there is history of the hour in which `now` lies.
 * @param firstHour the first hour ever counted, null when none was
 */
export function usualDays(firstHour: Date | null, now: Date): number {
  if (firstHour === null) return 0
  const hour = slotOf(now, HOUR_SECONDS).getTime()
  // The first hour was not counted in full.
  return Math.max(0, Math.min(USUAL_DAYS, Math.ceil((hour - firstHour.getTime()) / DAY_MS) - 1))
}

/**
 * Events per millisecond that are usual at `now`: the mean of the same hour in the last days of which there is history.
 * Null when there is no day of history.
 * @param firstHour the first hour ever counted, null when none was
 */
export function usualRate(hours: readonly HourCount[], firstHour: Date | null, now: Date): number | null {
  const days = usualDays(firstHour, now)
  if (days === 0) return null
  const hour = slotOf(now, HOUR_SECONDS).getTime()
  const counts = new Map(hours.map(({ at, count }) => [at.getTime(), count]))
  const sum = Array.from({ length: days }, (_, i) => counts.get(hour - (i + 1) * DAY_MS) ?? 0)
  return sum.reduce((total, n) => total + n, 0) / days / HOUR_MS
}
