import type { Deps } from '../services/deps.ts'
import { pollRefund } from '../services/refunds/poll-refund.ts'
import { drain } from './drain.ts'

/** Refunds looked at in one pass. */
const BATCH = 40

/** Looks at refunds on their way. Returns how many were looked at; call again while that is more than zero. */
export async function drainRefundPolls(deps: Deps): Promise<number> {
  const due = await deps.store.refunds.dueToLook(deps.clock.now(), BATCH)
  return drain(deps, due, 'poll refund', async (id) => {
    const outcome = await pollRefund(deps, id)
    return outcome !== 'busy' && outcome !== 'not_due'
  })
}
