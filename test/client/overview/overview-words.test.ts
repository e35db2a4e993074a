import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  changeText,
  comparedWith,
  needText,
  ordersPath,
  percentText,
  rateChangeText,
  shareText,
  sparkMoney,
  sparkText,
} from '../../../client/features/overview/overview-words.ts'

const DAY_MS = 86_400_000
const UNTIL = new Date('2026-11-22T09:00:00Z')
const NOW = new Date('2026-11-22T09:05:00Z')

describe('a change in words', () => {
  test.each([
    [106_200n, 100_000n, '6.2% more than last Sunday at this time'],
    [98_901n, 100_000n, '1.0% less than last Sunday at this time'],
    [100_001n, 100_000n, 'About the same as last Sunday at this time'],
    [5n, 5n, 'Same as last Sunday at this time'],
    [0n, 0n, 'None, as last Sunday at this time'],
    [7n, 0n, 'None last Sunday at this time'],
  ])('%s after %s', (current, before, text) => {
    expect(changeText(current, before, comparedWith('today', 7 * DAY_MS, UNTIL))).toBe(text)
  })

  test('names the hours it is compared with', () => {
    expect(changeText(7n, 0n, comparedWith('7d', 7 * DAY_MS, UNTIL))).toBe('None in the 7 days before')
    expect(changeText(0n, 0n, comparedWith('24h', 7 * DAY_MS, UNTIL))).toBe(
      'None, as in the same hours last week',
    )
    expect(changeText(3n, 2n, comparedWith('24h', DAY_MS, UNTIL))).toBe('50.0% more than the 24 hours before')
  })

  test('of a rate is in points', () => {
    const of = (charged: number, failed: number) => ({ charged, failed, pending: 9, other: 0 })
    expect(rateChangeText(of(913, 87), of(924, 76), 'yesterday at this time')).toBe(
      '1.1 points less than yesterday at this time',
    )
    expect(rateChangeText(of(0, 0), of(9, 1), 'yesterday at this time')).toBeNull()
  })

  test('never says that a part is more of the whole than it is', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        (part, whole) => {
          const tenths = BigInt((shareText(part, whole) ?? '').replace(/[.%]/g, ''))
          expect(tenths * whole <= part * 1_000n).toBe(true)
        },
      ),
    )
    expect(percentText(0.9996)).toBe('99.9%')
    expect(percentText(0.29)).toBe('29.0%')
    expect(percentText(1)).toBe('100.0%')
  })
})

describe('what needs somebody', () => {
  const need = { atLeast: false, amounts: [], oldestAt: null, retriesStopAt: null }

  test('says how much and since when', () => {
    const approvals = {
      ...need,
      kind: 'approvals' as const,
      count: 4,
      amounts: [
        { currency: 'INR', amountMinor: 11_824_000n },
        { currency: 'USD', amountMinor: 5_000n },
      ],
      oldestAt: new Date('2026-11-22T06:55:00Z'),
    }
    expect(needText(approvals, NOW)).toBe(
      '4 refunds wait for your approval, ₹1,18,240.00 and $50.00, oldest 2 h 10 min',
    )
    expect(needText({ ...approvals, count: 1_000, atLeast: true }, NOW)).toContain(
      '1,000 or more refunds wait for your approval, at least ₹1,18,240.00 and $50.00',
    )
    expect(
      needText(
        { ...need, kind: 'failed_events', count: 1, retriesStopAt: new Date('2026-11-22T14:05:00Z') },
        NOW,
      ),
    ).toBe('1 failed event, retries stop in 5 h')
  })
})

test('a figure of today leads to today, of another window to exactly its hours', () => {
  const window = { from: new Date('2026-11-21T09:15:00Z'), to: new Date('2026-11-22T09:15:00Z') }
  expect(ordersPath('status:failed', { ...window, range: 'today' })).toBe(
    '/transactions?q=status%3Afailed&t=today',
  )
  expect(ordersPath('', { ...window, range: '24h' })).toBe(
    '/transactions?q=&t=2026-11-21T14%3A45%3A00..2026-11-22T14%3A45%3A00',
  )
})

test('a line says its lowest, its highest and when', () => {
  const points = [110_000_00, null, 240_000_00, 180_000_00].map((value, i) => ({
    at: new Date(Date.parse('2026-11-22T05:30:00Z') + i * 3_600_000),
    value,
  }))
  expect(sparkText('Charged amount', points, sparkMoney('INR'))).toBe(
    'Charged amount, last 24 hours, from ₹1.10 L to ₹2.40 L an hour, highest at 13:00',
  )
  expect(sparkText('Charged amount', [{ at: UNTIL, value: null }], sparkMoney('INR'))).toBe(
    'Charged amount, last 24 hours, nothing yet',
  )
})
