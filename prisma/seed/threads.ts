/** Parts made on all processors, while PostgreSQL takes those before. */
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { partsOf, type MadePart, type Run } from './parts.ts'

/** PostgreSQL takes rows through one connection: it keeps up with about so many. */
const THREADS_MAX = 4

/** The parts of a run in their order. Each thread is one part ahead of what has been taken from it. */
export async function* makeParts(run: Run): AsyncGenerator<MadePart> {
  const count = partsOf(run)
  const threads = Math.min(count, THREADS_MAX, availableParallelism())
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(join(import.meta.dirname, 'part-thread.ts'), {
        workerData: run,
        execArgv: ['--disable-warning=ExperimentalWarning'],
      }),
  )
  try {
    const coming = workers.map((worker, no) => ask(worker, no))
    for (let no = 0; no < count; no += 1) {
      const at = no % threads
      const part = await coming[at]
      const worker = workers[at]
      if (part === undefined || worker === undefined) throw new Error(`part ${no} has no thread`)
      if (no + threads < count) coming[at] = ask(worker, no + threads)
      yield part
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** @throws what the thread threw, to whoever waits for the part */
function ask(worker: Worker, no: number): Promise<MadePart> {
  worker.postMessage(no)
  const answer = once(worker, 'message').then(([part]: MadePart[]): MadePart => {
    if (part === undefined) throw new Error(`part ${no} was not made`)
    return part
  })
  // Nobody waits for it yet: that is no reason to end the process.
  answer.catch(() => undefined)
  return answer
}
