import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../../server/domain/approval-policy.ts'
import { nextDayInIndia } from '../../../server/domain/refund-limit.ts'
import { limitUsedUp } from '../../../server/services/refunds/refund-limits.ts'
import { setPolicy } from '../../../server/services/settings/set-policy.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld

beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(() => world.close())

test('a limit that is used up is told before a form is opened, until midnight in India', async () => {
  const { deps, finance } = world
  const told = () => limitUsedUp(deps.store, finance, { currency: 'INR', now: deps.clock.now() })
  expect(await told()).toBeNull()
  const { rules } = DEFAULT_POLICY
  const limits = { ...rules.limits, roles: [{ role: 'finance' as const, dayMinor: 5_000n }] }
  await setPolicy(deps, world.approver, {
    basedOn: 0,
    rules: { ...rules, approvalAboveMinor: 1_000_000n, limits },
    confirmOff: false,
  })
  const order = await world.chargedOrder()
  await world.ask(order, 4_999n)
  expect(await told()).toBeNull()
  await world.ask(order, 1n)
  expect(await told()).toBe('Your limit is used up today: ₹50.00.')
  const now = deps.clock.now()
  await world.advance(nextDayInIndia(now).getTime() - now.getTime())
  expect(await told()).toBeNull()
})
