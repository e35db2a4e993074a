import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guardRestore, RESTORE_GUARD } from '../../../server/services/refunds/guard-restore.ts'
import { liftStop } from '../../../server/services/refunds/stop-refunds.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { refundSteps } from '../../support/refund-steps.ts'

let world: RefundWorld
const { ready, statusOf, expectPaidOnce } = refundSteps(() => world)

beforeAll(async () => {
  world = await openRefundWorld()
})

afterAll(() => world.close())

const inForce = () => world.deps.store.refundStops.inForce(world.account.id, world.deps.clock.now())
/** As a backup of another cluster, or of another time of this one, would say. */
const cameFrom = (set: string) => world.deps.database.pool.query(`update database_identity set ${set}`)

describe('a database that is not the one it was', () => {
  test('is noted at the first start, and every later start on the same one changes nothing', async () => {
    expect(await guardRestore(world.deps)).toBe(false)
    expect(await Promise.all([guardRestore(world.deps), guardRestore(world.deps)])).toEqual([false, false])
    expect(await inForce()).toEqual([])
  })

  test.each([
    ['another cluster', `system_identifier = '1'`],
    ['another timeline', 'timeline = timeline - 1'],
  ])('%s stops refunds once, until a person lifts it', async (_name, set) => {
    const { order, refundId, key } = await ready()
    await cameFrom(set)
    const starts = await Promise.all([guardRestore(world.deps), guardRestore(world.deps)])
    expect(starts.toSorted()).toEqual([false, true])
    const [stop, ...others] = await inForce()
    expect(others).toEqual([])
    expect(stop).toMatchObject({
      setByKind: 'system',
      setByName: RESTORE_GUARD,
      gateway: null,
      expiresAt: null,
    })
    await world.drain()
    expect(await statusOf(refundId)).toBe('ready')
    expect(await guardRestore(world.deps)).toBe(false)
    expect(await inForce()).toHaveLength(1)
    await liftStop(world.deps, world.approver, { stopId: stop?.id ?? '', note: 'All orders were checked' })
    await expectPaidOnce(order, key)
  })
})
