/** Starts of a cell that a spreadsheet would run as a formula (design §3.18). */
const FORMULA = /^[=+\-@\t\r]/

/** One line of a CSV file. Text cells that would be formulas get a quote before them; numbers stay numbers. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : cell
  return /["\r\n,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
