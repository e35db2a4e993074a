import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { applyProviderOrder } from '../../../server/services/orders/apply-order.ts'
import { claimRefund } from '../../../server/services/refunds/claim-refund.ts'
import { pollRefund } from '../../../server/services/refunds/poll-refund.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { settleRefund } from '../../../server/services/refunds/settle-refund.ts'
import { createStaff } from '../../support/factories.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundSteps } from '../../support/refund-steps.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterEach(async () => {
  await world.clearFaults()
})
afterAll(async () => {
  await world.close()
})

const { ready, statusOf, expectPaidOnce } = refundSteps(() => world)

describe('crashes and races', () => {
  test('killed between the claim and the call: the lease runs out, one refund under the same key', async () => {
    const { order, refundId, key } = await ready()
    const dying = { ...world.client, refund: () => Promise.reject(new Error('killed')) }
    const deps = { ...world.deps, juspay: () => Promise.resolve(dying) }
    await expect(sendRefund(deps, refundId)).rejects.toThrow('killed')
    expect(await statusOf(refundId)).toBe('sending')
    await world.advance(59_999)
    expect(await pollRefund(world.deps, refundId)).toBe('not_due')
    await world.advance(1)
    await world.drain()
    expect((await world.deps.store.refunds.work(refundId))?.sendCount).toBe(2)
    await expectPaidOnce(order, key)
  })

  test('killed between the answer and writing it down: adopted', async () => {
    const { order, refundId, key } = await ready()
    const claim = await claimRefund(world.deps, refundId, world.deps.clock.now())
    if (!claim.ok) throw new Error(claim.why)
    const call = {
      orderRef: order.orderRef,
      uniqueRequestId: key,
      amountMinor: 2_500n,
      currency: 'INR',
      routingId: 'x',
    }
    expect((await world.client.refund(call)).ok).toBe(true)
    await expectPaidOnce(order, key)
    expect((await world.deps.store.refunds.work(refundId))?.sendCount).toBe(1)
  })

  test('a worker that lost its lease cannot put a refund in doubt, but its success counts', async () => {
    const { order, refundId, key } = await ready()
    const stale = await claimRefund(world.deps, refundId, world.deps.clock.now())
    if (!stale.ok) throw new Error(stale.why)
    await world.advance(60_000)
    await world.fault({ kind: 'timeout', route: 'refund', count: 1 })
    await pollRefund(world.deps, refundId) // another worker takes over and is left without an answer
    const taken = await world.deps.store.refunds.work(refundId)
    expect(taken).toMatchObject({ status: 'unknown', fence: stale.work.fence + 1 })
    const nothing = { requestId: null, tookMs: 1, httpStatus: null, raw: null, ok: false } as const
    await settleRefund(world.deps, stale, {
      ...nothing,
      error: { kind: 'unavailable', cause: 'not_sent', code: null, retryAfterMs: null },
    })
    expect(await statusOf(refundId)).toBe('unknown')
    const late = await world.client.refund({
      orderRef: order.orderRef,
      uniqueRequestId: key,
      amountMinor: 2_500n,
      currency: 'INR',
      routingId: 'x',
    })
    expect(late.ok).toBe(true)
    await settleRefund(world.deps, stale, late)
    expect(await statusOf(refundId)).toBe('pending')
    await expectPaidOnce(order, key)
  })

  test('the approver is disabled between approving and sending: back to waiting, and a new approval pays once', async () => {
    const order = await world.chargedOrder()
    const leaving = await createStaff(world.deps.database, world.account, 'approver')
    const { request } = await world.ask(order, 2_500n, { actor: world.support })
    await world.decide(request.id, 'approve', leaving)
    const [first] = await world.refunds(order.orderId)
    await world.deps.store.staff.setDisabled(leaving.userId, true)
    expect(await sendRefund(world.deps, first?.id ?? '')).toBe('returned')
    expect(world.accepted(order.orderRef)).toEqual([])
    expect(await world.deps.store.refunds.get(world.account.id, request.id)).toMatchObject({
      requestStatus: 'pending_approval',
      refundStatus: null,
      decidedBy: null,
    })
    expect((await world.balance(order.orderId)).reserved).toBe(2_500n)
    await world.decide(request.id, 'approve')
    const [, second] = await world.refunds(order.orderId)
    expect(second?.uniqueRequestId).not.toBe(first?.uniqueRequestId)
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toMatchObject([{ uniqueRequestId: second?.uniqueRequestId }])
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n })
  })

  test('in doubt and no longer approved: not sent again, and given up only when nothing can be in flight', async () => {
    const order = await world.chargedOrder()
    const leaving = await createStaff(world.deps.database, world.account, 'approver')
    const { request } = await world.ask(order, 2_500n, { actor: world.support })
    await world.decide(request.id, 'approve', leaving)
    const [refund] = await world.refunds(order.orderId)
    await world.fault({ kind: 'timeout', route: 'refund', count: 1 })
    await sendRefund(world.deps, refund?.id ?? '')
    await world.deps.store.staff.setDisabled(leaving.userId, true)
    await world.advance(60_000)
    expect(await pollRefund(world.deps, refund?.id ?? '')).toBe('held')
    await world.advance(15 * 60_000)
    expect(await pollRefund(world.deps, refund?.id ?? '')).toBe('returned')
    expect(world.accepted(order.orderRef)).toEqual([])
    expect((await world.balance(order.orderId)).reserved).toBe(2_500n)
    // The request speaks again, under its own id and under that of the attempt that was given up.
    const waiting = { requestId: request.id, requestStatus: 'pending_approval', refundStatus: null }
    for (const id of [request.id, refund?.id ?? ''])
      expect(await world.deps.store.refunds.get(world.account.id, id)).toMatchObject(waiting)
    expect(await world.deps.store.refunds.byOrder(world.account.id, order.orderId)).toMatchObject([waiting])
    const ids = [request.id, refund?.id ?? '']
    expect(await world.deps.store.refunds.rowsByIds(world.account.id, ids)).toMatchObject([waiting])
  })

  test('an approval that waited too long to be sent lapses', async () => {
    const { order, refundId, requestId } = await ready()
    await world.advance(48 * 3_600_000)
    expect(await sendRefund(world.deps, refundId)).toBe('returned')
    expect(await world.deps.store.refunds.get(world.account.id, requestId)).toMatchObject({
      requestStatus: 'pending_approval',
    })
    expect(world.accepted(order.orderRef)).toEqual([])
  })

  test('a status that is no longer fresh does not allow a claim', async () => {
    const { refundId } = await ready()
    const lookedAt = new Date(world.deps.clock.now().getTime() - 5_001)
    expect(await claimRefund(world.deps, refundId, lookedAt)).toEqual({ ok: false, why: 'stale' })
    expect(await statusOf(refundId)).toBe('ready')
  })

  test('a success reported after a failure is kept, and is a work item', async () => {
    await world.control('/settings', { refundOutcome: 'failure' })
    const { order, refundId, key } = await ready()
    await sendRefund(world.deps, refundId)
    await world.drainUntilSettled(order.orderId)
    await world.control('/settings', { refundOutcome: 'success' })
    const answer = await world.client.getOrder(order.orderRef, { routingId: 'x' })
    if (!answer.ok) throw new Error('no answer')
    const refunds = answer.order.refunds.map((refund) => ({
      ...refund,
      providerStatus: 'SUCCESS',
      ref: 'late',
    }))
    await world.deps.store.transaction((tx) =>
      applyProviderOrder(tx, {
        account: world.account,
        order: { ...answer.order, refunds },
        source: { kind: 'status_check', id: null, occurredAt: null },
        now: world.deps.clock.now(),
      }),
    )
    expect(await statusOf(refundId)).toBe('succeeded')
    const { rows } = await world.deps.database.pool.query(
      `select kind, detail from discrepancy where order_id = $1`,
      [order.orderId],
    )
    expect(rows).toEqual([
      { kind: 'refund_late_success', detail: `Refund ${key} was reported failed and then succeeded.` },
    ])
  })
})
