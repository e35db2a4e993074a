import { roleCan } from '../../domain/permission.ts'
import {
  FIRST_LOOK_MS,
  FRESH_MS,
  LEASE_MS,
  mayArrive,
  nextLookAt,
  SAME_AMOUNT_GAP_MS,
} from '../../domain/refund-answer.ts'
import { overdrawnProblem } from '../../domain/refund-block.ts'
import { attemptOverdrawn } from '../../domain/charged-attempt.ts'
import { destinationOf } from '../../domain/refund-destination.ts'
import { expiryFrom } from '../../domain/approval-policy.ts'
import type { LockedAggregate } from '../../store/order-locks.ts'
import type { RefundRequestRecord } from '../../store/refund-requests.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { jobActor, noteChange, rebalance, stillAgreed } from './refund-facts.ts'
import { attemptsOf } from './order-attempts.ts'
import { limitedUntil } from './refund-limits.ts'
import type { HeldWhy } from '../../domain/refund-held.ts'
import { stopHolding, STOPPED_LOOK_MS } from '../../domain/refund-stop.ts'

export type Claim =
  /** Committed: the call may be made. `from` is what the refund goes back to when the call was not processed. */
  { ok: true; work: RefundWork; from: 'ready' | 'unknown' } | { ok: false; why: NotClaimed }

/** `stopped` and `over_limit` are held back, not refused: the approval stays and the sender comes again. */
type NotClaimed =
  'busy' | 'not_due' | 'stale' | 'spaced' | 'held' | 'unconfirmed' | 'returned' | 'stopped' | 'over_limit'

/**
 * Tx C: claims a refund for exactly one call, after checking that what was agreed still holds. Nothing may be sent
 * before this has committed (I6). All times are of the injected clock: `now` is passed to every comparison.
 * @param lookedAt when Juspay was asked about the order; the claim is refused when that is not fresh (C17)
 */
export async function claimRefund(deps: Deps, refundId: string, lookedAt: Date): Promise<Claim> {
  return deps.store.transaction(async (tx): Promise<Claim> => {
    const now = deps.clock.now()
    const work = await tx.refunds.lockForWork(refundId)
    if (work === null) return { ok: false, why: 'busy' }
    const { status, providerStatus, refundRequestId, accountId, orderId } = work
    if ((status !== 'ready' && status !== 'unknown') || providerStatus !== null || refundRequestId === null)
      return { ok: false, why: 'not_due' }
    if (now.getTime() - lookedAt.getTime() > FRESH_MS) {
      await tx.refunds.reschedule(work.id, new Date(now.getTime() + FIRST_LOOK_MS), false)
      return { ok: false, why: 'stale' }
    }
    const free = await freeAt(tx, work, now)
    if (free.getTime() > now.getTime()) {
      await tx.refunds.reschedule(work.id, free, false, 'spacing')
      return { ok: false, why: 'spaced' }
    }
    const locked = await tx.orders.lockAggregate(accountId, orderId)
    const request = await tx.refundRequests.byId(accountId, refundRequestId)
    if (locked === null || request === null) return { ok: false, why: 'not_due' }
    // Money may stay unconfirmed for ever (a success that Juspay takes back); no approval outlives its time for it.
    const lapsed = request.expiresAt.getTime() <= now.getTime()
    if (locked.unconfirmedSince !== null && !lapsed) {
      // Juspay was asked just now and does not say the same (W16): the money may not be there to give back.
      await later(tx, work, now, 'unconfirmed')
      return { ok: false, why: 'unconfirmed' }
    }
    if (await stoppedNow(tx, accountId, gatewayOf(locked, request), now)) {
      await holdBack(tx, work, now)
      return { ok: false, why: 'stopped' }
    }
    const problem = (await whatChanged(tx, request, locked, now)) ?? (await paidAfterAll(tx, work))
    if (problem !== null) return unsent(deps, tx, { work, request, problem, now })
    const until = work.sendCount === 0 ? await overLimitUntil(tx, work, request, now) : null
    if (until !== null) {
      await tx.refunds.reschedule(work.id, until, false, 'day_limit')
      return { ok: false, why: 'over_limit' }
    }
    return take(deps, tx, work, status, now)
  })
}

