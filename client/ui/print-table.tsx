import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { GridColumn, PrintedList } from './data-grid-types.ts'
import { FactList } from './fact-list.tsx'
import { useKit } from './kit-context.ts'
import { PrintSheet } from './print-sheet.tsx'
import { formatTime, type TimeZoneChoice } from './time-format.ts'

/** Rows of a list on paper at most (design §3.18). */
const PRINTED_ROWS_MAX = 500
const COUNT = new Intl.NumberFormat('en-IN')

type PrintTableProps<Row> = {
  label: string
  list: PrintedList
  columns: readonly GridColumn<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
}

/**
 * A list on paper: a plain table in place of the whole page. The grid on the screen has only the rows in sight, so this
 * one is drawn when the browser is about to print, and goes when it has.
 */
export function PrintTable<Row>({ label, list, rows, rowId, ...props }: PrintTableProps<Row>) {
  const { timeZone } = useKit()
  if (!usePrinting()) return null
  const columns = props.columns.filter(({ screenOnly = false }) => !screenOnly)
  return (
    <PrintSheet paper="list">
      <h1>{list.title ?? label}</h1>
      {list.facts ? <FactList facts={list.facts} /> : null}
      {linesOf(list, rows.length, timeZone).map((line) => (
        <p key={line}>{line}</p>
      ))}
      <table>
        <thead>
          <tr>
            {columns.map(({ id, header, align }) => (
              <th key={id} scope="col" data-align={align}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, PRINTED_ROWS_MAX).map((row) => (
            <tr key={rowId(row)}>
              {columns.map(({ id, align, render }) => (
                <td key={id} data-align={align}>
                  {render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </PrintSheet>
  )
}

/** The filter, how much of the list is there, as of when and for whom. */
function linesOf(list: PrintedList, count: number, zone: TimeZoneChoice): readonly string[] {
  const filter = list.filter.filter((words) => words !== '').join(', ')
  return [
    `Filter: ${filter === '' ? 'none' : filter}`,
    printedCount(count, list),
    `${list.asOf ? `As of ${formatTime(list.asOf, 'full', zone)}. ` : ''}Printed by ${list.by}.`,
  ]
}

/** "312 rows", "The first 500 rows of about 48,210.", "500 rows from the middle of about 48,210." */
export function printedCount(
  count: number,
  { more, middle, total }: Pick<PrintedList, 'more' | 'middle' | 'total'>,
): string {
  const printed = Math.min(count, PRINTED_ROWS_MAX)
  const rows = `${COUNT.format(printed)} ${printed === 1 ? 'row' : 'rows'}`
  if (middle) return `${rows} from the middle of ${total ?? 'the list'}.`
  if (!more && printed === count) return rows
  const known = total ?? (more ? null : COUNT.format(count))
  return `The first ${rows}${known === null ? '; more match' : ` of ${known}`}.`
}

function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    // At once: the browser takes the page as it stands when the listeners are through.
    const begin = () => flushSync(() => setPrinting(true))
    const end = () => setPrinting(false)
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
    }
  }, [])
  return printing
}
