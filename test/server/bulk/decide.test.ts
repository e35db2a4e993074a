import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlBatch } from '../../../server/services/bulk/control-batch.ts'
import { dayInIndia } from '../../../server/domain/refund-limit.ts'
import { decideBatch } from '../../../server/services/bulk/decide-batch.ts'
import { dropRow } from '../../../server/services/bulk/edit-rows.ts'
import { withdrawRefundRequest } from '../../../server/services/refunds/withdraw-refund-request.ts'
import { drainBulk } from '../../../server/jobs/run-bulk.ts'
import { bulkSteps } from '../../support/bulk-steps.ts'
import { createStaff } from '../../support/factories.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(() => world.close())

const { batch, rows, upload, runUntil, submit, decide, orders } = bulkSteps(() => world)

async function waiting(count = 2): Promise<string> {
  const made = await orders(count)
  const { id } = await upload(
    ['order_id,amount', ...made.map(({ orderRef }) => `${orderRef},10.00`)].join('\n'),
  )
  await runUntil(id, 'ready')
  await submit(id)
  await runUntil(id, 'waiting_approval')
  return id
}

describe('sending for approval', () => {
  test('needs the exact total, and sets every row aside', async () => {
    const made = await orders(3)
    const { id } = await upload(['order_id', ...made.map(({ orderRef }) => orderRef)].join('\n'))
    await runUntil(id, 'ready')
    await expect(submit(id, { typedTotal: '299.99' })).rejects.toMatchObject({
      code: 'confirmation_needed',
      message: 'Type the total to continue: 300.00.',
    })
    await expect(submit(id, { reason: 'goodwill' })).rejects.toMatchObject({ code: 'note_required' })
    expect(await submit(id, { typedTotal: '₹300' })).toMatchObject({ status: 'submitting' })
    await expect(submit(id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await runUntil(id, 'waiting_approval')).toMatchObject({ reservedRows: 3, amountMinor: 30_000n })
    for (const { orderId } of made) expect((await world.balance(orderId)).reserved).toBe(10_000n)
  })

  test('a row whose amount is gone by then is left out, and the rest goes on without it', async () => {
    const [one, two] = await orders(2)
    const { id } = await upload(`order_id,amount\n${one?.orderRef},60.00\n${two?.orderRef},60.00`)
    await runUntil(id, 'ready')
    await world.ask({ orderId: one?.orderId ?? '' }, 5_000n)
    await submit(id)
    const sent = await runUntil(id, 'waiting_approval')
    expect(sent).toMatchObject({ reservedRows: 1, refusedRows: 1, amountMinor: 6_000n })
    expect((await rows(id))[0]).toMatchObject({
      outcome: 'refused',
      remark: expect.stringContaining('₹50.00'),
    })
  })

  test('needs room in the limits of the day for all of it, and each order for one more refund', async () => {
    const [one, two] = await orders(2)
    await world.ask({ orderId: two?.orderId ?? '' }, 1_000n)
    const { id } = await upload(
      `order_id,amount\n${one?.orderRef},60.00\n${two?.orderRef},60.00\n${one?.orderRef},20.00`,
    )
    const { version, rules } = await world.deps.store.refundPolicies.current(world.account.id)
    const { account } = await world.deps.store.refundDays.totals({
      accountId: world.account.id,
      personId: world.finance.userId,
      day: dayInIndia(world.deps.clock.now()),
    })
    const write = (limits: Partial<typeof rules.limits>, basedOn: number) =>
      world.deps.store.refundPolicies.write({
        accountId: world.account.id,
        basedOn,
        rules: { ...rules, limits: { ...rules.limits, ...limits } },
        createdBy: world.finance.userId,
        now: world.deps.clock.now(),
      })
    await write({ accountDayMinor: account.askedMinor + 7_999n, orderRefundsMax: 1 }, version)
    try {
      await runUntil(id, 'ready')
      expect((await rows(id)).map(({ findings }) => findings.map(({ text }) => text))).toEqual([
        [],
        ['One order can have 1 refund at most.'],
        ['One order can have 1 refund at most.', 'Same order as row 2.'],
      ])
      await write({ accountDayMinor: account.askedMinor + 5_999n }, version + 1)
      for (const n of [3, 4]) await dropRow(world.deps, world.finance, { batchId: id, n, dropped: true })
      await expect(submit(id)).rejects.toMatchObject({
        code: 'limit_exceeded',
        message: expect.stringContaining('Only ₹59.99 is left of the limit of this account for today'),
      })
      await write({ accountDayMinor: account.askedMinor + 6_000n }, version + 2)
      expect(await submit(id)).toMatchObject({ status: 'submitting' })
      expect(await runUntil(id, 'waiting_approval')).toMatchObject({ reservedRows: 1, refusedRows: 0 })
    } finally {
      await write({}, (await world.deps.store.refundPolicies.current(world.account.id)).version)
    }
  })

  test('the same file a second time has to be confirmed', async () => {
    const [order] = await orders(1)
    const text = `order_id,amount\n${order?.orderRef},10.00`
    const { id, no } = await upload(text)
    await runUntil(id, 'ready')
    await submit(id)
    await runUntil(id, 'waiting_approval')
    const again = await upload(text)
    await runUntil(again.id, 'ready')
    await expect(submit(again.id)).rejects.toMatchObject({
      code: 'confirmation_needed',
      message: expect.stringContaining(`Batch ${String(no).padStart(4, '0')}`),
    })
    expect(await submit(again.id, { confirmSameFile: true })).toMatchObject({ status: 'submitting' })
  })
})

describe('deciding', () => {
  test('is never for who made it or sent it, in code and in the database', async () => {
    const admin = await createStaff(world.deps.database, world.account, 'admin', 'Meera Iyer')
    const made = await orders(1)
    const { id } = await upload(`order_id,amount\n${made[0]?.orderRef},10.00`, admin)
    await runUntil(id, 'ready')
    await submit(id)
    await runUntil(id, 'waiting_approval')
    for (const actor of [admin, world.finance])
      await expect(decide(id, 'approve', actor)).rejects.toMatchObject({ code: 'own_request' })
    for (const person of [admin.userId, world.finance.userId])
      await expect(
        world.deps.database.pool.query(`update bulk_batch set decided_by = $2 where id = $1`, [id, person]),
      ).rejects.toThrow(/bulk_batch_four_eyes_check/)
    expect(await decide(id, 'approve')).toMatchObject({ status: 'held', decidedBy: world.approver.userId })
    await expect(decide(id, 'reject', world.approver2)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('is about what was shown: another hash or another row is refused', async () => {
    const id = await waiting()
    const shown = (await batch(id)).approvalHash?.toString('hex') ?? ''
    const input = { batchId: id, decision: 'approve', note: null } as const
    await expect(
      decideBatch(world.deps, world.approver, { ...input, approvalHash: 'ab'.repeat(32) }),
    ).rejects.toMatchObject({ code: 'request_changed' })
    await world.deps.database.pool.query(
      `update bulk_row set outcome = 'not_sent' where batch_id = $1 and n = 2`,
      [id],
    )
    await expect(
      decideBatch(world.deps, world.approver, { ...input, approvalHash: shown }),
    ).rejects.toMatchObject({ code: 'request_changed' })
  })

  test('two at once: one wins, the other is told', async () => {
    const id = await waiting()
    const results = await Promise.allSettled([decide(id, 'approve'), decide(id, 'reject', world.approver2)])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('rejected: the amounts are given back', async () => {
    const id = await waiting()
    await decide(id, 'reject')
    await drainBulk(world.deps)
    expect(await batch(id)).toMatchObject({ status: 'rejected', reservedRows: 0, notSentRows: 2 })
    for (const { orderId } of await rows(id)) expect((await world.balance(orderId ?? '')).reserved).toBe(0n)
  })

  test('is for the batch as a whole: no request of it is decided, withdrawn or listed alone', async () => {
    const id = await waiting()
    const requestId = (await rows(id))[0]?.refundRequestId ?? ''
    await expect(world.decide(requestId, 'approve')).rejects.toMatchObject({
      code: 'conflict',
      message: 'This refund was asked for in a batch, so it is decided with the batch.',
    })
    await expect(
      withdrawRefundRequest(world.deps, world.finance, { requestId, note: null }),
    ).rejects.toMatchObject({ code: 'not_withdrawable' })
    const filter = { tab: 'waiting', userId: world.approver.userId, cursor: null, limit: 100 } as const
    const inbox = await world.deps.store.refundRequests.approvals(world.account.id, filter)
    expect(inbox.rows.map((row) => row.requestId)).not.toContain(requestId)
    expect(await world.deps.store.bulk.waitingFor(world.account.id, world.approver.userId)).toBeGreaterThan(0)
    expect(await world.deps.store.bulk.waitingFor(world.account.id, world.finance.userId)).toBe(0)
  })

  test('that nobody makes in time ends the batch', async () => {
    const id = await waiting()
    await world.advance(49 * 3_600_000)
    await drainBulk(world.deps)
    expect(await batch(id)).toMatchObject({ status: 'cancelled', remark: 'Nobody decided in time.' })
    for (const { orderId } of await rows(id)) expect((await world.balance(orderId ?? '')).reserved).toBe(0n)
    await expect(
      controlBatch(world.deps, world.finance, { batchId: id, act: 'cancel' }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})
