import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decideRefundRequest } from '../../../server/services/refunds/decide-refund-request.ts'
import { withdrawRefundRequest } from '../../../server/services/refunds/withdraw-refund-request.ts'
import { createStaff } from '../../support/factories.ts'
import { Refusal } from '../../../server/domain/refusal.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

const codeOf = (reason: unknown): string => (reason instanceof Refusal ? reason.code : String(reason))

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(async () => {
  await world.close()
})

/** A request of ₹25.00 that waits, with its order. */
async function waiting(amount = 2_500n) {
  const order = await world.chargedOrder()
  const { request } = await world.ask(order, amount, { actor: world.support })
  return { order, requestId: request.id }
}

const codesOf = (results: PromiseSettledResult<unknown>[]): string[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []))

describe('deciding', () => {
  test('approving makes one refund, ready to be sent, in the same act', async () => {
    const { order, requestId } = await waiting()
    const { request, message } = await world.decide(requestId, 'approve')
    expect(message).toBe('Approved. ₹25.00 is being sent to Juspay.')
    expect(request).toMatchObject({ status: 'approved', decidedBy: { name: 'Rohan Das' } })
    expect(await world.refunds(order.orderId)).toMatchObject([
      { status: 'ready', attemptNo: 1, sendCount: 0 },
    ])
    expect((await world.balance(order.orderId)).reserved).toBe(2_500n)
    expect(world.deps.woken).toContain('refunds')
  })

  test('rejecting gives the amount back and needs a reason', async () => {
    const { order, requestId } = await waiting()
    const shown = await world.deps.store.refundRequests.approval(world.account.id, requestId)
    const input = { requestId, decision: 'reject', approvalHash: shown?.approvalHash ?? '' } as const
    await expect(
      decideRefundRequest(world.deps, world.approver, { ...input, note: ' ' }),
    ).rejects.toMatchObject({
      code: 'note_required',
    })
    const { request, message } = await world.decide(requestId, 'reject')
    expect(message).toBe('Rejected. Dev Patel can see why.')
    expect(request).toMatchObject({ status: 'rejected', decisionNote: 'Not covered by the return policy' })
    expect((await world.balance(order.orderId)).reserved).toBe(0n)
    expect(await world.refunds(order.orderId)).toEqual([])
  })

  test('two approvers at once: one wins', async () => {
    const { order, requestId } = await waiting()
    const results = await Promise.allSettled([
      world.decide(requestId, 'approve', world.approver),
      world.decide(requestId, 'approve', world.approver2),
    ])
    expect(codesOf(results)).toEqual(['already_decided'])
    expect(await world.refunds(order.orderId)).toHaveLength(1)
  })

  test('approve, reject and withdraw at once: one wins, and the books follow it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { order, requestId } = await waiting()
      const results = await Promise.allSettled([
        world.decide(requestId, 'approve', world.approver),
        world.decide(requestId, 'reject', world.approver2),
        withdrawRefundRequest(world.deps, world.support, { requestId, note: null }),
      ])
      expect(codesOf(results)).toHaveLength(2)
      const refunds = await world.refunds(order.orderId)
      const approved = results[0]?.status === 'fulfilled'
      expect(refunds).toHaveLength(approved ? 1 : 0)
      expect((await world.balance(order.orderId)).reserved).toBe(approved ? 2_500n : 0n)
    }
  })

  test('nobody approves their own request: neither the service nor the database lets them', async () => {
    const admin = await createStaff(world.deps.database, world.account, 'admin')
    const order = await world.chargedOrder('9000.00')
    const { request } = await world.ask(order, 500_000n, { actor: admin })
    await expect(world.decide(request.id, 'approve', admin)).rejects.toMatchObject({ code: 'own_request' })
    await expect(
      world.deps.database.pool.query(
        `update refund_request set status = 'approved', decided_by = requested_by, decided_at = now() where id = $1`,
        [request.id],
      ),
    ).rejects.toThrow(/refund_request_four_eyes_check/)
    await expect(
      world.deps.database.pool.query(`update refund_request set status = 'approved' where id = $1`, [
        request.id,
      ]),
    ).rejects.toThrow(/refund_request_approval_check/)
    const { rows } = await world.deps.database.pool.query(
      `select outcome, reason from audit_entry where subject_id = $1 and action = 'refund_request.approve'`,
      [request.id],
    )
    expect(rows).toEqual([
      {
        outcome: 'refused',
        reason: 'own_request: You asked for this refund, so someone else must approve it.',
      },
    ])
  })

  test('the permission counts at the moment of deciding, not the one in the session', async () => {
    const { requestId } = await waiting()
    const person = await createStaff(world.deps.database, world.account, 'approver')
    await world.deps.store.staff.setRole(world.account.id, person.userId, 'viewer')
    await expect(world.decide(requestId, 'approve', person)).rejects.toMatchObject({
      code: 'permission_denied',
    })
  })

  test('another hash than was shown is refused; so is an order that changed since', async () => {
    const { order, requestId } = await waiting()
    const input = { requestId, decision: 'approve', note: null, approvalHash: 'ab'.repeat(32) } as const
    await expect(decideRefundRequest(world.deps, world.approver, input)).rejects.toMatchObject({
      code: 'request_changed',
    })
    await world.deps.database.pool.query(`update transaction set gateway = 'OTHER' where order_id = $1`, [
      order.orderId,
    ])
    await world.deps.database.pool.query(
      `update orders set gateway = 'OTHER', last_checked_at = $2 where id = $1`,
      [order.orderId, world.deps.clock.now()],
    )
    await expect(world.decide(requestId, 'approve')).rejects.toMatchObject({ code: 'request_changed' })
    await world.decide(requestId, 'reject')
  })

  test('someone who asked and has left cannot have it approved', async () => {
    const order = await world.chargedOrder()
    const person = await createStaff(world.deps.database, world.account, 'support')
    const { request } = await world.ask(order, 1_000n, { actor: person })
    await world.deps.store.staff.setDisabled(person.userId, true)
    await expect(world.decide(request.id, 'approve')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a portal refund that took what was promised blocks the approval', async () => {
    const { order, requestId } = await waiting(9_000n)
    const call = {
      orderRef: order.orderRef,
      uniqueRequestId: 'PORTAL1',
      amountMinor: 4_000n,
      currency: 'INR',
    }
    await world.client.refund({ ...call, routingId: 'x' })
    await world.advance(6_000)
    await expect(world.decide(requestId, 'approve')).rejects.toMatchObject({ code: 'amount_exceeds_left' })
    expect(await world.balance(order.orderId)).toMatchObject({
      reserved: 9_000n,
      external: 4_000n,
      excess: 3_000n,
    })
    await world.decide(requestId, 'reject')
    expect(await world.balance(order.orderId)).toMatchObject({ reserved: 0n, external: 4_000n, excess: 0n })
  })
})

