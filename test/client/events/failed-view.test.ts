import { expect, test } from 'vitest'
import {
  DEFAULT_FAILED_SEARCH,
  totalText,
  type FailedGroup,
  type FailedGroups,
} from '../../../client/features/events/failed-view.ts'

const AT = new Date('2026-11-22T09:00:00Z')

const group = (reason: FailedGroup['reason'], count: number): FailedGroup => ({
  reason,
  count,
  waiting: count,
  newestAt: AT,
  oldestAt: AT,
  nextTryAt: null,
  stopsAt: null,
  names: [],
})
const GROUPS: FailedGroups = {
  groups: [group('database_busy', 1_200), group('unknown_event', 48_800)],
  capped: false,
  setAside: 3,
}

test('how many there are is that of the reason or of what people ignored, when the list is of those', () => {
  const text = (search: object, groups = GROUPS) => totalText(groups, { ...DEFAULT_FAILED_SEARCH, ...search })
  expect(text({})).toBe('50,000')
  expect(text({ reason: 'database_busy' })).toBe('1,200')
  expect(text({ view: 'ignored' })).toBe('3')
  expect(text({ reason: 'database_busy' }, { ...GROUPS, capped: true })).toBe('1,200+')
  expect(text({ reason: 'bad_body' })).toBe('0')
})
