/**
 * The first sheet of an XLSX file as text. Numbers are read as they are written in the file: a library that makes
 * floats of them loses digits of long order IDs and invents decimals of amounts.
 */
import { Parser } from 'saxen'
import { BULK_COLUMNS_MAX, BULK_ROWS_MAX } from '../../domain/bulk-row.ts'
import { Refusal } from '../../domain/refusal.ts'
import { unzip, type Archive } from './unzip.ts'
import { dateText, isDateFormat, type Calendar } from './xlsx-dates.ts'

/** A spreadsheet shows and keeps this many digits of a number; what goes beyond is noise of the float. */
const DIGITS = 15
/** Cells of a sheet, filled or not. */
const SHARED_MAX = 1_000_000

/** Rows of the first sheet, empty ones included; cells are text. @throws Refusal invalid_input */
export function readXlsx(bytes: Buffer): string[][] {
  const archive = unzip(bytes)
  const { path, calendar } = workbookOf(archive)
  const sheet = textOf(archive, path)
  if (sheet === null) throw broken()
  return rowsOf(sheet, {
    shared: sharedStrings(textOf(archive, 'xl/sharedStrings.xml')),
    dateStyles: dateStyles(textOf(archive, 'xl/styles.xml')),
    calendar,
  })
}

function textOf(archive: Archive, name: string): string | null {
  return archive.read(name)?.toString('utf8') ?? null
}

type Open = (name: string, attributes: () => Record<string, string>) => void
type Listeners = { open: Open; close?: (name: string) => void; text?: (text: string) => void }

/** Walks XML by local names: spreadsheets are written with and without prefixes. */
function walk(xml: string, { open, close, text }: Listeners): void {
  const parser = new Parser()
  let failed = false
  parser.on('error', () => {
    failed = true
    parser.stop()
  })
  parser.on('openTag', (name, attributes, decode) =>
    open(localName(name), () => {
      const decoded: Record<string, string> = {}
      for (const [key, value] of Object.entries(attributes())) decoded[key] = decode(value)
      return decoded
    }),
  )
  if (close) parser.on('closeTag', (name) => close(localName(name)))
  if (text) {
    parser.on('text', (value, decode) => text(decode(value)))
    parser.on('cdata', text)
  }
  parser.parse(xml)
  if (failed) throw broken()
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** Where the first sheet of the workbook is (the usual place when it does not say), and how it counts days. */
function workbookOf(archive: Archive): { path: string; calendar: Calendar } {
  let relation: string | undefined
  let calendar: Calendar = 1900
  walk(textOf(archive, 'xl/workbook.xml') ?? noWorkbook(), {
    open: (name, attributes) => {
      if (name === 'sheet') relation ??= attributes()['r:id'] ?? ''
      if (name === 'workbookPr' && ['1', 'true'].includes(attributes()['date1904'] ?? '')) calendar = 1904
    },
  })
  let target: string | undefined
  const relations = textOf(archive, 'xl/_rels/workbook.xml.rels')
  if (relations !== null)
    walk(relations, {
      open: (name, attributes) => {
        if (name === 'Relationship' && attributes()['Id'] === relation) target = attributes()['Target']
      },
    })
  const path = target === undefined ? 'worksheets/sheet1.xml' : target
  return { path: path.startsWith('/') ? path.slice(1) : `xl/${path}`, calendar }
}

function noWorkbook(): never {
  throw broken()
}

/** Texts that cells point to by number; phonetic hints are no part of them. */
function sharedStrings(xml: string | null): string[] {
  if (xml === null) return []
  const texts: string[] = []
  let [current, inText, phonetic] = ['', false, false]
  walk(xml, {
    open: (name) => {
      if (name === 'si') current = ''
      if (name === 'rPh') phonetic = true
      if (name === 't') inText = !phonetic
    },
    close: (name) => {
      if (name === 'si') texts.push(current)
      if (name === 'rPh') phonetic = false
      if (name === 't') inText = false
      if (texts.length > SHARED_MAX) throw broken()
    },
    text: (value) => {
      if (inText) current += value
    },
  })
  return texts
}

/** Styles of cells, by their number, that show a date. */
function dateStyles(xml: string | null): ReadonlySet<number> {
  const dates = new Set<number>()
  if (xml === null) return dates
  const codes = new Map<number, string>()
  let [count, inCells] = [0, false]
  walk(xml, {
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes()['numFmtId']), attributes()['formatCode'] ?? '')
      if (name === 'cellXfs') inCells = true
      if (name !== 'xf' || !inCells) return
      const format = Number(attributes()['numFmtId'] ?? 0)
      if (isDateFormat(format, codes.get(format))) dates.add(count)
      count += 1
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return dates
}

/** What cells point to, and how their numbers are meant. */
type Meaning = { shared: readonly string[]; dateStyles: ReadonlySet<number>; calendar: Calendar }
type Cell = { column: number; type: string; style: number; value: string }

function rowsOf(xml: string, meaning: Meaning): string[][] {
  const rows: string[][] = []
  let cells: string[] = []
  let cell: Cell = { column: 0, type: 'n', style: 0, value: '' }
  let reading = false
  walk(xml, {
    open: (name, attributes) => {
      if (name === 'row') {
        cells = []
        padRows(rows, Number(attributes()['r'] ?? rows.length + 1) - 1)
      }
      if (name === 'c') {
        const { r, t, s } = attributes()
        const column = r === undefined ? cells.length : columnOf(r)
        cell = { column, type: t ?? 'n', style: Number(s ?? 0), value: '' }
      }
      if (name === 'v' || name === 't') reading = true
    },
    close: (name) => {
      if (name === 'v' || name === 't') reading = false
      if (name === 'c' && cell.column < BULK_COLUMNS_MAX) {
        while (cells.length < cell.column) cells.push('')
        cells[cell.column] = cellText(cell, meaning)
      }
      if (name === 'row') rows.push(cells)
    },
    text: (value) => {
      if (reading) cell.value += value
    },
  })
  return rows
}

/** Rows that the sheet leaves out are empty; one that is far away is not filled up to. */
function padRows(rows: string[][], to: number): void {
  const most = Math.min(to, BULK_ROWS_MAX * 2)
  while (rows.length < most) rows.push([])
}

/** "C7" is column 2. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64
  return Math.max(0, column - 1)
}

function cellText({ type, style, value }: Cell, { shared, dateStyles: dates, calendar }: Meaning): string {
  if (type === 's') return shared[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type !== 'n' || value.trim() === '') return value
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  const date = dates.has(style) ? dateText(number, calendar) : null
  // 4599.1 is stored as 4599.1000000000004; fifteen digits are what the person saw.
  return date ?? String(Number(number.toPrecision(DIGITS)))
}

function broken(): Refusal {
  return new Refusal('invalid_input', 'This spreadsheet cannot be read.', 'Save it again as XLSX or as CSV.')
}
