import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from '../../server/domain/csv.ts'
import { CORPORA_MISSING, naughtyStrings } from '../faults/hostile-bodies.ts'

const STARTERS = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']

/** What a spreadsheet set to another country's separators makes of the line. */
const cellsBy = (line: string, delimiter: string): string[] =>
  parse(line, { delimiter, relax_column_count: true, relax_quotes: true }).flat()

function expectHarmless(cell: string): void {
  const line = csvLine([cell])
  for (const separator of [',', ';', '\t'])
    for (const read of cellsBy(line, separator)) {
      expect([cell, read]).toEqual([cell, expect.not.stringMatching(/^\s*[=+\-@＝＋－＠\0]/)])
      expect([cell, read]).toEqual([cell, expect.not.stringMatching(/^[\t\r]/)])
    }
}

describe('a cell of a file for spreadsheets', () => {
  test.each(
    STARTERS.flatMap((start) => [`${start}1+1`, ` ${start}cmd|' /C calc'!A0`, `a;${start}1`, `a\t${start}1`]),
  )('%j is no formula, whatever separates the cells', expectHarmless)

  test.skipIf(CORPORA_MISSING !== null)('nor is any of the big list of naughty strings', () => {
    const list = naughtyStrings()
    expect(list.length).toBeGreaterThan(500)
    for (const one of list) expectHarmless(one)
  })

  test('numbers stay numbers, and text that is no formula comes back as it was', () => {
    expect(csvLine([-5, null, 'plain', 'a "b", c'])).toBe('-5,,plain,"a ""b"", c"\r\n')
    const harmless = fc.string({ unit: 'grapheme' }).map((text) => `x${text}`)
    fc.assert(
      fc.property(fc.array(harmless, { minLength: 1, maxLength: 6 }), (cells) => {
        expect(cellsBy(csvLine(cells), ',')).toEqual(cells)
      }),
    )
  })
})
