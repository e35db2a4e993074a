import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { drainRefundPolls } from '../../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../../server/jobs/send-refunds.ts'
import { Refusal } from '../../../server/domain/refusal.ts'
import type { JuspayClient, RefundCall, RefundResult } from '../../../server/juspay/client.ts'
import type { Deps } from '../../../server/services/deps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundViolations } from '../../support/refund-invariants.ts'

/** Steps of one life, and how many lives: enough to meet every fault, few enough for two cores. */
const STEPS = 40
const SEEDS = [11, 23, 37, 58]
const FAULTS = ['drop_response', 'reset', 'status', 'html', 'empty', 'malformed'] as const

let world: RefundWorld
beforeEach(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterEach(async () => {
  await world.close()
})

/** mulberry32: small, seeded, and the same everywhere. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Workers as the process has them, one of which may die before or after its call. */
function mortal(deps: Deps, client: JuspayClient, pick: (below: number) => number): Deps {
  const refund = async (call: RefundCall): Promise<RefundResult> => {
    const fate = pick(10)
    if (fate === 0) throw new Error('killed before the call')
    const result = await client.refund(call)
    if (fate === 1) throw new Error('killed after the call')
    return result
  }
  return { ...deps, juspay: () => Promise.resolve({ ...client, refund }) }
}

async function refusable(act: Promise<unknown>): Promise<void> {
  try {
    await act
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** Lives one seed: random asks, decisions, faults, deaths and portal refunds on two orders, then calm until settled. */
async function live(
  seed: number,
  deps: Deps,
): Promise<{ refs: string[]; portal: Set<string>; sent: number }> {
  const pick = seeded(seed)
  const orders = [await world.chargedOrder(), await world.chargedOrder('60.00')]
  const portal = new Set<string>()
  const workers = mortal(deps, await deps.juspay(world.account.id), pick)
  const waiting: string[] = []
  const orderAt = () => orders[pick(orders.length)] ?? { orderId: '', orderRef: '' }
  for (let step = 0; step < STEPS; step += 1) {
    const what = pick(10)
    if (what < 3) {
      const actor = pick(2) === 0 ? world.finance : world.support
      const amount = BigInt(500 + 250 * pick(10))
      const clientKey = randomUUID()
      const order = orderAt()
      const click = () => refusable(world.ask(order, amount, { actor, clientKey }))
      await Promise.all(pick(3) === 0 ? [click(), click()] : [click()])
      const page = await world.deps.store.refundRequests.approvals(world.account.id, {
        tab: 'waiting',
        userId: world.approver.userId,
        cursor: null,
        limit: 50,
      })
      waiting.splice(0, waiting.length, ...page.rows.map((row) => row.requestId))
    } else if (what < 5) {
      const requestId = waiting.shift()
      const both = requestId === undefined ? [] : [world.approver, world.approver2]
      await Promise.all(
        both.map((actor) =>
          refusable(world.decide(requestId ?? '', pick(4) === 0 ? 'reject' : 'approve', actor)),
        ),
      )
    } else if (what < 6) {
      const kind = FAULTS[pick(FAULTS.length)] ?? 'reset'
      await world.fault({
        kind,
        route: pick(4) === 0 ? 'order_status' : 'refund',
        count: 1 + pick(2),
        processed: pick(2) === 0,
      })
    } else if (what < 7 && pick(3) === 0) {
      const key = `PORTAL${step}`
      portal.add(key)
      const call = { orderRef: orderAt().orderRef, amountMinor: 300n, currency: 'INR', routingId: 'x' }
      await world.client.refund({ ...call, uniqueRequestId: key })
    } else {
      await Promise.all([drainRefunds(workers), drainRefundPolls(workers), drainRefunds(workers)])
      await world.advance(1_000 * (1 + pick(40)))
    }
    const wrong = await refundViolations(world, [], portal)
    expect(wrong, `seed ${seed}, step ${step}`).toEqual([])
  }
  await world.clearFaults()
  for (const { orderId } of orders) await settle(orderId, deps)
  const refs = orders.map((order) => order.orderRef)
  const sent = refs.reduce((sum, ref) => sum + world.accepted(ref).length, 0)
  return { refs, portal, sent }
}

/** Calm: healthy workers until nothing of ours is open. */
async function settle(orderId: string, deps: Deps): Promise<void> {
  for (let round = 0; round < 300; round += 1) {
    await drainRefunds(deps)
    await drainRefundPolls(deps)
    const open = (await world.refunds(orderId)).filter((work) => work.nextActionAt !== null)
    if (open.length === 0) return
    await world.advance(10_000)
  }
  throw new Error('refunds are still open after the faults stopped (I11)')
}

test.each(SEEDS)(
  'seed %i: whatever happens, no request is paid twice and the books are right',
  async (seed) => {
    const { refs, portal, sent } = await live(seed, world.deps)
    expect(sent).toBeGreaterThan(0)
    expect(await refundViolations(world, refs, portal)).toEqual([])
  },
)

// The control: the same checks must see the harm when a retry gets a new key, or they prove nothing.
test('a sender that makes a new key for every call is caught', async () => {
  const newKeys: JuspayClient = {
    ...world.client,
    refund: (call) =>
      world.client.refund({ ...call, uniqueRequestId: randomUUID().replaceAll('-', '').slice(0, 20) }),
  }
  const broken = { ...world.deps, juspay: () => Promise.resolve(newKeys) }
  const order = await world.chargedOrder()
  await world.ask(order, 2_500n)
  await drainRefunds(broken)
  await world.advance(15_000)
  await drainRefundPolls(broken)
  const wrong = await refundViolations(world, [order.orderRef])
  expect(world.accepted(order.orderRef).length).toBeGreaterThan(1)
  expect(wrong.some((line) => line.startsWith('I4'))).toBe(true)
})
