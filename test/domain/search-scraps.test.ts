import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../server/domain/search-query.ts'
import { READINGS_MAX, readScraps } from '../../server/domain/search-scraps.ts'
import { spokenTimeIn } from '../../server/domain/search-times.ts'
import { timeRangeOf } from '../../server/domain/time-range.ts'

const INR = { currency: 'INR' }
/** 22 November, 20:30 in India. */
const NOW = new Date('2026-11-22T15:00:00.000Z')
const read = (text: string) => readScraps(text, { ...INR, now: NOW })
const queries = (text: string) => read(text).map(({ q, t }) => (t === 'all' ? q : `${q} | ${t}`))

describe('a scrap', () => {
  it.each([
    ['ord_8F2K1QX3', 'order:ord_8F2K1QX3', 'Order ID'],
    ['paydeskdemo-ORD8F2K-1', 'order:paydeskdemo-ORD8F2K-1', 'Order ID'],
    ['ordeh_1234567890ab', 'order:ordeh_1234567890ab', 'Order ID'],
    ['432198765012', 'ref:432198765012', 'RRN or UTR'],
    ['4321 9876 5012', 'ref:432198765012', 'RRN or UTR'],
    ['74537604221234567890123', 'ref:74537604221234567890123', 'ARN'],
    ['evt_V2_abc123', 'event:evt_V2_abc123', 'Event ID'],
    ['asha@example.com', 'email:asha@example.com', 'Email asha@example.com'],
    ['asha@', 'email:asha@', 'Email asha@'],
    ['asha@okhdfc', 'vpa:asha@okhdfc', 'UPI address asha@okhdfc'],
    ['@okhdfc', 'vpa:@okhdfc', 'UPI address @okhdfc'],
    ['98…4321', 'phone:98*4321', 'Phone 98…4321'],
    ['98xxxx4321', 'phone:98*4321', 'Phone 98…4321'],
    ['₹1,499', 'amount:=1499', 'Amount ₹1,499.00'],
    ['1.5L', 'amount:=150000', 'Amount ₹1,50,000.00'],
    ['1.5 lakh', 'amount:=150000', 'Amount ₹1,50,000.00'],
    ['2 crore', 'amount:=20000000', 'Amount ₹2,00,00,000.00'],
    ['Rs. 499.50', 'amount:=499.50', 'Amount ₹499.50'],
    ['~1499', 'amount:1476..1522', 'Amount about ₹1,499.00'],
    ['S. Iyer', '"S Iyer"', 'Name or text S Iyer'],
    ['\u202A+91 98765 43210\u202C', 'phone:9876543210', 'Phone 9876543210'],
    ['+91\u2011987\u2011654\u20113210', 'phone:9876543210', 'Phone 9876543210'],
    ['\u200Bord_8F2K1QX3\uFEFF', 'order:ord_8F2K1QX3', 'Order ID'],
    ['“ord_8F2K1QX3”', 'order:ord_8F2K1QX3', 'Order ID'],
    ['="432198765012"', 'ref:432198765012', 'RRN or UTR'],
    ['४३२१९८७६५०१२', 'ref:432198765012', 'RRN or UTR'],
    ['https://desk.example.in/orders/ord_8F2K1QX3?tab=raw', 'order:ord_8F2K1QX3', 'Order ID'],
    ['+91 ••••• •3210', 'phone:3210', 'Phone ends 3210'],
    ['2,884/-', 'amount:=2884', 'Amount ₹2,884.00'],
    ['2884 rupees', 'amount:=2884', 'Amount ₹2,884.00'],
    ['about 1,499', 'amount:1476..1522', 'Amount about ₹1,499.00'],
  ])('%s is first of all %s', (text, q, label) => {
    expect(read(text)[0]).toMatchObject({ q, label })
  })

  it.each([
    ['status:failed', ['status:failed'], 'status:failed'],
    ['Status:FAILED amount:>5k', ['status:failed amount:>5000'], 'status:failed amount:>5000'],
    ['rrn:432198765012', ['ref:432198765012'], 'ref:432198765012'],
    ['status:failed yesterday', ['status:failed | yesterday'], 'status:failed + yesterday'],
    ['created:yesterday', [' | yesterday'], 'created:yesterday'],
    ['created:-7d status:failed', ['status:failed | -7d'], 'status:failed created:-7d'],
    ['status:failed ₹1,499', ['status:failed amount:=1499'], 'status:failed + Amount ₹1,499.00'],
    ['phone:9876 ~1499', ['phone:9876 amount:1476..1522'], 'phone:9876 + Amount about ₹1,499.00'],
  ])('with clauses, %s, is read by those and by the words beside them', (text, expected, label) => {
    expect(queries(text)).toEqual(expected)
    expect(read(text)[0]).toMatchObject({ label, exact: false })
  })

  it('has no clauses where a colon is none, nor in a message', () => {
    expect(queries('at 12:30')).toEqual([' | 2026-11-22T11:30:00..2026-11-22T13:30:00'])
    expect(queries('amout:>5')).toEqual(['"amout:>5"'])
    expect(queries('my order status:failed but I did pay for ord_8F2K1QX3')[0]).toBe('order:ord_8F2K1QX3')
  })

  it('is several things when it may be', () => {
    expect(queries('+91 98765 43210')).toContain('phone:9876543210')
    expect(queries('9876543210').slice(0, 3)).toContain('phone:9876543210')
    expect(queries('3210')).toEqual(['order:3210', 'amount:=3210', 'phone:3210', 'last4:3210'])
    expect(queries('paydeskdemo-ORD8F2K-1')).toContain('order:paydeskdemo-ORD8F2K,ORD8F2K')
    expect(queries('ordeh_1234567890ab')).toContain('ref:ordeh_1234567890ab')
  })

  it('ends in four digits, whoever hid the others and how', () => {
    for (const hidden of ['··4242', '•••• 4242', '**** **** **** 4242', 'XX4242', 'xxxx xxxx 4242'])
      expect(queries(hidden), hidden).toEqual(['phone:4242', 'last4:4242'])
  })

  it('of hidden digits that end in none is read at once', () => {
    const began = performance.now()
    for (const sign of ['*', '•', '..', 'xx', '* ']) read(`${sign.repeat(26)} a`)
    expect(performance.now() - began).toBeLessThan(500)
  })

  it('in lakhs is exactly that, or near it', () => {
    expect(queries('1.2 lakh')).toEqual(['amount:=120000', 'amount:115200..124801'])
  })

  it('is what stands between words that only say what it is', () => {
    expect(queries('paid 1,499 by visa card ending 4242')).toEqual([
      'order:4242',
      'amount:=1499 network:visa method:card phone:4242',
      'amount:=1499 network:visa method:card last4:4242',
    ])
    expect(queries('order')).toEqual(['"order"'])
  })

  it('holds several facts at once', () => {
    expect(queries('4242 1.5L yesterday')).toContain('last4:4242 amount:=150000 | yesterday')
    expect(queries('4242 1.5L yesterday')).toContain('phone:4242 amount:=150000 | yesterday')
    expect(queries('1.5L last week')).toEqual([
      'amount:=150000 | last_week',
      'amount:144000..156001 | last_week',
    ])
    const [first] = read('98…4321 ~1499 yesterday evening upi')
    expect(first).toEqual({
      q: 'phone:98*4321 amount:1476..1522 method:upi',
      t: '2026-11-21T18:00:00..2026-11-22T00:00:00',
      label: 'Phone 98…4321 + Amount about ₹1,499.00 + Paid by upi + 21 Nov, 18:00 to 00:00',
      exact: false,
    })
  })

  it('reads what is unmistakable out of a message', () => {
    const sms =
      'Dear Customer, Rs.1,499.00 debited from A/c XX1234 on 21/11/2026 to VPA shop@ybl. UPI Ref no 432198765012. Not you? Call us.'
    const found = queries(sms)
    expect(found[0]).toBe('ref:432198765012')
    expect(found).toContain('amount:=1499 vpa:shop@ybl method:upi | yesterday')
  })

  it('is a filter that can be read, whatever it was', () => {
    const pieces = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom(
        '4242',
        '1.5L',
        '₹12',
        'yesterday',
        '22/11',
        '98…4321',
        'asha@',
        'a:b',
        '"x',
        '-5',
        '6pm',
        'order:x',
        'status:failed',
        '-status:failed',
        'created:today',
        'currency:jpy',
        'amount:>5k',
        'phone:9876',
        '*',
        ',',
      ),
      fc.stringMatching(/^\d{3,23}$/),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
        const found = read(parts.join(' '))
        expect(found.length).toBeLessThanOrEqual(READINGS_MAX)
        for (const { q, t } of found) {
          expect(parseQuery(q, INR)).toMatchObject({ ok: true, time: null })
          expect(timeRangeOf(t, NOW)).not.toBeNull()
          // Nothing may stand for "everything".
          expect(q !== '' || t !== 'all').toBe(true)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a time as people say it', () => {
  it.each([
    ['today', 'today'],
    ['yesterday', 'yesterday'],
    ['yesterday 6pm', '2026-11-21T17:00:00..2026-11-21T19:00:00'],
    ['yesterday at 6:30 pm', '2026-11-21T17:30:00..2026-11-21T19:30:00'],
    ['yesterday, 18:30 IST', '2026-11-21T17:30:00..2026-11-21T19:30:00'],
    ['12:30 yesterday', '2026-11-21T11:30:00..2026-11-21T13:30:00'],
    ['around 6 pm on 20 nov', '2026-11-20T17:00:00..2026-11-20T19:00:00'],
    ['at 9am, 20/11/2026', '2026-11-20T08:00:00..2026-11-20T10:00:00'],
    ['6pm last Friday', '2026-11-20T17:00:00..2026-11-20T19:00:00'],
    ['12:30 yesterday evening', '2026-11-21T18:00:00..2026-11-22T00:00:00'],
    ['this morning', '2026-11-22T05:00:00..2026-11-22T12:00:00'],
    ['6pm', '2026-11-22T17:00:00..2026-11-22T19:00:00'],
    ['11pm', '2026-11-21T22:00:00..2026-11-22T00:00:00'],
    ['22/11', 'today'],
    ['20/11', '2026-11-20..2026-11-20'],
    ['23/11', '2025-11-23..2025-11-23'],
    ['3/4/2025', '2025-04-03..2025-04-03'],
    ['20 nov', '2026-11-20..2026-11-20'],
    ['20 November 9am', '2026-11-20T08:00:00..2026-11-20T10:00:00'],
    ['2026-11-20', '2026-11-20..2026-11-20'],
    ['-3d', '-3d'],
    ['2 hours ago', '-3h'],
    ['last hour', '-1h'],
    ['last week', 'last_week'],
    ['This month', 'this_month'],
    ['friday', '2026-11-20..2026-11-20'],
    ['last Friday 6pm', '2026-11-20T17:00:00..2026-11-20T19:00:00'],
    ['on sunday', 'today'],
    ['last sunday', '2026-11-15..2026-11-15'],
    ['saturday evening', '2026-11-21T18:00:00..2026-11-22T00:00:00'],
    ['20-11-2026', '2026-11-20..2026-11-20'],
    ['20-11-26, 9am', '2026-11-20T08:00:00..2026-11-20T10:00:00'],
    ['20.11.2026', '2026-11-20..2026-11-20'],
    ['20/11/26', '2026-11-20..2026-11-20'],
    ['20Nov26', '2026-11-20..2026-11-20'],
    ['20-Nov-2026', '2026-11-20..2026-11-20'],
    ['20th nov', '2026-11-20..2026-11-20'],
    ['Nov 20, 2026', '2026-11-20..2026-11-20'],
    ['yesterday around 6.30 pm', '2026-11-21T17:30:00..2026-11-21T19:30:00'],
    ['yesterday in the evening', '2026-11-21T18:00:00..2026-11-22T00:00:00'],
    ['the day before yesterday', '2026-11-20..2026-11-20'],
    ['last night', '2026-11-21T18:00:00..2026-11-22T05:00:00'],
    ['last night 10pm', '2026-11-21T21:00:00..2026-11-21T23:00:00'],
    ['last night at 1am', '2026-11-22T00:00:00..2026-11-22T02:00:00'],
  ])('%s', (text, range) => {
    expect(spokenTimeIn(text, NOW)?.range).toBe(range)
    expect(timeRangeOf(range, NOW)).not.toBeNull()
  })

  it('takes the hour that stands before the day out of the text', () => {
    expect(queries('12:30 yesterday 499')).toContain('amount:=499 | 2026-11-21T11:30:00..2026-11-21T13:30:00')
    expect(queries('12:30 yesterday 499').filter((query) => query.includes('12:30'))).toEqual([])
  })

  it('leaves a number alone that can be no year', () => {
    expect(queries('20 nov 2884')).toContain('amount:=2884 | 2026-11-20..2026-11-20')
    expect(queries('20-11-2026 2884')).toContain('amount:=2884 | 2026-11-20..2026-11-20')
  })

  it.each([
    '20-11',
    '1.5',
    '31-2-2026',
    '31/2',
    'this',
    'ord-6pm-1',
    '45/13',
    '13pm',
    'yesterday 13pm',
    'last night 13pm',
    '22/11 25:00',
    '25:00 yesterday',
    'todayish',
    'fri',
    'last',
  ])('%s is none', (text) => {
    expect(spokenTimeIn(text, NOW)).toBeNull()
  })
})
