import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEPTH_MAX, isObject, JsonNumber, jsonText, parseJson } from '../../../server/juspay/json.ts'
import { sharedFiles } from './independent.ts'

function failureOf(raw: Uint8Array | string): string {
  const parsed = parseJson(raw)
  return parsed.ok ? 'parsed' : parsed.failure
}

describe('lossless JSON', () => {
  test('keeps the text of every number', () => {
    const text = '[10.80,1e3,-0,20230517020968656340245367275527523,1E400]'
    const parsed = parseJson(text)
    expect(parsed.ok && jsonText(parsed.json)).toBe(text)
  })

  test('writes back what the engine reads the same way', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = parseJson(JSON.stringify(value))
        expect(parsed.ok).toBe(true)
        expect(parsed.ok && JSON.parse(jsonText(parsed.json))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 1000 },
    )
  })

  test('accepts exactly what the engine accepts', () => {
    const fragments = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u00"',
      '"\\',
      '1',
      '-',
      '.5',
      '0',
      'e',
      'tru',
      'null',
      ' ',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...fragments), { maxLength: 9 }), (parts) => {
        const text = parts.join('')
        let engine = true
        try {
          JSON.parse(text)
        } catch {
          engine = false
        }
        expect(parseJson(text).ok, text).toBe(engine)
      }),
      { numRuns: 5000 },
    )
  })

  test('limits nesting instead of exhausting the stack', () => {
    expect(failureOf(`${'['.repeat(DEPTH_MAX)}${']'.repeat(DEPTH_MAX)}`)).toBe('parsed')
    expect(failureOf(`${'['.repeat(DEPTH_MAX + 1)}${']'.repeat(DEPTH_MAX + 1)}`)).toBe('too_deep')
    expect(failureOf('[{"a":'.repeat(100_000))).toBe('too_deep')
  })

  test('skips a byte-order mark, keeps the last duplicate, survives bytes that are not UTF-8', () => {
    const marked = parseJson(Buffer.from('\uFEFF{"a":1,"a":2}'))
    expect(marked.ok && isObject(marked.json) && marked.json['a']).toEqual(new JsonNumber('2'))
    expect(failureOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('parsed')
    expect(failureOf('')).toBe('empty')
    expect(failureOf(' \n')).toBe('empty')
    expect(failureOf('{"a":1}x')).toBe('not_json')
  })

  test('treats __proto__ as an ordinary key', () => {
    const parsed = parseJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
    expect(parsed.ok && isObject(parsed.json) && Object.keys(parsed.json)).toEqual([
      '__proto__',
      'constructor',
    ])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('JSONTestSuite', () => {
  const files = sharedFiles('json-test-suite/test_parsing')
  // Depth 64 is our own limit: one "may be either" file nests 500 deep.
  const accepted = files.filter(({ name, raw }) => name.startsWith('y_') && parseJson(raw).ok)
  const refused = files.filter(({ name, raw }) => name.startsWith('n_') && !parseJson(raw).ok)

  test('reads every valid file and refuses every invalid one', () => {
    expect(accepted.length).toBe(files.length === 0 ? 0 : 95)
    expect(refused.length).toBe(files.length === 0 ? 0 : 188)
    for (const { name, raw } of files)
      expect(['parsed', 'empty', 'not_json', 'too_deep'], name).toContain(failureOf(raw))
    expect(files.length).toSatisfy((count: number) => count === 0 || count === 318)
  })
})
