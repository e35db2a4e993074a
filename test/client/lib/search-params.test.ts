import { expect, test } from 'vitest'
import { timeRange } from '../../../client/lib/search-params.ts'

test.each([
  ['-7d', '-7d'],
  ['last_month', 'last_month'],
  ['2026-11-01..2026-11-15', '2026-11-01..2026-11-15'],
  ['2026-11-22', '2026-11-22..2026-11-22'],
  ['30d', '-24h'],
  ['', '-24h'],
  [7, '-24h'],
  [undefined, '-24h'],
])('the range %j of an address is %s', (given, range) => {
  expect(timeRange('-24h').parse(given)).toBe(range)
})
