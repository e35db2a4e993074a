import type { RejectionTally } from '../../store/webhook-rejections.ts'
import type { Deps } from '../deps.ts'

/** Adds refused deliveries to the counts, and says so to the open screens of the accounts in `tell`. */
export async function countRejections(
  deps: Deps,
  tallies: readonly RejectionTally[],
  tell: readonly string[],
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await tx.webhookEvents.countRejections(tallies)
    for (const accountId of tell) await tx.liveChanges.append(accountId, 'webhook_health', accountId)
  })
  if (tell.length > 0) deps.wake('live')
}
