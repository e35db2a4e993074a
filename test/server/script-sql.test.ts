/** A text in any script is found in exactly the orders that contain it, through an index that knows other letters. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { containing } from '../../server/store/orders-where-lists.ts'
import { inOtherScript } from '../../server/store/script-sql.ts'
import { openDatabase } from '../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
beforeAll(async () => {
  opened = await openDatabase()
})
afterAll(() => opened.close())

describe('what the index is asked for', () => {
  test.each([
    ['राम', ['राम']],
    ['राम कुमार', ['राम', 'कुम']],
    ['राम sharma', ['राम']],
    ['zoë', ['zoë']],
    ['xy 😀😀😀😀', ['😀😀😀']],
    ['zo k रा', []],
    ['sharma', null],
    ['sharma ñ', null],
    ['', null],
  ])('%s: %j', (text, trigrams) => {
    const values: unknown[] = []
    const condition = inOtherScript(text, (value) => `$${values.push(value)}`)
    expect(values).toEqual(trigrams === null ? [] : [trigrams])
    expect(condition === null).toBe(trigrams === null)
  })
})

test('the trigrams of words with other letters, and of no others', async () => {
  const { rows } = await opened.database.pool.query<{ trigrams: string[] }>(
    `select trigrams_beyond_ascii(one) as trigrams from unnest($1::text[]) with ordinality as of (one, no) order by no`,
    [['cust_1 राम zoë@x 98', 'कुमार', 'मा é', 'only ascii', '']],
  )
  expect(rows.map(({ trigrams }) => trigrams.toSorted())).toEqual([
    ['oë@', 'zoë', 'ë@x', 'राम'],
    ['कुम', 'ुमा', 'मार'].toSorted(),
    [],
    [],
    [],
  ])
})

describe('on a database', () => {
  const word = fc.constantFrom(
    'राम',
    'कुमार',
    'कुमारी',
    'रा',
    'zoë',
    'müller',
    'ß',
    '王伟',
    'مريم',
    '😀',
    'sharma',
    'k',
    '50%_off',
    '\\',
    '2026',
  )
  const joint = fc.constantFrom(' ', ' ', '  ', '-', '@', '\u00a0', '\t', '')
  const phrase = fc
    .array(fc.tuple(word, joint), { minLength: 1, maxLength: 5 })
    .map((pairs) => pairs.flat().join(''))
  /** Texts beside UPI addresses, and a stretch of one of them. */
  const looked = fc
    .tuple(
      fc.array(fc.tuple(phrase, fc.option(phrase)), { minLength: 2, maxLength: 12 }),
      fc.nat(),
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      fc.boolean(),
    )
    .map(([orders, which, ofAddress, from, length, loud]) => {
      const [text, address] = orders[which % orders.length] ?? ['', null]
      const letters = Array.from((ofAddress ? address : null) ?? text)
      const start = from % letters.length
      const part = letters.slice(start, start + 1 + (length % (letters.length - start))).join('')
      return { orders, part: loud ? part.toUpperCase() : part }
    })

  test('finds exactly the orders that contain it', async () => {
    let [inScript, some] = [0, 0]
    await fc.assert(
      fc.asyncProperty(looked, async ({ orders, part }) => {
        const values: unknown[] = [orders.map(([text]) => text), orders.map(([, address]) => address)]
        const condition = containing(part, (value) => `$${values.push(value)}`, { masked: false })
        const { rows } = await opened.database.pool.query<{ no: bigint }>(
          `select no from unnest($1::text[], $2::text[]) with ordinality as orders (search_text, payer_vpa, no)
           where ${condition} order by no`,
          values,
        )
        const wanted = orders.flatMap((texts, at) =>
          texts.some((text) => text?.includes(part.toLowerCase())) ? [BigInt(at + 1)] : [],
        )
        expect(rows.map(({ no }) => no)).toEqual(wanted)
        if (condition.includes('trigrams_beyond_ascii')) inScript += 1
        if (wanted.length > 0 && wanted.length < orders.length) some += 1
      }),
      { numRuns: 600, seed: 5 },
    )
    expect(inScript).toBeGreaterThan(200)
    expect(some).toBeGreaterThan(200)
  })
})
