/** How long things took: kept in full up to a limit, and beyond it as a fair sample. */
export type Times = {
  add(ms: number): void
  count(): number
  /** The value below which that share of all lies; 0 when there are none. */
  at(share: number): number
  max(): number
}

const KEPT_MAX = 50_000

export function ownTimes(): Times {
  const kept: number[] = []
  let [count, max] = [0, 0]
  return {
    add(ms) {
      count += 1
      max = Math.max(max, ms)
      if (kept.length < KEPT_MAX) kept.push(ms)
      else {
        const at = Math.floor(Math.random() * count)
        if (at < KEPT_MAX) kept[at] = ms
      }
    },
    count: () => count,
    at(share) {
      const sorted = kept.toSorted((a, b) => a - b)
      return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
    },
    max: () => Math.round(max),
  }
}
