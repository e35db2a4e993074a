import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addWorkingDays,
  AGE_BUCKETS,
  ageBucketOf,
  DAY_MS,
  isLate,
  lateBefore,
  PROMISED_WORKING_DAYS,
  refundClock,
  workingDaysSince,
} from '../../server/domain/refund-clock.ts'

const instant = fc.date({
  min: new Date('1990-01-01T00:00:00Z'),
  max: new Date('2080-01-01T00:00:00Z'),
  noInvalidDate: true,
})
const weekday = (at: Date): string =>
  new Intl.DateTimeFormat('en-IN', { weekday: 'short', timeZone: 'Asia/Kolkata' }).format(at)

describe('working days in India', () => {
  test('Friday evening and the weekend after it', () => {
    const friday = new Date('2026-11-20T17:00:00Z')
    expect(weekday(friday)).toBe('Fri')
    expect(addWorkingDays(friday, 1)).toEqual(new Date('2026-11-23T17:00:00Z'))
    expect(workingDaysSince(friday, new Date('2026-11-22T18:29:59Z'))).toBe(0)
    // 18:30 UTC is midnight in India.
    expect(workingDaysSince(friday, new Date('2026-11-22T18:30:00Z'))).toBe(1)
  })

  test('counting back what was added gives the same number', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 40 }), (from, days) => {
        const later = addWorkingDays(from, days)
        expect(workingDaysSince(from, later)).toBe(days)
        if (days > 0) expect(['Sat', 'Sun']).not.toContain(weekday(later))
      }),
    )
  })

  test('a week has five, whenever it begins', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 30 }), (from, weeks) => {
        expect(workingDaysSince(from, new Date(from.getTime() + weeks * 7 * DAY_MS))).toBe(weeks * 5)
      }),
    )
  })

  test('late is what was sent before the day a query compares with, and nothing else', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 20 * DAY_MS }), (now, age) => {
        const sentAt = new Date(now.getTime() - age)
        expect(sentAt < lateBefore(now)).toBe(isLate(sentAt, now))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the clocks of a refund', () => {
  const sentAt = new Date('2026-11-20T06:00:00Z')
  const clock = (afterMs: number, sentToGateway = true, expectedCreditAt: Date | null = null) =>
    refundClock({ sentAt, sentToGateway, expectedCreditAt }, new Date(sentAt.getTime() + afterMs))

  test('the queue is a quarter of an hour, then it is longer than usual', () => {
    expect(clock(15 * 60_000, false)).toMatchObject({ place: 'queue', overdueInQueue: false })
    expect(clock(15 * 60_000 + 1, false)).toMatchObject({ place: 'queue', overdueInQueue: true })
    expect(clock(16 * 60_000)).toMatchObject({ place: 'gateway', overdueInQueue: false })
  })

  test('what the gateway says of the credit wins over the promise', () => {
    const told = new Date('2026-12-01T06:00:00Z')
    expect(clock(0, true, told).expectedAt).toEqual(told)
    expect(clock(0).expectedAt).toEqual(addWorkingDays(sentAt, PROMISED_WORKING_DAYS))
  })

  test('time never runs back, and days to the review never go below none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * DAY_MS }),
        fc.integer({ min: 0, max: DAY_MS }),
        (age, more) => {
          const [before, after] = [clock(age), clock(age + more)]
          expect(after.daysToReview).toBeLessThanOrEqual(before.daysToReview)
          expect(after.workingDays).toBeGreaterThanOrEqual(before.workingDays)
          expect(after.late || !before.late).toBe(true)
          expect(after.daysToReview).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})

test('every age has one bucket, and older is never in a younger one', () => {
  const order = AGE_BUCKETS.map((bucket) => bucket.id)
  fc.assert(
    fc.property(
      fc.double({ min: -5, max: 400, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }),
      (age, more) => {
        expect(order.indexOf(ageBucketOf(age + more))).toBeGreaterThanOrEqual(order.indexOf(ageBucketOf(age)))
      },
    ),
  )
  expect(ageBucketOf(-1)).toBe('today')
  expect(ageBucketOf(1)).toBe('days1')
  expect(ageBucketOf(400)).toBe('days10')
})
