import { isSettledRefund } from '../../domain/refund.ts'
import { readLook } from '../../domain/refund-answer.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { Deps } from '../deps.ts'
import { lookForRefund } from './look-for-refund.ts'
import { lookLater, sendLooked, type SendOutcome } from './send-refund.ts'
import { endClaim } from './settle-refund.ts'

/** What one look at an open refund came to. */
export type PollOutcome = 'settled' | 'open' | 'unanswered' | 'not_due' | SendOutcome

/**
 * The janitor's look at one refund that is on its way (§2.1.7). A call whose lease has run out becomes `unknown`; an
 * unknown refund that Juspay does not have is sent again with the same key, and never fails for not being there (C11).
 */
export async function pollRefund(deps: Deps, refundId: string): Promise<PollOutcome> {
  const work = await takeUp(deps, refundId)
  if (work === null) return 'not_due'
  const { look, at } = await lookForRefund(deps, work)
  if (look === 'unanswered') {
    await lookLater(deps, work)
    return 'unanswered'
  }
  const after = (await deps.store.refunds.work(refundId)) ?? work
  if (isSettledRefund(after.status)) return 'settled'
  if (look === 'present' || after.status !== 'unknown' || after.origin !== 'paydesk') {
    await lookLater(deps, after)
    return 'open'
  }
  const now = deps.clock.now()
  const step = readLook({ ...after, look, ifAbsent: 'resend', now })
  if (step.do === 'resend' && step.notBefore.getTime() > now.getTime()) {
    await deps.store.refunds.reschedule(refundId, step.notBefore, false)
    return 'spaced'
  }
  return sendLooked(deps, refundId, at)
}

/** The refund to look at; one whose worker is presumed dead is put in doubt first. */
async function takeUp(deps: Deps, refundId: string): Promise<RefundWork | null> {
  const work = await deps.store.refunds.work(refundId)
  if (work === null || isSettledRefund(work.status) || work.status === 'ready') return null
  if (work.status !== 'sending') return work
  const now = deps.clock.now()
  if (work.leaseUntil !== null && work.leaseUntil.getTime() > now.getTime()) return null
  const why = 'No answer was written down before the lease ran out.'
  const doubted = await deps.store.transaction((tx) =>
    endClaim(deps, tx, { work, status: 'unknown', nextActionAt: now, doubted: true, why, now }),
  )
  deps.wake('live')
  return doubted ? deps.store.refunds.work(refundId) : null
}
