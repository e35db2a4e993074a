import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isStorable } from '../../server/domain/storable-text.ts'

describe('text that can be stored', () => {
  test.each([
    ['a lone surrogate', '\ud800'],
    ['NUL', 'a\u0000b'],
    ['in a list', ['fine', ['\udfff']]],
    ['in a member', { note: { text: '\u0000' } }],
    ['as the name of a member', { '\ud800': 1 }],
    ['in a map', new Map([['a', '\u0000']])],
    ['in a set', new Set(['\ud800'])],
  ])('%s is not', (_what, value) => {
    expect(isStorable(value)).toBe(false)
  })

  test.each([
    ['a whole pair', '🙂'],
    ['nothing', ''],
    ['no text', [null, undefined, 5n, new Date()]],
    ['a list as long as a request can hold', Array.from({ length: 200_000 }, () => 'x')],
    ['Hindi', { a: ['नमस्ते', 1, true] }],
  ])('%s is', (_what, value) => {
    expect(isStorable(value)).toBe(true)
  })

  test('well-formed text is storable exactly when it has no NUL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isStorable({ text })).toBe(!text.includes('\u0000'))
      }),
    )
  })
})
