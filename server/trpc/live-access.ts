/**
 * Whether the people behind open streams may still listen. Each session is asked about again and again, once for all
 * of its streams; what cannot be answered in time counts as no, so a revoked person sees nothing new after 5 s (G13).
 */
import type { StaffActor } from '../domain/actor.ts'

/** From the beginning of one check to the beginning of the next. */
export const ACCESS_PERIOD_MS = 3_500
/** A check that takes longer has failed. Both together, with room for a busy processor, stay within 5 s. */
const CHECK_MAX_MS = 1_000

/** Who the session belongs to now; null for nobody, and `unknown` when the database does not say, or it was replaced. */
export type AccessAnswer = StaffActor | null | 'unknown'

export type AccessWatch = {
  /** Calls `hear` with every answer about a session until the returned function is called. */
  watch(sessionId: string, hear: (answer: AccessAnswer) => void): () => void
  /** How many checks were begun. */
  checks(): number
}

export type AccessWatchOptions = {
  actorOf: (sessionId: string) => Promise<AccessAnswer>
  log: { warn(fields: Record<string, unknown>, message: string): void }
}

/** Makes the watch; it asks nothing while nobody listens. */
export function createAccessWatch({ actorOf, log }: AccessWatchOptions): AccessWatch {
  const watched = new Map<string, { listeners: Set<(answer: AccessAnswer) => void>; stop(): void }>()
  let checks = 0

  const check = async (sessionId: string): Promise<AccessAnswer> => {
    checks += 1
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'unknown'>((resolve) => {
      timer = setTimeout(resolve, CHECK_MAX_MS, 'unknown')
    })
    const answer = actorOf(sessionId).catch((error: unknown): 'unknown' => {
      log.warn({ err: error }, 'access of open live feeds could not be checked; they end')
      return 'unknown'
    })
    return Promise.race([answer, late]).finally(() => clearTimeout(timer))
  }
  const begin = (sessionId: string) => {
    const listeners = new Set<(answer: AccessAnswer) => void>()
    let timer: NodeJS.Timeout | undefined
    let stopped = false
    const run = async (): Promise<void> => {
      const startedAt = performance.now()
      const answer = await check(sessionId)
      for (const hear of listeners) hear(answer)
      if (stopped) return
      timer = setTimeout(() => void run(), Math.max(0, ACCESS_PERIOD_MS - (performance.now() - startedAt)))
    }
    void run()
    return {
      listeners,
      stop: () => {
        stopped = true
        clearTimeout(timer)
      },
    }
  }
  return {
    checks: () => checks,
    watch(sessionId, hear) {
      const known = watched.get(sessionId) ?? begin(sessionId)
      watched.set(sessionId, known)
      known.listeners.add(hear)
      return () => {
        known.listeners.delete(hear)
        if (known.listeners.size > 0 || watched.get(sessionId) !== known) return
        watched.delete(sessionId)
        known.stop()
      }
    },
  }
}
