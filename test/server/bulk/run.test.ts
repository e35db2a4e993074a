import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { drainBulk } from '../../../server/jobs/run-bulk.ts'
import { controlBatch } from '../../../server/services/bulk/control-batch.ts'
import { rerunBatch } from '../../../server/services/bulk/create-batch.ts'
import { checkInvariants } from '../../../server/services/refunds/check-invariants.ts'
import { liftStop, stopRefunds } from '../../../server/services/refunds/stop-refunds.ts'
import { bulkSteps, mortal } from '../../support/bulk-steps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterEach(async () => {
  await world.clearFaults()
  await world.control('/settings', { refundOutcome: 'success' })
})
afterAll(() => world.close())

const { batch, rows, upload, runUntil, submit, decide, orders, approved, paid } = bulkSteps(() => world)

const file = (made: readonly { orderRef: string }[], amount = '') =>
  ['order_id,amount', ...made.map(({ orderRef }) => `${orderRef},${amount}`)].join('\n')
const LEASE_MS = 121_000
/** Three hundred orders, each asked for, checked, sent and settled over HTTP. */
const LONG_MS = 240_000

describe('a batch to its end', () => {
  test(
    'three hundred rows: each order is paid back once, exactly what was approved',
    async () => {
      const made = await orders(300, '100.00')
      const text =
        file(made.slice(0, 200)) + '\n' + file(made.slice(200), '40.00').split('\n').slice(1).join('\n')
      const { id } = await approved(text)
      const done = await runUntil(id, 'finished', 'finished_failures', 'paused')
      expect(done).toMatchObject({ status: 'finished', reservedRows: 0, releasedRows: 0, failedRows: 0 })
      expect(done.amountMinor).toBe(200n * 10_000n + 100n * 4_000n)
      const money = paid()
      for (const [index, { orderRef }] of made.entries())
        expect([orderRef, money.get(orderRef)]).toEqual([orderRef, [index < 200 ? '10000' : '4000']])
      const { rows: audited } = await world.deps.database.pool.query<{ count: bigint }>(
        `select count(*) as count from audit_entry where action = 'refund_request.approve' and after->>'batchId' = $1`,
        [id],
      )
      expect(audited[0]?.count).toBe(300n)
    },
    LONG_MS,
  )

  test('refunds that are with the bank do not keep it running, and are followed to their end', async () => {
    const made = await orders(3)
    const { id } = await approved(file(made, '10.00'))
    const finished = await runUntil(id, 'finished')
    expect(finished.pendingRows + finished.succeededRows).toBe(3)
    for (let step = 0; step < 200 && (await batch(id)).succeededRows < 3; step += 1) {
      await world.advance(30_000)
      await world.drain()
      await drainBulk(world.deps)
    }
    expect(await batch(id)).toMatchObject({ succeededRows: 3, pendingRows: 0 })
    const checked = await checkInvariants(world.deps)
    expect(checked?.found).toEqual([])
  })
})

describe('when a process dies', () => {
  test.each([
    [3, 'before'],
    [5, 'after'],
    [8, 'after'],
    [9, 'before'],
  ] as const)('while setting aside, at its transaction %i (%s): nothing twice', async (n, when) => {
    const made = await orders(8)
    const { id } = await upload(file(made, '10.00'))
    await runUntil(id, 'ready')
    await submit(id)
    await expect(drainBulk(mortal(world.deps, n, when))).rejects.toThrow('dead')
    await world.advance(LEASE_MS)
    expect(await runUntil(id, 'waiting_approval')).toMatchObject({ reservedRows: 8, refusedRows: 0 })
    for (const order of made) expect((await world.balance(order.orderId)).reserved).toBe(1_000n)
    await controlBatch(world.deps, world.finance, { batchId: id, act: 'cancel' })
    await drainBulk(world.deps)
    for (const order of made) expect((await world.balance(order.orderId)).reserved).toBe(0n)
    expect(await batch(id)).toMatchObject({ status: 'cancelled', notSentRows: 8, reservedRows: 0 })
  })

  test.each([
    [1, 'before'],
    [2, 'after'],
    [4, 'before'],
    [6, 'after'],
  ] as const)('while releasing, at its transaction %i (%s): each order is paid once', async (n, when) => {
    const made = await orders(8)
    const { id } = await approved(file(made, '10.00'))
    await expect(drainBulk(mortal(world.deps, n, when))).rejects.toThrow('dead')
    await world.advance(LEASE_MS)
    await runUntil(id, 'finished')
    const money = paid()
    for (const { orderRef } of made) expect(money.get(orderRef)).toEqual(['1000'])
  })

  test('two processes at one batch: each row once', async () => {
    const made = await orders(12)
    const { id } = await upload(file(made, '10.00'))
    await runUntil(id, 'ready')
    await submit(id)
    await Promise.all([drainBulk(world.deps), drainBulk(world.deps), drainBulk(world.deps)])
    await runUntil(id, 'waiting_approval')
    await decide(id, 'approve')
    await world.advance(600_000)
    for (let step = 0; step < 20; step += 1) {
      await Promise.all([drainBulk(world.deps), drainBulk(world.deps), world.drain()])
      await world.advance(1_000)
    }
    await runUntil(id, 'finished')
    const money = paid()
    for (const { orderRef } of made) expect(money.get(orderRef)).toEqual(['1000'])
  })
})

