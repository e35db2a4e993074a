import type { StaffActor } from '../../domain/actor.ts'
import {
  decidePolicy,
  expiryFrom,
  lineFor,
  type ApprovalPolicy,
  type VersionedPolicy,
} from '../../domain/approval-policy.ts'
import { attemptChoice, attemptProblem } from '../../domain/charged-attempt.ts'
import { AMOUNT_MINOR_MAX, formatMoney } from '../../domain/money.ts'
import { deniedReason, type Role } from '../../domain/permission.ts'
import { leftMinorOf, refundBlockOf } from '../../domain/refund-block.ts'
import { CLIENT_KEY } from '../../domain/refund-key.ts'
import { cleanNote, noteProblem, reasonOf } from '../../domain/refund-reason.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { LockedAggregate } from '../../store/order-locks.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { attemptsOf } from './order-attempts.ts'
import { refuseUnconfirmed } from './confirm-money.ts'
import { approversFor, hashNow, insertAttempt, mayNow, noteChange, rebalance } from './refund-facts.ts'
import { requestHash } from './refund-key.ts'
import { holdToLimits, nearLineToday } from './refund-limits.ts'

export type RefundRequestInput = {
  orderId: string
  /** The order's version that the form showed; informational, the balance under the lock decides. */
  version: number
  /** Made when the form opened: the same gesture can never become two requests (reliability §2.1.1). */
  clientKey: string
  amountMinor: bigint
  currency: string
  /** Juspay's `txn_id` of the attempt to give back, where several were charged. */
  txnRef?: string | null
  reason: string
  note: string | null
  /** The person was told that the same amount was refunded moments ago, and means a second refund. */
  confirmSameAmount: boolean
}

const MINUTE_MS = 60_000

/**
 * Tx A: under the order's row lock the amount is checked against what is left and set aside at once, so that no later
 * approval can be over-committed. The caller owns the transaction; it wakes `live` and `refunds` after the commit, and
 * writes a refusal into the audit log itself, because this transaction is then rolled back.
 * @param alwaysApprove why a second person must decide whatever the policy says (a row of a batch), as a sentence
 * @returns the request's id; the same one for the same gesture
 * @throws Refusal order_not_charged, charge_unconfirmed, nothing_left, amount_exceeds_left, amount_not_positive,
 *   attempt_needed, note_required, invalid_input, key_reused, confirmation_needed, limit_exceeded, permission_denied, not_found
 */
export async function reserveRefund(
  deps: Deps,
  tx: StoreTx,
  actor: StaffActor,
  input: RefundRequestInput,
  alwaysApprove: string | null = null,
): Promise<string> {
  const now = deps.clock.now()
  const { accountId, userId } = actor
  checkShape(input)
  const { reason } = input
  const locked = await tx.orders.lockAggregate(accountId, input.orderId)
  if (locked === null) throw new Refusal('not_found', 'There is no such order in this account.')
  const note = cleanNote(input.note)
  const asked = { ...input, txnRef: input.txnRef ?? null, reason, note, requesterId: userId }
  const hash = requestHash(asked)
  const existing = await tx.refundRequests.byClientKey(accountId, input.clientKey)
  if (existing !== null) return sameGesture(existing, hash)

  const person = await mayNow(tx, accountId, userId, 'refund:request')
  if (person === null) throw new Refusal('permission_denied', deniedReason(actor.role, 'refund:request'))
  const policy = await tx.refundPolicies.current(accountId)
  const listed = reasonOf(policy.rules.reasons, reason)
  if (listed === null) throw new Refusal('invalid_input', 'Choose a reason from the list.')
  const problem = noteProblem(listed, note)
  if (problem !== null) throw new Refusal('note_required', problem)
  checkAmount(locked, input)
  refuseUnconfirmed(locked)
  await checkSameAmount(tx, policy.rules, input, now)
  const asking = { person: { accountId, userId, role: person.role }, amountMinor: input.amountMinor }
  const { currency } = input
  await holdToLimits(tx, policy.rules, locked, { ...asking, currency, now })
  const verdict = await judge(tx, policy.rules, {
    locked,
    input,
    actor,
    role: person.role,
    alwaysApprove,
    now,
  })

  const request = newRequest({
    id: deps.ids.uuid(),
    actor,
    policy,
    verdict,
    locked,
    input,
    reason,
    note,
    hash,
    now,
  })
  if (!(await tx.refundRequests.insert(request))) {
    const other = await tx.refundRequests.byClientKey(accountId, input.clientKey)
    if (other === null)
      throw new Refusal('conflict', 'Another request was made at the same moment. Try again.')
    return sameGesture(other, hash)
  }
  if (!verdict.needsApproval) await insertAttempt(deps, tx, request, 1, now)
  await rebalance(tx, accountId, locked.orderId, now)
  const subject = { kind: 'refund_request', id: request.id, name: request.id } as const
  const told = { accountId, orderId: locked.orderId, source: 'person', subject, before: null, now } as const
  await noteChange(tx, { ...told, after: request.status })
  await tx.audit.append({
    actor,
    action: 'refund_request.create',
    subjectKind: 'refund_request',
    subjectId: request.id,
    outcome: 'done',
    reason: note,
    after: {
      orderId: locked.orderId,
      amountMinor: request.amountMinor,
      currency: request.currency,
      ...(request.txnRef !== null && { txnRef: request.txnRef }),
      reason,
      status: request.status,
      policyVersion: policy.version,
      policyReason: verdict.reason,
    },
  })
  return request.id
}

