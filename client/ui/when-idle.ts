/** Where the browser cannot say that it is idle (Safari). */
const SOON_MS = 1_000
/** Where it is never idle, as in a page on a slow device with a busy feed. */
const AT_LAST_MS = 2_000

/** Runs it when the browser has nothing else to do, or else after two seconds. The answer takes it back. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(run, SOON_MS)
    return () => clearTimeout(timer)
  }
  const idle = requestIdleCallback(run, { timeout: AT_LAST_MS })
  return () => cancelIdleCallback(idle)
}
