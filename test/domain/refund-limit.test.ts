import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dayInIndia,
  DEFAULT_LIMITS,
  limitProblem,
  nextDayInIndia,
  personDayLimit,
  raisesLimit,
  tightestLimit,
  usedUpProblem,
  type RefundLimits,
} from '../../server/domain/refund-limit.ts'
import { ROLES } from '../../server/domain/permission.ts'

const ASHA = { userId: '00000000-0000-4000-8000-0000000000a1', role: 'finance' } as const
const limits: RefundLimits = {
  ...DEFAULT_LIMITS,
  roles: [{ role: 'finance', dayMinor: 5_000_000n }],
  accountDayMinor: 20_000_000n,
}

describe('days in India', () => {
  test('change at half past six in the evening, UTC', () => {
    expect(dayInIndia(new Date('2026-11-25T18:29:59.999Z'))).toBe('2026-11-25')
    expect(dayInIndia(new Date('2026-11-25T18:30:00.000Z'))).toBe('2026-11-26')
    expect(nextDayInIndia(new Date('2026-11-25T18:29:59.999Z')).toISOString()).toBe(
      '2026-11-25T18:30:00.000Z',
    )
    expect(nextDayInIndia(new Date('2026-11-25T18:30:00.000Z')).toISOString()).toBe(
      '2026-11-26T18:30:00.000Z',
    )
  })

  test('the next day is the first instant of another day, whenever it is asked', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (at) => {
        const next = nextDayInIndia(at)
        expect(next.getTime()).toBeGreaterThan(at.getTime())
        expect(dayInIndia(new Date(next.getTime() - 1))).toBe(dayInIndia(at))
        expect(dayInIndia(next)).not.toBe(dayInIndia(at))
      }),
    )
  })
})

describe('limits of a day', () => {
  test('a limit of one’s own stands in place of the role’s', () => {
    expect(personDayLimit(limits, ASHA)).toBe(5_000_000n)
    const own = { ...limits, people: [{ userId: ASHA.userId, dayMinor: 100n }] }
    expect(personDayLimit(own, ASHA)).toBe(100n)
    expect(personDayLimit(limits, { ...ASHA, role: 'admin' })).toBeNull()
  })

  test('the tighter of the two counts', () => {
    expect(tightestLimit(limits, ASHA, { personMinor: 150_000n, accountMinor: 0n })).toEqual({
      scope: 'person',
      limitMinor: 5_000_000n,
      leftMinor: 4_850_000n,
    })
    expect(tightestLimit(limits, ASHA, { personMinor: 0n, accountMinor: 19_999_999n })).toMatchObject({
      scope: 'account',
      leftMinor: 1n,
    })
    const none = { ...limits, roles: [], accountDayMinor: null }
    expect(tightestLimit(none, ASHA, { personMinor: 10n ** 12n, accountMinor: 10n ** 12n })).toBeNull()
    expect(tightestLimit(limits, ASHA, { personMinor: 9_000_000n, accountMinor: 0n })?.leftMinor).toBe(0n)
  })

  test('says what is left', () => {
    const left = { scope: 'person', limitMinor: 5_000_000n, leftMinor: 4_850_000n } as const
    expect(limitProblem(left, 4_850_000n, 'INR')).toBeNull()
    expect(limitProblem(left, 4_850_001n, 'INR')).toBe(
      'Only ₹48,500.00 is left of your limit for today, ₹50,000.00.',
    )
    expect(limitProblem({ ...left, scope: 'account', leftMinor: 0n }, 1n, 'INR')).toBe(
      'The limit of this account is used up today: ₹50,000.00.',
    )
    expect(limitProblem(null, 1n, 'INR')).toBeNull()
    expect(usedUpProblem(left, 'INR')).toBeNull()
    expect(usedUpProblem({ ...left, leftMinor: 0n }, 'INR')).toBe('Your limit is used up today: ₹50,000.00.')
    expect(usedUpProblem(null, 'INR')).toBeNull()
  })

  test('nobody raises their own', () => {
    const role = (dayMinor: bigint): RefundLimits => ({ ...limits, roles: [{ role: 'finance', dayMinor }] })
    expect(raisesLimit(limits, role(5_000_001n), ASHA)).toBe(true)
    expect(raisesLimit(limits, role(4_999_999n), ASHA)).toBe(false)
    expect(raisesLimit(limits, { ...limits, roles: [] }, ASHA)).toBe(true)
    const own = { ...limits, people: [{ userId: ASHA.userId, dayMinor: 9_000_000n }] }
    expect(raisesLimit(limits, own, ASHA)).toBe(true)
    expect(raisesLimit(limits, own, { ...ASHA, userId: 'someone else' })).toBe(false)
    expect(raisesLimit({ ...limits, roles: [] }, limits, ASHA)).toBe(false)
  })

  test('a limit that was never there cannot be raised, and an unchanged one is not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROLES), (role) => {
        expect(raisesLimit(limits, limits, { ...ASHA, role })).toBe(false)
      }),
    )
  })
})
