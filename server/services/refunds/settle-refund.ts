import { assert } from '../../domain/assert.ts'
import { FIRST_LOOK_MS, nextLookAt, readFailure, SAME_AMOUNT_GAP_MS } from '../../domain/refund-answer.ts'
import type { RefundResult } from '../../juspay/client.ts'
import { describeError } from '../../domain/provider-error.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef, Deps } from '../deps.ts'
import { applyProviderOrder } from '../orders/apply-order.ts'
import { jobActor, noteChange, rebalance } from './refund-facts.ts'

/** Sends after which a refusal by the spacing rule is no longer taken for a coincidence. */
const SPACED_SENDS = 2

/** What is left to do after an answer was written down. */
export type Settled = { next: 'done' } | { next: 'look'; ifAbsent: 'resend' | 'reject'; why: string }

/**
 * Tx D: writes down what Juspay answered, under the order's lock. Evidence that Juspay has the refund is accepted from
 * any worker; everything else only from the one whose claim is current (C14).
 */
export async function settleRefund(
  deps: Deps,
  claim: { work: RefundWork; from: 'ready' | 'unknown' },
  result: RefundResult,
): Promise<Settled> {
  if (result.ok) return accept(deps, claim, result)
  const { work, from } = claim
  const verdict = readFailure(result.error)
  const why = describeError(result.error)
  const facts = { orderId: work.orderId, refundId: work.id, error: result.error.kind, call: work.sendCount }
  if (verdict.do !== 'look' && verdict.alarm) deps.log.error(facts, `refund call: ${why}`)
  else deps.log.warn(facts, `refund call: ${why}`)
  const now = deps.clock.now()
  const backOff = nextLookAt({ ...work, checkCount: work.sendCount - 1, now, unknown: true })
  const waitMs = verdict.do === 'look' ? SAME_AMOUNT_GAP_MS : verdict.waitMs
  // The spacing rule refuses once or twice and is then over; anything that goes on is met with growing patience.
  const patient = verdict.do !== 'look' || work.sendCount > SPACED_SENDS
  const calm = Math.max(now.getTime() + waitMs, patient ? (backOff?.getTime() ?? 0) : 0)
  const status = verdict.do === 'put_back' ? from : 'unknown'
  await deps.store.transaction(async (tx) => {
    await noteCall(deps, tx, work, result)
    const doubted = verdict.do === 'doubt'
    await endClaim(deps, tx, { work, status, nextActionAt: new Date(calm), doubted, why, now })
  })
  return verdict.do === 'look' ? { next: 'look', ifAbsent: verdict.ifAbsent, why } : { next: 'done' }
}

async function accept(
  deps: Deps,
  { work }: { work: RefundWork },
  result: Extract<RefundResult, { ok: true }>,
): Promise<Settled> {
  const account = await accountOf(deps, work.accountId)
  const now = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    const before = await tx.refunds.lockForAnswer(work.id)
    await noteCall(deps, tx, work, result)
    const applied = await applyProviderOrder(tx, {
      account,
      order: result.order,
      source: { kind: 'refund_answer', id: work.id, occurredAt: result.order.statedAt },
      now,
    })
    const after = await tx.refunds.work(work.id)
    assert(before !== null && after !== null, 'a refund in flight exists')
    if (after.providerStatus === null) {
      // Another merchant's order, or none that can be used: not trustworthy, so not an answer (§2.3).
      deps.log.error(
        { refundId: work.id, outcome: applied.outcome },
        'the answer to a refund could not be applied',
      )
      const nextActionAt = new Date(now.getTime() + FIRST_LOOK_MS)
      const why = `The answer could not be used (${applied.outcome}).`
      await endClaim(deps, tx, { work, status: 'unknown', nextActionAt, doubted: true, why, now })
      return
    }
    if (after.nextActionAt !== null)
      await tx.refunds.reschedule(work.id, new Date(now.getTime() + FIRST_LOOK_MS), false)
    // A webhook may have been faster (C15): then there is nothing left to write.
    if (before.status === after.status) return
    await tx.audit.append({
      actor: jobActor(deps, 'refund-sender', work.accountId),
      action: 'refund.accept',
      subjectKind: 'refund',
      subjectId: work.id,
      outcome: 'done',
      before: { status: before.status },
      after: { status: after.status, providerStatus: after.providerStatus },
    })
  })
  deps.wake('live')
  return { next: 'done' }
}

