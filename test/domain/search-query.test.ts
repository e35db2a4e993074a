import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tagProblem } from '../../server/domain/order-tag.ts'
import {
  DATE_FIELDS,
  FLAG_WORDS,
  ID_FIELDS,
  METHOD_WORDS,
  MONEY_FIELDS,
  UNAVAILABLE_FIELDS,
} from '../../server/domain/search-fields.ts'
import { DISPLAY_STATUSES } from '../../server/domain/payment-status.ts'
import {
  clausesOf,
  EMPTY_QUERY,
  parseQuery,
  printQuery,
  type ListFilter,
  type SearchQuery,
} from '../../server/domain/search-query.ts'
import { rangeEnds, type RangeFilter } from '../../server/domain/search-range.ts'
import { shapeOf } from '../../server/domain/search-words.ts'
import { timeRangeOf } from '../../server/domain/time-range.ts'
import { clauseText, modelOrders, NOW, queryText } from '../support/order-arbitraries.ts'
import { matchesOrder } from '../support/order-model.ts'

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

/** The table of the design, word for word: input, canonical form. Refusals stand below under "what is not run". */
const DESIGN_VECTORS: readonly (readonly [typed: string, canonical: string])[] = [
  ['status:charged amount:>5000 gateway:razorpay', 'status:charged amount:>5000 gateway:razorpay'],
  ['pg:payu s:failed', 'status:failed gateway:payu'],
  ['status:failed status:pending', 'status:failed,pending'],
  ['amount:<5000 amount:>1000', 'amount:>1000 amount:<5000'],
  ['amount:1.5L..2cr', 'amount:150000..20000000'],
  ['amount:>=₹12,34,567.89', 'amount:>=1234567.89'],
  ['-status:voided,charged', '-status:charged,voided'],
  ['email:"a b@x.in"', 'email:"a b@x.in"'],
  ['"insufficient funds"', '"insufficient funds"'],
  ['-has:dispute has:refund', 'has:refund -has:dispute'],
  ['', ''],
]

