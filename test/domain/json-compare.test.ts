import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareJson, COMPARE_ROWS_MAX, differs } from '../../server/domain/json-compare.ts'

const changed = (before: unknown, after: unknown) =>
  compareJson(before, after)
    .rows.filter(({ kind }) => kind !== 'same')
    .map(({ folded: _folded, ...row }) => row)

describe('what means the same is the same', () => {
  it.each([
    ['decimals', { amount: 100 }, { amount: '100.00' }],
    ['decimals a float would change', { amount: { $number: '10.80' } }, { amount: 10.8 }],
    [
      'large numbers, digit by digit',
      { ref: { $number: '20230517020968656340' } },
      { ref: '20230517020968656340' },
    ],
    ['exponents', { amount: { $number: '1.5e3' } }, { amount: 1500 }],
    ['zero', { amount: 0 }, { amount: { $number: '0.00' } }],
    ['instants', { at: '2026-11-22T09:00:00Z' }, { at: '2026-11-22T14:30:00.000+05:30' }],
    ['what is not said', { a: null, b: '', c: {}, d: [] }, {}],
    [
      'entries in another order',
      {
        refunds: [
          { id: 1, s: 'x' },
          { id: 2, s: 'y' },
        ],
      },
      {
        refunds: [
          { id: 2, s: 'y' },
          { id: 1, s: 'x' },
        ],
      },
    ],
  ])('%s', (_name, before, after) => {
    expect(changed(before, after)).toEqual([])
  })

  it('whatever it is, compared with itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(changed(value, structuredClone(value))).toEqual([])
      }),
    )
  })
})

describe('what differs', () => {
  it('is named by its path, with both values', () => {
    const before = { content: { order: { status: 'PENDING_VBV', amount: 100, note: 'x' } } }
    const after = { content: { order: { status: 'CHARGED', amount: 100, gateway: 'PAYU' } } }
    expect(changed(before, after)).toEqual([
      { path: 'content.order.status', kind: 'changed', before: 'PENDING_VBV', after: 'CHARGED' },
      { path: 'content.order.gateway', kind: 'added', before: undefined, after: 'PAYU' },
      { path: 'content.order.note', kind: 'removed', before: 'x', after: undefined },
    ])
  })

  it('in a list is found by the id of its entry', () => {
    const before = { refunds: [{ unique_request_id: 'rf_1', status: 'PENDING' }] }
    const after = {
      refunds: [
        { unique_request_id: 'rf_2', status: 'PENDING' },
        { unique_request_id: 'rf_1', status: 'SUCCESS' },
      ],
    }
    expect(changed(before, after).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'added refunds[unique_request_id=rf_2].unique_request_id',
      'added refunds[unique_request_id=rf_2].status',
      'changed refunds[unique_request_id=rf_1].status',
    ])
  })

  it('in a list without ids is found by place', () => {
    expect(changed({ tags: ['a', 'b'] }, { tags: ['a', 'c', 'd'] }).map(({ path }) => path)).toEqual([
      'tags[1]',
      'tags[2]',
    ])
  })

  it.each([
    ['one paisa', { a: '100.00' }, { a: { $number: '100.01' } }],
    [
      'one digit of a long reference',
      { a: { $number: '20230517020968656340' } },
      { a: { $number: '20230517020968656341' } },
    ],
    ['references that only look like one number', { a: '0012' }, { a: '12' }],
    ['the kind of value', { a: 'true' }, { a: { b: true } }],
    ['one millisecond', { a: '2026-11-22T09:00:00.001Z' }, { a: '2026-11-22T09:00:00Z' }],
    ['a sign', { a: 5 }, { a: -5 }],
  ])('is seen down to %s', (_name, before, after) => {
    expect(changed(before, after)).not.toEqual([])
  })

  it('is as much forwards as backwards', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const paths = (from: unknown, to: unknown) =>
          changed(from, to)
            .map(({ path }) => path)
            .toSorted()
        expect(paths(a, b)).toEqual(paths(b, a))
      }),
    )
  })

  it('does not end the page: what is too much is cut and said to be', () => {
    const many = Object.fromEntries(Array.from({ length: COMPARE_ROWS_MAX + 5 }, (_, i) => [`k${i}`, i]))
    const { rows, cut } = compareJson({}, many)
    expect(rows).toHaveLength(COMPARE_ROWS_MAX)
    expect(cut).toBe(true)
    expect(compareJson({}, { a: 1 }).cut).toBe(false)
  })

  it('has names that are no identifiers in brackets', () => {
    expect(changed({}, { 'a b': 1, c: { 'x.y': 2 } }).map(({ path }) => path)).toEqual([
      '["a b"]',
      'c["x.y"]',
    ])
  })
})

describe('what is no difference', () => {
  it('a value that Juspay hides is said to be hidden, on whichever side', () => {
    const kinds = (before: unknown, after: unknown) => compareJson(before, after).rows.map(({ kind }) => kind)
    expect(kinds({ customer_email: 'FILTERED' }, { customer_email: 'a@b.in' })).toEqual(['hidden'])
    expect(kinds({ customer_email: 'a@b.in' }, { customer_email: 'FILTERED' })).toEqual(['hidden'])
    expect(kinds({ customer_email: 'FILTERED' }, {})).toEqual(['hidden'])
    expect(compareJson({ a: 'FILTERED' }, { a: 'b' }).rows.some(differs)).toBe(false)
  })

  it('ids and dates of the envelope and signatures are folded; the order’s own are not', () => {
    const folded = compareJson(
      {
        id: 'evt_1',
        date_created: 'x',
        content: { order: { id: 'o1', date_created: 'y' } },
        signature: 's1',
      },
      {
        id: 'evt_2',
        date_created: 'z',
        content: { order: { id: 'o2', date_created: 'w' } },
        signature: 's2',
      },
    ).rows
    expect(folded.filter((row) => row.folded).map(({ path }) => path)).toEqual([
      'id',
      'date_created',
      'signature',
    ])
    expect(folded.filter(differs).map(({ path }) => path)).toEqual([
      'content.order.id',
      'content.order.date_created',
    ])
  })

  it('the id and date of an order are its own where orders are compared without an envelope', () => {
    const answered = { order_id: 'O1', id: 'ordeh_1', date_created: '2026-11-22T09:00:00Z', signature: 'a' }
    const stored = { order_id: 'O1', id: 'ordeh_2', date_created: '2026-11-22T09:05:00Z', signature: 'b' }
    const differing = compareJson(answered, stored).rows.filter(differs)
    expect(differing.map(({ path }) => path)).toEqual(['id', 'date_created'])
  })
})
