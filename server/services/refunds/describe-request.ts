import { formatMoney } from '../../domain/money.ts'
import { refundRow, type RefundRow } from '../../domain/refund-display.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Deps } from '../deps.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
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
  const now = deps.clock.now()
  const row = refundRow(facts, await deps.store.refundStops.inForce(accountId, now), now)
  const message = await messageOf(deps, request, row)
  const refund = row.refundId === null ? null : row
  return { request: row, refund, needsApproval: request.needsApproval, message }
}

/** Where the request stands, for the person who asked. */
async function messageOf(deps: Deps, request: RefundRequestRecord, row: RefundRow): Promise<string> {
  const money = formatMoney({ minor: row.amountMinor, currency: row.currency })
  switch (row.status) {
    case 'waiting_approval': {
      const approvers = await approversFor(deps.store, request.merchantAccountId, request.requestedBy)
      return `Sent for approval to ${listNames(approvers)}.`
    }
    case 'approved':
    case 'sending':
      return `${money} refund is on its way to Juspay. Reference ${row.uniqueRequestId ?? row.id}.`
    default:
      return `${row.where}.`
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
