import { sweepOrders } from '../services/orders/sweep-orders.ts'
import type { Job } from './runner.ts'

/** Asks Juspay about orders that are due. The pause after each round also paces the calls. */
export const sweepOrdersJob: Job = {
  name: 'sweep-orders',
  topic: null,
  everyMs: 5_000,
  drain: async (deps) => {
    await sweepOrders(deps)
    return 0
  },
}