describe('canonical form', () => {
  it.each<readonly [typed: string, canonical: string]>([
    ...DESIGN_VECTORS,
    ['is:STUCK is:stuck amount:5', 'amount:=5 is:stuck'],
    ['order:o*', 'order:o*'],
    ['amount:499', 'amount:=499'],
    ['amount:5..', 'amount:>=5'],
    ['amount:>=100 amount:<=100', 'amount:=100'],
    ['GATEWAY:RazorPay,payu', 'gateway:payu,razorpay'],
    ['order:ord_8F2K1QX3', 'order:ord_8F2K1QX3'],
    ['S. Iyer', '"S. Iyer"'],
    ['"http://x"', '"http://x"'],
    ['phone:+919876543210', 'phone:9876543210'],
    ['phone:98*4321', 'phone:98*4321'],
    ['status:failed,pending -status:failed', 'status:pending'],
    // An ID is whole; a name or its beginning is a part.
    ['customer:cust_1', 'customer:=cust_1'],
    ['-customer:9876543210', '-customer:=9876543210'],
    ['customer:asha,cust_1*,="a 1"', 'customer:"=a 1",asha,cust_1*'],
    ['has:refund,dispute has:discrepancy', 'has:discrepancy has:dispute,refund'],
    ['-gateway:none', 'gateway:any'],
    ['-gateway:any', 'gateway:none'],
    ['name:"none"', 'name:"none"'],
    ['-gateway:payu gateway:any', 'gateway:any -gateway:payu'],
    ['-asha -"s. iyer" order:B order:A', 'order:A,B -asha -"s. iyer"'],
    ['updated:>=2026-11-01 updated:<2026-11-15', 'updated:2026-11-01..2026-11-14'],
    ['updated:2026-11-22T14:00', 'updated:2026-11-22T14:00..2026-11-22T14:01:00'],
    ['charged_at:NONE', 'charged_at:none'],
    ['currency:usd amount:>1.5k', 'amount:>1500 currency:USD'],
    ['amount:>1 currency:usd,inr', 'amount:>1 currency:INR,USD'],
    ['attempts:>1', 'attempts:>1'],
    ['has:note,refund note:"call back"', 'has:note,refund note:"call back"'],
    ['-note:any', 'note:none'],
    ['tag:VIP,late -tag:"Needs  Call"', 'tag:late,vip -tag:needs-call'],
    ['-tag:none has:tag', 'has:tag tag:any'],
    ['tag:late -tag:vip -tag:late', 'tag:late -tag:late,vip'],
    ['udf3:store-114 network:VISA last4:4242', 'last4:4242 network:visa udf3:store-114'],
  ])('%s -> %s', (typed, canonical) => {
    expect(printQuery(parsed(typed), INR)).toBe(canonical)
    expect(printQuery(parsed(canonical), INR)).toBe(canonical)
  })

  it('is stable, whatever was accepted', () => {
    fc.assert(
      fc.property(queryText, (text) => {
        const first = parseQuery(text, INR)
        if (!first.ok) return
        const printed = printQuery(first.query, INR)
        expect(parsed(printed)).toEqual(first.query)
        expect(printQuery(parsed(printed), INR)).toBe(printed)
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives back every query it can print', () => {
    fc.assert(
      fc.property(anyQuery, (one) => {
        expect(parsed(printQuery(one, INR))).toEqual(one)
      }),
      { numRuns: 1_000 },
    )
  })

  it('loses a clause and nothing else when one is taken away', () => {
    fc.assert(
      fc.property(anyQuery, (one) => {
        const clauses = clausesOf(one, INR)
        for (const clause of clauses) {
          const rest = clauses.filter((other) => other !== clause).map(({ text }) => text)
          expect(printQuery(clause.without, INR)).toBe(rest.join(' '))
        }
      }),
    )
  })
})

const bound = fc.record({ value: fc.bigInt({ min: 0n, max: 10n ** 12n }), inclusive: fc.boolean() })
const someRange = fc
  .record({ lower: fc.option(bound), upper: fc.option(bound) })
  .filter((filter: RangeFilter) => {
    const { min, max } = rangeEnds(filter)
    return (filter.lower !== null || filter.upper !== null) && (min === null || max === null || min <= max)
  })
const word = fc
  .stringMatching(/^[A-Za-z0-9@._:,-][A-Za-z0-9@._:, -]{0,20}$/)
  // Spaces around and several in a row are not kept: text is words.
  .filter((text) => text === text.trim() && !/\s\s/.test(text) && text.length >= 3)
const several = (value: fc.Arbitrary<string>) =>
  fc.uniqueArray(value, { maxLength: 3 }).map((values) => values.toSorted())

function someList(value: fc.Arbitrary<string>): fc.Arbitrary<ListFilter | null> {
  return fc
    .record({
      wanted: several(value),
      unwanted: several(value),
      presence: fc.constantFrom('any', 'none', null),
    })
    .map(({ wanted, unwanted, presence }): ListFilter => ({
      wanted: presence === null ? wanted : [],
      // What an order lacks cannot be left out of it; and a word cannot be asked for beside others left out.
      unwanted: presence === 'none' || (presence === null && wanted.length > 0) ? [] : unwanted,
      presence,
    }))
    .map((list) => (list.wanted.length + list.unwanted.length === 0 && list.presence === null ? null : list))
}

const ids = fc.stringMatching(/^[A-Za-z0-9_-]{3,20}$/).filter((text) => !/^(any|none)$/i.test(text))

function present<K extends string, T>(entries: Record<K, T | null>): Partial<Record<K, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null)) as Partial<
    Record<K, T>
  >
}

