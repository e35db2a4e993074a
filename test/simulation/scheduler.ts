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

type Operation = {
  host: Host
  label: string
  run: () => unknown
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}
export type Timer = { at: number; no: number; host: Host | null; label: string; fire: () => void }

export type Scheduler = {
  /** Simulated time, epoch milliseconds. */
  now: () => number
  /** Steps so far. */
  steps(): number
  /** Waits until the scheduler lets `run` take effect, and answers what it returned. */
  perform<T>(host: Host, label: string, run: () => T | typeof WAIT): Promise<T>
  /** Waits for simulated time. */
  sleep(host: Host, ms: number): Promise<void>
  /** Does something at a later time, whatever happens to any process when `host` is null. */
  at(at: number, host: Host | null, label: string, fire: () => void): Timer
  /** Brings a timer forward. */
  move(timer: Timer, at: number): void
  drop(timer: Timer): void
  /** Kills a host: what it waits for never comes. */
  kill(host: Host): void
  /** Runs until `over` says so, or nothing is left to do. Answers false for the latter. */
  run(over: () => boolean): Promise<boolean>
}

/** What the caller wants to know or do between steps. */
export type Watch = {
  /** Before each step: the place for deaths and pauses. */
  beforeStep(): void
  /** Nothing can go on, and the clock is about to jump. */
  beforeJump(): void
  /** The odds that a task goes on without asking others, so that runs differ in how finely they are cut. */
  persistence: number
  /** Whether it may. */
  mayGoOn(): boolean
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
  let running = false
  /** No timer is due before this. */
  let quietUntil = Infinity

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

  function set(timer: Timer): Timer {
    timers.push(timer)
    if (timer.at < quietUntil) quietUntil = timer.at
    return timer
  }

  function fire(index: number): void {
    const timer = timers[index]
    const last = timers.pop()
    if (timer === undefined || last === undefined) return
    if (last !== timer) timers[index] = last
    quietUntil = timers[firstTimer()]?.at ?? Infinity
    if (timer.host !== null && timer.host.frozenUntil > now) {
      timer.at = timer.host.frozenUntil
      set(timer)
      return
    }
    watch.trace?.(now, timer.host?.name ?? 'world', timer.label)
    timer.fire()
  }

  function attempt({ host, label, run, resolve, reject }: Operation): boolean {
    try {
      const result = run()
      if (result === WAIT) return false
      watch.trace?.(now, host.name, label)
      resolve(result)
    } catch (error) {
      watch.trace?.(now, host.name, `${label} fails`)
      reject(asError(error))
    }
    return true
  }

  /** Goes on with the task at hand without asking others; undefined when this is not the time for it. */
  function goOn<T>(host: Host, label: string, run: () => T | typeof WAIT): Promise<T> | undefined {
    if (!running || random() >= watch.persistence || !watch.mayGoOn()) return undefined
    steps += 1
    now += STEP_MS
    try {
      const result = run()
      if (result === WAIT) return undefined
      watch.trace?.(now, host.name, label)
      return Promise.resolve(result)
    } catch (error) {
      watch.trace?.(now, host.name, `${label} fails`)
      return Promise.reject(asError(error))
    }
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
      if (!attempt(operation)) continue
      const last = operations.pop()
      if (last !== undefined && last !== operation) operations[index] = last
      return true
    }
    return false
  }

  function step(): boolean {
    steps += 1
    now += STEP_MS
    watch.beforeStep()
    if (quietUntil <= now) {
      const soonest = firstTimer()
      quietUntil = timers[soonest]?.at ?? Infinity
      if (quietUntil <= now && random() >= TIMER_WAITS) {
        fire(soonest)
        return true
      }
    }
    if (operate()) return true
    const first = firstTimer()
    const due = timers[first]
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
      goOn(host, label, run) ??
      new Promise<T>((resolve, reject) => {
        // What `run` returns is what was waited for: the queue holds operations of every kind.
        operations.push({ host, label, run, resolve: resolve as Operation['resolve'], reject })
      }),
    sleep: (host, ms) =>
      new Promise<void>((resolve) => {
        set({ at: now + ms, no: (numbers += 1), host, label: 'wakes', fire: resolve })
      }),
    at: (at, host, label, fireAt) => set({ at, no: (numbers += 1), host, label, fire: fireAt }),
    move(timer, at) {
      timer.at = at
      if (at < quietUntil) quietUntil = at
    },
    drop(timer) {
      keep(timers, (other) => other !== timer)
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
            const rest = over()
            if (!rest && step()) queueMicrotask(next)
            else {
              running = false
              resolve(rest)
            }
          } catch (error) {
            running = false
            reject(asError(error))
          }
        }
        running = true
        queueMicrotask(next)
      }),
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
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
