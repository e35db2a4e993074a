/** What a batch holds of an order: from when its amount is set aside until its refund is on its way or given back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drainBulk } from '../../../server/jobs/run-bulk.ts'
import { controlBatch } from '../../../server/services/bulk/control-batch.ts'
import { liftStop, stopRefunds } from '../../../server/services/refunds/stop-refunds.ts'
import { bulkSteps } from '../../support/bulk-steps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterAll(() => world.close())

const { upload, runUntil, submit, decide, orders, approved } = bulkSteps(() => world)

const locksOn = (...orderIds: string[]) => world.deps.store.bulk.locksOn(world.account.id, orderIds)

test('an order is held while its batch waits, is held and is paused, and no longer once its refund is on its way', async () => {
  const [order, other] = await orders(2)
  if (!order || !other) expect.unreachable()
  const { id } = await upload(`order_id,amount\n${order.orderRef},10.00`)
  await runUntil(id, 'ready')
  expect(await locksOn(order.orderId)).toEqual([])

  await submit(id)
  const batch = await runUntil(id, 'waiting_approval')
  const lock = {
    orderId: order.orderId,
    batchId: id,
    batchNo: batch.no,
    by: world.finance.name,
    amountMinor: 1_000n,
    currency: 'INR',
  }
  expect(await locksOn(order.orderId, other.orderId)).toEqual([{ ...lock, status: 'waiting_approval' }])

  await decide(id, 'approve')
  expect(await locksOn(order.orderId)).toEqual([{ ...lock, status: 'held' }])

  const stop = await stopRefunds(world.deps, {
    by: world.approver,
    gateway: null,
    reason: 'The bank is down.',
    expiresAt: null,
  })
  await world.advance(600_000)
  await runUntil(id, 'paused')
  expect(await locksOn(order.orderId)).toEqual([{ ...lock, status: 'paused' }])

  await liftStop(world.deps, world.approver, { stopId: stop?.id ?? '', note: 'It is back.' })
  await controlBatch(world.deps, world.finance, { batchId: id, act: 'resume' })
  await drainBulk(world.deps)
  expect(await locksOn(order.orderId)).toEqual([])
})

test('a cancelled batch holds nothing', async () => {
  const [order] = await orders(1)
  if (!order) expect.unreachable()
  const { id } = await approved(`order_id,amount\n${order.orderRef},10.00`)
  expect(await locksOn(order.orderId)).toHaveLength(1)
  await controlBatch(world.deps, world.finance, { batchId: id, act: 'cancel' })
  expect(await locksOn(order.orderId)).toEqual([])
})

test('another account is told of nothing', async () => {
  const [order] = await orders(1)
  if (!order) expect.unreachable()
  await approved(`order_id,amount\n${order.orderRef},10.00`)
  expect(await world.deps.store.bulk.locksOn(world.deps.ids.uuid(), [order.orderId])).toEqual([])
})
