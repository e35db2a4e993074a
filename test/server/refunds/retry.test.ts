import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { RETRY_AFTER_MS } from '../../../server/domain/refund-retry.ts'
import { retryRefund } from '../../../server/services/refunds/retry-refund.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundViolations } from '../../support/refund-invariants.ts'

const PATIENT = { timeout: 90_000 }

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterEach(() => world.clearFaults())
afterAll(() => world.close())

/** A refund of ₹25.00 that the gateway failed. */
async function failed() {
  await world.control('/settings', { refundOutcome: 'failure' })
  const order = await world.chargedOrder()
  const { refund } = await world.ask(order, 2_500n)
  const refundId = refund?.refundId ?? ''
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  await world.drainUntilSettled(order.orderId)
  await world.control('/settings', { refundOutcome: 'success' })
  expect((await world.deps.store.refunds.work(refundId))?.status).toBe('failed')
  return { ...order, refundId, key: refund?.uniqueRequestId ?? '' }
}

const retry = (refundId: string, clientKey: string = randomUUID(), actor = world.finance) =>
  retryRefund(world.deps, actor, { refundId, clientKey, note: null })
const wait = () => world.advance(RETRY_AFTER_MS + 1_000)
const kinds = async (orderId: string) =>
  (await world.deps.store.discrepancies.byOrder(world.account.id, orderId)).map(({ kind }) => kind)

describe('a failed refund', () => {
  test(
    'is tried again a quarter of an hour later: a new request, a new key, paid once',
    PATIENT,
    async () => {
      const made = await failed()
      await expect(retry(made.refundId)).rejects.toMatchObject({ code: 'retry_not_allowed' })
      await wait()
      const { request, refund } = await retry(made.refundId)
      expect(request.requestId).not.toBeNull()
      expect(refund?.uniqueRequestId).not.toBe(made.key)
      await world.drainUntilSettled(made.orderId)
      const keys = world.accepted(made.orderRef).map((line) => line.uniqueRequestId)
      expect(keys).toEqual([made.key, refund?.uniqueRequestId])
      expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n, excess: 0n })
      const first = await world.deps.store.refunds.get(world.account.id, made.refundId)
      expect(first).toMatchObject({ retriedBy: request.requestId })
      const second = await world.deps.store.refunds.get(world.account.id, refund?.refundId ?? '')
      expect(second).toMatchObject({ retryOf: made.refundId, refundStatus: 'succeeded' })
      expect(await refundViolations(world, [made.orderRef])).toEqual([])
    },
  )

  test(
    'is tried again once, however many ask at the same moment, and a double click is one request',
    PATIENT,
    async () => {
      const made = await failed()
      await wait()
      const key = randomUUID()
      const asked = await Promise.allSettled([
        retry(made.refundId, key),
        retry(made.refundId, key),
        retry(made.refundId),
        retry(made.refundId, randomUUID(), world.support),
      ])
      const ids = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.request.requestId] : []))
      expect(new Set(ids).size).toBe(1)
      expect((await world.balance(made.orderId)).reserved).toBe(2_500n)
      await expect(retry(made.refundId)).rejects.toMatchObject({ code: 'retry_not_allowed' })
    },
  )

  test('needs its own approval, also when the first was approved', PATIENT, async () => {
    const made = await failed()
    await wait()
    const { request, refund, needsApproval } = await retry(made.refundId, randomUUID(), world.support)
    expect([needsApproval, refund]).toEqual([true, null])
    await world.drain()
    expect(world.accepted(made.orderRef)).toHaveLength(1)
    await world.decide(request.id, 'approve')
    await world.drainUntilSettled(made.orderId)
    expect(world.accepted(made.orderRef)).toHaveLength(2)
  })

  test('is not tried again while Juspay cannot be asked', PATIENT, async () => {
    const made = await failed()
    await wait()
    await world.fault({ kind: 'status', route: 'order_status', status: 503 })
    await expect(retry(made.refundId)).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect((await world.balance(made.orderId)).reserved).toBe(0n)
  })

  test('that succeeded meanwhile is found when Juspay is asked, and not tried again', PATIENT, async () => {
    const made = await failed()
    await wait()
    await world.deps.database.pool.query(
      `update refund set changed_at = changed_at - interval '1 day' where id = $1`,
      [made.refundId],
    )
    await world.fault({ kind: 'webhook_drop', count: 5 })
    await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'SUCCESS' })
    await expect(retry(made.refundId)).rejects.toMatchObject({ code: 'retry_not_allowed' })
    expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n })
    expect(world.accepted(made.orderRef)).toHaveLength(1)
  })
})