const anyQuery: fc.Arbitrary<SearchQuery> = fc
  .record({
    lists: fc
      .record({
        status: someList(fc.constantFrom(...DISPLAY_STATUSES)),
        method: someList(fc.constantFrom(...METHOD_WORDS)),
        gateway: someList(
          fc.stringMatching(/^[a-z0-9_ ,:]{1,12}$/).filter((name) => name === name.trim() && name !== ''),
        ),
        last4: someList(fc.stringMatching(/^\d{4}$/)),
        email: someList(word),
        name: someList(word),
        udf7: someList(word),
        tag: someList(
          fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,31}$/).filter((text) => tagProblem(text) === null),
        ),
      })
      .map(present),
    ids: fc.record({ order: several(ids), ref: several(ids) }).map(({ order, ref }) =>
      present({
        order: order.length ? { wanted: order, unwanted: [], presence: null } : null,
        ref: ref.length ? { wanted: [], unwanted: ref, presence: null } : null,
      }),
    ),
    ranges: fc
      .record({
        amount: fc.option(someRange),
        refundable: fc.option(someRange),
        attempts: fc.option(
          someRange.filter(
            ({ lower, upper }) => (lower?.value ?? 0n) < 10n ** 9n && (upper?.value ?? 0n) < 10n ** 9n,
          ),
        ),
      })
      .map(present),
    dates: fc
      .record({
        updated: fc.constantFrom(
          null,
          'today',
          '-24h',
          '2026-11-01..2026-11-15',
          '2026-11-01..',
          '..2026-11-15',
        ),
        charged_at: fc.constantFrom(null, 'any', 'none', '2026-11-22T14:00..2026-11-22T14:10:30'),
      })
      .map(present),
    has: fc.record({
      wanted: fc.uniqueArray(fc.constantFrom(...FLAG_WORDS.has)),
      unwanted: fc.subarray([...FLAG_WORDS.has]),
    }),
    text: fc.option(word.filter((text) => !text.startsWith('-'))),
    notText: several(word.filter((text) => !text.startsWith('-'))),
  })
  .map(({ lists, ids: listsOfIds, ranges, dates, has, text, notText }): SearchQuery => ({
    lists: { ...lists, ...listsOfIds },
    ranges,
    dates,
    flags:
      has.wanted.length + has.unwanted.length
        ? { has: { wanted: has.wanted.toSorted().map((one) => [one]), unwanted: has.unwanted.toSorted() } }
        : {},
    text,
    notText,
  }))

