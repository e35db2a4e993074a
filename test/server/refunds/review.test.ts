import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decideReview, proposeReview } from '../../../server/services/refunds/resolve-review.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundViolations } from '../../support/refund-invariants.ts'

const DAY_MS = 86_400_000
const PATIENT = { timeout: 90_000 }

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterAll(() => world.close())

/** A refund of ₹25.00 of which Juspay cannot tell what the gateway did. */
async function inReview() {
  await world.control('/settings', { refundOutcome: 'stuck' })
  const order = await world.chargedOrder()
  const { refund } = await world.ask(order, 2_500n)
  const refundId = refund?.refundId ?? ''
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.advance(10 * DAY_MS + 60_000)
  await world.control('/settings', { refundOutcome: 'success' })
  expect(await statusOf(refundId)).toBe('manual_review')
  return { ...order, refundId, key: refund?.uniqueRequestId ?? '' }
}

const statusOf = async (refundId: string) => (await world.deps.store.refunds.work(refundId))?.status
const DONE = {
  outcome: 'succeeded',
  reference: '432198765012',
  note: 'Razorpay support, mail of today',
} as const
const FAILED = { outcome: 'failed', reference: null, note: 'Razorpay support, mail of today' } as const

const propose = (refundId: string, what: typeof DONE | typeof FAILED = DONE, actor = world.finance) =>
  proposeReview(world.deps, actor, { refundId, ...what })
const decide = (reviewId: string, decision: 'confirm' | 'decline' = 'confirm', actor = world.approver) =>
  decideReview(world.deps, actor, {
    reviewId,
    decision,
    note: decision === 'decline' ? 'No such mail' : null,
  })
const openKinds = async (orderId: string) =>
  (await world.deps.store.discrepancies.byOrder(world.account.id, orderId))
    .filter(({ status }) => status === 'open')
    .map(({ kind }) => kind)

describe('a refund in review', () => {
  test(
    'is done when two people say so, with the bank’s reference, and nothing is sent',
    PATIENT,
    async () => {
      const made = await inReview()
      const before = world.accepted(made.orderRef)
      const review = await propose(made.refundId)
      expect(await statusOf(made.refundId)).toBe('manual_review')
      expect(await decide(review.id)).toMatchObject({ status: 'confirmed' })
      expect(await statusOf(made.refundId)).toBe('succeeded')
      expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n })
      const [facts] = await world.deps.store.refunds.byOrder(world.account.id, made.orderId)
      expect(facts).toMatchObject({ settledByPeople: true, proof: '432198765012' })
      await world.advance(DAY_MS)
      await world.drain()
      expect(world.accepted(made.orderRef)).toEqual(before)
      expect(await refundViolations(world, [])).toEqual([])
      const { rows } = await world.deps.database.pool.query<{ action: string; actor_id: string }>(
        `select action, actor_id from audit_entry where subject_id = $1 and action like 'refund_review%' order by id`,
        [made.refundId],
      )
      expect(rows).toEqual([
        { action: 'refund_review.propose', actor_id: world.finance.userId },
        { action: 'refund_review.confirm', actor_id: world.approver.userId },
      ])
    },
  )

  test(
    'that failed gives its amount back; a success that Juspay reports later wins and is an alarm',
    PATIENT,
    async () => {
      const made = await inReview()
      await decide((await propose(made.refundId, FAILED)).id)
      expect(await statusOf(made.refundId)).toBe('failed')
      expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 0n })
      await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'SUCCESS' })
      await world.advance(1_000)
      expect(await statusOf(made.refundId)).toBe('succeeded')
      expect(await world.balance(made.orderId)).toMatchObject({ refunded: 2_500n })
      expect(await openKinds(made.orderId)).toContain('refund_late_success')
    },
  )

  test(
    'that was written down as done keeps that when Juspay says failed later, and a work item says so',
    PATIENT,
    async () => {
      const made = await inReview()
      await decide((await propose(made.refundId)).id)
      await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'FAILURE' })
      await world.advance(1_000)
      expect(await statusOf(made.refundId)).toBe('succeeded')
      expect(await openKinds(made.orderId)).toContain('refund_reversed')
    },
  )

  test('whose end Juspay tells the same is Juspay’s from then on', PATIENT, async () => {
    const made = await inReview()
    await decide((await propose(made.refundId)).id)
    await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'SUCCESS' })
    await world.advance(1_000)
    const [facts] = await world.deps.store.refunds.byOrder(world.account.id, made.orderId)
    expect(facts).toMatchObject({ refundStatus: 'succeeded', settledByPeople: false })
    expect(facts?.ref).not.toBeNull()
    expect(await openKinds(made.orderId)).toEqual([])
  })
})

describe('nobody settles money alone', () => {
  test(
    'the proposer cannot confirm, nor can who may not approve, nor the database be told so',
    PATIENT,
    async () => {
      const { refundId } = await inReview()
      const review = await propose(refundId)
      await expect(decide(review.id, 'confirm', world.finance)).rejects.toMatchObject({ code: 'own_request' })
      await expect(decide(review.id, 'confirm', world.support)).rejects.toMatchObject({
        code: 'permission_denied',
      })
      await expect(propose(refundId, DONE, world.approver)).rejects.toMatchObject({
        code: 'permission_denied',
      })
      await expect(
        world.deps.database.pool.query(
          `update refund_review set status = 'confirmed', decided_by = proposed_by where id = $1`,
          [review.id],
        ),
      ).rejects.toThrow(/four_eyes/)
      expect(await statusOf(refundId)).toBe('manual_review')
    },
  )

  test(
    'one proposal waits at a time; declined, another can be made; decided twice is refused',
    PATIENT,
    async () => {
      const { refundId } = await inReview()
      const [first, second] = await Promise.allSettled([propose(refundId), propose(refundId, FAILED)])
      const made = [first, second].flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(made).toHaveLength(1)
      const reviewId = made[0]?.id ?? ''
      await decide(reviewId, 'decline')
      expect(await statusOf(refundId)).toBe('manual_review')
      const again = await propose(refundId)
      const both = await Promise.allSettled([
        decide(again.id, 'confirm', world.approver),
        decide(again.id, 'confirm', world.approver2),
      ])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await expect(decide(reviewId)).rejects.toMatchObject({ code: 'already_decided' })
    },
  )

  test('done needs a reference, and both need words', async () => {
    await expect(propose(randomUUID(), { ...DONE, reference: '1' } as never)).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await expect(propose(randomUUID(), { ...FAILED, note: 'no' } as never)).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await expect(propose(randomUUID())).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a refund of which Juspay has spoken is not settled by people any more', PATIENT, async () => {
    const made = await inReview()
    const review = await propose(made.refundId)
    await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'FAILURE' })
    await world.advance(1_000)
    await expect(decide(review.id)).rejects.toMatchObject({ code: 'already_decided' })
    expect(await statusOf(made.refundId)).toBe('failed')
  })
})
