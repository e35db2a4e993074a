/** A replay never sends a refund: every kind of event, with refunds of ours in every state around. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { drainRefunds } from '../../../server/jobs/send-refunds.ts'
import { drainReplays } from '../../../server/jobs/run-replays.ts'
import { applyReplay } from '../../../server/services/webhooks/replay-control.ts'
import { createStaff } from '../../support/factories.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundViolations } from '../../support/refund-invariants.ts'
import { filterScope, replaySteps } from '../../support/replay-steps.ts'

let world: RefundWorld
let actor: StaffActor

beforeEach(async () => {
  world = await openRefundWorld({ webhooks: true })
  actor = await createStaff(world.deps.database, world.account, 'ops')
})
afterEach(() => world.close())

const { shadow, job, apply } = replaySteps(() => ({ deps: world.deps, actor }))

/** Everything of ours about refunds: what was asked, what was made of it, what was sent and how often. */
async function refundState(): Promise<unknown> {
  const { pool } = world.deps.database
  const requests = await pool.query('select id, status, amount_minor from refund_request order by id')
  const refunds = await pool.query(
    `select id, status, send_count, unique_request_id, amount_minor, next_action_at
     from refund where origin = 'paydesk' order by id`,
  )
  const orders = await pool.query(
    'select id, charged_minor, reserved_minor, refunded_minor, external_refunded_minor, excess_minor from orders order by id',
  )
  return { requests: requests.rows, refunds: refunds.rows, orders: orders.rows }
}

/** The refund calls that reached Juspay, whatever came of them. */
async function refundCalls(): Promise<number> {
  const { rows } = await world.deps.database.pool.query<{ calls: number }>(
    "select coalesce(sum(send_count), 0)::int as calls from refund where origin = 'paydesk'",
  )
  return rows[0]?.calls ?? 0
}

test('replaying every event sends nothing and asks for nothing, whatever state refunds are in', async () => {
  // One refund of each kind: sent and paid, sent and on its way, agreed and ready, and waiting for a second person.
  const orders = [
    await world.chargedOrder(),
    await world.chargedOrder(),
    await world.chargedOrder(),
    await world.chargedOrder(),
  ]
  const [paid, open, ready, waiting] = orders
  if (!paid || !open || !ready || !waiting) throw new Error('four orders')
  await world.ask(paid, 2_500n)
  await world.drainUntilSettled(paid.orderId)
  await world.ask(open, 2_500n)
  await drainRefunds(world.deps)
  await world.ask(ready, 2_500n)
  await world.ask(waiting, 2_500n, { actor: world.support })
  await world.advance(1_000)

  const before = await refundState()
  const calls = await refundCalls()
  const accepted = orders.map(({ orderRef }) => world.accepted(orderRef))
  const names = await world.deps.database.pool.query(
    'select distinct event_name from webhook_event order by 1',
  )
  expect(names.rows.map((row: { event_name: string }) => row.event_name)).toEqual(
    expect.arrayContaining(['ORDER_SUCCEEDED', 'REFUND_INITIATED', 'ORDER_REFUNDED']),
  )
  const to = new Date(world.deps.clock.now().getTime() + 1_000)
  const from = new Date(to.getTime() - 24 * 60 * 60 * 1_000)
  const run = await shadow(filterScope({ among: 'any', from, to }))
  expect(run.appliedBefore).toBe(run.total)
  expect(await refundState()).toEqual(before)

  world.deps.woken.length = 0
  const done = await apply(run.id, String(run.appliedBefore))
  expect(done).toMatchObject({ status: 'done', applied: run.total, failed: 0, changed: 0 })
  expect(await refundState()).toEqual(before)
  expect(await refundCalls()).toBe(calls)
  expect(orders.map(({ orderRef }) => world.accepted(orderRef))).toEqual(accepted)
  expect(world.deps.woken).not.toContain('refunds')

  // What was agreed is sent by who sends refunds, once, as if nothing had been replayed.
  for (const order of orders) await world.drainUntilSettled(order.orderId)
  expect(world.accepted(ready.orderRef)).toHaveLength(1)
  expect(world.accepted(waiting.orderRef)).toEqual([])
  expect(
    await refundViolations(
      world,
      orders.map(({ orderRef }) => orderRef),
    ),
  ).toEqual([])
})

test('a worker that dies in the middle of a replay leaves refunds alone, as does the one that goes on', async () => {
  const order = await world.chargedOrder()
  await world.ask(order, 2_500n)
  const before = await refundState()
  const run = await shadow(filterScope({ among: 'any', orderRef: order.orderRef }))
  await applyReplay(world.deps, actor, {
    jobId: run.id,
    again: run.total === 1 ? order.orderRef : String(run.appliedBefore),
  })
  const now = world.deps.clock.now()
  const lost = await world.deps.store.replays.claim(now, new Date(now.getTime() + 30_000))
  if (lost === null) throw new Error('the job was claimed')
  await world.deps.store.replays.begin(lost, 1, { now, holdUntil: new Date(now.getTime() + 60_000) })
  world.deps.clock.advance(31_000)
  await drainReplays(world.deps)
  expect(await job(run.id)).toMatchObject({ status: 'done', failed: 0 })
  expect(await refundState()).toEqual(before)
  expect(world.accepted(order.orderRef)).toEqual([])
})
