/**
 * Starts of a cell that a spreadsheet would run as a formula (design §3.18): also behind blanks, which some trim, and in
 * their full-width forms, which some fold.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠\0]|^[\t\r\n]/
/** What a cell needs quotes for: also the separators that spreadsheets expect in other countries. */
const SPECIAL = /["\r\n,;\t]/

/** One line of a CSV file. Text cells that would be formulas get a quote before them; numbers stay numbers. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** Text as a cell that no spreadsheet runs: what it would take for a formula gets a quote before it. */
export function harmlessText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}

function cellOf(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = harmlessText(cell)
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
