import { sweep } from '../services/orders/sweep-orders.ts'
import type { Job } from './runner.ts'

/** Asks Juspay about orders that are due, as fast as the budget allows; one round a second while it is used up. */
export const sweepOrdersJob: Job = {
  name: 'sweep-orders',
  topic: null,
  everyMs: 1_000,
  drain: async (deps) => {
    const { asked, down } = await sweep(deps)
    // Orders whose lease ran out because the provider is away are due again at once: the clock paces those rounds.
    return down.size > 0 ? 0 : asked
  },
}
