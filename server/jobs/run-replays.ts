import { REPLAY_READY_HOURS } from '../domain/replay.ts'
import type { Deps } from '../services/deps.ts'
import { expireReplays, runReplayTurn } from '../services/webhooks/replay-run.ts'
import type { Job } from './runner.ts'

const HOUR_MS = 60 * 60_000
/** Jobs closed in one statement. */
const EXPIRE_BATCH = 100

/** Gives replay jobs their turns until none waits. Returns how many items were done. */
export async function drainReplays(deps: Deps, signal?: AbortSignal): Promise<number> {
  let total = 0
  while (signal?.aborted !== true) {
    const done = await runReplayTurn(deps, signal)
    if (done === null) break
    total += done
  }
  return total
}

/** Closes shadow runs that nobody applied within {@link REPLAY_READY_HOURS}. */
export function drainReadyReplays(deps: Deps): Promise<number> {
  const before = new Date(deps.clock.now().getTime() - REPLAY_READY_HOURS * HOUR_MS)
  return expireReplays(deps, before, EXPIRE_BATCH)
}

export const runReplaysJob: Job = {
  name: 'run-replays',
  topic: 'replays',
  everyMs: 2_000,
  drain: drainReplays,
}

export const expireReplaysJob: Job = {
  name: 'expire-replays',
  topic: null,
  everyMs: 10 * 60_000,
  drain: drainReadyReplays,
}
