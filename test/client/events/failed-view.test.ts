import { describe, expect, test } from 'vitest'
import { replayAllOf } from '../../../client/features/events/failed-scope.ts'
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

describe('replay all', () => {
  const bad = group('bad_body', 7)
  const busy = group('database_busy', 2)
  const of = (groups: FailedGroup[], reason: FailedGroup['reason'] | '' = '', capped = false) =>
    replayAllOf({ groups, capped }, reason)

  test('is not offered for bytes that no replay makes readable, and says so', () => {
    const problem = 'No replay makes these bytes readable. Ignore them, or replay one to see what came.'
    expect(of([bad, busy], 'bad_body')).toMatchObject({ problem })
    expect(of([bad])).toMatchObject({ problem })
    // Older events than the newest that were counted may have another reason.
    expect(of([bad], '', true).problem).toBeNull()
    expect(of([bad, busy], 'database_busy')).toMatchObject({
      problem: null,
      what: 'all with the reason "Database busy"',
      scope: { among: 'open', reasons: ['database_busy'] },
    })
  })

  test('of all that need a look leaves those out', () => {
    const { scope, what, problem } = of([bad, busy])
    expect(problem).toBeNull()
    expect(what).toBe('all that need a look, but those with the reason "Bad body", which no replay changes')
    expect(scope.reasons).toContain('database_busy')
    expect(scope.reasons).not.toContain('bad_body')
    expect(of([busy])).toMatchObject({ what: 'all that need a look', scope: { reasons: [] }, problem: null })
  })
})
