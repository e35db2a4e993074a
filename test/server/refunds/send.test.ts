import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { JuspayClient } from '../../../server/juspay/client.ts'
import { GIVE_UP_AFTER_MS } from '../../../server/domain/refund-answer.ts'
import { claimRefund } from '../../../server/services/refunds/claim-refund.ts'
import { pollRefund } from '../../../server/services/refunds/poll-refund.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { settleRefund } from '../../../server/services/refunds/settle-refund.ts'
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

describe('a refund on its way', () => {
  test('asked, approved, sent, settled by polling, with its bank reference', async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 2_500n, { actor: world.support })
    await world.decide(request.id, 'approve')
    const [made] = await world.refunds(order.orderId)
    expect(await sendRefund(world.deps, made?.id ?? '')).toBe('answered')
    expect(await world.refunds(order.orderId)).toMatchObject([
      { status: 'pending', providerStatus: 'PENDING', sendCount: 1, leaseUntil: null },
    ])
    await expectPaidOnce(order, made?.uniqueRequestId ?? '')
    const { rows } = await world.deps.database.pool.query<{ action: string }>(
      `select action from audit_entry where subject_id in ($1, $2) order by id`,
      [made?.id, request.id],
    )
    expect(rows.map((row) => row.action)).toEqual([
      'refund_request.create',
      'refund_request.approve',
      'refund.send',
      'refund.accept',
    ])
  })

  test('one call sends the amount that was asked for, never the whole order', async () => {
    const { order, refundId, key } = await ready(1n * 100n)
    await sendRefund(world.deps, refundId)
    expect(world.accepted(order.orderRef)).toEqual([
      { orderId: order.orderRef, uniqueRequestId: key, amountMinor: '100' },
    ])
  })

  test('two workers send one refund once', async () => {
    const { order, refundId, key } = await ready()
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => sendRefund(world.deps, refundId)))
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(1)
    await expectPaidOnce(order, key)
  })

  test('a failure at the gateway gives the amount back and is not sent again', async () => {
    await world.control('/settings', { refundOutcome: 'failure' })
    const { order, refundId } = await ready()
    await sendRefund(world.deps, refundId)
    await world.drainUntilSettled(order.orderId)
    await world.control('/settings', { refundOutcome: 'success' })
    expect(await statusOf(refundId)).toBe('failed')
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, refunded: 0n })
    await world.advance(86_400_000)
    await world.drain()
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })

  test('equal amounts on one order are spaced; other orders do not wait', async () => {
    const order = await world.chargedOrder()
    const first = await world.ask(order, 1_000n)
    const second = await world.ask(order, 1_000n)
    expect(await sendRefund(world.deps, first.refund?.refundId ?? '')).toBe('answered')
    expect(await sendRefund(world.deps, second.refund?.refundId ?? '')).toBe('spaced')
    const waiting = await world.deps.store.refunds.work(second.refund?.refundId ?? '')
    expect((waiting?.nextActionAt?.getTime() ?? 0) - world.deps.clock.now().getTime()).toBe(6_000)
    await world.advance(6_000)
    expect(await sendRefund(world.deps, second.refund?.refundId ?? '')).toBe('answered')
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(2)
    expect((await world.balance(order.orderId)).refunded).toBe(2_000n)
  })

  test('one call in flight per order', async () => {
    const order = await world.chargedOrder()
    const first = await world.ask(order, 1_000n)
    const second = await world.ask(order, 2_000n)
    const claim = await claimRefund(world.deps, first.refund?.refundId ?? '', world.deps.clock.now())
    expect(claim.ok).toBe(true)
    expect(await sendRefund(world.deps, second.refund?.refundId ?? '')).toBe('spaced')
    await expect(
      world.deps.database.pool.query(
        `update refund set status = 'sending', first_sent_at = now() where id = $1`,
        [second.refund?.refundId],
      ),
    ).rejects.toThrow(/refund_in_flight_key/)
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(2)
  })
})

describe('what was agreed to', () => {
  test('learning the gateway after the approval is no change, another gateway is', async () => {
    const pool = world.deps.database.pool
    for (const [known, outcome] of [
      [null, 'answered'],
      ['ELSEWHERE', 'returned'],
    ] as const) {
      const order = await world.chargedOrder()
      await pool.query('update orders set gateway = $2 where id = $1', [order.orderId, known])
      const { refund } = await world.ask(order, 2_500n)
      expect(await sendRefund(world.deps, refund?.refundId ?? '')).toBe(outcome)
    }
  })
})

