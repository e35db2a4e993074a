import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ROLES } from '../../server/domain/permission.ts'
import { parseQuery } from '../../server/domain/search-query.ts'
import {
  afterLook,
  ALERT_MINUTES_MAX,
  ALERT_PROBLEMS,
  ALERT_ROWS_MAX,
  hasChanged,
  mayWatch,
  NEW_ALERT,
  newsAt,
  ruleHolds,
  ruleProblem,
  type AlertResult,
} from '../../server/domain/view-alert.ts'

const NOW = new Date('2026-11-22T09:05:00Z')
const after = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
const FOUND = { holds: true, rows: 3 }
const NOTHING = { holds: false, rows: null }
const SLOW = { problem: 'too_slow' } as const

describe('a rule', () => {
  test.each([
    ['more_than', 0, true],
    ['more_than', ALERT_ROWS_MAX, true],
    ['more_than', ALERT_ROWS_MAX + 1, false],
    ['more_than', -1, false],
    ['more_than', 1.5, false],
    ['oldest_over', 0, false],
    ['oldest_over', 1, true],
    ['oldest_over', ALERT_MINUTES_MAX, true],
    ['oldest_over', ALERT_MINUTES_MAX + 1, false],
    ['oldest_over', Number.NaN, false],
  ] as const)('%s %d may be set: %s', (kind, threshold, fits) => {
    expect(ruleProblem({ kind, threshold }) === null).toBe(fits)
  })

  test('of age is true of a row that is older, not of one that is as old, and never of no row', () => {
    const rule = { kind: 'oldest_over', threshold: 120 } as const
    const aged = (oldestAt: Date | null) => ruleHolds(rule, { kind: 'oldest_over', oldestAt }, NOW)
    expect(aged(after(-121))).toBe(true)
    expect(aged(after(-120))).toBe(false)
    expect(aged(null)).toBe(false)
  })
})

describe('what there is to tell', () => {
  test('is that it became true, once, and again after it had been false', () => {
    const rose = afterLook(NEW_ALERT, FOUND, NOW)
    expect(rose).toMatchObject({ holds: true, roseAt: NOW, roseRows: 3, fellAt: null })
    const still = afterLook(rose, { holds: true, rows: null }, after(1))
    expect(still).toEqual(rose)
    const fell = afterLook(still, NOTHING, after(2))
    // Whoever was away is told of the time that it was true.
    expect(fell).toMatchObject({ holds: false, roseAt: NOW, roseRows: 3, fellAt: after(2) })
    expect(newsAt(fell, null)).toEqual(NOW)
    expect(newsAt(afterLook(fell, FOUND, after(3)), NOW)).toEqual(after(3))
  })

  test('is that it cannot be looked at, since when, until it can', () => {
    const lost = afterLook(afterLook(NEW_ALERT, FOUND, NOW), SLOW, after(1))
    expect(lost).toMatchObject({ holds: true, problem: 'too_slow', problemAt: after(1) })
    expect(afterLook(lost, { problem: 'broken' }, after(2))).toMatchObject({ problemAt: after(1) })
    expect(newsAt(lost, NOW)).toEqual(after(1))
    // It had not been false in between, as far as anybody knows.
    expect(newsAt(afterLook(lost, FOUND, after(3)), NOW)).toBeNull()
  })

  const result = fc.oneof<fc.Arbitrary<AlertResult>[]>(
    fc.record({ holds: fc.boolean(), rows: fc.constant(null) }),
    fc.record({ problem: fc.constantFrom(...ALERT_PROBLEMS) }),
  )

  test('whatever is found: one rise for each time it was false before, and nothing twice', () => {
    fc.assert(
      fc.property(fc.array(result), (results) => {
        let state = NEW_ALERT
        let seenAt: Date | null = null
        const told: ('rise' | 'problem')[] = []
        for (const [i, one] of results.entries()) {
          const at = after(i)
          const next = afterLook(state, one, at)
          // What is told later is a change that open pages hear of now.
          if (next.roseAt !== state.roseAt || next.problem !== state.problem)
            expect(hasChanged(state, next)).toBe(true)
          state = next
          const news = newsAt(state, seenAt)
          if (news === null) continue
          expect(news).toEqual(at)
          told.push('problem' in one ? 'problem' : 'rise')
          seenAt = news
        }
        const looks = results.flatMap((one) => ('problem' in one ? [] : [one.holds]))
        const rises = looks.filter((holds, i) => holds && looks[i - 1] !== true).length
        const losses = results.filter((one, i) => {
          const before = results[i - 1]
          return 'problem' in one && (before === undefined || !('problem' in before))
        }).length
        expect(state.holds).toBe(looks.at(-1) ?? false)
        expect(told.filter((kind) => kind === 'rise')).toHaveLength(rises)
        expect(told.filter((kind) => kind === 'problem')).toHaveLength(losses)
      }),
    )
  })
})

test.each([
  ['status:failed', ROLES],
  ['email:asha@example.test', ['support', 'finance', 'approver', 'admin']],
  ['-phone:9876543210', ['support', 'finance', 'approver', 'admin']],
  ['asha@okhdfc', ['support', 'finance', 'approver', 'admin']],
])('%s is looked for unattended for %s', (q, allowed) => {
  const parsed = parseQuery(q, { currency: 'INR' })
  if (!parsed.ok) throw new Error(parsed.error.message)
  expect(ROLES.filter((role) => mayWatch(role, parsed.query))).toEqual(allowed)
})
