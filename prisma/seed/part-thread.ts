/** A thread that makes the parts it is asked for, one after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { partMaker, type Run } from './parts.ts'

const run: Run = workerData
const make = partMaker(run)

parentPort?.on('message', (no: number) => {
  const part = make(no)
  const buffers = Object.values(part.rows).map(({ bytes }) => bytes.buffer)
  parentPort?.postMessage(part, buffers)
})
