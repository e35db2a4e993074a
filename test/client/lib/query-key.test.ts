import { expect, test } from 'vitest'
import { hashQueryKey } from '../../../client/lib/query-key.ts'

test('amounts and times have a text, and the order of fields does not matter', () => {
  const at = new Date('2026-11-22T09:00:00.000Z')
  const a = hashQueryKey([['orders', 'list'], { input: { amountMin: 500_000n, from: at, q: '' } }])
  const b = hashQueryKey([['orders', 'list'], { input: { q: '', from: at, amountMin: 500_000n } }])
  expect(a).toBe(b)
  expect(a).toContain('"500000n"')
  expect(a).toContain('2026-11-22T09:00:00.000Z')
})

test('an amount is not the text or the number that looks like it', () => {
  const keys = [hashQueryKey([5n]), hashQueryKey([5]), hashQueryKey(['5'])]
  expect(new Set(keys).size).toBe(3)
})
