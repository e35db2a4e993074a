import { expect, test } from 'vitest'
import { notePlace, stepsBackTo } from '../../../client/lib/use-leave.ts'

test('finds the nearest page with the path behind where one is, and nothing that was gone back over', () => {
  const went = ['/', '/transactions', '/orders/a', '/orders/a', '/orders/b']
  for (const [place, path] of went.entries()) notePlace(place, path)
  expect(stepsBackTo('/transactions', 4)).toBe(3)
  expect(stepsBackTo('/orders/a', 4)).toBe(1)
  expect(stepsBackTo('/orders/b', 4)).toBeNull()
  expect(stepsBackTo('/refunds', 4)).toBeNull()
  // Back to the beginning, and another way from there.
  notePlace(0, '/')
  notePlace(1, '/approvals')
  notePlace(2, '/orders/a')
  expect(stepsBackTo('/transactions', 2)).toBeNull()
  expect(stepsBackTo('/approvals', 2)).toBe(1)
})

test('knows nothing of what was before a reload', () => {
  notePlace(7, '/orders/a')
  expect(stepsBackTo('/transactions', 7)).toBeNull()
})