describe('the inbox', () => {
  test('waiting oldest first, mine and decided newest first, page by page', async () => {
    const first = await waiting()
    await world.advance(60_000)
    const second = await waiting()
    const list = (tab: 'waiting' | 'mine' | 'decided', cursor: string | null, limit = 1) =>
      world.deps.store.refundRequests.approvals(world.account.id, {
        tab,
        userId: world.support.userId,
        cursor,
        limit,
      })
    const seen: string[] = []
    for (let cursor: string | null = null; ;) {
      const page = await list('waiting', cursor)
      seen.push(...page.rows.map((row) => row.requestId))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(seen.indexOf(first.requestId)).toBeLessThan(seen.indexOf(second.requestId))
    expect(new Set(seen).size).toBe(seen.length)
    expect((await list('mine', null)).rows[0]?.requestId).toBe(second.requestId)
    await world.decide(first.requestId, 'reject')
    const [decided] = (await list('decided', null)).rows
    expect(decided).toMatchObject({
      requestId: first.requestId,
      status: 'rejected',
      paidMinor: 10_000n,
      leftAfterMinor: 10_000n,
      requestedBy: { name: 'Dev Patel' },
      decidedBy: { name: 'Rohan Das' },
    })
    const count = await world.deps.store.refundRequests.waitingCount(world.account.id, world.approver.userId)
    expect(count).toBe(seen.length - 1)
    expect(
      await world.deps.store.refundRequests.waitingCount(world.account.id, world.support.userId),
    ).toBeLessThan(count)
  })
})
