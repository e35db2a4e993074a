import { Refusal } from '../../domain/refusal.ts'
import type { Look } from '../../domain/refund-answer.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { Deps } from '../deps.ts'
import { askJuspay, type CheckOutcome } from '../orders/check-status.ts'
import { jobActor } from './refund-facts.ts'

const ANSWERS: Readonly<Record<CheckOutcome, boolean>> = {
  changed: true,
  no_change: true,
  // Juspay has no such order, so it has no such refund.
  not_found: true,
  wrong_merchant: false,
  unavailable: false,
  unauthorised: false,
}

/**
 * Asks Juspay about the order of a refund and applies the answer; what it says about our key is then on the refund.
 * `at` is when the question was asked: everything done at Juspay before that is in the answer.
 */
export async function lookForRefund(deps: Deps, work: RefundWork): Promise<{ look: Look; at: Date }> {
  const at = deps.clock.now()
  const outcome = await ask(deps, work)
  if (outcome === null || !ANSWERS[outcome]) return { look: 'unanswered', at }
  const after = await deps.store.refunds.work(work.id)
  return { look: after !== null && after.providerStatus !== null ? 'present' : 'absent', at }
}

async function ask(deps: Deps, work: RefundWork): Promise<CheckOutcome | null> {
  try {
    return (await askJuspay(deps, jobActor(deps, 'refund-janitor', work.accountId), work.orderId, 'refund'))
      .outcome
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