/** Keeps what came back, for whoever asks later what exactly happened. */
async function noteCall(deps: Deps, tx: StoreTx, work: RefundWork, result: RefundResult): Promise<void> {
  await tx.refundCalls.append({
    id: deps.ids.uuid(),
    accountId: work.accountId,
    refundId: work.id,
    callNo: work.sendCount,
    sentAt: work.lastSentAt ?? deps.clock.now(),
    tookMs: result.tookMs,
    outcome: result.ok ? 'accepted' : result.error.kind,
    words: result.ok ? null : describeError(result.error),
    httpStatus: result.httpStatus,
    providerRequestId: result.requestId,
    body: result.raw,
  })
}

/**
 * Ends a claim without evidence. Nothing is written when the claim is no longer ours.
 * @param end.doubted whether the call may have arrived, or may still
 */
export async function endClaim(
  deps: Deps,
  tx: StoreTx,
  end: {
    work: RefundWork
    status: 'ready' | 'unknown'
    nextActionAt: Date
    doubted: boolean
    why: string
    now: Date
  },
): Promise<boolean> {
  const { work, status, nextActionAt, doubted, why, now } = end
  const { id, accountId, orderId, fence, uniqueRequestId } = work
  await tx.refunds.lockForAnswer(id)
  if ((await tx.refunds.endClaim({ id, fence, status, nextActionAt, doubted, now })) !== 1) return false
  const subject = { kind: 'refund', id, name: uniqueRequestId } as const
  await noteChange(tx, {
    accountId,
    orderId,
    source: 'system',
    subject,
    before: 'sending',
    after: status,
    now,
  })
  await tx.audit.append({
    actor: jobActor(deps, 'refund-sender', accountId),
    action: status === 'ready' ? 'refund.put_back' : 'refund.doubt',
    subjectKind: 'refund',
    subjectId: id,
    outcome: 'done',
    reason: why,
    before: { status: 'sending' },
    after: { status, nextActionAt },
  })
  return true
}

/**
 * Closes a refund that Juspay refused and, asked since, does not have; its amount can be asked for again.
 * @returns false when Juspay turned out to have it, or another worker is at it.
 */
export async function rejectRefund(deps: Deps, work: RefundWork, why: string): Promise<boolean> {
  const { id, accountId, orderId, fence, uniqueRequestId } = work
  const rejected = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const current = await tx.refunds.lockForAnswer(id)
    if (current === null || current.status !== 'unknown' || current.providerStatus !== null) return false
    if ((await tx.refunds.reject({ id, fence, code: 'refused', message: why, now })) !== 1) return false
    await rebalance(tx, accountId, orderId, now)
    const subject = { kind: 'refund', id, name: uniqueRequestId } as const
    const told = { accountId, orderId, source: 'system', subject, now } as const
    await noteChange(tx, { ...told, before: 'unknown', after: 'rejected' })
    await tx.audit.append({
      actor: jobActor(deps, 'refund-sender', accountId),
      action: 'refund.reject',
      subjectKind: 'refund',
      subjectId: id,
      outcome: 'done',
      reason: why,
      before: { status: 'unknown' },
      after: { status: 'rejected' },
    })
    return true
  })
  if (rejected) deps.wake('live')
  return rejected
}

async function accountOf(deps: Deps, accountId: string): Promise<AccountRef> {
  const account = await deps.store.accounts.byId(accountId)
  assert(account !== null, 'the account of a refund exists')
  return account
}
