/**
 * A seeded scheduler under a simulated clock. Everything that could be waited for outside of a process, a statement, a
 * network answer or the time, is an operation here; at every step one operation is chosen and takes effect at once. The
 * same seed gives the same run, step for step.
 */

/** What dies and stalls as one: a server process, or a person's browser. */
export type Host = {
  name: string
  /** Rises with every death: what belongs to an earlier life is over. */
  life: number
  /** Nothing of this host goes on before this instant (a stopped process, a long collection of garbage). */
  frozenUntil: number
}

/** An operation that cannot take effect yet, such as a statement that waits for a lock. */
export const WAIT: unique symbol = Symbol('wait')

type Operation = { host: Host; label: string; attempt(): boolean }
type Timer = { at: number; no: number; host: Host | null; label: string; fire(): void }

export type Scheduler = {
  /** Simulated time, epoch milliseconds. */
  now(): number
  /** Steps so far. */
  steps(): number
  /** Waits until the scheduler lets `run` take effect, and answers what it returned. */
  perform<T>(host: Host, label: string, run: () => T | typeof WAIT): Promise<T>
  /** Waits for simulated time. */
  sleep(host: Host, ms: number): Promise<void>
  /** Does something at a later time, whatever happens to any process when `host` is null. */
  at(at: number, host: Host | null, label: string, fire: () => void): void
  /** Kills a host: what it waits for never comes. */
  kill(host: Host): void
  /** Runs until `over` says so, or nothing is left to do. Answers false for the latter. */
  run(over: () => boolean): Promise<boolean>
  /** Whether any operation of the host is waiting. */
  pending(host: Host): boolean
}

/** What the caller wants to know or do between steps. */
export type Watch = {
  /** Before each step: the place for deaths and pauses. */
  beforeStep(): void
  /** Nothing can go on, and the clock is about to jump. */
  beforeJump(): void
  /** For a trace of the run; null costs nothing. */
  trace: ((at: number, host: string, label: string) => void) | null
}

/** A step takes this long: no two effects have the same instant. */
const STEP_MS = 1
/** Of a hundred steps with a timer due so many let operations go first. */
const TIMER_WAITS = 0.3

/** Makes a scheduler that starts at `startMs`. */
export function createScheduler(random: () => number, startMs: number, watch: Watch): Scheduler {
  const operations: Operation[] = []
  const timers: Timer[] = []
  let now = startMs
  let steps = 0
  let numbers = 0

  /** The timer that is due first; of one instant the one set first. */
  function firstTimer(): number {
    let first = -1
    let best: Timer | undefined
    for (let index = 0; index < timers.length; index += 1) {
      const timer = timers[index]
      if (timer === undefined) continue
      if (best === undefined || timer.at < best.at || (timer.at === best.at && timer.no < best.no)) {
        best = timer
        first = index
      }
    }
    return first
  }

  function fire(index: number): void {
    const timer = timers[index]
    const last = timers.pop()
    if (timer === undefined || last === undefined) return
    if (last !== timer) timers[index] = last
    if (timer.host !== null && timer.host.frozenUntil > now) {
      timers.push({ ...timer, at: timer.host.frozenUntil })
      return
    }
    watch.trace?.(now, timer.host?.name ?? 'world', timer.label)
    timer.fire()
  }

  /** Lets one operation take effect, tried from a random one on; false when none can. */
  function operate(): boolean {
    const count = operations.length
    if (count === 0) return false
    const from = Math.floor(random() * count)
    for (let tried = 0; tried < count; tried += 1) {
      const index = (from + tried) % count
      const operation = operations[index]
      if (operation === undefined || operation.host.frozenUntil > now) continue
      if (!operation.attempt()) continue
      watch.trace?.(now, operation.host.name, operation.label)
      const last = operations.pop()
      if (last !== undefined && last !== operation) operations[operations.indexOf(operation)] = last
      return true
    }
    return false
  }

  function step(): boolean {
    steps += 1
    now += STEP_MS
    watch.beforeStep()
    const first = firstTimer()
    const due = timers[first]
    if (due !== undefined && due.at <= now && random() >= TIMER_WAITS) {
      fire(first)
      return true
    }
    if (operate()) return true
    if (due === undefined) return false
    if (due.at > now) {
      watch.beforeJump()
      now = due.at
    }
    fire(first)
    return true
  }

  return {
    now: () => now,
    steps: () => steps,
    perform: <T>(host: Host, label: string, run: () => T | typeof WAIT) =>
      new Promise<T>((resolve, reject) => {
        operations.push({
          host,
          label,
          attempt() {
            try {
              const result = run()
              if (result === WAIT) return false
              resolve(result)
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)))
            }
            return true
          },
        })
      }),
    sleep: (host, ms) =>
      new Promise<void>((resolve) => {
        timers.push({ at: now + ms, no: (numbers += 1), host, label: 'wakes', fire: resolve })
      }),
    at(at, host, label, fireAt) {
      timers.push({ at, no: (numbers += 1), host, label, fire: fireAt })
    },
    kill(host) {
      host.life += 1
      host.frozenUntil = 0
      keep(operations, (operation) => operation.host !== host)
      keep(timers, (timer) => timer.host !== host)
    },
    run: (over) =>
      new Promise((resolve, reject) => {
        // A tick asked for by a promise comes when all promises have settled: then every task waits here again.
        const next = (): void => process.nextTick(turn)
        const turn = (): void => {
          try {
            if (over()) resolve(true)
            else if (step()) queueMicrotask(next)
            else resolve(false)
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)))
          }
        }
        queueMicrotask(next)
      }),
    pending: (host) => operations.some((operation) => operation.host === host),
  }
}

function keep<T>(items: T[], wanted: (item: T) => boolean): void {
  let kept = 0
  for (const item of items)
    if (wanted(item)) {
      items[kept] = item
      kept += 1
    }
  items.length = kept
}