function checkShape(input: RefundRequestInput): void {
  if (!CLIENT_KEY.test(input.clientKey))
    throw new Refusal('invalid_input', 'The request key must be 16 to 64 letters, digits, - or _.')
  if (input.amountMinor <= 0n) throw new Refusal('amount_not_positive', 'Amount must be more than zero.')
  if (input.amountMinor > AMOUNT_MINOR_MAX)
    throw new Refusal('amount_exceeds_left', 'That is more than any order.')
}

function sameGesture(existing: RefundRequestRecord, hash: Buffer): string {
  if (existing.requestHash.equals(hash)) return existing.id
  throw new Refusal(
    'key_reused',
    'This form was already used for another refund.',
    'Close it and open the refund form again.',
  )
}

function checkAmount(locked: LockedAggregate, input: RefundRequestInput): void {
  const { order } = locked
  if (input.currency !== order.currency)
    throw new Refusal('invalid_input', `This order is in ${order.currency}, not ${input.currency}.`)
  const block = refundBlockOf(order)
  if (block !== null) throw new Refusal(block.code, block.message)
  const left = leftMinorOf(order)
  if (input.amountMinor <= left) return checkAttempt(locked, input)
  const money = formatMoney({ minor: left, currency: order.currency })
  throw new Refusal(
    'amount_exceeds_left',
    `Amount must be ${money} or less.`,
    'That is what is left to refund.',
  )
}

/** Holds the refund to what is left of the attempt it names, and to naming one where there is a choice. */
function checkAttempt(locked: LockedAggregate, input: RefundRequestInput): void {
  const attempts = attemptsOf(locked)
  const choice = attemptChoice(locked.order, locked.transactions, attempts)
  const problem = attemptProblem(choice, attempts, { ...input, txnRef: input.txnRef ?? null })
  if (problem !== null) throw new Refusal(problem.code, problem.message, problem.hint)
}

async function checkSameAmount(
  tx: StoreTx,
  rules: ApprovalPolicy,
  input: RefundRequestInput,
  now: Date,
): Promise<void> {
  if (input.confirmSameAmount) return
  const since = new Date(now.getTime() - rules.sameAmountWindowMinutes * MINUTE_MS)
  const recent = await tx.refundRequests.newestSince(input.orderId, input.amountMinor, since)
  if (recent === null) return
  const money = formatMoney({ minor: recent.amountMinor, currency: input.currency })
  throw new Refusal(
    'confirmation_needed',
    `${recent.by} asked for a refund of ${money} on this order moments ago.`,
    'Confirm that this is a second refund.',
  )
}

async function judge(
  tx: StoreTx,
  rules: ApprovalPolicy,
  asked: {
    locked: LockedAggregate
    input: RefundRequestInput
    actor: StaffActor
    role: Role
    alwaysApprove: string | null
    now: Date
  },
): Promise<{ needsApproval: boolean; reason: string }> {
  const { alwaysApprove, actor } = asked
  const verdict =
    alwaysApprove === null ? await byPolicy(tx, rules, asked) : { needsApproval: true, reason: alwaysApprove }
  if (verdict.needsApproval && (await approversFor(tx, actor.accountId, actor.userId)).length === 0)
    throw new Refusal('limit_exceeded', `${verdict.reason} Nobody else here can approve refunds.`)
  return verdict
}

async function byPolicy(
  tx: StoreTx,
  rules: ApprovalPolicy,
  asked: { locked: LockedAggregate; input: RefundRequestInput; actor: StaffActor; role: Role; now: Date },
): Promise<{ needsApproval: boolean; reason: string }> {
  const { locked, input, actor, role, now } = asked
  const { amountMinor, currency, reason } = input
  const { chargedAt } = locked.order
  const account = await tx.accounts.byId(actor.accountId)
  const accountCurrency = account?.currency ?? currency
  const environment = account?.environment ?? null
  const subject = { currency, accountCurrency, role, reason, chargedAt, now, environment }
  return decidePolicy(rules, {
    ...subject,
    amountMinor,
    withoutApprovalMinor: await tx.refundRequests.withoutApprovalMinor(locked.orderId),
    nearLineToday: await nearLineToday(tx, lineFor(rules, subject), actor, now),
  })
}

function newRequest(from: {
  id: string
  actor: StaffActor
  policy: VersionedPolicy
  verdict: { needsApproval: boolean; reason: string }
  locked: LockedAggregate
  input: RefundRequestInput
  reason: string
  note: string | null
  hash: Buffer
  now: Date
}) {
  const { actor, policy, verdict, locked, input, now } = from
  const asked = {
    orderId: locked.orderId,
    amountMinor: input.amountMinor,
    currency: input.currency,
    txnRef: input.txnRef ?? null,
    reason: from.reason,
    note: from.note,
  }
  return {
    ...asked,
    id: from.id,
    merchantAccountId: actor.accountId,
    clientKey: input.clientKey,
    requestHash: from.hash,
    status: verdict.needsApproval ? ('pending_approval' as const) : ('approved' as const),
    policyVersion: policy.version,
    needsApproval: verdict.needsApproval,
    policyReason: verdict.reason,
    approvalHash: hashNow(asked, locked),
    requestedBy: actor.userId,
    requestedAt: now,
    expiresAt: expiryFrom(policy.rules, now),
  }
}