/** The gateway that a refund goes through; null when it is not known. */
function gatewayOf({ order, transactions }: LockedAggregate, { txnRef }: RefundRequestRecord): string | null {
  return destinationOf(order, transactions, txnRef)?.gateway ?? null
}

async function take(
  deps: Deps,
  tx: StoreTx,
  work: RefundWork,
  from: 'ready' | 'unknown',
  now: Date,
): Promise<Claim> {
  const { id, accountId, orderId, uniqueRequestId, amountMinor, currency } = work
  const taken = await tx.refunds.claim(work, now, new Date(now.getTime() + LEASE_MS))
  if (taken !== 1) return { ok: false, why: 'not_due' }
  const subject = { kind: 'refund', id, name: uniqueRequestId } as const
  await noteChange(tx, { accountId, orderId, source: 'system', subject, before: from, after: 'sending', now })
  await tx.audit.append({
    actor: jobActor(deps, 'refund-sender', accountId),
    action: 'refund.send',
    subjectKind: 'refund',
    subjectId: id,
    outcome: 'done',
    before: { status: from },
    after: { status: 'sending', uniqueRequestId, amountMinor, currency, call: work.sendCount + 1 },
  })
  const claimed = (await tx.refunds.work(id)) ?? work
  return { ok: true, work: claimed, from }
}

/** One call in flight per order, and Juspay's 5 s rule between equal amounts on one order (§2.1.9). */
async function freeAt(tx: StoreTx, work: RefundWork, now: Date): Promise<Date> {
  const { leaseUntil, sameAmountAt } = await tx.refunds.busyWith(work)
  const times = [now.getTime()]
  // A lease that has run out is the janitor's: until it has looked, the other call may still be in flight.
  if (leaseUntil !== null) times.push(Math.max(leaseUntil.getTime(), now.getTime() + FIRST_LOOK_MS))
  if (sameAmountAt !== null) times.push(sameAmountAt.getTime() + SAME_AMOUNT_GAP_MS)
  return new Date(Math.max(...times))
}

/** Why the agreement behind a refund no longer holds, in words; null when it does (I8, C16, C20, C21). */
async function whatChanged(
  tx: StoreTx,
  request: RefundRequestRecord,
  locked: LockedAggregate,
  now: Date,
): Promise<string | null> {
  if (request.status !== 'approved') return 'The request is no longer approved.'
  if (request.expiresAt.getTime() <= now.getTime())
    return 'The approval lapsed before the refund could be sent.'
  if (!stillAgreed(request, locked))
    return 'The order or where its money goes back to changed after the approval.'
  const overdrawn =
    overdrawnProblem(locked.order) ?? attemptOverdrawn(attemptsOf(locked), request.txnRef, request.currency)
  if (overdrawn !== null) return overdrawn
  const requester = await tx.staff.member(request.merchantAccountId, request.requestedBy)
  if (requester === null || requester.disabled || !roleCan(requester.role, 'refund:request'))
    return 'The person who asked can no longer request refunds.'
  if (request.decidedBy === null) return null
  const approver = await tx.staff.member(request.merchantAccountId, request.decidedBy)
  if (approver === null || approver.disabled || !roleCan(approver.role, 'refund:approve'))
    return 'The approver can no longer approve refunds.'
  return null
}

/** A try that was given up or failed is there after all: sending another would pay twice (C18). */
async function paidAfterAll(tx: StoreTx, { id, refundRequestId }: RefundWork): Promise<string | null> {
  const key = refundRequestId === null ? null : await tx.refunds.paidAfterAll(refundRequestId, id)
  return key === null ? null : `The earlier try ${key} was paid, or may be, after all.`
}

