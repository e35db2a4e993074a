import type { StaffActor } from '../../domain/actor.ts'
import { attemptOverdrawn } from '../../domain/charged-attempt.ts'
import { expiryFrom } from '../../domain/approval-policy.ts'
import { formatMoney } from '../../domain/money.ts'
import { deniedReason } from '../../domain/permission.ts'
import type { RefundRow } from '../../domain/refund-display.ts'
import { overdrawnProblem } from '../../domain/refund-block.ts'
import { cleanNote, NOTE_MAX_LENGTH } from '../../domain/refund-reason.ts'
import { FRESH_MS } from '../../domain/refund-answer.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { LockedAggregate } from '../../store/order-locks.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { askJuspay } from '../orders/check-status.ts'
import { auditRefusal } from './audit-refusal.ts'
import { refuseUnconfirmed } from './confirm-money.ts'
import { attemptsOf } from './order-attempts.ts'
import { describeRequest } from './describe-request.ts'
import { insertAttempt, jobActor, mayNow, noteChange, rebalance, stillAgreed } from './refund-facts.ts'

export type DecisionInput = {
  requestId: string
  decision: 'approve' | 'reject'
  /** Why; needed to reject, and shown to the person who asked. */
  note: string | null
  /** Hex of what the approver was shown: a decision about anything else is refused (I8). */
  approvalHash: string
}

/**
 * Approves or rejects a refund request (Tx B). Approving makes the refund, ready to be sent, in the same transaction.
 * @throws Refusal not_found, own_request, permission_denied, already_decided, request_expired, request_changed,
 *   charge_unconfirmed, amount_exceeds_left, note_required, conflict, provider_unavailable, rate_limited
 */
export async function decideRefundRequest(
  deps: Deps,
  actor: StaffActor,
  input: DecisionInput,
): Promise<{ request: RefundRow; message: string }> {
  const deed = {
    action: input.decision === 'approve' ? 'refund_request.approve' : 'refund_request.reject',
    subjectKind: 'refund_request',
    subjectId: input.requestId,
  }
  await auditRefusal(deps, actor, deed, async () => {
    const request = await deps.store.refundRequests.byId(actor.accountId, input.requestId)
    if (request === null) throw new Refusal('not_found', 'There is no such refund request in this account.')
    if (input.decision === 'approve' && request.status === 'pending_approval') await refresh(deps, request)
    await deps.store.transaction((tx) => decide(deps, tx, actor, input))
  })
  deps.wake('live')
  if (input.decision === 'approve') deps.wake('refunds')
  const { request } = await describeRequest(deps, actor.accountId, input.requestId)
  const money = formatMoney({ minor: request.amountMinor, currency: request.currency })
  const asker = request.requestedBy?.name ?? 'The person who asked'
  return {
    request,
    message:
      input.decision === 'approve'
        ? `Approved. ${money} is being sent to Juspay.`
        : `Rejected. ${asker} can see why.`,
  }
}

/**
 * Juspay's view of the order before money is agreed to. Without it nothing is approved: an approval says that somebody
 * looked at the facts, and the facts are Juspay's. Sending asks once more (C17). Money that webhooks alone vouch for is
 * asked about however fresh the last answer is, for that one did not confirm it.
 */
async function refresh(deps: Deps, request: RefundRequestRecord): Promise<void> {
  const order = await deps.store.orders.byId(request.merchantAccountId, request.orderId)
  const age = deps.clock.now().getTime() - (order?.lastCheckedAt?.getTime() ?? 0)
  if (age <= FRESH_MS && order?.unconfirmedSince === null) return
  const actor = jobActor(deps, 'refund-approval', request.merchantAccountId)
  const { outcome, message } = await askJuspay(deps, actor, request.orderId)
  if (outcome === 'changed' || outcome === 'no_change') return
  throw new Refusal(
    'provider_unavailable',
    'Juspay does not answer, so the order could not be checked.',
    `${message} The request still waits.`,
  )
}

