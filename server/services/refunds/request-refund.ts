import type { StaffActor } from '../../domain/actor.ts'
import type { Deps } from '../deps.ts'
import { auditRefusal } from './audit-refusal.ts'
import { confirmMoney } from './confirm-money.ts'
import { describeRequest, type RequestedRefund } from './describe-request.ts'
import { reserveRefund, type RefundRequestInput } from './reserve-refund.ts'

/**
 * Asks for a refund (Tx A): under the order's row lock the amount is checked against what is left and set aside at
 * once, so that no later approval can be over-committed. Asking twice with the same key answers the same request.
 * @throws Refusal order_not_charged, charge_unconfirmed, nothing_left, amount_exceeds_left, amount_not_positive,
 *   attempt_needed, note_required, invalid_input, key_reused, confirmation_needed, limit_exceeded, permission_denied, not_found
 */
export async function requestRefund(
  deps: Deps,
  actor: StaffActor,
  input: RefundRequestInput,
): Promise<RequestedRefund> {
  const { orderId, amountMinor, currency, txnRef } = input
  const deed = {
    action: 'refund_request.create',
    subjectKind: 'order',
    subjectId: orderId,
    after: {
      amountMinor,
      currency,
      ...(typeof txnRef === 'string' && { txnRef }),
      reason: input.reason,
      clientKey: input.clientKey,
    },
  }
  const requestId = await auditRefusal(deps, actor, deed, async () => {
    await confirmMoney(deps, actor, orderId)
    return deps.store.transaction((tx) => reserveRefund(deps, tx, actor, input))
  })
  deps.wake('live')
  deps.wake('refunds')
  return describeRequest(deps, actor.accountId, requestId)
}

/** The request made by a gesture, if it was made: how a form that lost its answer finds out. */
export async function refundByKey(
  deps: Deps,
  actor: StaffActor,
  input: { clientKey: string },
): Promise<RequestedRefund | null> {
  const request = await deps.store.refundRequests.byClientKey(actor.accountId, input.clientKey)
  if (request === null || request.requestedBy !== actor.userId) return null
  return describeRequest(deps, actor.accountId, request.id)
}
