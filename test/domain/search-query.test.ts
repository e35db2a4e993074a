import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DISPLAY_STATUSES } from '../../server/domain/payment-status.ts'
import { amountRange } from '../../server/domain/search-amount.ts'
import {
  FIND_CHARS_MIN,
  METHOD_WORDS,
  parseQuery,
  printQuery,
  type SearchQuery,
} from '../../server/domain/search-query.ts'
import { queryInput } from '../../server/domain/search-input.ts'
import { shapeOf } from '../../server/domain/search-words.ts'
import { canonicalTimeRange, momentText, timeRangeOf } from '../../server/domain/time-range.ts'

const INR = { currency: 'INR' }

function parsed(text: string): SearchQuery {
  const result = parseQuery(text, INR)
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`)
  return result.query
}

function errorOf(text: string) {
  const result = parseQuery(text, INR)
  if (result.ok) throw new Error(`${text} was accepted`)
  return result.error
}

describe('canonical form', () => {
  it.each([
    ['status:charged amount:>5000 gateway:razorpay', 'status:charged amount:>5000 gateway:razorpay'],
    ['pg:payu s:failed', 'status:failed gateway:payu'],
    ['status:failed status:pending', 'status:failed,pending'],
    ['amount:<5000 amount:>1000', 'amount:>1000 amount:<5000'],
    ['amount:1.5L..2cr', 'amount:150000..20000000'],
    ['amount:>=₹12,34,567.89', 'amount:>=1234567.89'],
    ['-status:voided,charged', '-status:charged,voided'],
    ['email:"a b@x.in"', 'email:"a b@x.in"'],
    ['"insufficient funds"', '"insufficient funds"'],
    ['', ''],
    ['is:STUCK is:stuck amount:5', 'amount:=5 is:stuck'],
    ['order:o', 'order:o'],
    ['amount:499', 'amount:=499'],
    ['amount:5..', 'amount:>=5'],
    ['amount:>=100 amount:<=100', 'amount:=100'],
    ['GATEWAY:RazorPay,payu', 'gateway:payu,razorpay'],
    ['order:ord_8F2K1QX3', 'order:ord_8F2K1QX3'],
    ['S. Iyer', '"S. Iyer"'],
    ['"http://x"', '"http://x"'],
    ['phone:+919876543210', 'phone:9876543210'],
    ['status:failed,pending -status:failed', 'status:pending'],
  ])('%s -> %s', (typed, canonical) => {
    expect(printQuery(parsed(typed), INR)).toBe(canonical)
    expect(printQuery(parsed(canonical), INR)).toBe(canonical)
  })

  it('gives back every query it can print', () => {
    const bound = fc.record({
      minor: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      inclusive: fc.boolean(),
    })
    const lists = fc.tuple(fc.subarray([...DISPLAY_STATUSES]), fc.boolean())
    const query = fc
      .record({
        lists,
        lower: fc.option(bound),
        upper: fc.option(bound),
        gateway: fc.uniqueArray(
          fc.stringMatching(/^[a-z0-9_ ,:]{1,12}$/).filter((name) => name.trim() !== ''),
        ),
        method: fc.subarray([...METHOD_WORDS]),
        stuck: fc.boolean(),
        find: fc.option(
          fc.record({
            field: fc.constantFrom('order', 'ref', 'email', 'customer', 'text' as const),
            text: fc.stringMatching(/^[A-Za-z0-9@._:,-][A-Za-z0-9@._:, -]{0,20}$/).filter(
              // Spaces around and several in a row are not kept: text is words.
              (text) => text === text.trim() && !/\s\s/.test(text) && text.length >= FIND_CHARS_MIN,
            ),
          }),
        ),
      })
      .map(({ lists: [statuses, negated], lower, upper, gateway, method, stuck, find }): SearchQuery => {
        const amount = { lower, upper }
        const { min, max } = amountRange(amount)
        const empty = (!lower && !upper) || (min !== null && max !== null && min > max)
        return {
          status: negated ? [] : statuses.toSorted(),
          notStatus: negated ? statuses.toSorted() : [],
          amount: empty ? null : amount,
          gateway: gateway.toSorted(),
          method: method.toSorted(),
          stuck,
          find,
        }
      })
    fc.assert(
      fc.property(query, (one) => {
        expect(parsed(printQuery(one, INR))).toEqual(one)
      }),
    )
  })
})

describe('what is not run', () => {
  it.each([
    ['amount:>5000 amount:>9000', '>9000', 'Two lower limits on amount. Keep one.'],
    ['amount:>5000.001', '5000.001', 'INR has 2 decimals'],
    ['status:chraged', 'status:chraged', 'status has no chraged. Did you mean charged?'],
    ['amout:>5', 'amout:>5', 'amout is not a filter. Did you mean amount?'],
    ['status:', 'status:', 'Add a status'],
    ['amount:', 'amount:', 'Add an amount'],
    ['foo"bar', 'foo"bar', 'A quote is not closed'],
    [
      '-gateway:payu',
      '-gateway:payu',
      'Only status can be left out with a minus. Remove the minus from gateway.',
    ],
    ['order:a email:bcd', 'bcd', 'One search at a time: keep "a" or "bcd".'],
    ['email:ab', 'email:ab', 'Type at least 3 characters of email'],
    ['phone:98', 'phone:98', 'Type at least 3 digits of phone'],
    ['is:late', 'is:late', 'is takes stuck'],
    [
      'status:failed -status:failed',
      'status:failed -status:failed',
      'The same status is asked for and left out. Keep one.',
    ],
    ['amount:>10 amount:<5', '<5', 'No amount is both above the lower and below the upper limit'],
    [
      'created:someday',
      'created:someday',
      'created takes today, yesterday, -24h, -7d or 2026-11-01..2026-11-15',
    ],
    ['has:dispute', 'has:dispute', 'has is not a filter. To search for it as text, put it in quotes.'],
  ])('%s', (typed, at, message) => {
    expect(errorOf(typed)).toMatchObject({ at, message })
  })

  it('offers the whole query with the repair', () => {
    expect(errorOf('gateway:payu amout:>5').fix).toEqual({
      label: 'Use amount',
      text: 'gateway:payu amount:>5',
    })
    expect(errorOf('status:chraged').fix).toEqual({ label: 'Use charged', text: 'status:charged' })
  })
})

describe('what the server is asked', () => {
  it('turns strict limits into inclusive ones and words into provider words', () => {
    expect(
      queryInput(parsed('amount:>1000 amount:<5k method:netbanking,upi pg:razorpay order:ord_1')),
    ).toEqual({
      q: 'ord_1',
      searchIn: 'order',
      stuck: false,
      status: [],
      gateway: ['RAZORPAY'],
      methodType: ['NB', 'UPI'],
      amountMin: 100_001n,
      amountMax: 499_999n,
    })
  })

  it('looks for loose text everywhere, and for what needs a person', () => {
    expect(queryInput(parsed('is:stuck asha'))).toMatchObject({ q: 'asha', searchIn: null, stuck: true })
  })

  it('asks for all other statuses when some are left out', () => {
    expect(queryInput(parsed('-status:charged,refunded')).status).toEqual(
      DISPLAY_STATUSES.filter((status) => status !== 'charged' && status !== 'refunded'),
    )
  })
})

describe('time', () => {
  const now = new Date('2026-11-22T20:00:00.000Z') // already 23 November in India

  it.each([
    ['today', '2026-11-22T18:30:00.000Z', null],
    ['yesterday', '2026-11-21T18:30:00.000Z', '2026-11-22T18:30:00.000Z'],
    ['-15m', '2026-11-22T19:45:00.000Z', null],
    ['-7d', '2026-11-15T20:00:00.000Z', null],
    ['2026-11-01..2026-11-15', '2026-10-31T18:30:00.000Z', '2026-11-15T18:30:00.000Z'],
    ['2026-11-22T14:00..2026-11-22T14:10:30', '2026-11-22T08:30:00.000Z', '2026-11-22T08:40:30.000Z'],
    ['all', null, null],
  ])('%s', (text, from, to) => {
    const range = timeRangeOf(text, now)
    expect({ from: range?.from?.toISOString() ?? null, to: range?.to?.toISOString() ?? null }).toEqual({
      from,
      to,
    })
  })

  it.each([
    '',
    '-0h',
    'soon',
    '2026-11-31..2026-12-01',
    '2026-11-15..2026-11-01',
    '2026-11-01',
    '2026-11-01T14:00',
    '2026-11-01T25:00..2026-11-02T01:00',
    '2026-11-01T14:00..2026-11-01T14:00',
    '2026-11-01T14:00..2026-11-02',
  ])('%s is no range', (text) => expect(timeRangeOf(text, now)).toBeNull())

  it('writes a moment as it reads it', () => {
    const text = `${momentText(new Date('2026-11-22T08:30:05.999Z'))}..${momentText(now)}`
    expect(timeRangeOf(text, now)?.from).toEqual(new Date('2026-11-22T08:30:05.000Z'))
  })

  it('moves created: out of the query', () => {
    expect(parseQuery('created:yesterday status:failed', INR)).toMatchObject({ ok: true, time: 'yesterday' })
    expect(canonicalTimeRange('2026-11-22')).toBe('2026-11-22..2026-11-22')
  })
})

describe('shapes', () => {
  it.each([
    ['432198765012', 'ref', '432198765012'],
    ['+91 98765 43210', 'phone', '9876543210'],
    ['9876543210', 'phone', '9876543210'],
    ['asha@example.com', 'email', 'asha@example.com'],
    ['74537604221234567890123', 'ref', '74537604221234567890123'],
  ])('%s looks like %s', (text, field, value) => {
    expect(shapeOf(text)).toMatchObject({ field, value })
  })

  it('leaves other text alone', () => {
    expect(shapeOf('ord_8F2K1QX3')).toBeNull()
    expect(shapeOf('1234567890')).toBeNull()
  })
})
