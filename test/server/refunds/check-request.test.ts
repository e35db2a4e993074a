/** The checks beside a request: what we know of order, customer and asker at this moment; and Juspay's word on approval. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkRequest } from '../../../server/services/refunds/check-request.ts'
import { createStaff } from '../../support/factories.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(async () => {
  await world.close()
})

async function orderOf(customerRef: string) {
  const order = await world.chargedOrder()
  await world.deps.database.pool.query('update orders set customer_ref = $2 where id = $1', [
    order.orderId,
    customerRef,
  ])
  return order
}

async function linesOf(requestId: string) {
  const checks = await checkRequest(world.deps, world.approver, { requestId })
  return Object.fromEntries(checks.map(({ id, level, text }) => [id, `${level}: ${text}`]))
}

describe('what an approver is told', () => {
  test('other refunds to the customer count, waiting or made; those of others, failed ones and the request itself do not', async () => {
    const asked = await world.ask(await orderOf('cust-1'), 1_000n, { actor: world.support })
    const { id } = asked.request
    expect((await linesOf(id))['week']).toBe('ok: No other refund to this customer this week.')
    await world.ask(await orderOf('cust-1'), 2_000n, { actor: world.support })
    await world.ask(await orderOf('cust-1'), 3_000n)
    await world.ask(await orderOf('cust-2'), 4_000n)
    const failed = await orderOf('cust-1')
    await world.ask(failed, 5_000n)
    await world.deps.database.pool.query(
      `update refund set status = 'failed', send_count = 1, first_sent_at = $2, last_sent_at = $2, settled_at = $2,
         next_action_at = null where order_id = $1`,
      [failed.orderId, world.deps.clock.now()],
    )
    await world.deps.database.pool.query(`update refund set created_at = $1 where merchant_account_id = $2`, [
      world.deps.clock.now(),
      world.account.id,
    ])
    expect((await linesOf(id))['week']).toBe('warn: 2 other refunds to this customer this week, ₹50.00.')
    await world.advance(8 * 86_400_000)
    const lines = await linesOf(id)
    expect(lines['week']).toBe('ok: No other refund to this customer this week.')
    expect(lines['quarter']).toBe('note: 2 other refunds to this customer in 90 days, ₹50.00.')
  })

  test('the asker’s day begins at midnight in India', async () => {
    const order = await world.chargedOrder()
    const actor = await createStaff(world.deps.database, world.account, 'support', 'Zoya Khan')
    const { request } = await world.ask(order, 500n, { actor })
    expect((await linesOf(request.id))['asker']).toBe('note: Zoya Khan asked for 1 refund today, ₹5.00.')
    // 09:00 UTC is 14:30 in India: nine and a half hours later it is the next day there, and not yet in UTC.
    await world.advance(9.6 * 3_600_000)
    expect((await linesOf(request.id))['asker']).toBe('note: Zoya Khan asked for 0 refunds today, ₹0.00.')
  })

  test('what happened on the order since is told, the request’s own beginning is not', async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 500n, { actor: world.support })
    expect((await linesOf(request.id))['changed']).toBe('ok: Nothing changed on the order since the request.')
    await world.advance(60_000)
    await world.ask(order, 700n, { actor: world.finance })
    expect((await linesOf(request.id))['changed']).toMatch(
      /^warn: Since the request: another request is approved/,
    )
  })

  test('a request of another account is not there', async () => {
    const stranger = { ...world.approver, accountId: crypto.randomUUID() }
    const { request } = await world.ask(await world.chargedOrder(), 500n, { actor: world.support })
    await expect(checkRequest(world.deps, stranger, { requestId: request.id })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('approving', () => {
  test('is refused while Juspay does not answer, changes nothing, and works when it answers again', async () => {
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 500n, { actor: world.support })
    await world.advance(60_000)
    await world.fault({ kind: 'status', route: 'order_status', status: 503 })
    await expect(world.decide(request.id, 'approve')).rejects.toMatchObject({ code: 'provider_unavailable' })
    expect(await world.refunds(order.orderId)).toEqual([])
    expect((await world.balance(order.orderId)).reserved).toBe(500n)
    // To reject moves nothing and needs nobody's answer.
    await world.clearFaults()
    await world.advance(60_000)
    await world.decide(request.id, 'approve')
    expect(await world.refunds(order.orderId)).toHaveLength(1)
  })
})
