/** Runs many seeds on all processors. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Broken } from './judge-state.ts'
import type { SeedOutcome } from './run-seed.ts'

/** What one thread is to run. `build` null is the product as it is. */
export type Task = { build: string | null; from: number; count: number; untilCaught: boolean }

export type Failure = { seed: number; violations: Broken[] }

export type Tally = { seeds: number; steps: number; refunds: number; failures: Failure[] }

export type ThreadData = { stop: SharedArrayBuffer }

/** Failing seeds that are kept in detail. */
const FAILURES_MAX = 20
/** Seeds of one task: small enough to share the work evenly. */
const CHUNK = 250

export function emptyTally(): Tally {
  return { seeds: 0, steps: 0, refunds: 0, failures: [] }
}

export function addOutcome(tally: Tally, { seed, steps, refunds, violations }: SeedOutcome): void {
  tally.seeds += 1
  tally.steps += steps
  tally.refunds += refunds
  if (violations.length > 0 && tally.failures.length < FAILURES_MAX) tally.failures.push({ seed, violations })
}

function addTally(sum: Tally, part: Tally): void {
  sum.seeds += part.seeds
  sum.steps += part.steps
  sum.refunds += part.refunds
  sum.failures = [...sum.failures, ...part.failures]
    .toSorted((a, b) => a.seed - b.seed)
    .slice(0, FAILURES_MAX)
}

export type Pool = {
  /** Runs a task on the next free thread. */
  run(task: Task): Promise<Tally>
  /** Ends what is running after the seed at hand. */
  stop: () => void
  close(): Promise<void>
}

export function openPool(threads = availableParallelism()): Pool {
  const data: ThreadData = { stop: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) }
  const flag = new Int32Array(data.stop)
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(join(import.meta.dirname, 'thread.ts'), {
        workerData: data,
        execArgv: ['--disable-warning=ExperimentalWarning'],
      }),
  )
  const free = [...workers]
  const waiting: ((worker: Worker) => void)[] = []
  const release = (worker: Worker): void => {
    const next = waiting.shift()
    if (next === undefined) free.push(worker)
    else next(worker)
  }
  return {
    async run(task) {
      const worker = free.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)))
      try {
        return await new Promise<Tally>((resolve, reject) => {
          worker.once('error', reject)
          worker.once('message', (tally: Tally) => {
            worker.off('error', reject)
            resolve(tally)
          })
          worker.postMessage(task)
        })
      } finally {
        release(worker)
      }
    },
    stop: () => void Atomics.store(flag, 0, 1),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** Runs `count` seeds from `from` on, spread over the pool. */
export async function runSeeds(
  pool: Pool,
  { from, count, heard }: { from: number; count: number; heard?: (sum: Tally) => void },
): Promise<Tally> {
  const sum = emptyTally()
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, index) => from + index * CHUNK)
  await Promise.all(
    chunks.map(async (first) => {
      const left = Math.min(CHUNK, from + count - first)
      addTally(sum, await pool.run({ build: null, from: first, count: left, untilCaught: false }))
      heard?.(sum)
    }),
  )
  return sum
}

/** The first seed of each broken build that finds it out, within `limit`; null where none does. */
export async function catchBuilds(
  pool: Pool,
  names: readonly string[],
  limit: number,
  heard?: (name: string, caught: Failure | null) => void,
): Promise<Map<string, Failure | null>> {
  const found = await Promise.all(
    names.map(async (name): Promise<[string, Failure | null]> => {
      const { failures } = await pool.run({ build: name, from: 1, count: limit, untilCaught: true })
      const caught = failures[0] ?? null
      heard?.(name, caught)
      return [name, caught]
    }),
  )
  return new Map(found)
}
