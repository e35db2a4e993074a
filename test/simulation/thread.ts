/** A thread that runs seeds, one after the other, for whoever started it. */
import { parentPort, workerData } from 'node:worker_threads'
import { BROKEN_BUILDS } from './builds.ts'
import { addOutcome, emptyTally, type Tally, type Task, type ThreadData } from './pool.ts'
import { runSeed } from './run-seed.ts'
import { REAL_BUILD } from './world.ts'

/** How often the event loop gets a turn, for messages and for the end. */
const BREATH = 50

const data: ThreadData = workerData
const stop = new Int32Array(data.stop)

async function work({ build: name, from, count, untilCaught }: Task): Promise<Tally> {
  const build = name === null ? REAL_BUILD : BROKEN_BUILDS.find((one) => one.name === name)?.build
  if (build === undefined) throw new Error(`there is no build ${name}`)
  const tally = emptyTally()
  for (let seed = from; seed < from + count && Atomics.load(stop, 0) === 0; seed += 1) {
    addOutcome(tally, await runSeed(seed, build))
    if (untilCaught && tally.failures.length > 0) break
    if (seed % BREATH === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return tally
}

parentPort?.on('message', (task: Task) => {
  work(task).then(
    (tally) => parentPort?.postMessage(tally),
    (error: unknown) => {
      throw error
    },
  )
})
