/** Starts the writers of the feed battery and knows what they have committed, and when. */
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

export type WritersData = {
  databaseUrl: string
  accountId: string
  events: number
  writers: number
  /** Events a second. */
  rate: number
  slices: number
  seed: number
  /** Whether transactions are held open for a random while. */
  late: boolean
  /** One time for every event, 0 until it is committed. */
  committedAt: SharedArrayBuffer
  /** How many numbers are given out, and whether to stop. */
  written: SharedArrayBuffer
}

export type Writers = {
  /** When event `n` was committed, in milliseconds since the epoch; 0 when it was not. */
  committedAt: Float64Array
  /** How many numbers were given out. */
  written(): number
  stop(): void
  /** Resolves when all have ended. @throws what ended one of them */
  done: Promise<void>
}

/** The id of event number `n`: the number stands at its end. */
export function eventIdOfNumber(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

export function numberOfEventId(id: string): number {
  return Number.parseInt(id.slice(-12), 16)
}

/** The part of the events that event `n` belongs to. */
export function sliceOf(n: number, slices: number): number {
  // Neighbours fall into different slices, as events of different kinds do.
  return ((n * 2_654_435_761) % 4_294_967_296) % slices
}

export function startWriters(options: Omit<WritersData, 'committedAt' | 'written'>): Writers {
  const shared = {
    committedAt: new SharedArrayBuffer(options.events * Float64Array.BYTES_PER_ELEMENT),
    written: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
  }
  const written = new Int32Array(shared.written)
  const worker = new Worker(join(import.meta.dirname, 'feed-thread.ts'), {
    workerData: { ...options, ...shared },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  return {
    committedAt: new Float64Array(shared.committedAt),
    written: () => Math.min(options.events, Atomics.load(written, 0)),
    stop: () => void Atomics.store(written, 1, 1),
    done: once(worker, 'message').then(async () => void (await worker.terminate())),
  }
}
