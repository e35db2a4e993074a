import type { Deps } from '../services/deps.ts'
import { processNextEvent } from '../services/webhooks/process-event.ts'
import type { Job } from './runner.ts'

/** Events of one round; the loop comes straight back while there are more. */
const ROUND_MAX = 500

/**
 * Processes events that are due until none is left. Workers and processes share the queue by skipping locked rows; a
 * failing event is noted and the next one goes on (W10).
 * @returns how many were processed.
 */
export async function drainEvents(deps: Deps, signal?: AbortSignal): Promise<number> {
  let count = 0
  while (count < ROUND_MAX && signal?.aborted !== true) {
    if ((await processNextEvent(deps)) === null) break
    count += 1
  }
  return count
}

export const processEventsJob: Job = {
  name: 'process-events',
  topic: 'events',
  everyMs: 1_000,
  workers: 3,
  drain: drainEvents,
}
