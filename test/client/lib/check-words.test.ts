import { expect, test } from 'vitest'
import { checkReport, type CheckedOrder } from '../../../client/lib/check-report.ts'
import { checkText } from '../../../client/lib/check-words.ts'
import { tooManyText } from '../../../server/domain/check-words.ts'

const CHARGED = { was: 'Charged', is: 'Charged' }
const NOW_CHARGED = { was: 'Pending', is: 'Charged' }

function checked(
  orderRef: string,
  outcome: CheckedOrder['outcome'],
  status: CheckedOrder['status'] = null,
): CheckedOrder {
  return { orderRef, outcome, status }
}

test('several answers are told by number, and what changed by name and new status', () => {
  const same = [checked('ord_1', 'no_change', CHARGED), checked('ord_2', 'no_change', CHARGED)]
  expect(checkReport(same)).toEqual({ tone: 'success', title: 'Checked 2. None changed.', message: '' })
  expect(checkReport([...same, checked('ord_3', 'changed', NOW_CHARGED)]).title).toBe(
    'Checked 3. 1 changed: ord_3 is now Charged.',
  )
  // A refund of it changed, its own status did not.
  expect(checkReport([checked('ord_4', 'changed', CHARGED)]).title).toBe('Checked 1. 1 changed: ord_4.')
  const many = ['a', 'b', 'c', 'd', 'e'].map((ref) => checked(ref, 'changed', NOW_CHARGED))
  expect(checkReport(many).title).toMatch(/^Checked 5\. 5 changed: a is .+, c is now Charged and 2 more\.$/)
})

test('orders without an answer are not told as unchanged, and it is said what to do', () => {
  const report = checkReport([
    checked('ord_1', 'changed', NOW_CHARGED),
    checked('ord_2', 'unavailable'),
    checked('ord_3', 'not_found'),
  ])
  expect(report.tone).toBe('warning')
  expect(report.title).toBe('Checked 1 of 3. 1 changed: ord_1 is now Charged.')
  expect(report.message).toBe(
    '1 got no usable answer from Juspay: ord_2. Nothing changed there; check again. ' +
      '1 unknown to Juspay: ord_3. See Reconciliation.',
  )
})

test.each(['unavailable', 'error', 'unauthorised', 'not_found', 'wrong_merchant', 'no_such_order'] as const)(
  'when all came to %s, nothing is told as done',
  (outcome) => {
    const report = checkReport([checked('ord_1', outcome), checked('ord_2', outcome)])
    expect(report).toMatchObject({ tone: 'error', title: 'Checked 0 of 2.' })
    expect(report.message).toMatch(/^2 .+: ord_1, ord_2\. .+\.$/)
  },
)

test('one answer is told with the time it is true of', () => {
  const check = { message: '', changes: [], checkedAt: new Date('2026-11-22T09:11:07Z'), retryAt: null }
  const same = { ...check, outcome: 'no_change', status: CHARGED }
  expect(checkText(same, 'IST')).toBe('No change. Still charged as of 14:41:07.')
  expect(checkText(same, 'UTC')).toBe('No change. Still charged as of 09:11:07.')
  expect(checkText({ ...check, outcome: 'changed', status: NOW_CHARGED }, 'IST')).toBe(
    'Now charged. Was pending.',
  )
  const lost = { ...check, outcome: 'unavailable', status: null, message: 'Juspay gave no usable answer.' }
  expect(checkText(lost, 'IST')).toBe('Juspay gave no usable answer.')
})

test('a check that ended early says how many were not asked about, and why', () => {
  const done = [checked('ord_1', 'no_change', CHARGED), checked('ord_2', 'unavailable')]
  expect(checkReport(done, { asked: 120, problem: null })).toEqual({
    tone: 'warning',
    title: 'Checked 1 of 120. None changed.',
    message:
      '1 got no usable answer from Juspay: ord_2. Nothing changed there; check again. ' +
      '118 not asked about: it was stopped.',
  })
  const problem = { title: 'You were signed out.', message: 'Sign in to continue.' }
  expect(checkReport(done.slice(0, 1), { asked: 1, problem: null, changed: 2 })).toMatchObject({
    tone: 'warning',
    message: '2 not asked about: changed since they were selected. Select them again to check.',
  })
  expect(checkReport([], { asked: 3, problem })).toEqual({
    tone: 'error',
    title: 'Checked 0 of 3.',
    message: '3 got no answer: You were signed out. Sign in to continue.',
  })
})

test('a wait is told in seconds as long as somebody may sit it out', () => {
  expect(tooManyText(41_001)).toBe('Too many status checks. You can check again in 42 s.')
  expect(tooManyText(600_000)).toBe('Too many status checks. You can check again in 10 min.')
  expect(tooManyText(null)).toBe('Too many status checks. You can check again in a moment.')
})
