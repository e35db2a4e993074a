/** A text that is looked up by parts of itself finds what it is contained in, and nothing else. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contains, endsOfNumber, lookedUpBy } from '../../server/store/text-sql.ts'
import { openDatabase } from '../support/harness.ts'

describe('what a text is looked up by', () => {
  test.each([
    ['sharma', ['sharma']],
    ['kavya.sharma', ['har', 'avy']],
    ['kavya s', ['kavya s']],
    ['email of gmail', ['email of gmail']],
    ['email gmail kavya', ['mai', 'avy']],
    ['kavya.sharma9198', ['ma9198']],
    ['od2cm0cv07p2', ['cv07p2']],
    ['paydeskdemo-od315nfed2rj-1', ['fed2rj']],
    ['8000282d-89ff-4002-815d-89ff99403360', ['403360', '00282d']],
    ['order-2026', ['rde', '026']],
    ['9876543210', ['543210']],
    ['123456', ['123456']],
    ['राम कुमार', ['राम कुमार']],
    ['%%%', ['%%%']],
  ])('%s: %j', (text, parts) => {
    expect(lookedUpBy(text)).toEqual(parts)
  })

  test('is two halves of the end of a number', () => {
    expect(endsOfNumber('9876543210')).toEqual(['543', '210'])
    expect(endsOfNumber('123456')).toEqual(['123', '456'])
  })

  test('is a few parts of it, each long enough for a trigram', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('abcde0123._ -@')) }), (text) => {
        const parts = lookedUpBy(text)
        expect(parts.length).toBeLessThanOrEqual(3)
        for (const part of parts) {
          expect(text).toContain(part)
          expect(part === text || part.length >= 3).toBe(true)
        }
      }),
    )
  })
})

describe('on a database', () => {
  let opened: Awaited<ReturnType<typeof openDatabase>>
  beforeAll(async () => {
    opened = await openDatabase()
  })
  afterAll(() => opened.close())

  const word = fc.constantFrom(
    'kavya',
    'sharma',
    'singh5660',
    'od2cm0cv07p2',
    '2026',
    'K',
    'राम',
    '50%_off',
    '\\',
  )
  const joint = fc.constantFrom('.', ' ', '-', '@', '')
  const phrase = fc
    .array(fc.tuple(word, joint), { minLength: 1, maxLength: 5 })
    .map((pairs) => pairs.flat().join(''))
  /** Texts, and one of their stretches. */
  const looked = fc
    .tuple(fc.array(phrase, { minLength: 2, maxLength: 12 }), fc.nat(), fc.nat(), fc.nat(), fc.boolean())
    .map(([texts, which, from, length, loud]) => {
      const text = texts[which % texts.length] ?? ''
      const start = from % text.length
      const part = text.slice(start, start + 1 + (length % (text.length - start)))
      return { texts, part: loud ? part.toUpperCase() : part }
    })

  test('finds exactly the texts that contain it', async () => {
    let byParts = 0
    await fc.assert(
      fc.asyncProperty(looked, async ({ texts, part }) => {
        const values: unknown[] = [texts]
        const condition = contains('lower(one)', part, (value) => `$${values.push(value)}`)
        const { rows } = await opened.database.pool.query<{ one: string }>(
          `select one from unnest($1::text[]) with ordinality as of (one, no) where ${condition} order by no`,
          values,
        )
        const wanted = texts.filter((text) => text.toLowerCase().includes(part.toLowerCase()))
        expect(rows.map(({ one }) => one)).toEqual(wanted)
        if (condition.includes('textlike')) byParts += 1
      }),
      { numRuns: 300, seed: 3 },
    )
    expect(byParts).toBeGreaterThan(50)
  })

  test('a part that is common is looked up by what stands beside it', async () => {
    const values: unknown[] = [['kavya@example.com', 'kavya@example.org', 'asha@example.com']]
    const condition = contains('lower(one)', 'kavya@example.com', (value) => `$${values.push(value)}`, [
      'kavya@',
    ])
    expect(values.slice(1)).toEqual(['%kavya@%', '%kavya@example.com%'])
    const { rows } = await opened.database.pool.query<{ one: string }>(
      `select one from unnest($1::text[]) as of (one) where ${condition}`,
      values,
    )
    expect(rows).toEqual([{ one: 'kavya@example.com' }])
  })
})
