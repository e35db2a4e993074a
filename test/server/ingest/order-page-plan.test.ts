/** Which pages are planned once: those for which no value could make another index the better one. */
import { expect, test } from 'vitest'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { isLookup, pageStatement } from '../../../server/store/orders-page-plan.ts'
import { NO_FILTER, type OrderFilter } from '../../../server/store/orders-where.ts'

function filterOf(q: string): OrderFilter {
  const parsed = parseQuery(q, { currency: 'INR' })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { ...NO_FILTER, query: parsed.query }
}

test.each([
  ['', 'created', true],
  ['', '-amount', true],
  ['status:failed', '-created', true],
  ['gateway:razorpay', '-created', true],
  ['status:failed', '-amount', false],
  ['status:failed,voided', '-created', false],
  ['-status:failed', '-created', false],
  ['status:failed gateway:razorpay', '-created', false],
  ['pay:failed', '-created', false],
  ['email:asha', '-created', false],
  ['amount:>100', '-created', false],
  ['is:stuck', '-created', false],
  ['asha', '-created', false],
] as const)('"%s" by %s: %s', (q, sort, kept) => {
  const text = `select 1 -- ${q} ${sort}`
  const statement = pageStatement(text, filterOf(q), sort)
  expect(typeof statement === 'object').toBe(kept)
  expect(pageStatement(text, filterOf(q), sort)).toEqual(statement)
})

test('with a range of time only in the order of creation', () => {
  const filter = { ...NO_FILTER, from: new Date(0) }
  expect(typeof pageStatement('select 1 -- a', filter, '-created')).toBe('object')
  expect(typeof pageStatement('select 1 -- b', filter, '-updated')).toBe('string')
})

test.each([
  ['order:a1', true],
  ['order:a1,a2', true],
  ['ref:axb', true],
  ['amount:=500', true],
  ['last4:4242', true],
  ['phone:3210', true],
  ['', false],
  ['order:a1*', false],
  ['-order:a1', false],
  ['amount:>500', false],
  ['amount:500..600', false],
  ['last4:4242,1111', false],
  ['phone:987654', false],
  ['phone:98*10', false],
  ['-phone:3210', false],
  ['email:asha', false],
  ['amount:=500 status:failed', false],
  ['order:a1 asha', false],
  ['asha', false],
  ['has:note', false],
] as const)('"%s" is one fact that an index answers: %s', (q, known) => {
  expect(isLookup(filterOf(q))).toBe(known)
})
