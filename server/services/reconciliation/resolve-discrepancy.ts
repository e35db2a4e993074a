import type { StaffActor } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'

/**
 * Closes a disagreement with a person's reason. It changes no money and no status.
 * @throws Refusal `not_found` when it is not open on this account
 */
export async function resolveDiscrepancy(
  deps: Pick<Deps, 'store' | 'clock' | 'wake'>,
  actor: StaffActor,
  input: { discrepancyId: string; resolution: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const closed = await tx.discrepancies.resolve(actor.accountId, input.discrepancyId, {
      by: actor.userId,
      resolution: input.resolution,
      now: deps.clock.now(),
    })
    if (!closed) throw new Refusal('not_found', 'There is no such open disagreement.')
    await tx.audit.append({
      actor,
      action: 'discrepancy.resolve',
      subjectKind: 'discrepancy',
      subjectId: input.discrepancyId,
      outcome: 'done',
      reason: input.resolution,
      after: { orderId: closed.orderId, kind: closed.kind },
    })
    await tx.liveChanges.append(actor.accountId, 'discrepancy', input.discrepancyId)
    await tx.liveChanges.append(actor.accountId, 'order', closed.orderId)
  })
  deps.wake('live')
}