describe('a clause more', () => {
  const asked = (text: string) => {
    const result = parseQuery(text, INR)
    if (!result.ok) return null
    const range = timeRangeOf(result.time ?? 'all', NOW)
    return range && { query: result.query, range }
  }

  it('selects no order that the query without it did not', () => {
    let narrowed = 0
    fc.assert(
      fc.property(modelOrders(25), queryText, clauseText, (orders, text, clause) => {
        const [before, after, alone] = [asked(text), asked(`${text} ${clause}`), asked(clause)]
        if (!before || !after || !alone) return
        // The one exception is the design's own: a word field asked for twice is one list, which means either.
        const merged = Object.entries(alone.query.lists).some(
          ([field, list]) => list.wanted.length > 0 && before.query.lists[field as 'status']?.wanted.length,
        )
        if (merged) return
        const found = (one: typeof before) =>
          orders.filter((order) => matchesOrder(order, one.query, { ...INR, now: NOW, range: one.range }))
        const [wide, narrow] = [found(before), found(after)]
        const more = narrow.filter((order) => !wide.includes(order)).map(({ orderRef }) => orderRef)
        expect(more, `${text} | ${clause}`).toEqual([])
        if (narrow.length < wide.length) narrowed += 1
      }),
      { numRuns: 600 },
    )
    expect(narrowed).toBeGreaterThan(100)
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
    ['-amount:>5', '-amount:>5', 'amount cannot be left out with a minus. Turn its limit round.'],
    [
      'email:asha email:b@x',
      'email:b@x',
      'Two filters on email. Put both into one, with a comma for either.',
    ],
    ['ab', 'ab', 'Type at least 3 characters, or the beginning of an order ID as order:ab*'],
    ['gateway:none,payu', 'gateway:none,payu', 'any and none stand alone: gateway:any or gateway:none.'],
    ['gateway:any gateway:none', 'gateway:none', 'No order both has and lacks a value of gateway. Keep one.'],
    ['last4:424', 'last4:424', 'last4 takes four digits'],
    ['order:a*b', 'order:a*b', 'A star stands at the end of an order ID'],
    ['customer:=', 'customer:=', 'Add a customer ID'],
    ['customer:c1*', 'customer:c1*', 'Type at least 3 characters of customer'],
    ['attempts:>1.5', '1.5', 'attempts takes a whole number, for example 2 or >1'],
    ['amount:5000..100', '5000..100', 'No amount is both above the lower and below the upper limit'],
    ['amount:>999999999999999', '999999999999999', 'That is more than any order'],
    [
      'amount:>5 currency:jpy',
      'currency:JPY',
      'Amounts here have the decimals of INR. Remove amount or currency:JPY.',
    ],
    [
      'updated:someday',
      'updated:someday',
      'updated takes today, yesterday, last_week, this_month, -24h, -7d or 2026-11-01..2026-11-15',
    ],
    ['updated:today updated:yesterday', 'updated:yesterday', 'Two time ranges on updated. Keep one.'],
    ['created:today created:yesterday', 'created:yesterday', 'Two time ranges. Keep one.'],
    [
      'method:emi',
      'method:emi',
      'Paydesk does not keep which card payments were in instalments. Use method:card.',
    ],
    [
      'is:test',
      'is:test',
      'Test orders are in an account of their own: the name at the top says which account you look at.',
    ],
    ['email:ab', 'email:ab', 'Type at least 3 characters of email'],
    ['note:ab', 'note:ab', 'Type at least 3 characters of note'],
    ['tag:" "', 'tag:" "', 'Add a value to tag'],
    ['tag:vip tag:late', 'tag:late', 'Two filters on tag. Put both into one, with a comma for either.'],
    ['tag:vip,none', 'tag:vip,none', 'any and none stand alone: tag:any or tag:none.'],
    ['phone:98', 'phone:98', 'Type at least 3 digits of phone'],
    ['is:lost', 'is:lost', 'is has no lost. It takes stuck, high_value, mine, late, amount_unknown.'],
    [
      'status:failed -status:failed',
      'status:failed -status:failed',
      'The same status is asked for and left out. Keep one.',
    ],
    ['amount:>10 amount:<5', '<5', 'No amount is both above the lower and below the upper limit'],
    [
      'created:someday',
      'created:someday',
      'created takes today, yesterday, last_week, this_month, -24h, -7d or 2026-11-01..2026-11-15',
    ],
  ])('%s', (typed, at, message) => {
    expect(errorOf(typed)).toMatchObject({ at, message })
  })

  it('600 pasted orders', () => {
    const refs = Array.from({ length: 600 }, (_, i) => `ORD-${i}`)
    expect(errorOf(`order:${refs.join(',')}`).message).toBe('Up to 500 orders at once. You pasted 600.')
    expect(parsed(`order:${refs.slice(0, 500).join(',')}`).lists.order?.wanted).toHaveLength(500)
  })

  it('a field that is known by name is refused in every form', () => {
    expect(Object.keys(UNAVAILABLE_FIELDS)).toEqual(['issuer', 'bin'])
    for (const field of Object.keys(UNAVAILABLE_FIELDS))
      for (const text of [
        `${field}:x`,
        `-${field}:x`,
        `${field.toUpperCase()}:none`,
        `status:failed ${field}:a,b`,
      ])
        expect(errorOf(text).message).toBe(UNAVAILABLE_FIELDS[field])
  })

  it('ids and dates of every field want a value', () => {
    for (const field of [...ID_FIELDS, ...DATE_FIELDS, ...MONEY_FIELDS]) {
      expect(parseQuery(`${field}:`, INR).ok).toBe(false)
      expect(parseQuery(`${field}:""`, INR).ok).toBe(false)
    }
    expect(parseQuery('order:,', INR).ok).toBe(false)
    expect(parsed('')).toEqual(EMPTY_QUERY)
  })

  it('offers the whole query with the repair', () => {
    expect(errorOf('gateway:payu amout:>5').fix).toEqual({
      label: 'Use amount',
      text: 'gateway:payu amount:>5',
    })
    expect(errorOf('status:chraged').fix).toEqual({ label: 'Use charged', text: 'status:charged' })
    // Also where something stands in it that nobody sees.
    expect(errorOf('am\u200Bout:>5').fix).toEqual({ label: 'Use amount', text: 'amount:>5' })
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
