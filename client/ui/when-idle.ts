/** Where the browser cannot say that it is idle (Safari). */
const SOON_MS = 1_000

/** Runs it when the browser has nothing else to do. The answer takes it back. */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(run, SOON_MS)
    return () => clearTimeout(timer)
  }
  const idle = requestIdleCallback(run)
  return () => cancelIdleCallback(idle)
}
