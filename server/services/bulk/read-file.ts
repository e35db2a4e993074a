import { CsvError, parse } from 'csv-parse/sync'
import { BULK_CELL_MAX, BULK_COLUMNS_MAX, BULK_FILE_MAX, BULK_ROWS_MAX } from '../../domain/bulk-row.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readXlsx } from './read-xlsx.ts'

/** A file as read: its header line and its rows, in the file's order. */
export type BulkFile = {
  headers: string[]
  rows: { no: number; cells: string[] }[]
}

/** Starts of a ZIP archive and of an old binary workbook. */
const ZIP = Buffer.from('PK\u0003\u0004')
const OLD_WORKBOOK = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])
const SEPARATORS = [',', ';', '\t', '|'] as const
/** How much of a file is looked at to guess its encoding. */
const GUESS_BYTES = 4_096

/**
 * Reads an uploaded CSV or XLSX file by its content, whatever its name. Rows are numbered as a spreadsheet numbers
 * them, the header being row 1; empty rows are left out.
 * @throws Refusal invalid_input, limit_exceeded
 */
export function readBulkFile(bytes: Buffer): BulkFile {
  if (bytes.length === 0) throw new Refusal('invalid_input', 'This file is empty.')
  if (bytes.length > BULK_FILE_MAX)
    throw new Refusal('limit_exceeded', 'This file is larger than 5 MB.', 'Split it into several files.')
  if (bytes.subarray(0, 4).equals(OLD_WORKBOOK))
    throw new Refusal(
      'invalid_input',
      'This is an old or password-protected Excel file.',
      'Save it as XLSX without a password, or as CSV.',
    )
  const table = bytes.subarray(0, 4).equals(ZIP) ? readXlsx(bytes) : readCsv(decode(bytes))
  return fileOf(table)
}

function fileOf(table: readonly (readonly string[])[]): BulkFile {
  const lines = table.map((cells, index) => ({ no: index + 1, cells: cells.map(clean) }))
  const filled = lines.filter(({ cells }) => cells.some((cell) => cell !== ''))
  const [head, ...rows] = filled
  if (head === undefined || rows.length === 0)
    throw new Refusal('invalid_input', 'This file has no rows below its header line.')
  const columns = Math.max(
    ...sample(filled).map(({ cells }) => cells.findLastIndex((cell) => cell !== '') + 1),
  )
  if (columns > BULK_COLUMNS_MAX)
    throw new Refusal('limit_exceeded', `This file has more than ${BULK_COLUMNS_MAX} columns.`)
  if (rows.length > BULK_ROWS_MAX)
    throw new Refusal(
      'limit_exceeded',
      `This file has ${rows.length.toLocaleString('en-IN')} rows. A batch takes up to ${BULK_ROWS_MAX.toLocaleString('en-IN')}.`,
      'Split it into several files.',
    )
  const headers = Array.from({ length: columns }, (_, index) => head.cells[index] || `Column ${index + 1}`)
  return {
    headers,
    rows: rows.map(({ no, cells }) => ({ no, cells: headers.map((_header, index) => cells[index] ?? '') })),
  }
}

/** Spreading ten thousand arguments is near the stack's limit, and the first rows show the width. */
function sample<T>(rows: readonly T[]): readonly T[] {
  return rows.slice(0, 1_000)
}

/** What the database and the result file can hold: no NUL, no half characters, no end. */
function clean(cell: string): string {
  return cell
    .replaceAll('\0', '')
    .trim()
    .slice(0, BULK_CELL_MAX)
    .replace(/\p{Surrogate}/gu, '\uFFFD')
}

/** Text by its byte order mark; without one UTF-8, UTF-16 by its zero bytes, else Windows-1252 as Excel writes it. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return textIn('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return textIn('utf-16be', bytes)
  const start = bytes.subarray(0, GUESS_BYTES)
  const zeros = (from: number) => start.filter((byte, at) => byte === 0 && at % 2 === from).length
  if (zeros(1) > start.length / 4) return textIn('utf-16le', bytes)
  if (zeros(0) > start.length / 4) return textIn('utf-16be', bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return textIn('windows-1252', bytes)
  }
}

function textIn(encoding: string, bytes: Buffer): string {
  return new TextDecoder(encoding).decode(bytes)
}

function readCsv(text: string): string[][] {
  const named = /^sep=(.)\r?\n/i.exec(text)
  const body = named === null ? text : text.slice(named[0].length)
  try {
    return parse(body, {
      delimiter: named?.[1] ?? separatorOf(body),
      relax_column_count: true,
      // A quote inside a cell that does not begin with one is that character, as spreadsheets read it.
      relax_quotes: true,
      // One more than is allowed, so that the refusal can say so; blank lines count as rows until they are left out.
      to: BULK_ROWS_MAX * 2,
      max_record_size: BULK_CELL_MAX * BULK_COLUMNS_MAX * 2,
    })
  } catch (error) {
    if (error instanceof CsvError) throw new Refusal('invalid_input', csvProblem(error))
    throw error
  }
}

/** The separator that the header line uses most, outside quotes. */
function separatorOf(text: string): string {
  const line = text.trimStart().split(/\r?\n|\r/, 1)[0] ?? ''
  const bare = line.replace(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => ({ separator, count: bare.split(separator).length - 1 }))
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).separator
}

function csvProblem(error: CsvError): string {
  const line: unknown = Reflect.get(error, 'lines')
  const where = typeof line === 'number' ? ` in line ${line}` : ''
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'This CSV file has a quote that is never closed.'
  if (error.code === 'CSV_MAX_RECORD_SIZE') return `This CSV file has a row that is too long${where}.`
  return `This CSV file cannot be read${where}: its quotes do not match.`
}
