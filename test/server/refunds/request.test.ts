import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expireRequests } from '../../../server/services/refunds/expire-requests.ts'
import { previewRefund } from '../../../server/services/refunds/preview-refund.ts'
import { refundByKey } from '../../../server/services/refunds/request-refund.ts'
import { withdrawRefundRequest } from '../../../server/services/refunds/withdraw-refund-request.ts'
import { Refusal } from '../../../server/domain/refusal.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { createStaff } from '../../support/factories.ts'

const codeOf = (reason: unknown): string => (reason instanceof Refusal ? reason.code : String(reason))

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(async () => {
  await world.close()
})

const settled = (results: PromiseSettledResult<unknown>[]) => ({
  won: results.filter((result) => result.status === 'fulfilled').length,
  codes: results.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : [])),
})

async function audited(action: string, subjectId: string): Promise<string[]> {
  const { rows } = await world.deps.database.pool.query<{ outcome: string; reason: string | null }>(
    'select outcome, reason from audit_entry where action = $1 and subject_id = $2 order by id',
    [action, subjectId],
  )
  return rows.map((row) => `${row.outcome} ${row.reason?.split(':')[0] ?? ''}`.trim())
}

describe('asking for a refund', () => {
  test('a refund that came to nothing is no earlier refund of the same amount', async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 4_000n)
    expect((await previewRefund(world.deps, world.finance, order)).sameAmountRecently).not.toBeNull()
    await world.deps.database.pool.query(
      `update refund set status = 'failed', next_action_at = null, first_sent_at = $2, last_sent_at = $2, send_count = 1,
         settled_at = $2 where refund_request_id = $1`,
      [request.requestId, world.deps.clock.now()],
    )
    expect((await previewRefund(world.deps, world.finance, order)).sameAmountRecently).toBeNull()
  })

  test('sets the amount aside, and below the line makes the refund at once', async () => {
    const order = await world.chargedOrder()
    const { request, refund, needsApproval, message } = await world.ask(order, 4_000n)
    expect(needsApproval).toBe(false)
    expect(refund).toMatchObject({
      status: 'approved',
      amountMinor: 4_000n,
      requestedBy: { name: 'Asha Menon' },
    })
    expect(refund?.uniqueRequestId).toMatch(/^[0-9A-Z]{20}$/)
    expect(message).toBe(`₹40.00 refund is on its way to Juspay. Reference ${refund?.uniqueRequestId ?? ''}.`)
    expect(await world.balance(order.orderId)).toMatchObject({
      charged: 10_000n,
      reserved: 4_000n,
      excess: 0n,
    })
    expect(await audited('refund_request.create', request.requestId ?? '')).toEqual(['done'])
    const left = await previewRefund(world.deps, world.finance, order)
    expect(left).toMatchObject({ leftMinor: 6_000n, approvalAboveMinor: 196_000n, block: null })
    expect(left.sameAmountRecently).toMatchObject({ amountMinor: 4_000n, by: 'Asha Menon' })
  })

  test('above the line waits for a second person, whose names are told', async () => {
    const order = await world.chargedOrder('5000.00')
    const { request, refund, message } = await world.ask(order, 250_000n)
    expect(refund).toBeNull()
    expect(request).toMatchObject({ status: 'waiting_approval', refundId: null })
    expect(message).toBe('Sent for approval to Priya Shah and Rohan Das.')
    expect(request.expiresAt?.getTime()).toBeGreaterThan(request.requestedAt.getTime())
    expect(await world.refunds(order.orderId)).toEqual([])
    expect((await world.balance(order.orderId)).reserved).toBe(250_000n)
    expect(await previewRefund(world.deps, world.support, order)).toMatchObject({
      needsApprovalAlways: true,
      approvalAboveMinor: null,
      approvers: ['Priya Shah', 'Rohan Das'],
    })
  })

  test('fifty clicks with one key are one request', async () => {
    const order = await world.chargedOrder()
    const clientKey = randomUUID()
    const results = await Promise.all(
      Array.from({ length: 50 }, () => world.ask(order, 6_000n, { clientKey })),
    )
    expect(new Set(results.map((result) => result.request.requestId)).size).toBe(1)
    expect(await world.refunds(order.orderId)).toHaveLength(1)
    expect((await world.balance(order.orderId)).reserved).toBe(6_000n)
    const found = await refundByKey(world.deps, world.finance, { clientKey })
    expect(found?.request.requestId).toBe(results[0]?.request.requestId)
    expect(await refundByKey(world.deps, world.support, { clientKey })).toBeNull()
    expect(await refundByKey(world.deps, world.finance, { clientKey: randomUUID() })).toBeNull()
  })

  test('the same key for something else is refused and audited', async () => {
    const order = await world.chargedOrder()
    const other = await world.chargedOrder()
    const clientKey = randomUUID()
    await world.ask(order, 1_000n, { clientKey })
    await expect(world.ask(order, 2_000n, { clientKey })).rejects.toMatchObject({ code: 'key_reused' })
    await expect(world.ask(other, 1_000n, { clientKey })).rejects.toMatchObject({ code: 'key_reused' })
    await expect(world.ask(order, 1_000n, { clientKey, actor: world.support })).rejects.toMatchObject({
      code: 'key_reused',
    })
    expect(await audited('refund_request.create', order.orderId)).toEqual([
      'refused key_reused',
      'refused key_reused',
    ])
  })

  test('twenty at once never promise more than was charged', async () => {
    const order = await world.chargedOrder()
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => world.ask(order, 1_300n + BigInt(index))),
    )
    const { won, codes } = settled(results)
    expect(won).toBe(7)
    expect(new Set(codes)).toEqual(new Set(['amount_exceeds_left']))
    const balance = await world.balance(order.orderId)
    expect(balance.reserved <= 10_000n && balance.excess === 0n).toBe(true)
  })

  // Hyperswitch #13182: read the refunds, compare, insert, without a lock: both of two 60 % refunds went through.
  test('two simultaneous 60 % refunds: one', async () => {
    const order = await world.chargedOrder()
    const { won, codes } = settled(
      await Promise.allSettled([world.ask(order, 6_000n), world.ask(order, 6_000n)]),
    )
    expect([won, codes]).toEqual([1, ['amount_exceeds_left']])
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })

  test('refusals name what is wrong and leave nothing behind', async () => {
    const order = await world.chargedOrder()
    const asks: [string, () => Promise<unknown>][] = [
      ['amount_exceeds_left', () => world.ask(order, 10_001n)],
      ['amount_not_positive', () => world.ask(order, 0n)],
      ['amount_not_positive', () => world.ask(order, -1n)],
      ['invalid_input', () => world.ask(order, 1_000n, { currency: 'USD' })],
      ['invalid_input', () => world.ask(order, 1_000n, { reason: 'because' })],
      ['invalid_input', () => world.ask(order, 1_000n, { clientKey: 'short' })],
      ['note_required', () => world.ask(order, 1_000n, { reason: 'goodwill', note: ' too short ' })],
      ['permission_denied', () => world.ask(order, 1_000n, { actor: world.approver })],
      ['not_found', () => world.ask({ orderId: randomUUID() }, 1_000n)],
    ]
    for (const [code, ask] of asks) await expect(ask()).rejects.toMatchObject({ code })
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n })
    expect(await audited('refund_request.create', order.orderId)).toHaveLength(8)
  })

  test('an order that was not charged has nothing to give back', async () => {
    const order = await world.chargedOrder()
    await world.deps.database.pool.query('update orders set charged_minor = 0 where id = $1', [order.orderId])
    await expect(world.ask(order, 1_000n)).rejects.toMatchObject({ code: 'order_not_charged' })
    expect((await previewRefund(world.deps, world.finance, order)).block?.code).toBe('order_not_charged')
  })

  test('the same amount again has to be meant', async () => {
    const order = await world.chargedOrder()
    await world.ask(order, 1_000n)
    await expect(world.ask(order, 1_000n, { confirmSameAmount: false })).rejects.toMatchObject({
      code: 'confirmation_needed',
      message: 'Asha Menon asked for a refund of ₹10.00 on this order moments ago.',
    })
    await world.ask(order, 1_000n, { confirmSameAmount: true })
    await world.advance(11 * 60_000)
    await world.ask(order, 1_000n, { confirmSameAmount: false })
    expect((await world.balance(order.orderId)).reserved).toBe(3_000n)
  })

  test('someone disabled since signing in may not ask', async () => {
    const order = await world.chargedOrder()
    const person = await createStaff(world.deps.database, world.account, 'finance')
    await world.deps.store.staff.setDisabled(person.userId, true)
    await expect(world.ask(order, 1_000n, { actor: person })).rejects.toMatchObject({
      code: 'permission_denied',
    })
  })
})

