import { describe, expect, test } from 'vitest'
import { offersFor, pillsOf } from '../../../client/features/orders/filter-suggestions.ts'
import { parseQuery } from '../../../server/domain/search-query.ts'

const CONTEXT = {
  facets: {
    gateways: ['PAYU', 'RAZORPAY'],
    counts: [
      { field: 'status' as const, value: 'charged', count: 12 },
      { field: 'gateway' as const, value: 'PAYU', count: 3 },
      { field: 'code' as const, value: 'CAPTURE_FAILED', count: 2 },
      { field: 'code' as const, value: 'CHARGED', count: 12 },
      { field: 'bank' as const, value: 'hdfc', count: 4 },
      { field: 'currency' as const, value: 'INR', count: 15 },
      { field: 'tag' as const, value: 'vip', count: 2 },
      { field: 'tag' as const, value: 'late', count: 3 },
    ],
    all: true,
  },
  currency: 'INR',
  now: new Date('2026-11-22T15:00:00Z'),
}
const offers = (text: string, more = {}) =>
  offersFor(text, { ...CONTEXT, ...more }).map(({ label, text: whole, count }) => [label, whole, count])

describe('offers', () => {
  test('say what a scrap may be, the likeliest first', () => {
    expect(offers('432198765012')[0]).toEqual(['Bank reference 432198765012', 'ref:432198765012', undefined])
    expect(offers('+91 98765 43210')[0]).toEqual(['Phone 9876543210', 'phone:9876543210', undefined])
    expect(offers('has:no')).toEqual([['note', 'has:note', undefined]])
    expect(offers('not')[0]).toEqual(['note:', 'note:', undefined])
    expect(offers('8F2K')[0]).toEqual(['Order ID', 'order:8F2K', undefined])
    expect(offers('₹500 yesterday')[0]?.[1]).toBe('amount:=500 created:yesterday')
    expect(offers('12:30 yesterday 499').map(([, whole]) => whole)).toContain(
      'amount:=499 created:2026-11-21T11:30:00..2026-11-21T13:30:00',
    )
    expect(offers('status:failed 12:30')).toEqual([])
  })

  test('have counts, unless they are counts of a part', () => {
    expect(offers('status:ch')).toEqual([['charged', 'status:charged', 12]])
    expect(offers('pg:p')).toEqual([['payu', 'pg:payu', 3]])
    expect(offers('pg:p', { facets: { ...CONTEXT.facets, all: false } })).toEqual([
      ['payu', 'pg:payu', undefined],
    ])
  })

  test('of what only the orders know are those that they have, the most frequent first', () => {
    expect(offers('code:c')).toEqual([
      ['CHARGED', 'code:CHARGED', 12],
      ['CAPTURE_FAILED', 'code:CAPTURE_FAILED', 2],
    ])
    expect(offers('bank:')).toEqual([['hdfc', 'bank:hdfc', 4]])
    expect(offers('-tag:vip,')).toEqual([
      ['late', '-tag:vip,late', 3],
      ['vip', '-tag:vip,vip', 2],
    ])
    expect(offersFor('currency:in', CONTEXT)).toMatchObject([{ label: 'INR', help: '', count: 15 }])
    expect(offers('network:')).toEqual([])
  })

  test('put the operators of a number into words', () => {
    expect(offers('amount:5000').map(([label, whole]) => [label, whole])).toEqual([
      ['more than ₹5,000.00', 'amount:>5000'],
      ['at least ₹5,000.00', 'amount:>=5000'],
      ['less than ₹5,000.00', 'amount:<5000'],
      ['at most ₹5,000.00', 'amount:<=5000'],
      ['exactly ₹5,000.00', 'amount:=5000'],
    ])
  })

  test('are clauses that can be read', () => {
    for (const text of ['432198765012', '4242', '1.5L', 'amount:2cr', 'is:', 'has:', 'created:'])
      for (const { text: whole, run } of offersFor(text, CONTEXT))
        if (run) expect(parseQuery(whole, CONTEXT).ok, whole).toBe(true)
  })
})

test('pills stand for one clause each and give the query without it', () => {
  const parsed = parseQuery(
    'status:failed -status:voided amount:>5 amount:<9 has:refund is:late asha',
    CONTEXT,
  )
  const pills = parsed.ok ? pillsOf(parsed.query, 'INR') : []
  expect(pills.map(({ label, value, negated }) => [label, value, negated ?? false])).toEqual([
    ['status', 'failed', false],
    ['amount', '>5 and <9', false],
    ['has', 'refund', false],
    ['is', 'late', false],
    ['text', 'asha', false],
  ])
})
