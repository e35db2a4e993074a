const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits between the tries of one event; after the last it is given up and a person must look (reliability W10). */
const DELAYS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 20 * HOUR] as const

/** Most tries of one event. */
export const TRIES_MAX = DELAYS.length + 1

/** How long to wait after try number `tries` (from 1) failed; null when it was the last. */
export function retryDelayMs(tries: number): number | null {
  return DELAYS[tries - 1] ?? null
}

/** When the last try of an event is due that has had `tries`, should all of them fail; null when none is to come. */
export function retriesStopAt(tries: number, nextTryAt: Date | null): Date | null {
  if (nextTryAt === null) return null
  const rest = DELAYS.slice(tries).reduce((sum, delay) => sum + delay, 0)
  return new Date(nextTryAt.getTime() + rest)
}
