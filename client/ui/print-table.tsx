import { useEffect, useState } from 'react'
import { createPortal, flushSync } from 'react-dom'
import type { GridColumn } from './data-grid-types.ts'
import css from './print-table.module.css'

/** Rows of a list on paper at most (design §3.18). */
export const PRINTED_ROWS_MAX = 500

type PrintTableProps<Row> = {
  label: string
  /** What stands above the rows. */
  lines: readonly string[]
  columns: readonly GridColumn<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
}

/**
 * A list on paper: a plain table in place of the whole page. The grid on the screen has only the rows in sight, so this
 * one is drawn when the browser is about to print, and goes when it has.
 */
export function PrintTable<Row>({ label, lines, columns, rows, rowId }: PrintTableProps<Row>) {
  if (!usePrinting()) return null
  return createPortal(
    <div className={css['sheet']} data-print-sheet>
      <h1>{label}</h1>
      {lines.map((line) => (
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
    </div>,
    document.body,
  )
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