async function decide(deps: Deps, tx: StoreTx, actor: StaffActor, input: DecisionInput): Promise<void> {
  const now = deps.clock.now()
  const { accountId, userId } = actor
  const asked = await tx.refundRequests.byId(accountId, input.requestId)
  const locked = asked === null ? null : await tx.orders.lockAggregate(accountId, asked.orderId)
  // Read again under the order's lock: what was read before may have been decided meanwhile.
  const request = await tx.refundRequests.byId(accountId, input.requestId)
  if (request === null || locked === null)
    throw new Refusal('not_found', 'There is no such refund request in this account.')
  if (request.requestedBy === userId)
    throw new Refusal('own_request', 'You asked for this refund, so someone else must approve it.')
  if ((await mayNow(tx, accountId, userId, 'refund:approve')) === null)
    throw new Refusal('permission_denied', deniedReason(actor.role, 'refund:approve'))
  checkOpen(request, now)
  await checkAlone(tx, request)
  checkShown(request, input)
  const note = cleanNote(input.note)
  if (note !== null && note.length > NOTE_MAX_LENGTH)
    throw new Refusal('invalid_input', `Note must be ${NOTE_MAX_LENGTH} characters or less.`)
  if (input.decision === 'reject' && note === null)
    throw new Refusal('note_required', 'Note must say why, for the person who asked.')
  if (input.decision === 'approve') await checkStillRight(tx, request, locked)

  const { rules } = await tx.refundPolicies.current(accountId)
  const status = input.decision === 'approve' ? 'approved' : 'rejected'
  // An approval that waits too long to be sent lapses like a request that waits too long to be decided.
  const expiresAt = expiryFrom(rules, now)
  const close = {
    accountId,
    id: request.id,
    status,
    decidedBy: userId,
    decidedAt: now,
    note,
    expiresAt,
  } as const
  if (!(await tx.refundRequests.close(close))) throw alreadyDecided(request)
  if (status === 'approved') {
    const last = await tx.refunds.lastAttempt(request.id)
    await insertAttempt(deps, tx, request, (last?.attemptNo ?? 0) + 1, now)
  }
  await rebalance(tx, accountId, locked.orderId, now)
  const subject = { kind: 'refund_request', id: request.id, name: request.id } as const
  const told = { accountId, orderId: locked.orderId, source: 'person', subject, now } as const
  await noteChange(tx, { ...told, before: request.status, after: status })
  await tx.audit.append({
    actor,
    action: input.decision === 'approve' ? 'refund_request.approve' : 'refund_request.reject',
    subjectKind: 'refund_request',
    subjectId: request.id,
    outcome: 'done',
    reason: note,
    before: { status: request.status },
    after: { status, amountMinor: request.amountMinor, currency: request.currency, orderId: request.orderId },
  })
}

function checkOpen(request: RefundRequestRecord, now: Date): void {
  if (request.status !== 'pending_approval') throw alreadyDecided(request)
  if (request.expiresAt.getTime() <= now.getTime())
    throw new Refusal('request_expired', 'The time to decide this request has run out.', 'Ask for it again.')
}

/**
 * A request of a batch is decided with its batch. One whose approval was taken back before it was sent has an attempt,
 * and is on its own from then on.
 */
async function checkAlone(tx: StoreTx, request: RefundRequestRecord): Promise<void> {
  if (request.batchId === null || (await tx.refunds.lastAttempt(request.id)) !== null) return
  throw new Refusal(
    'conflict',
    'This refund was asked for in a batch, so it is decided with the batch.',
    'Open the batch.',
  )
}

function alreadyDecided(request: RefundRequestRecord): Refusal {
  const words: Readonly<Record<RefundRequestRecord['status'], string>> = {
    pending_approval: 'Somebody else decided this request at the same moment.',
    approved: 'This request was already approved.',
    rejected: 'This request was already rejected.',
    withdrawn: 'This request was withdrawn by the person who asked.',
    expired: 'The time to decide this request has run out.',
  }
  return new Refusal('already_decided', words[request.status])
}

function checkShown(request: RefundRequestRecord, input: DecisionInput): void {
  if (request.approvalHash.toString('hex') === input.approvalHash.toLowerCase()) return
  throw new Refusal(
    'request_changed',
    'This is not what you were shown.',
    'Open the request again and look at it once more.',
  )
}

/** The facts that were approved of still hold, and the person who asked may still ask (C20, C21). */
async function checkStillRight(
  tx: StoreTx,
  request: RefundRequestRecord,
  locked: LockedAggregate,
): Promise<void> {
  const { order } = locked
  // It would not be sent, only wait until the approval lapses, and come back for the next one.
  refuseUnconfirmed(locked)
  if (!stillAgreed(request, locked))
    throw new Refusal(
      'request_changed',
      'The order or where its money goes back to has changed since this was asked for.',
      'Reject it and have it asked for again.',
    )
  const overdrawn =
    overdrawnProblem(order) ?? attemptOverdrawn(attemptsOf(locked), request.txnRef, request.currency)
  if (overdrawn !== null)
    throw new Refusal('amount_exceeds_left', overdrawn, 'Reject this request, or another one of the order.')
  if ((await mayNow(tx, request.merchantAccountId, request.requestedBy, 'refund:request')) === null)
    throw new Refusal(
      'conflict',
      'The person who asked can no longer request refunds.',
      'Reject it; someone else can ask for it again.',
    )
}
