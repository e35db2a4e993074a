import { keepEvents } from '../services/webhooks/keep-events.ts'
import type { Job } from './runner.ts'

/** Makes and drops partitions of webhook events; comes straight back while it still deletes. */
export const keepEventsJob: Job = {
  name: 'keep-events',
  topic: null,
  everyMs: 60 * 60_000,
  drain: async (deps) => (await keepEvents(deps)).deleted,
}
