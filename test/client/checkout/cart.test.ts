import { expect, test } from 'vitest'
import {
  buyerProblems,
  DELIVERY_MINOR,
  FIRST_BUYER,
  FIRST_CART,
  PIECES_MAX,
  totalOf,
  withPieces,
} from '../../../client/features/checkout/cart.ts'

test('the total is goods and delivery, and nothing for an empty cart', () => {
  expect(totalOf({ kettle: 1, tea: 2, towel: 0 })).toBe(184_900n + 2n * 42_000n + DELIVERY_MINOR)
  expect(totalOf({ kettle: 0, tea: 0, towel: 0 })).toBe(0n)
})

test('pieces stay within what the shop sells', () => {
  expect(withPieces(FIRST_CART, 'tea', -1)['tea']).toBe(0)
  expect(withPieces(FIRST_CART, 'tea', 99)['tea']).toBe(PIECES_MAX)
})

test('the details filled in are good; others are named', () => {
  expect(Object.values(buyerProblems(FIRST_BUYER))).toEqual([null, null, null])
  const problems = buyerProblems({ name: ' ', email: 'm@x', phone: '+919876543210' })
  expect(Object.values(problems).every((problem) => problem !== null)).toBe(true)
})
