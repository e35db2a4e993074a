import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { liftStop, stopRefunds } from '../../../server/services/refunds/stop-refunds.ts'
import { previewRefund } from '../../../server/services/refunds/preview-refund.ts'
import { jobActor } from '../../../server/services/refunds/refund-facts.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundSteps } from '../../support/refund-steps.ts'

let world: RefundWorld
const { ready, statusOf, expectPaidOnce } = refundSteps(() => world)
const HOUR_MS = 3_600_000

beforeAll(async () => {
  world = await openRefundWorld()
})

afterAll(() => world.close())

beforeEach(async () => {
  await world.clearFaults()
  // What a test left in force must not hold back the refunds of the next one.
  for (const { id } of await world.deps.store.refundStops.inForce(world.account.id, world.deps.clock.now()))
    await lift(id)
})

const lift = (stopId: string) =>
  liftStop(world.deps, world.approver, { stopId, note: 'Looked into, all is well' })

const stop = (gateway: string | null = null, expiresAt: Date | null = null) =>
  stopRefunds(world.deps, { by: world.finance, gateway, reason: 'Refunds look wrong today', expiresAt })

async function setStop(gateway: string | null = null): Promise<string> {
  const set = await stop(gateway)
  if (set === null) throw new Error('a person always sets a stop')
  return set.id
}

const audited = async (subjectId: string): Promise<string[]> => {
  const { rows } = await world.deps.database.pool.query<{ action: string }>(
    'select action from audit_entry where subject_id = $1 order by id',
    [subjectId],
  )
  return rows.map((row) => row.action)
}

