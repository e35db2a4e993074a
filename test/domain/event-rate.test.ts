import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareWithUsual,
  DAY_MS,
  DELAY_BOUNDS_MS,
  DELAY_BUCKETS,
  delayOf,
  HOUR_MS,
  usualRate,
} from '../../server/domain/event-rate.ts'
import {
  hoursOf,
  nextWindow,
  PIECE_MS,
  REST_FACTOR,
  spansOf,
  type RollUpMark,
} from '../../server/domain/roll-up.ts'

const bucketOf = (ms: number): number => {
  const over = DELAY_BOUNDS_MS.findIndex((bound) => ms < bound)
  return over === -1 ? DELAY_BOUNDS_MS.length : over
}

function histogramOf(values: readonly number[]): number[] {
  const histogram = Array.from({ length: DELAY_BUCKETS }, () => 0)
  for (const value of values) histogram[bucketOf(value)] = (histogram[bucketOf(value)] ?? 0) + 1
  return histogram
}

describe('percentiles of a delay', () => {
  test('nothing measured is no delay', () => {
    expect(delayOf(histogramOf([]))).toBeNull()
  })

  test('lie in the bucket of the exact percentile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 90_000_000 }), { minLength: 1, maxLength: 300 }),
        (values) => {
          const delay = delayOf(histogramOf(values))
          const sorted = values.toSorted((a, b) => a - b)
          for (const [share, told] of [
            [0.5, delay?.p50],
            [0.95, delay?.p95],
            [0.99, delay?.p99],
          ] as const) {
            const bucket = bucketOf(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
            expect(told).toBeGreaterThanOrEqual(DELAY_BOUNDS_MS[bucket - 1] ?? 0)
            expect(told).toBeLessThanOrEqual(DELAY_BOUNDS_MS[bucket] ?? DELAY_BOUNDS_MS.at(-1) ?? 0)
          }
          expect(delay?.count).toBe(values.length)
        },
      ),
    )
  })
})

describe('compared with the usual', () => {
  test.for([
    [100, null, 'unknown', null],
    [1, 3, 'usual', 33],
    [0, 0, 'usual', null],
    [0, 200, 'less', 0],
    [900, 840, 'usual', 107],
    [90_000, 84_000, 'usual', 107],
    [2_000, 840, 'more', 238],
    [12, 0, 'more', null],
  ] as const)('%i events where %s are expected: %s', ([count, expected, kind, percent]) => {
    expect(compareWithUsual(count, expected)).toEqual({ kind, percent })
  })
})

describe('the usual rate', () => {
  const now = new Date('2026-11-22T10:20:00.000Z')
  const hour = (daysAgo: number) => new Date(Date.parse('2026-11-22T10:00:00.000Z') - daysAgo * DAY_MS)

  test('is that of the same hour of the days before, quiet ones included', () => {
    const hours = [1, 2, 3].map((day) => ({ at: hour(day), count: 700 }))
    expect(usualRate(hours, hour(30), now)).toBeCloseTo(2_100 / 7 / HOUR_MS)
  })

  test('does not take days from before the beginning for quiet ones', () => {
    const hours = [1, 2].map((day) => ({ at: hour(day), count: 700 }))
    expect(usualRate(hours, new Date(hour(2).getTime() - HOUR_MS), now)).toBeCloseTo(700 / HOUR_MS)
    expect(usualRate(hours, hour(1), now)).toBeNull()
    expect(usualRate([], null, now)).toBeNull()
  })
})

describe('the roll-up', () => {
  const now = new Date('2026-11-22T10:20:03.000Z')
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const fresh: RollUpMark = { rolledTo: ago(5_000), rolledAt: ago(5_000), wideAt: ago(20_000), tookMs: 10 }

  test('looks at the newest often, and at a quarter of an hour every minute', () => {
    expect(nextWindow(fresh, null, now)).toMatchObject({
      kind: 'narrow',
      to: new Date('2026-11-22T10:20:10.000Z'),
    })
    expect(nextWindow({ ...fresh, wideAt: ago(60_000) }, null, now)).toMatchObject({ kind: 'wide' })
    expect(nextWindow({ ...fresh, rolledAt: ago(1_000) }, null, now)).toBeNull()
  })

  test('rests after work that took long', () => {
    expect(nextWindow({ ...fresh, tookMs: 400 }, null, now)).toBeNull()
    expect(nextWindow({ ...fresh, rolledAt: ago(400 * REST_FACTOR), tookMs: 400 }, null, now)).not.toBeNull()
  })

  test('catches up from the first event that nobody counted, piece by piece, and no further back than a week', () => {
    expect(nextWindow(fresh, ago(3 * HOUR_MS), now)).toEqual({
      kind: 'catch_up',
      from: new Date('2026-11-22T07:20:00.000Z'),
      to: new Date('2026-11-22T07:35:00.000Z'),
    })
    const never = { rolledTo: null, rolledAt: null, wideAt: null, tookMs: 0 }
    const monthAgo = nextWindow(never, ago(30 * DAY_MS), now)
    expect(monthAgo).toMatchObject({ kind: 'catch_up', from: new Date('2026-11-15T10:20:00.000Z') })
    expect(nextWindow(never, null, now)).toMatchObject({ kind: 'wide' })
  })

  test('leaves nothing out after a short absence', () => {
    const back = { ...fresh, rolledAt: ago(10 * 60_000), wideAt: ago(10 * 60_000) }
    expect(nextWindow(back, ago(10 * 60_000), now)).toMatchObject({
      kind: 'wide',
      from: new Date('2026-11-22T10:10:00.000Z'),
    })
  })

  test('counts slots that are close together in one go, in pieces that are not too long', () => {
    const window = { from: ago(120_000), to: now }
    const slot = (ms: number) => ago(600_000 + ms)
    const spans = spansOf(window, [slot(0), slot(-30_000), slot(-40_000)])
    expect(spans).toEqual([{ from: slot(0), to: slot(-50_000) }, window])
    const long = spansOf({ from: ago(3 * PIECE_MS), to: now }, [])
    expect(long.map(({ from, to }) => to.getTime() - from.getTime())).toEqual([PIECE_MS, PIECE_MS, PIECE_MS])
  })

  test('adds up the hours that were touched', () => {
    const hours = hoursOf([
      { from: new Date('2026-11-22T08:59:50.000Z'), to: new Date('2026-11-22T09:00:00.000Z') },
      { from: new Date('2026-11-22T09:59:50.000Z'), to: new Date('2026-11-22T10:00:10.000Z') },
    ])
    expect(hours.map(({ from }) => from.getUTCHours())).toEqual([8, 9, 10])
  })
})