describe('when the answer does not come', () => {
  // Medusa #16681: a time-out deleted the refund, and the retry paid again under a new key.
  test.each([
    ['the answer is lost, Juspay has it', { kind: 'drop_response', route: 'refund', count: 1 }],
    ['a time-out, Juspay has it', { kind: 'timeout', route: 'refund', count: 1, processed: true }],
    ['a time-out, Juspay never saw it', { kind: 'timeout', route: 'refund', count: 1 }],
    ['the connection is reset', { kind: 'reset', route: 'refund', count: 1 }],
    ['a 500', { kind: 'status', route: 'refund', status: 500, count: 1 }],
    [
      'a 500 although it was processed',
      { kind: 'status', route: 'refund', status: 500, count: 1, processed: true },
    ],
    ['an HTML page', { kind: 'html', route: 'refund', status: 200, count: 1 }],
    ['an empty body', { kind: 'empty', route: 'refund', count: 1 }],
    ['broken JSON', { kind: 'malformed', route: 'refund', count: 1 }],
  ])('%s: unknown, then one refund under the same key', async (_name, fault) => {
    const { order, refundId, key } = await ready()
    await world.fault(fault)
    expect(await sendRefund(world.deps, refundId)).toBe('answered')
    expect(await statusOf(refundId)).toBe('unknown')
    expect((await world.balance(order.orderId)).reserved).toBe(2_500n)
    await expectPaidOnce(order, key)
  })

  test('an unknown refund that Juspay has is adopted without another call', async () => {
    const { order, refundId, key } = await ready()
    await world.fault({ kind: 'drop_response', route: 'refund', count: 1 })
    await sendRefund(world.deps, refundId)
    await world.advance(15_000)
    expect(await pollRefund(world.deps, refundId)).not.toBe('answered')
    expect((await world.deps.store.refunds.work(refundId))?.sendCount).toBe(1)
    await expectPaidOnce(order, key)
  })

  test('while status does not answer either, nothing is sent and nothing is concluded', async () => {
    const { order, refundId, key } = await ready()
    await world.fault({ kind: 'reset', route: '*' })
    expect(await sendRefund(world.deps, refundId)).toBe('deferred')
    expect(await world.deps.store.refunds.work(refundId)).toMatchObject({
      status: 'ready',
      sendCount: 0,
      firstSentAt: null,
    })
    await world.clearFaults()
    await world.fault({ kind: 'reset', route: 'refund', count: 1 })
    await sendRefund(world.deps, refundId)
    await world.fault({ kind: 'reset', route: 'order_status' })
    for (let round = 0; round < 5; round += 1) {
      await world.advance(600_000)
      expect(await pollRefund(world.deps, refundId)).toBe('unanswered')
    }
    expect(await world.deps.store.refunds.work(refundId)).toMatchObject({ status: 'unknown', sendCount: 1 })
    await world.clearFaults()
    await expectPaidOnce(order, key)
  })

  test('our credentials are refused: back to ready, an alarm, nothing lost', async () => {
    const { order, refundId, key } = await ready()
    const body = { status: 'error', error_code: 'access_denied' }
    await world.fault({ kind: 'status', route: 'refund', status: 401, body, count: 1 })
    await sendRefund(world.deps, refundId)
    const work = await world.deps.store.refunds.work(refundId)
    expect(work).toMatchObject({ status: 'ready', leaseUntil: null })
    expect((work?.nextActionAt?.getTime() ?? 0) - world.deps.clock.now().getTime()).toBe(300_000)
    expect(world.deps.logged.some((line) => line.includes('did not accept our credentials'))).toBe(true)
    await expectPaidOnce(order, key)
  })

  test('a refusal of a resend leaves in doubt what was in doubt', async () => {
    const { order, refundId, key } = await ready()
    await world.fault({ kind: 'timeout', route: 'refund', count: 1 })
    await sendRefund(world.deps, refundId)
    await world.advance(15_000)
    await world.fault({
      kind: 'status',
      route: 'refund',
      status: 403,
      body: { error_code: 'access_denied' },
      count: 1,
    })
    await pollRefund(world.deps, refundId)
    expect(await statusOf(refundId)).toBe('unknown')
    await expectPaidOnce(order, key)
  })
})