/**
 * The agreement is gone. A refund that never left is closed and its request waits for a new decision, which makes a
 * new attempt. One that may have left is only given up once nothing can be in flight and Juspay has just said that it
 * has no such refund (§2.1.10); until then it is looked at again and not sent.
 */
async function unsent(
  deps: Deps,
  tx: StoreTx,
  {
    work,
    request,
    problem,
    now,
  }: { work: RefundWork; request: RefundRequestRecord; problem: string; now: Date },
): Promise<Claim> {
  const { accountId, orderId, uniqueRequestId } = work
  if (work.status === 'unknown' && mayArrive(work.lastSentAt, now)) {
    await later(tx, work, now, 'agreement_gone')
    return { ok: false, why: 'held' }
  }
  const { rules } = await tx.refundPolicies.current(accountId)
  await tx.refunds.reject({ id: work.id, fence: work.fence, code: 'not_sent', message: problem, now })
  await tx.refundRequests.returnToApproval({
    accountId,
    id: request.id,
    why: `${problem} A second person has to decide again.`,
    expiresAt: expiryFrom(rules, now),
  })
  await rebalance(tx, accountId, orderId, now)
  const told = { accountId, orderId, source: 'system', now } as const
  const refund = { kind: 'refund', id: work.id, name: uniqueRequestId } as const
  await noteChange(tx, { ...told, subject: refund, before: work.status, after: 'rejected' })
  const asked = { kind: 'refund_request', id: request.id, name: request.id } as const
  await noteChange(tx, { ...told, subject: asked, before: request.status, after: 'pending_approval' })
  await tx.audit.append({
    actor: jobActor(deps, 'refund-sender', accountId),
    action: 'refund_request.return',
    subjectKind: 'refund_request',
    subjectId: request.id,
    outcome: 'done',
    reason: problem,
    before: { status: request.status, refundId: work.id, refundStatus: work.status },
    after: { status: 'pending_approval', refundStatus: 'rejected' },
  })
  deps.log.warn({ orderId, refundId: work.id, problem }, 'refund not sent: its approval no longer holds')
  return { ok: false, why: 'returned' }
}

/** When the day's limits leave room for the first sending of this refund; null when they do now (I10). */
async function overLimitUntil(
  tx: StoreTx,
  { accountId, amountMinor, currency }: RefundWork,
  request: RefundRequestRecord,
  now: Date,
): Promise<Date | null> {
  const member = await tx.staff.member(accountId, request.requestedBy)
  if (member === null) return null
  const { rules } = await tx.refundPolicies.current(accountId)
  const person = { accountId, userId: member.id, role: member.role }
  return limitedUntil(tx, rules, { person, amountMinor, currency, now })
}

/** Whether a stop holds this refund back. Its lock is shared until the claim commits: none is set in between. */
async function stoppedNow(
  tx: StoreTx,
  accountId: string,
  gateway: string | null,
  now: Date,
): Promise<boolean> {
  await tx.refundStops.shareLock(accountId)
  return stopHolding(await tx.refundStops.inForce(accountId, now), gateway) !== null
}

/** Held back is not refused: the approval stays, and one that may have left goes on being looked for. */
async function holdBack(tx: StoreTx, work: RefundWork, now: Date): Promise<void> {
  if (work.status === 'unknown') return later(tx, work, now)
  await tx.refunds.reschedule(work.id, new Date(now.getTime() + STOPPED_LOOK_MS), false)
}

/** The next step up the ladder. */
async function later(
  tx: StoreTx,
  work: RefundWork,
  now: Date,
  heldWhy: HeldWhy | null = null,
): Promise<void> {
  const at = nextLookAt({ ...work, now, unknown: true })
  await tx.refunds.reschedule(work.id, at, true, heldWhy)
}
