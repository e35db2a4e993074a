/**
 * A workbook written while its rows are read: yazl deflates the sheet as a stream, and nothing of it is held. Cells are
 * text, amounts with the decimals they have or dates, never formulas; text that a spreadsheet would run when the sheet is
 * saved as CSV gets a quote before it, as in a CSV file. What the file says about itself is the second sheet, because it is
 * known when the rows are done.
 */
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { harmlessText } from '../../domain/csv.ts'
import { INDIA_OFFSET_MS } from '../../domain/indian-time.ts'
import type { ExportCell, ExportZone } from '../../domain/order-export.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** A cell may hold this much (Excel's limit). */
const CELL_CHARS_MAX = 32_767
/** Quick rather than small: the file is fetched once. */
const LEVEL = 3

/** Character references, and what XML cannot hold at all. */
const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function xmlText(text: string): string {
  return (
    text
      .slice(0, CELL_CHARS_MAX)
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll(/[&<>"]/g, (character) => SPECIAL[character] ?? '')
  )
}

/** Cell formats by their place in the style sheet: a date, numbers with as many decimals, and text that looks like one. */
const DATE_STYLE = 1
const DECIMAL_STYLES = [2, 3, 4, 5] as const
const DIGITS_STYLE = 6
/** A bank reference is text; without the format of text whoever edits its cell makes a number of 15 digits of it. */
const DIGITS = /^\d+$/

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="0.0"/><numFmt numFmtId="166" formatCode="0.000"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7">${[0, 164, 1, 165, 2, 166, 49].map((id) => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`).join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

const DAY_MS = 86_400_000
/** Day 25569 of a spreadsheet is the first of 1970. */
const EPOCH_DAYS = 25_569

/** Days and their parts since the spreadsheet's day 0, by the clock of the zone. */
function serialDay(at: Date, zone: ExportZone): number {
  return (at.getTime() + (zone === 'IST' ? INDIA_OFFSET_MS : 0)) / DAY_MS + EPOCH_DAYS
}

function numberXml(decimal: string): string {
  const style = DECIMAL_STYLES[decimal.split('.')[1]?.length ?? 0]
  return style === undefined ? `<c><v>${decimal}</v></c>` : `<c s="${style}"><v>${decimal}</v></c>`
}

function cellXml(cell: ExportCell): string {
  if (cell === null) return '<c/>'
  if (typeof cell === 'object')
    return 'decimal' in cell
      ? numberXml(cell.decimal)
      : `<c s="${DATE_STYLE}"><v>${serialDay(cell.at, cell.zone)}</v></c>`
  const style = DIGITS.test(cell) ? ` s="${DIGITS_STYLE}"` : ''
  return `<c${style} t="inlineStr"><is><t xml:space="preserve">${xmlText(harmlessText(cell))}</t></is></c>`
}

/** One row of a sheet. */
export function rowXml(cells: readonly ExportCell[]): string {
  return `<row>${cells.map(cellXml).join('')}</row>`
}

const SHEET_START = `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
/** Characters; a date in a narrower column is shown as "####". */
const TIME_WIDTH = 21

function columnsXml(times: ReadonlySet<number>): string {
  if (times.size === 0) return ''
  const column = (n: number): string =>
    `<col min="${n + 1}" max="${n + 1}" width="${TIME_WIDTH}" customWidth="1"/>`
  return `<cols>${[...times].map(column).join('')}</cols>`
}

const SHEET_END = '</sheetData></worksheet>'

const partsOf = (title: string): readonly (readonly [name: string, xml: string])[] => [
  [
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SPREADSHEET}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="${SPREADSHEET}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${SPREADSHEET}.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${title}" sheetId="1" r:id="rId1"/><sheet name="About this file" sheetId="2" r:id="rId2"/></sheets></workbook>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  ],
  ['xl/styles.xml', STYLES],
]

const NONE: ReadonlySet<number> = new Set()

/**
 * The bytes of a workbook.
 * @param sheet.title what the sheet is called: a few plain words
 * @param sheet.heads names of the columns
 * @param sheet.times places of the columns that hold dates
 * @param rows XML of rows (`rowXml`), as many at a time as the caller likes
 * @param about what stands in the second sheet; asked for when the rows are done
 * @param mtime when its parts say they were made
 */
export async function* xlsxFile(
  { title, heads, times = NONE }: { title: string; heads: readonly string[]; times?: ReadonlySet<number> },
  rows: AsyncIterable<string>,
  about: () => readonly (readonly [string, string])[],
  mtime: Date,
): AsyncGenerator<Buffer, void, void> {
  const zip = new ZipFile()
  const output = new PassThrough()
  const fail = (error: Error): void => void output.destroy(error)
  async function* text(): AsyncGenerator<string, void, void> {
    yield `${SHEET_START}${columnsXml(times)}<sheetData>${rowXml(heads)}`
    yield* rows
    yield SHEET_END
  }
  const sheet = Readable.from(text(), { objectMode: true })
  // yazl does not look after the streams it reads.
  sheet.on('error', fail)
  zip.on('error', fail)
  const options = { compress: true, compressionLevel: LEVEL, mtime }
  for (const [name, xml] of partsOf(title)) zip.addBuffer(Buffer.from(xml), name, { mtime })
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', options)
  zip.addReadStreamLazy('xl/worksheets/sheet2.xml', options, (ready) => {
    const lines = about()
      .map((line) => rowXml(line))
      .join('')
    ready(null, Readable.from([Buffer.from(`${SHEET_START}<sheetData>${lines}${SHEET_END}`)]))
  })
  zip.end()
  zip.outputStream.pipe(output)
  try {
    for await (const bytes of output) yield bytes as Buffer
  } finally {
    sheet.destroy()
    // Whoever stops early may give the connection away that the rows come through: not before they have stopped.
    if (!sheet.closed) await once(sheet, 'close')
  }
}
