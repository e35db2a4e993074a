import type { StaffActor } from '../../domain/actor.ts'
import type { RefundRow } from '../../domain/refund-display.ts'
import { cleanNote, NOTE_MAX_LENGTH } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { auditRefusal } from './audit-refusal.ts'
import { closeUndecided } from './close-request.ts'
import { describeRequest } from './describe-request.ts'

/**
 * Takes back one's own request while nobody has decided it.
 * @throws Refusal not_found, not_withdrawable
 */
export async function withdrawRefundRequest(
  deps: Deps,
  actor: StaffActor,
  input: { requestId: string; note: string | null },
): Promise<{ request: RefundRow; message: string }> {
  const { accountId } = actor
  const deed = {
    action: 'refund_request.withdraw',
    subjectKind: 'refund_request',
    subjectId: input.requestId,
  }
  await auditRefusal(deps, actor, deed, () =>
    deps.store.transaction(async (tx) => {
      const now = deps.clock.now()
      const asked = await tx.refundRequests.byId(accountId, input.requestId)
      if (asked === null) throw new Refusal('not_found', 'There is no such refund request in this account.')
      await tx.orders.lockAggregate(accountId, asked.orderId)
      if (asked.requestedBy !== actor.userId)
        throw new Refusal('not_withdrawable', 'Only the person who asked can withdraw a request.')
      if (asked.batchId !== null && (await tx.refunds.lastAttempt(asked.id)) === null)
        throw new Refusal('not_withdrawable', 'This refund was asked for in a batch. Cancel the batch.')
      const note = cleanNote(input.note)?.slice(0, NOTE_MAX_LENGTH) ?? null
      const closed = await closeUndecided(tx, { actor, request: asked, status: 'withdrawn', note, now })
      if (!closed)
        throw new Refusal(
          'not_withdrawable',
          'This request was already decided, so it can no longer be withdrawn.',
        )
    }),
  )
  deps.wake('live')
  const { request } = await describeRequest(deps, accountId, input.requestId)
  return { request, message: 'Withdrawn. Nothing will be refunded.' }
}
