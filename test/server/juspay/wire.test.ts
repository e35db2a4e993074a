import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AMOUNT_MINOR_MAX, exponentOf, toDecimal } from '../../../server/domain/money.ts'
import { isObject, parseJson } from '../../../server/juspay/json.ts'
import type { Json } from '../../../server/juspay/json.ts'
import * as wire from '../../../server/juspay/wire.ts'

/** One JSON value from its text, as a body would carry it. */
function value(text: string): Json | undefined {
  const parsed = parseJson(`{"v":${text}}`)
  return parsed.ok && isObject(parsed.json) ? parsed.json['v'] : undefined
}

const NOTHING = ['null', '{}', '""', '"  "', '"null"', '"FILTERED"', '"RIPPIFILTERED"', '"<HIDDEN>"', '[]']

describe('readers', () => {
  test.each(NOTHING)('%s says nothing to any reader', (text) => {
    const json = value(text)
    expect(wire.text(json)).toBeNull()
    expect(wire.ref(json)).toBeNull()
    expect(wire.word(json)).toBeNull()
    expect(wire.flag(json)).toBeNull()
    expect(wire.integer(json)).toBeNull()
    expect(wire.amount(json, 'INR')).toBeNull()
    expect(wire.instant(json)).toBeNull()
    expect(wire.object(json)).toBeNull()
  })

  test('text: scrubbed digits, numbers, booleans, long and unstorable text', () => {
    expect(wire.text(value('"1111111"'))).toBeNull()
    expect(wire.text(value('9000000001'))).toBe('9000000001')
    expect(wire.text(value('true'))).toBeNull()
    expect(wire.text(value('"a\\u0000b\\ud800"'))).toBe('a\uFFFDb\uFFFD')
    expect(wire.text('x'.repeat(5000))?.length).toBe(wire.TEXT_MAX)
    expect(wire.gatewayText(value('"NA"'))).toBeNull()
    expect(wire.text(value('"NA"'))).toBe('NA')
  })

  test('refs are opaque: case, spaces, scientific notation and seven ones survive', () => {
    expect(wire.ref(value('"2.0220408111212802e+34"'))).toBe('2.0220408111212802e+34')
    expect(wire.ref(value('20230517020968656340245367275527523'))).toBe('20230517020968656340245367275527523')
    expect(wire.ref(value('" Ab-1 "'))).toBe(' Ab-1 ')
    expect(wire.ref(value('"1111111"'))).toBe('1111111')
    expect(wire.ref('x'.repeat(wire.REF_MAX + 1))).toBeNull()
  })

  test.each([
    ['"Failure"', 'FAILURE'],
    ['" charged "', 'CHARGED'],
    ['"SOMETHING_NEW"', 'SOMETHING_NEW'],
  ])('word %s is %s', (text, expected) => expect(wire.word(value(text))).toBe(expected))

  test.each([
    ['true', true],
    ['"true"', true],
    ['"FALSE"', false],
    ['1', null],
    ['"yes"', null],
  ])('flag %s is %s', (text, expected) => expect(wire.flag(value(text))).toBe(expected))

  test.each([
    ['21', 21],
    ['"21"', 21],
    ['"-1"', -1],
    ['21.0', 21],
    ['21.5', null],
    ['9007199254740993', null],
    ['"0x10"', null],
  ])('integer %s is %s', (text, expected) => expect(wire.integer(value(text))).toBe(expected))

  test.each([
    ['665.34', 'INR', 66534n],
    ['"1551"', 'INR', 155100n],
    ['10.80', 'INR', 1080n],
    ['1e3', 'INR', 100000n],
    ['10.805', 'INR', null],
    ['9150', 'JPY', 9150n],
    ['1.250', 'BHD', 1250n],
    ['0', 'INR', 0n],
    ['-5', 'INR', null],
    ['1E400', 'INR', null],
    ['90071992547409.93', 'INR', null],
    ['1111111', 'INR', 111111100n],
    ['"Rs 5"', 'INR', null],
  ])('amount %s %s is %s', (text, currency, expected) =>
    expect(wire.amount(value(text), currency)).toBe(expected),
  )

  test('amounts survive the way to minor units and back, as numbers and as strings', () => {
    const currencies = fc.constantFrom('INR', 'JPY', 'BHD', 'USD')
    fc.assert(
      fc.property(fc.bigInt(0n, AMOUNT_MINOR_MAX), currencies, (minor, currency) => {
        const text = toDecimal({ minor, currency })
        const minimal = exponentOf(currency) === 0 ? text : text.replace(/\.?0+$/, '')
        expect(wire.amount(value(text), currency)).toBe(minor)
        expect(wire.amount(value(minimal), currency)).toBe(minor)
        expect(wire.amount(value(`"${text}"`), currency)).toBe(minor)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['"2023-08-10T07:00:48Z"', '2023-08-10T07:00:48.000Z'],
    ['"2024-02-12T07:44:57.150265Z"', '2024-02-12T07:44:57.150Z'],
    ['"2023-05-19T10: 54: 23Z"', '2023-05-19T10:54:23.000Z'],
    ['"2024-11-24 16:25:52.0"', '2024-11-24T16:25:52.000Z'],
    ['"2024-03-30 05:00:48.023988093 UTC"', '2024-03-30T05:00:48.023Z'],
    ['"2024-03-30T10:30:48+05:30"', '2024-03-30T05:00:48.000Z'],
    ['"1634057114"', '2021-10-12T16:45:14.000Z'],
    ['1634057114', '2021-10-12T16:45:14.000Z'],
    ['"1634057114123"', '2021-10-12T16:45:14.123Z'],
    ['"1111111T07:00:40Z"', undefined],
    ['"RIPPIFILTEREDT14:32:05Z"', undefined],
    ['"160***10"', undefined],
    ['"2019-07-17"', undefined],
    ['"2023-02-30T07:00:48Z"', undefined],
    ['"2023-08-10T25:00:48Z"', undefined],
    ['"0001-01-01T00:00:00Z"', undefined],
    ['"9999999999999"', undefined],
  ])('instant %s is %s', (text, expected) => expect(wire.instant(value(text))?.toISOString()).toBe(expected))

  test('objects and lists also arrive as strings of JSON', () => {
    expect(wire.object(value('"{\\"a\\":1}"'))).toEqual(wire.object(value('{"a":1}')))
    expect(wire.list(value('"[1]"'))).toEqual(wire.list(value('[1]')))
    expect(wire.list(value('"[1"'))).toBeNull()
    expect(wire.list(value('"FILTERED"'))).toBeNull()
    expect(wire.object(value('[1]'))).toBeNull()
  })

  test.each([
    ['{"id":"evt_1"}', 'evt_1'],
    ['{"id":""}', null],
    ['{"id":7}', null],
    ['{"id":"FILTERED"}', null],
    [`{"id":"${'x'.repeat(129)}"}`, null],
    ['[]', null],
  ])('the event id of %s is %s', (text, expected) => {
    const parsed = wire.parseBody(text)
    expect(parsed.ok && wire.eventRefOf(parsed.json)).toBe(expected)
  })
})
