import fc from 'fast-check'
import superjson from 'superjson'
import { expect, test } from 'vitest'
import { clientTransformer } from '../../../client/lib/transformer.ts'
import { plainText } from '../../../server/trpc/serialise-plain.ts'
import { serialisedText, shareSerialised, transformer } from '../../../server/trpc/transformer.ts'
import type { LiveMessage } from '../../../server/trpc/views/live.ts'
import { eventRow } from '../../client/events/event-rows.ts'

const at = new Date('2026-11-20T06:30:00.000Z')
const messages: LiveMessage[] = [
  { kind: 'hello', at, resumed: true },
  { kind: 'batch', events: [], renewed: [], changes: [] },
  {
    kind: 'batch',
    events: [shareSerialised(eventRow(1)), eventRow(2, { occurredAt: null })],
    renewed: [shareSerialised(eventRow(3))],
    changes: [
      { subject: 'order', subjectId: 'a', at },
      { subject: 'refund', subjectId: 'b', at: new Date(at) },
    ],
  },
  { kind: 'pace', oneIn: 8, perSecond: 412 },
]

test.each(messages)(
  'a live message is what superjson makes of it, the first time and later: $kind',
  (message) => {
    const shared = shareSerialised({ ...message })
    for (const value of [message, shared, shared]) {
      const sent = transformer.serialize(value)
      expect(sent).toEqual(superjson.serialize(message))
      expect(clientTransformer.deserialize(JSON.parse(JSON.stringify(sent)))).toEqual(message)
    }
  },
)

test('other values travel as ever', () => {
  const value = { at, amount: 125_000n, none: undefined, list: new Set([1]) }
  expect(transformer.serialize(value)).toEqual(superjson.serialize(value))
  expect(transformer.serialize(null)).toEqual(superjson.serialize(null))
})

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
)
/** superjson refuses these, so nothing that is sent has them. */
const REFUSED = ['__proto__', 'constructor', 'prototype']
const key = fc
  .oneof(fc.string(), fc.constantFrom('a.b', 'c\\\\d', '.', '', '0'))
  .filter((text) => !REFUSED.includes(text))
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

test('whatever a view is made of travels as superjson would send it', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const wanted = superjson.serialize(value)
      const sent = plainText(value)
      if (sent === null || sent.includes(`["custom","rows"]`)) return
      expect(JSON.stringify(JSON.parse(sent).json)).toBe(JSON.stringify(wanted.json))
      expect(JSON.parse(sent)).toEqual(JSON.parse(JSON.stringify(wanted)))
      expect(sent.length).toBe(JSON.stringify(wanted).length)
      expect(superjson.parse(sent)).toEqual(value)
    }),
    { numRuns: 2_000 },
  )
})

const cell = {
  text: fc.string(),
  minor: fc.bigInt(),
  instant: fc.date({ noInvalidDate: true }),
  count: fc.integer(),
  parts: fc.record({ label: fc.string(), numbers: fc.array(fc.integer(), { maxLength: 3 }) }),
  stamped: fc.record({ at: fc.date({ noInvalidDate: true }) }),
}
const kinds = fc.dictionary(key, fc.constantFrom(...Object.values(cell)), {
  minKeys: 1,
  maxKeys: 6,
  noNullPrototype: true,
})
/** Records with the same keys, of which one may have another type, a key less, one more, or another order. */
const records = kinds.chain((kind) => {
  const row = fc.record(
    Object.fromEntries(Object.entries(kind).map(([name, one]) => [name, fc.oneof(one, fc.constant(null))])),
  )
  const odd = row.chain((like) =>
    fc.constantFrom(
      Object.fromEntries(Object.entries(like).toReversed()),
      Object.fromEntries(Object.entries(like).slice(1)),
      { ...like, more: 1n },
      { ...like, [Object.keys(like)[0] ?? '']: undefined },
      null,
      [like],
    ),
  )
  const even = fc.array(row, { minLength: 1, maxLength: 9 })
  return fc.oneof(
    { weight: 3, arbitrary: even },
    fc.tuple(even, odd, even).map((all) => all.flat()),
  )
})

test('records arrive as they were sent, packed or not, wherever they stand', () => {
  let packed = 0
  fc.assert(
    fc.property(records, (rows) => {
      for (const value of [rows, { page: { rows }, at }, [rows, 1n, rows]]) {
        const text = serialisedText(value)
        if (text.includes(`["custom","rows"]`)) packed += 1
        const arrived = clientTransformer.deserialize(JSON.parse(text))
        expect(arrived).toEqual(value)
        // Their keys in the same order, too.
        expect(JSON.stringify(superjson.serialize(arrived).json)).toBe(
          JSON.stringify(superjson.serialize(value).json),
        )
      }
    }),
    { numRuns: 1_000 },
  )
  expect(packed).toBeGreaterThan(100)
})

test('an input cannot be packed', () => {
  const text = serialisedText([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }])
  expect(() => transformer.deserialize(JSON.parse(text))).toThrow('unknown custom')
})

test('a page of records has no note of its own for each instant and each amount', () => {
  const rows = Array.from({ length: 100 }, (_, n) => ({ id: `order-${n}`, at, minor: BigInt(n), left: null }))
  const text = serialisedText({ rows, asOf: at })
  expect(JSON.parse(text).meta.values).toEqual({ rows: [['custom', 'rows']], asOf: ['Date'] })
  expect(text.length).toBeLessThan(superjson.stringify({ rows, asOf: at }).length / 3)
})

test('every unit of text is written as JSON writes it, in values and in keys', () => {
  for (let unit = 0; unit <= 0xffff; unit += 1) {
    const text = String.fromCharCode(unit)
    expect(plainText({ [text]: text })).toBe(JSON.stringify({ json: { [text]: text } }))
  }
})

test('what it does not know is left to superjson', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  for (const value of [
    circle,
    [new Map()],
    { a: Number.NaN },
    -0,
    new Error('no'),
    new URL('http://a.test'),
    Symbol('s'),
  ])
    expect(plainText(value)).toBeNull()
  for (const refused of REFUSED) {
    const value: unknown = JSON.parse(`{"${refused}":1}`)
    expect(plainText(value)).toBeNull()
    expect(() => superjson.serialize(value)).toThrow(refused)
  }
})

test('an object that stands in two places arrives twice', () => {
  const one = { at, minor: 5n }
  const sent = transformer.serialize({ first: one, second: one })
  expect(clientTransformer.deserialize(JSON.parse(JSON.stringify(sent)))).toEqual({ first: one, second: one })
})
