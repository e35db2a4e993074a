/** How fast a long run goes. */
export type Pace = { perSecond: number; leftMs: number }

/**
 * What was done a second from `runAt`, when `runDone` was done already, to `asOf`, and how long the rest takes at that
 * rate; null before there is anything to go by.
 */
export function paceFrom(
  run: { runAt: Date; runDone: number; asOf: Date },
  progress: { done: number; left: number },
): Pace | null {
  const since = progress.done - run.runDone
  const seconds = (run.asOf.getTime() - run.runAt.getTime()) / 1_000
  if (since < 1 || seconds <= 0) return null
  const perSecond = since / seconds
  return { perSecond, leftMs: (progress.left / perSecond) * 1_000 }
}
