/** A table of cells as a file of either kind, made while its rows are read. No cell of it is a formula. */
import { csvLine } from '../../domain/csv.ts'
import { cellText, type ExportCell } from '../../domain/order-export.ts'
import { BOM } from './csv-file.ts'
import { rowXml, xlsxFile } from './xlsx-file.ts'

/** Kinds of file that a table can be taken as. */
export type TableKind = 'csv' | 'xlsx'

export type Table = {
  kind: TableKind
  /** What the sheet of a workbook is called. */
  title: string
  heads: readonly string[]
  /** What the second sheet of a workbook says about it; asked for when the rows are done. */
  about: () => readonly (readonly [string, string])[]
  asOf: Date
}

/** The bytes of a table whose rows come a page at a time. */
export function tableFile(
  { kind, title, heads, about, asOf }: Table,
  pages: AsyncIterable<ExportCell[][]>,
): AsyncIterable<string | Buffer> {
  return kind === 'csv' ? csvLines(heads, pages) : xlsxFile({ title, heads }, sheetRows(pages), about, asOf)
}

async function* csvLines(
  heads: readonly string[],
  pages: AsyncIterable<ExportCell[][]>,
): AsyncGenerator<string, void, void> {
  yield BOM + csvLine(heads)
  for await (const rows of pages) yield rows.map((cells) => csvLine(cells.map(cellText))).join('')
}

async function* sheetRows(pages: AsyncIterable<ExportCell[][]>): AsyncGenerator<string, void, void> {
  for await (const rows of pages) yield rows.map(rowXml).join('')
}