describe('a stop of all refunds', () => {
  test('lets people ask, sends nothing, and sends once when it is lifted', async () => {
    const stopId = await setStop()
    const { order, refundId, key } = await ready()
    await world.drain()
    await world.advance(10 * 60_000)
    await world.drain()
    expect(await statusOf(refundId)).toBe('ready')
    expect(world.accepted(order.orderRef)).toEqual([])
    expect(await previewRefund(world.deps, world.finance, order)).toMatchObject({
      stop: {
        title: 'Refunds are stopped',
        reason: 'Refunds look wrong today',
        by: 'Asha Menon',
        until: null,
      },
    })
    const lifted = await lift(stopId)
    expect(lifted).toMatchObject({ liftedByName: 'Rohan Das', liftNote: 'Looked into, all is well' })
    await expectPaidOnce(order, key)
    expect(await audited(stopId)).toEqual(['refund_stop.set', 'refund_stop.lift'])
    await expect(lift(stopId)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('one that it held for days and that got no answer then is looked for as soon as any other', async () => {
    const stopId = await setStop()
    const { order, refundId, key } = await ready()
    await world.advance(40 * HOUR_MS)
    await lift(stopId)
    await world.fault({ kind: 'drop_response', route: 'refund', count: 1 })
    await world.advance(10 * 60_000)
    await world.drain()
    expect(await statusOf(refundId)).toBe('unknown')
    await world.advance(60_000)
    await world.drain()
    expect(await statusOf(refundId)).not.toBe('unknown')
    await expectPaidOnce(order, key)
  })

  test('holds one that was approved meanwhile; its approval stays', async () => {
    const order = await world.chargedOrder('5000.00')
    const { request } = await world.ask(order, 250_000n)
    const stopId = await setStop()
    await world.decide(request.requestId ?? '', 'approve')
    await world.drain()
    const [refund] = await world.refunds(order.orderId)
    expect(refund).toMatchObject({ status: 'ready', sendCount: 0 })
    await lift(stopId)
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })

  test('holds back the sending again of one in doubt, and still finds it at Juspay', async () => {
    const lost = await ready()
    await world.fault({ kind: 'timeout', route: 'refund', count: 1 })
    await world.drain()
    expect(await statusOf(lost.refundId)).toBe('unknown')
    const stopId = await setStop()
    for (let round = 0; round < 4; round += 1) {
      await world.advance(5 * 60_000)
      await world.drain()
    }
    expect(await statusOf(lost.refundId)).toBe('unknown')
    expect(world.accepted(lost.order.orderRef)).toEqual([])
    await lift(stopId)
    await expectPaidOnce(lost.order, lost.key)

    const landed = await ready()
    await world.fault({ kind: 'drop_response', route: 'refund', count: 1 })
    await world.drain()
    expect(await statusOf(landed.refundId)).toBe('unknown')
    await setStop()
    await expectPaidOnce(landed.order, landed.key)
  })

  test('ends by itself at its time', async () => {
    await stop(null, new Date(world.deps.clock.now().getTime() + HOUR_MS))
    const { order, refundId, key } = await ready()
    await world.advance(HOUR_MS - 120_000)
    await world.drain()
    expect(await statusOf(refundId)).toBe('ready')
    await world.advance(180_000)
    await expectPaidOnce(order, key)
  })

  test('is not undone by a shorter one', async () => {
    const lasting = await setStop()
    await stop(null, new Date(world.deps.clock.now().getTime() + 60_000))
    await world.advance(120_000)
    const { refundId } = await ready()
    await world.drain()
    expect(await statusOf(refundId)).toBe('ready')
    expect(
      await world.deps.store.refundStops.inForce(world.account.id, world.deps.clock.now()),
    ).toMatchObject([{ id: lasting }])
  })

  test('nothing is claimed once it is committed, however close the race', async () => {
    for (let round = 0; round < 8; round += 1) {
      const made = [await ready(), await ready(), await ready()]
      let committedAt = 0n
      const sequence = async (): Promise<bigint> => {
        const sql = `select coalesce(max(id), 0) as id from audit_entry`
        return (await world.deps.database.pool.query<{ id: bigint }>(sql)).rows[0]?.id ?? 0n
      }
      const [stopId] = await Promise.all([
        setStop().then(async (id) => {
          committedAt = await sequence()
          return id
        }),
        world.drain(),
      ])
      const { rows } = await world.deps.database.pool.query<{ id: bigint }>(
        `select id from audit_entry where action = 'refund.send' and subject_id = any($1)`,
        [made.map(({ refundId }) => refundId)],
      )
      for (const { id } of rows) expect(id).toBeLessThanOrEqual(committedAt)
      await lift(stopId)
      for (const { order, key } of made) await expectPaidOnce(order, key)
    }
  })
})

describe('a stop of one gateway', () => {
  test('holds back its refunds and no others', async () => {
    const { order, refundId, key } = await ready()
    const stored = await world.deps.store.orders.byId(world.account.id, order.orderId)
    const own = await setStop(stored?.gateway ?? '')
    await world.drain()
    expect(await statusOf(refundId)).toBe('ready')
    await setStop('ANOTHER_GATEWAY')
    await lift(own)
    await expectPaidOnce(order, key)
  })
})

describe('a job', () => {
  test('stops once, however often it finds the fault, and again after its stop has run out or was lifted', async () => {
    const by = jobActor(world.deps, 'invariant-checker', world.account.id)
    const set = (expiresAt: Date | null) =>
      stopRefunds(world.deps, { by, gateway: null, reason: 'Invariant I1 is broken', expiresAt })
    const first = await set(new Date(world.deps.clock.now().getTime() + HOUR_MS))
    expect(first).toMatchObject({ setByKind: 'system', setByName: 'invariant-checker' })
    expect(await set(null)).toBeNull()
    await world.advance(HOUR_MS + 1_000)
    const second = await set(null)
    expect(second).not.toBeNull()
    await lift(second?.id ?? '')
    expect(await set(null)).not.toBeNull()
    const { rows } = await world.deps.store.refundStops.history(world.account.id, { cursor: null, limit: 2 })
    expect(rows).toHaveLength(2)
  })
})

describe('words', () => {
  test('a stop needs a reason and an end to come', async () => {
    const input = { by: world.finance, gateway: null, expiresAt: null }
    await expect(stopRefunds(world.deps, { ...input, reason: ' no ' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'Reason must be at least 5 characters.',
    })
    const past = new Date(world.deps.clock.now().getTime() - 1)
    await expect(stop(null, past)).rejects.toMatchObject({ message: 'End must be in the future.' })
    const far = new Date(world.deps.clock.now().getTime() + 31 * 24 * HOUR_MS)
    await expect(stop(null, far)).rejects.toMatchObject({ message: 'End must be within 30 days.' })
  })
})
