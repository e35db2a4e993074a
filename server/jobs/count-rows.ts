import { countRows } from '../services/webhooks/count-rows.ts'
import type { Job } from './runner.ts'

/** At the fastest drain a table gains some thousands of rows between two looks. */
export const countRowsJob: Job = {
  name: 'count-rows',
  topic: null,
  everyMs: 3_000,
  drain: async (deps) => {
    await countRows(deps)
    // Never at once again: a table that keeps doubling is counted with the next look.
    return 0
  },
}