describe('C18: the first try is paid after all', () => {
  test('while its retry waits for approval: alarm, and approving is refused', PATIENT, async () => {
    const made = await failed()
    await wait()
    const { request } = await retry(made.refundId, randomUUID(), world.support)
    await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'SUCCESS' })
    await world.advance(1_000)
    expect(await kinds(made.orderId)).toContain('refund_late_success')
    await expect(world.decide(request.id, 'approve')).rejects.toMatchObject({ code: 'retry_not_allowed' })
    await world.decide(request.id, 'reject')
    expect(world.accepted(made.orderRef)).toHaveLength(1)
    expect(await world.balance(made.orderId)).toMatchObject({ reserved: 0n, refunded: 2_500n })
  })

  test('while its retry is about to be sent: it is not sent', PATIENT, async () => {
    const made = await failed()
    await wait()
    const { refund } = await retry(made.refundId)
    await world.control(`/orders/${made.orderRef}/refunds/${made.key}`, { status: 'SUCCESS' })
    await world.advance(1_000)
    expect(await sendRefund(world.deps, refund?.refundId ?? '')).toBe('returned')
    await world.advance(86_400_000)
    await world.drain()
    expect(world.accepted(made.orderRef)).toHaveLength(1)
    expect(await kinds(made.orderId)).toContain('refund_late_success')
  })
})

describe('a try that was given up and turns up later', () => {
  test('can be written down although another try was made, and stops that', PATIENT, async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 2_500n, { actor: world.support })
    await world.decide(request.id, 'approve')
    const [first] = await world.refunds(order.orderId)
    const key = first?.uniqueRequestId ?? ''
    await world.fault({ kind: 'timeout', route: 'refund' })
    await sendRefund(world.deps, first?.id ?? '')
    // Long enough that its approval lapses: it is given up and a second person decides again.
    await world.advance(8 * 86_400_000)
    await world.drain()
    expect((await world.deps.store.refunds.work(first?.id ?? ''))?.status).toBe('rejected')
    await world.clearFaults()
    await world.decide(request.id, 'approve')
    // The call that timed out reaches Juspay only now.
    const call = {
      orderRef: order.orderRef,
      uniqueRequestId: key,
      amountMinor: 2_500n,
      currency: 'INR',
      routingId: 'x',
    }
    expect((await world.client.refund(call)).ok).toBe(true)
    await world.advance(60_000)
    await world.drain()
    await world.drain()
    expect((await world.deps.store.refunds.work(first?.id ?? ''))?.status).not.toBe('rejected')
    expect(await kinds(order.orderId)).toContain('refund_late_success')
    await world.advance(86_400_000)
    await world.drain()
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })
})

test('every call is kept with its answer, for those who may see it', async () => {
  const order = await world.chargedOrder()
  const { refund } = await world.ask(order, 2_500n)
  const refundId = refund?.refundId ?? ''
  await world.fault({ kind: 'status', route: 'refund', status: 500, count: 1 })
  await sendRefund(world.deps, refundId)
  await world.drainUntilSettled(order.orderId)
  const calls = await world.deps.store.refundCalls.ofRefund(world.account.id, refundId)
  expect(calls.map(({ callNo, outcome, httpStatus }) => [callNo, outcome, httpStatus])).toEqual([
    [2, 'accepted', 200],
    [1, 'uncertain', 500],
  ])
  const body = await world.deps.store.refundCalls.bodyOf(world.account.id, calls[0]?.id ?? '')
  expect(body?.toString()).toContain(refund?.uniqueRequestId ?? 'nothing')
  expect(await world.deps.store.refundCalls.bodyOf(randomUUID(), calls[0]?.id ?? '')).toBeNull()
})
