import { expect, test } from 'vitest'
import { timeRangeLabel } from '../../../client/ui/time-range-menu.tsx'

test.each([
  ['-24h', 'Last 24 hours'],
  ['-3d', 'Last 3 days'],
  ['-1d', 'Last day'],
  ['-45m', 'Last 45 minutes'],
  ['2026-11-01..', 'From 2026-11-01'],
  ['..2026-11-15', 'Until 2026-11-15'],
  ['2026-11-01T14:00..', 'From 2026-11-01 14:00'],
  ['..2026-11-15T09:30:10', 'Until 2026-11-15 09:30:10'],
  ['2026-11-01..2026-11-15', '2026-11-01 to 2026-11-15'],
  ['2026-11-01T14:00..2026-11-01T15:00', '2026-11-01 14:00 to 15:00'],
  ['2026-11-01T14:00..2026-11-02T15:00', '2026-11-01 14:00 to 2026-11-02 15:00'],
])('%s is said as %s', (range, label) => {
  expect(timeRangeLabel(range)).toBe(label)
})
