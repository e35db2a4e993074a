/** Orders paid with two instruments: Juspay makes two refunds of ours, K and K-1 (API samples 040, 098). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { proposeReview } from '../../../server/services/refunds/resolve-review.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

const PATIENT = { timeout: 90_000 }

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterAll(() => world.close())

/** A refund of ₹70.00 on an order of ₹100.00 that was paid ₹40.00 with one instrument and ₹60.00 with another. */
async function sent(outcome: 'success' | 'failure' | 'stuck') {
  await world.control('/settings', { refundOutcome: outcome })
  const order = await world.chargedOrder('100.00', 'split_tender')
  const { refund } = await world.ask(order, 7_000n)
  const refundId = refund?.refundId ?? ''
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.control('/settings', { refundOutcome: 'success' })
  return { ...order, refundId, key: refund?.uniqueRequestId ?? '' }
}

const factsOf = async (refundId: string) => world.deps.store.refunds.get(world.account.id, refundId)
const end = async (made: { orderRef: string }, key: string, status: 'SUCCESS' | 'FAILURE') => {
  await world.control(`/orders/${made.orderRef}/refunds/${key}`, { status })
  await world.advance(1_000)
}
const kinds = async (orderId: string) =>
  (await world.deps.store.discrepancies.byOrder(world.account.id, orderId)).map(({ kind }) => kind)

describe('an order paid with two instruments', () => {
  test('was charged once, however Juspay words it, and is no double charge', PATIENT, async () => {
    const order = await world.chargedOrder('100.00', 'split_tender')
    expect(await world.balance(order.orderId)).toMatchObject({ charged: 10_000n })
    expect(await kinds(order.orderId)).toEqual([])
    await expect(world.ask(order, 10_001n)).rejects.toMatchObject({ code: 'amount_exceeds_left' })
  })

  test(
    'is refunded when all parts are paid: one refund of ours, with the references of both',
    PATIENT,
    async () => {
      const made = await sent('success')
      expect(
        world
          .accepted(made.orderRef)
          .map(({ uniqueRequestId, amountMinor }) => [uniqueRequestId, amountMinor]),
      ).toEqual([
        [made.key, '4000'],
        [`${made.key}-1`, '3000'],
      ])
      await world.drainUntilSettled(made.orderId)
      expect(await world.refunds(made.orderId)).toHaveLength(1)
      const facts = await factsOf(made.refundId)
      expect(facts).toMatchObject({ refundStatus: 'succeeded' })
      expect(facts?.ref?.split(', ')).toHaveLength(2)
      expect(await world.balance(made.orderId)).toMatchObject({
        reserved: 0n,
        refunded: 7_000n,
        external: 0n,
        excess: 0n,
      })
      expect(await kinds(made.orderId)).toEqual([])
    },
  )

  test('is not refunded while one part is still on its way', PATIENT, async () => {
    const made = await sent('stuck')
    await end(made, made.key, 'SUCCESS')
    expect(await factsOf(made.refundId)).toMatchObject({ refundStatus: 'pending' })
    expect(await world.balance(made.orderId)).toMatchObject({ reserved: 7_000n, refunded: 0n })
    await end(made, `${made.key}-1`, 'SUCCESS')
    expect(await factsOf(made.refundId)).toMatchObject({ refundStatus: 'succeeded' })
    expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 7_000n })
  })

  test('failed only when all parts failed', PATIENT, async () => {
    const made = await sent('failure')
    await world.drainUntilSettled(made.orderId)
    expect(await factsOf(made.refundId)).toMatchObject({ refundStatus: 'failed' })
    expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 0n })
  })

  test('needs review when its parts ended differently, and nobody can call it failed', PATIENT, async () => {
    const made = await sent('stuck')
    await end(made, made.key, 'FAILURE')
    await end(made, `${made.key}-1`, 'SUCCESS')
    const facts = await factsOf(made.refundId)
    expect(facts).toMatchObject({
      refundStatus: 'manual_review',
      errorMessage: '₹40.00 FAILURE, ₹30.00 SUCCESS',
    })
    // Nothing of it may be given out again while that is so.
    expect(await world.balance(made.orderId)).toMatchObject({ reserved: 7_000n })
    const proposal = {
      refundId: made.refundId,
      outcome: 'failed',
      reference: null,
      note: 'Support says so, today',
    } as const
    await expect(proposeReview(world.deps, world.finance, proposal)).rejects.toMatchObject({
      code: 'invalid_input',
    })
    await end(made, made.key, 'SUCCESS')
    expect(await factsOf(made.refundId)).toMatchObject({ refundStatus: 'succeeded' })
  })

  test('a lost answer is no second refund: both parts are found under the one key', PATIENT, async () => {
    const order = await world.chargedOrder('100.00', 'split_tender')
    const { refund } = await world.ask(order, 7_000n)
    await world.fault({ kind: 'drop_response', route: 'refund', count: 1 })
    await sendRefund(world.deps, refund?.refundId ?? '')
    await world.drainUntilSettled(order.orderId)
    await world.clearFaults()
    expect(world.accepted(order.orderRef)).toHaveLength(2)
    expect(await world.balance(order.orderId)).toMatchObject({ refunded: 7_000n, external: 0n, excess: 0n })
  })
})
