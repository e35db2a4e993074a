import { runBulkTurn } from '../services/bulk/run-batch.ts'
import type { Deps } from '../services/deps.ts'
import type { Job } from './runner.ts'

/** Gives batches of refunds their turns until none is due. Returns how many rows were done. */
export async function drainBulk(deps: Deps, signal?: AbortSignal): Promise<number> {
  let total = 0
  while (signal?.aborted !== true) {
    const done = await runBulkTurn(deps, signal)
    if (done === null) break
    total += done
  }
  return total
}

export const runBulkJob: Job = { name: 'run-bulk', topic: 'bulk', everyMs: 1_000, drain: drainBulk }
