/**
 * Asks again for a refund that failed: a new request under a new key, decided anew, linked to the first. Juspay is asked
 * first whether the failure still stands; the first key is never sent again.
 */
import type { StaffActor } from '../../domain/actor.ts'
import { retryBlock } from '../../domain/refund-retry.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { askJuspay, type CheckOutcome } from '../orders/check-status.ts'
import { auditRefusal } from './audit-refusal.ts'
import { describeRequest, type RequestedRefund } from './describe-request.ts'
import { reserveRefund } from './reserve-refund.ts'

/** Answers after which we know what Juspay holds about the refund. */
const KNOWN: ReadonlySet<CheckOutcome> = new Set(['changed', 'no_change', 'not_found'])

/**
 * @param input.clientKey made when the dialog opened: the same gesture is one request
 * @throws Refusal not_found, retry_not_allowed, provider_unavailable, rate_limited, and those of `reserveRefund`
 */
export async function retryRefund(
  deps: Deps,
  actor: StaffActor,
  input: { refundId: string; clientKey: string; note: string | null },
): Promise<RequestedRefund> {
  const deed = {
    action: 'refund.retry',
    subjectKind: 'refund',
    subjectId: input.refundId,
    after: { clientKey: input.clientKey },
  }
  const requestId = await auditRefusal(deps, actor, deed, async () => {
    const { accountId, userId } = actor
    const made = await deps.store.refundRequests.byClientKey(accountId, input.clientKey)
    if (made !== null && made.requestedBy === userId) return made.id
    const { refund } = await demandRetryable(deps, deps.store, actor, input.refundId)
    const { outcome } = await askJuspay(deps, actor, refund.orderId)
    if (!KNOWN.has(outcome))
      throw new Refusal(
        'provider_unavailable',
        'Juspay did not confirm that the first try failed.',
        'Try again later.',
      )
    return deps.store.transaction((tx) => retry(deps, tx, actor, input))
  })
  deps.wake('live')
  deps.wake('refunds')
  return describeRequest(deps, actor.accountId, requestId)
}

async function retry(
  deps: Deps,
  tx: StoreTx,
  actor: StaffActor,
  input: { refundId: string; clientKey: string; note: string | null },
): Promise<string> {
  // The order first, as everywhere; then what was read before is read again.
  await tx.refunds.lockForAnswer(input.refundId)
  const { refund, request } = await demandRetryable(deps, tx, actor, input.refundId)
  const { orderId, amountMinor, currency, id: refundId, uniqueRequestId } = refund
  const requestId = await reserveRefund(deps, tx, actor, {
    orderId,
    version: 1,
    clientKey: input.clientKey,
    amountMinor,
    currency,
    txnRef: request.txnRef,
    reason: request.reason,
    note: input.note ?? request.note,
    // The first try was of this amount, and the person was told so.
    confirmSameAmount: true,
  })
  if (!(await tx.refundRequests.linkRetry(requestId, refundId)))
    throw new Refusal('retry_not_allowed', 'Somebody is trying it again already.')
  await tx.liveChanges.append(actor.accountId, 'refund', refundId)
  await tx.audit.append({
    actor,
    action: 'refund.retry',
    subjectKind: 'refund',
    subjectId: refundId,
    outcome: 'done',
    after: { requestId, retryOf: uniqueRequestId, amountMinor, currency },
  })
  return requestId
}

async function demandRetryable(
  deps: Deps,
  store: Pick<StoreTx, 'refunds' | 'refundRequests' | 'orders'>,
  actor: StaffActor,
  refundId: string,
): Promise<{ refund: RefundWork; request: RefundRequestRecord }> {
  const { accountId } = actor
  const refund = await store.refunds.work(refundId)
  if (refund === null || refund.accountId !== accountId)
    throw new Refusal('not_found', 'There is no such refund in this account.')
  const request =
    refund.refundRequestId === null
      ? null
      : await store.refundRequests.byId(accountId, refund.refundRequestId)
  const retriedBy = await store.refundRequests.retryOf(refundId)
  const facts = { ...refund, sentAt: refund.firstSentAt, retriedBy }
  const block = retryBlock(facts, deps.clock.now())
  if (block !== null) throw new Refusal('retry_not_allowed', block.message)
  if (request === null) throw new Refusal('retry_not_allowed', 'This refund was not asked for in Paydesk.')
  return { refund, request }
}
