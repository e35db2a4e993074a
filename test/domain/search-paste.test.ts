import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../server/domain/search-query.ts'
import { readPaste } from '../../server/domain/search-paste.ts'

describe('a paste', () => {
  it.each([
    ['one id', ' ORD-1 \n', { kind: 'text', text: 'ORD-1' }],
    ['a scrap', '98…4321 ~1499', { kind: 'text', text: '98…4321 ~1499' }],
    ['ids on lines', 'ORD-1\r\nORD-2\n\nORD-1\n', { kind: 'orders', count: 2, q: 'order:ORD-1,ORD-2' }],
    ['a column of a sheet', 'ORD-1\t500.00\nORD-2\t12', { kind: 'orders', count: 2, q: 'order:ORD-1,ORD-2' }],
    ['a list with commas', 'ORD-1, ORD-2; ORD-3', { kind: 'orders', count: 3, q: 'order:ORD-1,ORD-2,ORD-3' }],
    ['ids under a head', 'Order ID\nORD-1\nORD-2', { kind: 'orders', count: 2, q: 'order:ORD-1,ORD-2' }],
    [
      'a column that is not the first',
      'Date\tOrder\n20-11-2026\tORD-1\n20-11-2026\tORD-2',
      { kind: 'orders', count: 2, q: 'order:ORD-1,ORD-2' },
    ],
    [
      'ids with signs nobody sees',
      '\u200BORD-1\n\u202AORD-2\u202C',
      { kind: 'orders', count: 2, q: 'order:ORD-1,ORD-2' },
    ],
    [
      'ids in quotes of every kind',
      '\'ORD-1\'\n"ORD-2"\n="ORD-3"\n“ORD-4”',
      { kind: 'orders', count: 4, q: 'order:ORD-1,ORD-2,ORD-3,ORD-4' },
    ],
    ['a numbered list', '1. ORD-1\n2. ORD-2', { kind: 'orders', count: 2, q: 'order:ORD-1,ORD-2' }],
    ['an id twice', 'ORD-1\nord-1\nORD-2', { kind: 'orders', count: 2, q: 'order:ord-1,ORD-2' }],
    [
      'references of a bank',
      '432198765012\n432198765013',
      { kind: 'orders', count: 2, q: 'ref:432198765012,432198765013' },
    ],
    ['lines that are no ids', 'hello there\nORD-2', { kind: 'text', text: 'hello there ORD-2' }],
    ['nothing', '  \n ', null],
    ['a book', 'x '.repeat(1_000), null],
  ])('%s', (_name, text, read) => expect(readPaste(text)).toEqual(read))

  it('of quotes inside a word is read at once', () => {
    const began = performance.now()
    expect(readPaste(`a${"'".repeat(90_000)}a`)).toBeNull()
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('of five hundred ids is a list, of more is too many', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, i) => `ORDER-2026-${i}`).join('\n')
    const read = readPaste(ids(500))
    expect(read).toMatchObject({ kind: 'orders', count: 500 })
    const q = read?.kind === 'orders' ? read.q : ''
    expect(parseQuery(q, { currency: 'INR' })).toMatchObject({ ok: true })
    expect(readPaste(ids(501))).toEqual({ kind: 'too_many', count: 501, max: 500 })
  })
})
