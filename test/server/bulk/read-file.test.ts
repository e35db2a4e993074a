import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BULK_ROWS_MAX } from '../../../server/domain/bulk-row.ts'
import { Refusal } from '../../../server/domain/refusal.ts'
import { readBulkFile } from '../../../server/services/bulk/read-file.ts'
import { naughtyStrings } from '../../faults/hostile-bodies.ts'
import { workbook, zip } from '../../support/xlsx.ts'

const TABLE = {
  headers: ['order_id', 'amount', 'note'],
  rows: [
    { no: 2, cells: ['ORD-1', '1,250.00', 'Café, "closed"'] },
    { no: 3, cells: ['ORD-2', '', 'two\nlines'] },
  ],
}
const csv = (separator: string): string =>
  [
    ['order_id', 'amount', 'note'],
    ['ORD-1', '"1,250.00"', '"Café, ""closed"""'],
    ['ORD-2', '', '"two\nlines"'],
  ]
    .map((cells) => `${cells.join(separator)}\r\n`)
    .join('')

const swapped = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()

function problemOf(bytes: Buffer): string {
  try {
    readBulkFile(bytes)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
  return 'no problem'
}

describe('CSV', () => {
  test.each([
    ['UTF-8', Buffer.from(csv(','))],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${csv(',')}`)],
    ['UTF-16LE', Buffer.from(`\uFEFF${csv(',')}`, 'utf16le')],
    ['UTF-16BE', swapped(csv(','))],
    ['UTF-16LE without a mark', Buffer.from(csv(','), 'utf16le')],
    ['Windows-1252', Buffer.from(csv(','), 'latin1')],
    ['semicolons', Buffer.from(csv(';'))],
    ['tabs', Buffer.from(csv('\t'))],
    ['a separator named in the first line', Buffer.from(`sep=;\r\n${csv(';')}`)],
  ])('%s', (_name, bytes) => {
    expect(readBulkFile(bytes)).toEqual(TABLE)
  })

  test('a quote inside a cell is a quote', () => {
    expect(readBulkFile(Buffer.from('order_id,note\nA,5" pipe\n')).rows[0]?.cells).toEqual(['A', '5" pipe'])
  })

  test('empty rows are left out and the others keep their numbers', () => {
    expect(readBulkFile(Buffer.from('order_id\n\nA\n  \nB\n')).rows).toEqual([
      { no: 3, cells: ['A'] },
      { no: 5, cells: ['B'] },
    ])
  })

  test.each([
    ['', 'This file is empty.'],
    ['order_id\n', 'This file has no rows below its header line.'],
    ['order_id\n"A\n', 'This CSV file has a quote that is never closed.'],
    [
      `order_id\n${'A\n'.repeat(BULK_ROWS_MAX + 1)}`,
      'This file has 10,001 rows. A batch takes up to 10,000.',
    ],
    [`${'a,'.repeat(101)}\n${'b,'.repeat(101)}\n`, 'This file has more than 100 columns.'],
  ])('%#: what is wrong is said', (text, problem) => {
    expect(problemOf(Buffer.from(text))).toBe(problem)
  })

  test('whatever is quoted comes back as it was, but for its ends, NUL and half characters', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = [['order_id', 'note'], ...rows].map((cells) => cells.map(quoted).join(',')).join('\r\n')
        const kept = rows
          .map((cells) => cells.map((one) => Buffer.from(one).toString().replaceAll('\0', '').trim()))
          .filter((cells) => cells.some((one) => one !== ''))
        fc.pre(kept.length > 0)
        expect(readBulkFile(Buffer.from(text)).rows.map(({ cells }) => cells)).toEqual(kept)
      }),
      { numRuns: 200 },
    )
  })

  test('no bytes and no naughty string make it fail in another way than a refusal', () => {
    for (const one of naughtyStrings()) problemOf(Buffer.from(`order_id,note\nA,${one}\n`))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void problemOf(Buffer.from(bytes))))
  })
})

describe('XLSX', () => {
  test('texts of every kind, numbers as a person saw them, gaps', () => {
    const bytes = workbook(
      `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>amount</t></is></c><c r="D1" t="s"><v>1</v></c></row>
       <row r="2"><c r="A2" t="str"><v>ORD-1</v></c><c r="B2"><v>4599.1000000000004</v></c><c r="D2" t="s"><v>2</v></c></row>
       <row r="4"><c r="A4"><v>123456789012345</v></c><c r="B4" t="b"><v>1</v></c></row>
       <row r="5"><c r="A5"><v>1.2345678901234568E+21</v></c></row>`,
      ['<t>order_id</t>', '<r><t>no</t></r><r><t>te</t></r>', '<t>A &amp; B &lt;3</t><rPh><t>x</t></rPh>'],
    )
    expect(readBulkFile(bytes)).toEqual({
      headers: ['order_id', 'amount', 'Column 3', 'note'],
      rows: [
        { no: 2, cells: ['ORD-1', '4599.1', '', 'A & B <3'] },
        { no: 4, cells: ['123456789012345', 'TRUE', '', ''] },
        { no: 5, cells: ['1.23456789012346e+21', '', '', ''] },
      ],
    })
  })

  const styles = `<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="165" formatCode="[Red]0.00&quot; days&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>`
  const dates = `<row r="1"><c r="A1" t="str"><v>order_id</v></c><c r="B1" t="str"><v>when</v></c></row>
     <row r="2"><c r="A2" s="0"><v>46348</v></c><c r="B2" s="1"><v>46348</v></c></row>
     <row r="3"><c r="A3" s="3"><v>46348.5</v></c><c r="B3" s="2"><v>46348.604166666664</v></c></row>
     <row r="4"><c r="A4" s="9"><v>7</v></c><c r="B4" s="1"><v>99999999</v></c></row>`

  test('a day is the day that the sheet shows, not the number it keeps', () => {
    expect(readBulkFile(workbook(dates, [], { styles })).rows.map(({ cells }) => cells)).toEqual([
      ['46348', '2026-11-22'],
      ['46348.5', '2026-11-22 14:30:00'],
      ['7', '99999999'],
    ])
    const old = workbook(dates, [], { styles, properties: '<workbookPr date1904="1"/>' })
    expect(readBulkFile(old).rows[0]?.cells).toEqual(['46348', '2030-11-23'])
  })

  test('an archive that unpacks to gigabytes is refused, whatever size it claims', () => {
    const zeros = Buffer.alloc(80 * 1024 * 1024)
    const bomb = zip([
      { name: 'xl/workbook.xml', data: '<workbook><sheets><sheet name="a" r:id="x"/></sheets></workbook>' },
      { name: 'xl/worksheets/sheet1.xml', data: zeros, claimed: 100 },
    ])
    expect(bomb.length).toBeLessThan(200_000)
    expect(problemOf(bomb)).toBe('This spreadsheet is too large when it is unpacked.')
  })

  test.each([
    ['cut short', workbook('<row/>').subarray(0, 200)],
    ['no workbook', zip([{ name: 'word/document.xml', data: '<a/>' }])],
    ['broken XML', workbook('<row><c r="A1"')],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0])],
  ])('%s is refused in words', (_name, bytes) => {
    expect(problemOf(bytes)).toMatch(/cannot be read|old or password-protected/)
  })

  test('damaged archives are refused and nothing else', () => {
    const good = workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>')
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(good)
        bytes[at] = byte
        problemOf(bytes)
      }),
      { numRuns: 500 },
    )
  })
})
