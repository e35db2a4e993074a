import type { Deps } from '../services/deps.ts'
import { sendRefund } from '../services/refunds/send-refund.ts'
import { drain } from './drain.ts'

/** Refunds taken up in one pass. */
const BATCH = 40

/** Sends refunds that are ready. Returns how many were taken up; call again while that is more than zero. */
export async function drainRefunds(deps: Deps): Promise<number> {
  const due = await deps.store.refunds.dueToSend(deps.clock.now(), BATCH)
  return drain(deps, due, 'send refund', async (id) => {
    const outcome = await sendRefund(deps, id)
    return outcome !== 'busy' && outcome !== 'not_due'
  })
}
