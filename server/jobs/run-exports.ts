import { makeNextExport } from '../services/exports/request-export.ts'
import type { Deps } from '../services/deps.ts'
import type { Job } from './runner.ts'

/** Makes files of the transactions list until none waits. Returns how many were made. */
export async function drainExports(deps: Deps, signal?: AbortSignal): Promise<number> {
  let made = 0
  while (signal?.aborted !== true && (await makeNextExport(deps, signal))) made += 1
  return made
}

export const runExportsJob: Job = {
  name: 'run-exports',
  topic: 'exports',
  everyMs: 5_000,
  drain: drainExports,
}
