/** When orders are made: little at night, peaks at lunch and in the evening, more at weekends, slowly growing. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** India has one offset all year. */
const INDIA_MS = 5.5 * HOUR_MS

/** Relative orders an hour, from midnight in India. */
const HOURS = [3, 2, 1, 1, 1, 2, 4, 6, 8, 11, 13, 14, 16, 14, 12, 11, 12, 14, 17, 21, 23, 20, 13, 7]
/** Sunday first. */
const WEEK = [1.25, 0.92, 0.9, 0.93, 0.98, 1.06, 1.28]
/** By how much the last day is busier than the first. */
const GROWTH = 0.35

/**
 * The instants (epoch ms) of `count` orders in the `days` before `endMs`, in their order.
 * @returns a function of the order's number and a random share of the way to the next one, so that any part can be made alone
 */
export function arrivalTimes(
  count: number,
  days: number,
  endMs: number,
): (n: number, share: number) => number {
  const startMs = endMs - days * DAY_MS
  const cumulative = new Float64Array(days * 24 + 1)
  for (let hour = 0; hour < days * 24; hour += 1) {
    const local = new Date(startMs + hour * HOUR_MS + INDIA_MS)
    const daily = HOURS[local.getUTCHours()] ?? 1
    const weekly = WEEK[local.getUTCDay()] ?? 1
    const trend = 1 + (GROWTH * hour) / (days * 24)
    cumulative[hour + 1] = (cumulative[hour] ?? 0) + daily * weekly * trend
  }
  const total = cumulative[days * 24] ?? 1
  return (n, share) => {
    const wanted = ((n + share) / count) * total
    let [low, high] = [0, days * 24 - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulative[middle + 1] ?? 0) <= wanted) low = middle + 1
      else high = middle
    }
    const [from, to] = [cumulative[low] ?? 0, cumulative[low + 1] ?? 1]
    return Math.floor(startMs + (low + (wanted - from) / (to - from)) * HOUR_MS)
  }
}
