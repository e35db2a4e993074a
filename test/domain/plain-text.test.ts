import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../server/domain/plain-text.ts'
import { parseQuery } from '../../server/domain/search-query.ts'

describe('plain text', () => {
  it.each([
    ['signs of no width', '\uFEFFORD\u200B-\u20601\u00AD', 'ORD-1'],
    ['marks of direction', '\u2066ORD-1\u2069', 'ORD-1'],
    ['dashes inside of words', '98765\u201143210 – ORD\u20131', '98765-43210 – ORD-1'],
    ['curly quotes', '“a b”', '"a b"'],
    ['digits of India', '१२३४५६७८९० ௧ ４２', '1234567890 1 42'],
    ['a joiner beside Latin letters', 'ORD\u200D-1\u200C', 'ORD-1'],
    ['a joiner between letters that it shapes', 'क्\u200Dष', 'क्\u200Dष'],
    ['a joiner that ends a word of many', 'മോഹന്\u200D നായര്\u200D', 'മോഹന്\u200D നായര്\u200D'],
  ])('%s', (_name, typed, plain) => expect(plainText(typed)).toBe(plain))

  it('is plain already the second time', () => {
    const signs = fc.constantFrom('a', '1', ' ', '"', '“', '५', 'क', '–', '\u200C', '\u200D', '\u200B')
    const typed = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: signs, maxLength: 6 }))
    fc.assert(
      fc.property(typed, (text) => {
        expect(plainText(plainText(text))).toBe(plainText(text))
      }),
    )
  })

  it('is what a filter reads', () => {
    expect(parseQuery('order:\u200BORD-1 amount:>५००', { currency: 'INR' })).toEqual(
      parseQuery('order:ORD-1 amount:>500', { currency: 'INR' }),
    )
  })
})