describe('closing without a decision', () => {
  test('one withdraws one’s own, and gets the amount back', async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 1_000n, { actor: world.support })
    const input = { requestId: request.id, note: 'Customer kept it' }
    await expect(withdrawRefundRequest(world.deps, world.finance, input)).rejects.toMatchObject({
      code: 'not_withdrawable',
    })
    const done = await withdrawRefundRequest(world.deps, world.support, input)
    expect(done.request.status).toBe('withdrawn')
    const { rows } = await world.deps.database.pool.query<{ key: string }>(
      'select client_key as key from refund_request where id = $1',
      [request.id],
    )
    const found = await refundByKey(world.deps, world.support, { clientKey: rows[0]?.key ?? '' })
    expect(found?.message).toBe('Withdrawn by the person who asked.')
    expect((await world.balance(order.orderId)).reserved).toBe(0n)
    await expect(withdrawRefundRequest(world.deps, world.support, input)).rejects.toMatchObject({
      code: 'not_withdrawable',
    })
    expect(await audited('refund_request.withdraw', request.id)).toEqual([
      'refused not_withdrawable',
      'done Customer kept it',
      'refused not_withdrawable',
    ])
  })

  test('a request nobody decides expires', async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 1_000n, { actor: world.support })
    await world.advance(48 * 3_600_000 - 1_000)
    await expireRequests(world.deps)
    expect((await world.balance(order.orderId)).reserved).toBe(1_000n)
    await world.advance(1_000)
    await expect(world.decide(request.id, 'approve')).rejects.toMatchObject({ code: 'request_expired' })
    expect(await expireRequests(world.deps)).toBeGreaterThan(0)
    expect(await world.deps.store.refunds.get(world.account.id, request.id)).toMatchObject({
      requestStatus: 'expired',
    })
    expect((await world.balance(order.orderId)).reserved).toBe(0n)
    expect(await expireRequests(world.deps)).toBe(0)
  })
})
