import type { StaffActor } from '../../domain/actor.ts'
import { approvalChecks, type ApprovalCheck } from '../../domain/approval-checks.ts'
import { attemptOverdrawn } from '../../domain/charged-attempt.ts'
import { assert } from '../../domain/assert.ts'
import { startOfDayInIndia } from '../../domain/indian-time.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { Deps } from '../deps.ts'
import { readAttempts } from './order-attempts.ts'
import { mayNow, stillAgreed } from './refund-facts.ts'

const DAY_MS = 86_400_000

/**
 * The checks of one request as they stand now, from what we know; Juspay is asked when somebody approves.
 * @throws Refusal not_found
 */
export async function checkRequest(
  deps: Deps,
  actor: StaffActor,
  input: { requestId: string },
): Promise<ApprovalCheck[]> {
  const { store, clock } = deps
  const { accountId } = actor
  const request = await store.refundRequests.byId(accountId, input.requestId)
  if (request === null) throw new Refusal('not_found', 'There is no such refund request in this account.')
  const order = await store.orders.byId(accountId, request.orderId)
  assert(order !== null, 'the order of a request exists')
  const now = clock.now()
  const [asker, member, today, customer, changes, { transactions, attempts }] = await Promise.all([
    mayNow(store, accountId, request.requestedBy, 'refund:request'),
    store.staff.member(accountId, request.requestedBy),
    store.approvalContext.askedSince({
      accountId,
      userId: request.requestedBy,
      currency: request.currency,
      from: startOfDayInIndia(now),
    }),
    order.customerRef === null ? null : customerGiven(deps, request, order.customerRef, now),
    changesSince(deps, request),
    readAttempts(store, order),
  ])
  return approvalChecks({
    now,
    currency: request.currency,
    chargedMinor: order.chargedMinor,
    excessMinor: order.excessMinor,
    disputed: order.disputed,
    unconfirmed: order.unconfirmedSince !== null,
    lastCheckedAt: order.lastCheckedAt,
    expiresAt: request.expiresAt,
    attemptProblem: attemptOverdrawn(attempts, request.txnRef, request.currency),
    agreed: stillAgreed(request, { order, transactions }),
    askerName: member?.name ?? 'The person who asked',
    askerMayAsk: asker !== null,
    askerToday: today,
    customer,
    changes,
  })
}

function customerGiven(deps: Deps, request: RefundRequestRecord, customerRef: string, now: Date) {
  return deps.store.approvalContext.customerGiven({
    accountId: request.merchantAccountId,
    customerRef,
    currency: request.currency,
    exceptRequestId: request.id,
    weekFrom: new Date(now.getTime() - 7 * DAY_MS),
    quarterFrom: new Date(now.getTime() - 90 * DAY_MS),
  })
}

/** What changed on the order since the request, but for the request itself. */
async function changesSince(deps: Deps, request: RefundRequestRecord) {
  const log = await deps.store.orderChanges.byOrder(request.merchantAccountId, request.orderId)
  return log
    .filter((entry) => entry.at > request.requestedAt && entry.sourceId !== request.id)
    .flatMap((entry) => entry.changes)
}
