import { formatMoney } from '../../domain/money.ts'
import { refundRow, type RefundRow } from '../../domain/refund-display.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import { approversFor } from './refund-facts.ts'

export type RequestedRefund = {
  request: RefundRow
  /** The refund that was made of it; null while a second person has to decide. */
  refund: RefundRow | null
  needsApproval: boolean
  message: string
}

/** A request as the form and the inbox tell it. @throws Refusal not_found */
export async function describeRequest(
  deps: Deps,
  accountId: string,
  requestId: string,
): Promise<RequestedRefund> {
  const facts = await deps.store.refunds.get(accountId, requestId)
  const request = await deps.store.refundRequests.byId(accountId, requestId)
  if (facts === null || request === null) throw new Refusal('not_found', 'There is no such refund request.')
  const row = refundRow(facts, deps.clock.now())
  const approvers = await approversFor(deps.store, accountId, request.requestedBy)
  const money = formatMoney({ minor: row.amountMinor, currency: row.currency })
  const waiting = request.status === 'pending_approval'
  return {
    request: row,
    refund: row.refundId === null ? null : row,
    needsApproval: request.needsApproval,
    message: waiting
      ? `Sent for approval to ${listNames(approvers)}.`
      : `${money} refund is on its way to Juspay. Reference ${row.uniqueRequestId ?? row.id}.`,
  }
}

/** "Asha", "Asha and Rohan", "Asha, Rohan and 3 others". */
function listNames(names: readonly string[]): string {
  const [first = 'an approver', second] = names
  if (second === undefined) return first
  if (names.length === 2) return `${first} and ${second}`
  const others = names.length - 2
  return `${first}, ${second} and ${others} ${others === 1 ? 'other' : 'others'}`
}