describe('the hold and the reins', () => {
  test('nothing leaves before the hold is over, and a cancelled batch never does', async () => {
    const made = await orders(2)
    const { id } = await upload(file(made, '10.00'))
    await runUntil(id, 'ready')
    await submit(id)
    await runUntil(id, 'waiting_approval')
    const held = await decide(id, 'approve')
    expect((held.holdUntil?.getTime() ?? 0) - world.deps.clock.now().getTime()).toBe(600_000)
    await world.advance(599_000)
    await drainBulk(world.deps)
    expect(await batch(id)).toMatchObject({ status: 'held', reservedRows: 2 })
    await controlBatch(world.deps, world.finance, { batchId: id, act: 'cancel' })
    await world.advance(60_000)
    await drainBulk(world.deps)
    await world.drain()
    for (const { orderRef, orderId } of made) {
      expect(paid().get(orderRef)).toBeUndefined()
      expect((await world.balance(orderId)).reserved).toBe(0n)
    }
  })

  test('paused, nothing more is released; resumed, it goes on; stopped, the rest is given back', async () => {
    const made = await orders(30)
    const { id } = await approved(file(made, '10.00'))
    await drainBulk(world.deps)
    await controlBatch(world.deps, world.finance, { batchId: id, act: 'pause' })
    const before = await batch(id)
    expect(before.reservedRows).toBeGreaterThan(0)
    for (let step = 0; step < 10; step += 1) {
      await world.drain()
      await world.advance(1_000)
      await drainBulk(world.deps)
    }
    expect(await batch(id)).toMatchObject({ status: 'paused', reservedRows: before.reservedRows })
    await controlBatch(world.deps, world.finance, { batchId: id, act: 'resume' })
    await drainBulk(world.deps)
    const after = await batch(id)
    expect(after.reservedRows).toBeLessThan(before.reservedRows)
    await controlBatch(world.deps, world.finance, { batchId: id, act: 'stop' })
    await drainBulk(world.deps)
    expect(await batch(id)).toMatchObject({
      status: 'stopped',
      reservedRows: 0,
      notSentRows: after.reservedRows,
    })
    for (let step = 0; step < 30; step += 1) {
      await world.drain()
      await world.advance(7_000)
    }
    const money = made.filter(({ orderRef }) => paid().get(orderRef)?.length === 1)
    expect(money).toHaveLength(30 - after.reservedRows)
    expect(made.every(({ orderRef }) => (paid().get(orderRef)?.length ?? 0) <= 1)).toBe(true)
  })

  test.each([
    ['of everything', null],
    ['of its gateway', 'own'],
  ] as const)('a stop %s pauses it, and lifted and resumed it goes on', async (_name, scope) => {
    const made = await orders(2)
    const { id } = await approved(file(made, '10.00'))
    const order = await world.deps.store.orders.byId(world.account.id, made[0]?.orderId ?? '')
    const stop = await stopRefunds(world.deps, {
      by: world.approver,
      gateway: scope === null ? null : (order?.gateway ?? 'NONE'),
      reason: 'The bank is down.',
      expiresAt: null,
    })
    await drainBulk(world.deps)
    await drainBulk(world.deps)
    expect(await batch(id)).toMatchObject({
      status: 'paused',
      reservedRows: 2,
      remark: expect.stringContaining('The bank is down. Resume when they may be sent again.'),
    })
    await liftStop(world.deps, world.approver, { stopId: stop?.id ?? '', note: 'It is back.' })
    await controlBatch(world.deps, world.finance, { batchId: id, act: 'resume' })
    await runUntil(id, 'finished')
    for (const { orderRef } of made) expect(paid().get(orderRef)).toEqual(['1000'])
  })

  test('it pauses itself when too many fail, and what failed can be run again in a new batch', async () => {
    await world.control('/settings', { refundOutcome: 'failure' })
    const made = await orders(40)
    const { id } = await approved(file(made, '10.00'))
    let paused = await batch(id)
    for (let step = 0; step < 400 && paused.status !== 'paused'; step += 1) {
      await drainBulk(world.deps)
      await world.drain()
      await world.advance(15_000)
      paused = await batch(id)
      if (paused.status.startsWith('finished')) break
    }
    expect(paused.status).toMatch(/^(paused|finished_failures)$/)
    if (paused.status === 'paused') {
      expect(paused.remark).toMatch(/refunds failed\. Look at their reasons/)
      await controlBatch(world.deps, world.finance, { batchId: id, act: 'stop' })
    }
    await runUntil(id, 'stopped', 'finished_failures')
    await world.advance(20 * 60_000)
    await world.drain()
    await drainBulk(world.deps)
    const again = await rerunBatch(world.deps, world.finance, { batchId: id, requestKey: 'run-it-again' })
    expect(again).toMatchObject({ source: 'rerun', parentId: id, status: 'checking' })
    const failed = (await rows(id)).filter(({ outcome }) => outcome === 'failed' || outcome === 'not_sent')
    expect(again.total).toBe(failed.length)
  })
})
