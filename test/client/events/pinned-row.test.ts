import { expect, test } from 'vitest'
import { withPinned } from '../../../client/features/events/pinned-row.ts'
import { eventRow } from './event-rows.ts'

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => Number(id.slice(-4)))
const rows = (...numbers: number[]) => numbers.map((n) => eventRow(n))
const pin = (n: number, index: number) => ({ id: eventRow(n).id, index })

test('newer rows move past the pinned one', () => {
  expect(ids(withPinned(rows(5, 4, 3, 2, 1), pin(2, 1)))).toEqual([5, 2, 4, 3, 1])
})

test('a row that stands at its place, or above it, stays where it is', () => {
  expect(ids(withPinned(rows(3, 2, 1), pin(2, 1)))).toEqual([3, 2, 1])
  expect(ids(withPinned(rows(3, 2, 1), pin(3, 2)))).toEqual([3, 2, 1])
})

test('without a pin, or when the row has gone, nothing moves', () => {
  expect(ids(withPinned(rows(3, 2, 1), null))).toEqual([3, 2, 1])
  expect(ids(withPinned(rows(3, 2, 1), pin(9, 0)))).toEqual([3, 2, 1])
})