describe('refusals', () => {
  test('duplicate.call because the key was used: adopted, not failed, not sent under another key', async () => {
    const { order, refundId, key } = await ready()
    const client = world.client
    const before = await claimRefund(world.deps, refundId, world.deps.clock.now())
    if (!before.ok) throw new Error(before.why)
    const call = {
      orderRef: order.orderRef,
      uniqueRequestId: key,
      amountMinor: 2_500n,
      currency: 'INR',
      routingId: 'x',
    }
    await client.refund(call) // processed, and the worker died before it wrote anything down
    const again = await client.refund(call)
    expect(again).toMatchObject({ ok: false, error: { kind: 'rejected', reason: 'duplicate_id' } })
    expect(await settleRefund(world.deps, before, again)).toMatchObject({ next: 'look', ifAbsent: 'resend' })
    expect(await statusOf(refundId)).toBe('unknown')
    await expectPaidOnce(order, key)
  })

  test('duplicate.call because of the amount: not made, so the same key goes again', async () => {
    const { order, refundId, key } = await ready()
    const call = { orderRef: order.orderRef, amountMinor: 2_500n, currency: 'INR', routingId: 'x' }
    await world.client.refund({ ...call, uniqueRequestId: 'PORTAL1' })
    expect(await sendRefund(world.deps, refundId)).toBe('answered')
    expect(await world.deps.store.refunds.work(refundId)).toMatchObject({
      status: 'unknown',
      providerStatus: null,
    })
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef).map((refund) => refund.uniqueRequestId)).toEqual(['PORTAL1', key])
    expect(await world.balance(order.orderId)).toMatchObject({
      refunded: 2_500n,
      external: 2_500n,
      reserved: 0n,
    })
  })

  test('more than is left, because a portal refund came between our look and our call: refused, released', async () => {
    const { order, refundId, key } = await ready(8_000n)
    const call = { orderRef: order.orderRef, currency: 'INR', routingId: 'x' }
    const raced: JuspayClient = {
      ...world.client,
      refund: async (ours) => {
        await world.client.refund({ ...call, uniqueRequestId: 'PORTAL2', amountMinor: 5_000n })
        return world.client.refund(ours)
      },
    }
    const deps = { ...world.deps, juspay: () => Promise.resolve(raced) }
    expect(await sendRefund(deps, refundId)).toBe('rejected')
    expect(world.accepted(order.orderRef).map((refund) => refund.uniqueRequestId)).not.toContain(key)
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, external: 5_000n, excess: 0n })
  })

  test('a portal refund that our look sees sends ours back for a decision', async () => {
    const { order, refundId, requestId } = await ready(8_000n)
    const call = { orderRef: order.orderRef, currency: 'INR', routingId: 'x' }
    await world.client.refund({ ...call, uniqueRequestId: 'PORTAL3', amountMinor: 5_000n })
    expect(await sendRefund(world.deps, refundId)).toBe('returned')
    expect(world.accepted(order.orderRef)).toHaveLength(1)
    const { rows } = await world.deps.database.pool.query(
      `select kind, status from discrepancy where order_id = $1`,
      [order.orderId],
    )
    expect(rows).toEqual([{ kind: 'over_refunded', status: 'open' }])
    await world.decide(requestId, 'reject')
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, external: 5_000n, excess: 0n })
  })

  test('an amount that Juspay refuses is rejected after a look, and can be asked for again', async () => {
    const { order, refundId } = await ready()
    const body = { status: 'ERROR', error_code: 'invalid amount', error_message: 'Amount is invalid.' }
    await world.fault({ kind: 'status', route: 'refund', status: 400, body, count: 1 })
    expect(await sendRefund(world.deps, refundId)).toBe('rejected')
    expect(await statusOf(refundId)).toBe('rejected')
    expect((await world.balance(order.orderId)).reserved).toBe(0n)
    await world.ask(order, 2_500n)
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })

  test('a refusal does not close a refund of which an earlier call may still arrive', async () => {
    const { order, refundId } = await ready()
    const body = { status: 'ERROR', error_code: 'invalid amount', error_message: 'Amount is invalid.' }
    const refusal = { kind: 'status', route: 'refund', status: 400, body, count: 1 }
    await world.fault({ kind: 'reset', route: 'refund', processed: false, count: 1 })
    expect(await sendRefund(world.deps, refundId)).toBe('answered')
    for (const waitMs of [15_000, GIVE_UP_AFTER_MS / 2]) {
      await world.advance(waitMs)
      await world.fault(refusal)
      expect(await pollRefund(world.deps, refundId)).toBe('answered')
      expect(await statusOf(refundId)).toBe('unknown')
      expect((await world.balance(order.orderId)).reserved).toBe(2_500n)
    }
    // The call that nobody answered is too old to arrive by now; those that were refused do not count.
    await world.advance(GIVE_UP_AFTER_MS / 2)
    await world.fault(refusal)
    expect(await pollRefund(world.deps, refundId)).toBe('rejected')
    expect((await world.balance(order.orderId)).reserved).toBe(0n)
  })
})
