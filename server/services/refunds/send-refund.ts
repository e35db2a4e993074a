import { nextLookAt, readLook, type Look } from '../../domain/refund-answer.ts'
import { STOPPED_LOOK_MS } from '../../domain/refund-stop.ts'
import type { RefundWork } from '../../store/refunds.ts'
import type { Deps } from '../deps.ts'
import { claimRefund, type Claim } from './claim-refund.ts'
import { lookForRefund } from './look-for-refund.ts'
import { rejectRefund, settleRefund } from './settle-refund.ts'

/** What became of one attempt to send. `answered` covers every answer; the refund's status says which. */
export type SendOutcome =
  'answered' | 'rejected' | 'adopted' | 'deferred' | 'not_due' | Extract<Claim, { ok: false }>['why']

/**
 * Sends one refund that is ready: asks Juspay about the order, claims (Tx C, committed), calls, settles (Tx D). No
 * network call is made inside a transaction, and every step may be the last one: whoever comes next finds the refund
 * in a state from which it can go on with the same key.
 */
export async function sendRefund(deps: Deps, refundId: string): Promise<SendOutcome> {
  const work = await deps.store.refunds.work(refundId)
  if (work === null || work.status !== 'ready') return 'not_due'
  if (await stopped(deps, work)) return 'stopped'
  const looked = await lookForRefund(deps, work)
  if (looked.look === 'unanswered') {
    await lookLater(deps, work)
    return 'deferred'
  }
  // A key of ours at Juspay before we sent it: the database was restored, or a worker was paused. Adopted by the merge.
  if (looked.look === 'present') return 'adopted'
  return sendLooked(deps, refundId, looked.at)
}

/** Whether a stop of all refunds holds this one back: then Juspay is not even asked. The claim decides (Tx C). */
async function stopped(deps: Deps, work: RefundWork): Promise<boolean> {
  const now = deps.clock.now()
  const stops = await deps.store.refundStops.inForce(work.accountId, now)
  if (!stops.some((stop) => stop.gateway === null)) return false
  await deps.store.refunds.reschedule(work.id, new Date(now.getTime() + STOPPED_LOOK_MS), false)
  return true
}

/** Sends a refund of whose order Juspay was asked at `lookedAt`: the first time, or again with the same key. */
export async function sendLooked(deps: Deps, refundId: string, lookedAt: Date): Promise<SendOutcome> {
  const before = await deps.store.refunds.work(refundId)
  if (before === null) return 'not_due'
  // Before the claim: missing credentials must not look like a call in flight.
  const client = await deps.juspay(before.accountId)
  const claim = await claimRefund(deps, refundId, lookedAt)
  if (!claim.ok) return claim.why
  deps.wake('live')
  const { work } = claim
  const result = await client.refund({
    orderRef: work.orderRef,
    uniqueRequestId: work.uniqueRequestId,
    amountMinor: work.amountMinor,
    currency: work.currency,
    txnRef: work.askedTxnRef,
    routingId: work.customerRef ?? work.orderRef,
  })
  const settled = await settleRefund(deps, claim, result)
  deps.wake('live')
  if (settled.next === 'done') return 'answered'
  const { look } = await lookForRefund(deps, work)
  return follow(deps, work, look, settled)
}

/** After a refusal: order status decides whether the refund exists all the same (§2.3). */
async function follow(
  deps: Deps,
  work: RefundWork,
  look: Look,
  { ifAbsent, why }: { ifAbsent: 'resend' | 'reject'; why: string },
): Promise<SendOutcome> {
  const step = readLook({ ...work, look, ifAbsent, now: deps.clock.now() })
  switch (step.do) {
    case 'adopt':
      return 'adopted'
    case 'reject':
      return (await rejectRefund(deps, work, why)) ? 'rejected' : 'answered'
    case 'resend':
    case 'look_again':
      // The claim's end has put it on the janitor's list, no sooner than Juspay's spacing rule allows.
      return 'answered'
  }
}

/** Moves a refund one step up the ladder of waits. */
export async function lookLater(deps: Deps, work: RefundWork): Promise<void> {
  const now = deps.clock.now()
  const unknown = work.status === 'unknown' || work.status === 'ready'
  const at = nextLookAt({ ...work, now, unknown })
  await deps.store.refunds.reschedule(work.id, at, true)
}
