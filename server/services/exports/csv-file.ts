import type { Hash } from 'node:crypto'
import { csvLine } from '../../domain/csv.ts'
import { cellText, type ExportField, type ExportRow, type ExportZone } from '../../domain/order-export.ts'

/** UTF-8, so that spreadsheets read it as such. */
export const BOM = '\uFEFF'

/** Rows as they are written: their cells and the CSV line that the file's SHA-256 is over. */
export type Lines = { rows: readonly ExportRow[]; fields: readonly ExportField[]; zone: ExportZone }

/** The CSV text of some rows; it goes into the hash as it is. */
export function csvRows({ rows, fields, zone }: Lines, hash: Hash): string {
  const text = rows.map((row) => csvLine(fields.map(({ cell }) => cellText(cell(row, zone))))).join('')
  hash.update(text)
  return text
}
