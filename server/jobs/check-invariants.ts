import { checkInvariants } from '../services/refunds/check-invariants.ts'
import type { Job } from './runner.ts'

/** Looks whether a run is due a few times a minute; one process in all of them takes it. */
export const checkInvariantsJob: Job = {
  name: 'check-invariants',
  topic: null,
  everyMs: 15_000,
  drain: async (deps) => {
    await checkInvariants(deps)
    return 0
  },
}
