import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TAG_MAX_LENGTH, tagForm, tagProblem } from '../../server/domain/order-tag.ts'

describe('a tag', () => {
  test.each([
    ['VIP', 'vip'],
    ['  needs   call ', 'needs-call'],
    ['Q3.2026_late', 'q3.2026_late'],
    ['ग्राहक', 'ग्राहक'],
    ['Cafe\u0301', 'caf\u00e9'],
    ['x'.repeat(TAG_MAX_LENGTH), 'x'.repeat(TAG_MAX_LENGTH)],
  ])('%s is kept as %s', (typed, kept) => {
    expect(tagForm(typed)).toBe(kept)
    expect(tagProblem(kept)).toBeNull()
  })

  test.each([
    ['   ', /Type a tag/],
    ['x'.repeat(TAG_MAX_LENGTH + 1), /at most 32 characters/],
    ['vip,late', /letters and digits/],
    ['-vip', /letters and digits/],
    ['a@b.in', /letters and digits/],
    ['to:do', /letters and digits/],
    ['call-9876543210', /ten digits/],
    ['None', /“none” is a word of the filter/],
    ['any', /“any” is a word of the filter/],
  ])('%s is none', (typed, reason) => {
    expect(tagProblem(tagForm(typed))).toMatch(reason)
  })

  const typedTag = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', 'B', 'É', 'İ', 'Σ', '1', '-', '.', ' ', '\u0301', '\n') }),
  )

  test('has one form, whatever was typed', () => {
    fc.assert(
      fc.property(typedTag, (typed) => {
        expect(tagForm(tagForm(typed))).toBe(tagForm(typed))
      }),
    )
  })

  test('that is accepted needs no quotes in a filter', () => {
    fc.assert(
      fc.property(typedTag, (typed) => {
        const tag = tagForm(typed)
        if (tagProblem(tag) !== null) return
        expect(tag).not.toMatch(/[\s,:"*@]|^-/)
        expect(tag.length).toBeLessThanOrEqual(TAG_MAX_LENGTH)
      }),
    )
  })
})
