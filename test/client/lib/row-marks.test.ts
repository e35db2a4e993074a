import { expect, test } from 'vitest'
import { MARK_MS, withMarks, type RowMarks } from '../../../client/lib/row-marks.ts'

const NONE: RowMarks = new Map()

test('rows that come a moment later leave the marks of those before', () => {
  const one = withMarks(NONE, ['a', 'b'], 0)
  const two = withMarks(one, ['c'], 250)
  expect([...two.keys()]).toEqual(['a', 'b', 'c'])
  expect(two.get('a')).toBe(one.get('a'))
})

test('a mark goes when its time is over, with the next ones', () => {
  const one = withMarks(withMarks(NONE, ['a'], 0), ['b'], MARK_MS - 1)
  expect([...one.keys()]).toEqual(['a', 'b'])
  expect([...withMarks(one, ['c'], MARK_MS).keys()]).toEqual(['b', 'c'])
})

test('a row that is marked once more has another mark, for its whole time', () => {
  const one = withMarks(NONE, ['a'], 0)
  const again = withMarks(one, ['a'], 1_500)
  expect(again.get('a')).not.toBe(one.get('a'))
  expect(withMarks(again, [], MARK_MS).has('a')).toBe(true)
})
