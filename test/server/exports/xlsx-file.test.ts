/** A workbook as a stream: what breaks on either side of it ends it, and nothing else. */
import { describe, expect, test } from 'vitest'
import { rowXml, xlsxFile } from '../../../server/services/exports/xlsx-file.ts'

const AT = new Date('2026-11-22T09:05:33Z')
const ONE = { title: 'Orders', heads: ['One'] }
const ROW = '<row><c><v>1</v></c></row>'.repeat(2_000)

describe('a workbook', () => {
  test('whose rows break off fails with their error', async () => {
    async function* rows(): AsyncGenerator<string, void, void> {
      yield ROW
      throw new Error('the rows broke')
    }
    await expect(
      (async () => {
        for await (const bytes of xlsxFile(ONE, rows(), () => [], AT)) expect(bytes.length).toBeGreaterThan(0)
      })(),
    ).rejects.toThrow('the rows broke')
  })

  test('that nobody reads to its end stops its rows before it is done, and reads no more of them', async () => {
    let reading = false
    let read = 0
    let ended = false
    async function* rows(): AsyncGenerator<string, void, void> {
      try {
        for (;;) {
          reading = true
          await new Promise((done) => setImmediate(done))
          reading = false
          read += 1
          yield ROW
        }
      } finally {
        ended = true
      }
    }
    for await (const bytes of xlsxFile(ONE, rows(), () => [], AT)) {
      expect(bytes.length).toBeGreaterThan(0)
      if (read > 3) break
    }
    expect([reading, ended]).toEqual([false, true])
    const then = read
    await new Promise((done) => setImmediate(done))
    expect(read).toBe(then)
  })
})

test('a reference of digits is text with the format of text: no digit of it is lost, opened or edited', () => {
  const utr = '74332744201234567890123'
  expect(rowXml([utr, '000412', 'pay_1', '+91'])).toBe(
    `<row>${[
      `<c s="6" t="inlineStr"><is><t xml:space="preserve">${utr}</t></is></c>`,
      '<c s="6" t="inlineStr"><is><t xml:space="preserve">000412</t></is></c>',
      '<c t="inlineStr"><is><t xml:space="preserve">pay_1</t></is></c>',
      `<c t="inlineStr"><is><t xml:space="preserve">'+91</t></is></c>`,
    ].join('')}</row>`,
  )
})

test('cells are text, amounts with the decimals they have, and dates to the millisecond', () => {
  const at = new Date('2026-11-22T20:00:00.123Z')
  expect(rowXml(['a<b', { decimal: '1500' }, { decimal: '5049.00' }, { decimal: '1.500' }, null])).toBe(
    '<row><c t="inlineStr"><is><t xml:space="preserve">a&lt;b</t></is></c><c s="2"><v>1500</v></c><c s="4"><v>5049.00</v></c><c s="5"><v>1.500</v></c><c/></row>',
  )
  const days = (zone: 'IST' | 'UTC') => Number(/<v>(.*)<\/v>/.exec(rowXml([{ at, zone }]))?.[1])
  // 22 November 2026 is day 46348 of a spreadsheet.
  expect(Math.round((days('UTC') - 46_348) * 86_400_000)).toBe(72_000_123)
  expect(Math.round((days('IST') - 46_349) * 86_400_000)).toBe(5_400_123)
  expect(rowXml([{ at, zone: 'UTC' }])).toContain('<c s="1">')
})
