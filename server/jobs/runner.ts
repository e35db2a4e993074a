/** Runs drains in loops: woken by a topic or by the clock, one round at a time, until stopped. */
import type { Deps, WakeTopic } from '../services/deps.ts'

export type Job = {
  name: string
  /** What wakes it; null for the clock alone. */
  topic: WakeTopic | null
  /** How often it looks by itself: wake-ups may be lost. */
  everyMs: number
  /** Does what is due and returns how much that was. Stops early when `signal` aborts. */
  drain(deps: Deps, signal: AbortSignal): Promise<number>
}

export type Runner = {
  /** Stops taking new work and waits for the items in hand. */
  stop(): Promise<void>
}

/** After a round that threw, the next waits at least this long: a broken database is not hammered. */
const ERROR_PAUSE_MS = 1_000

/** Starts every job's loops. */
export function startJobs(
  deps: Deps,
  wakeups: { on(topic: WakeTopic, listener: () => void): () => void },
  jobs: readonly Job[],
): Runner {
  const stopping = new AbortController()
  const loops = jobs.map((job) => runLoop(deps, wakeups, job, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function runLoop(
  deps: Deps,
  wakeups: { on(topic: WakeTopic, listener: () => void): () => void },
  job: Job,
  signal: AbortSignal,
): Promise<void> {
  const pause = pauser(signal)
  const off = job.topic === null ? () => undefined : wakeups.on(job.topic, pause.end)
  try {
    while (!signal.aborted) {
      pause.reset()
      try {
        const done = await job.drain(deps, signal)
        if (done > 0) continue
        await pause.wait(job.everyMs)
      } catch (error) {
        deps.log.error({ job: job.name, error: String(error) }, 'a job failed; it goes on')
        pause.reset()
        await pause.wait(Math.max(ERROR_PAUSE_MS, job.everyMs))
      }
    }
  } finally {
    off()
    pause.close()
  }
}

/** A pause that a wake-up or the stop ends early, also one that comes before the pause begins. */
function pauser(signal: AbortSignal) {
  let ended = false
  let resume: (() => void) | null = null
  const end = (): void => {
    ended = true
    resume?.()
  }
  signal.addEventListener('abort', end)
  return {
    end,
    reset(): void {
      ended = signal.aborted
    },
    async wait(limitMs: number): Promise<void> {
      if (ended) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs)
        resume = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      resume = null
    },
    close(): void {
      signal.removeEventListener('abort', end)
    },
  }
}
