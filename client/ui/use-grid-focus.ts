import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'

export const SELECT_COLUMN = '_select'
/** Row index of the header in grid movement. */
export const HEADER_ROW = -1
const PAGE_ROWS = 15

export type ActiveCell = { row: number; column: string }

type Options = {
  scroller: RefObject<HTMLElement | null>
  rowCount: number
  columnIds: readonly string[]
  scrollToRow: (index: number) => void
}

/**
 * Movement inside a grid (W3C grid pattern): one tab stop, arrows move cells, Home and End within the row, with Ctrl to
 * the ends of the table, PageUp and PageDown by fifteen rows. Focus is on cells, found by their data attributes.
 */
export function useGridFocus({ scroller, rowCount, columnIds, scrollToRow }: Options) {
  const [wanted, setWanted] = useState<ActiveCell>({ row: 0, column: columnIds[0] ?? '' })
  // False until the grid was entered: no row is marked on a page that was just opened.
  const [touched, setTouched] = useState(false)
  const moving = useRef(false)
  const column = columnIds.includes(wanted.column) ? wanted.column : (columnIds[0] ?? '')
  const active: ActiveCell = { row: Math.max(Math.min(wanted.row, rowCount - 1), HEADER_ROW), column }

  useEffect(() => {
    if (!moving.current) return
    const selector = `[data-row="${active.row}"] [data-column="${CSS.escape(active.column)}"]`
    const cell = scroller.current?.querySelector<HTMLElement>(selector)
    if (!cell) return
    moving.current = false
    cell.focus({ preventScroll: active.row !== HEADER_ROW })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  function move(row: number, toColumn = active.column) {
    const next = Math.max(HEADER_ROW, Math.min(row, rowCount - 1))
    moving.current = true
    setTouched(true)
    setWanted({ row: next, column: toColumn })
    if (next >= 0) scrollToRow(next)
  }

  /** J and K: from anywhere on the page; the first press goes to the row that is the tab stop. */
  function moveRow(by: number) {
    move(touched ? Math.max(0, active.row + by) : Math.max(0, active.row))
  }

  function onKey(event: KeyboardEvent): boolean {
    const { row } = active
    const index = columnIds.indexOf(active.column)
    const ctrl = event.ctrlKey || event.metaKey
    switch (event.key) {
      case 'ArrowDown':
        move(row + 1)
        return true
      case 'ArrowUp':
        move(row - 1)
        return true
      case 'ArrowLeft':
        move(row, columnIds[index - 1])
        return true
      case 'ArrowRight':
        move(row, columnIds[index + 1])
        return true
      case 'PageDown':
        move(row + PAGE_ROWS)
        return true
      case 'PageUp':
        move(Math.max(0, row - PAGE_ROWS))
        return true
      case 'Home':
        move(ctrl ? 0 : row, columnIds[0])
        return true
      case 'End':
        move(ctrl ? rowCount - 1 : row, columnIds.at(-1))
        return true
      default:
        return false
    }
  }

  function onFocus(event: FocusEvent) {
    const cell = event.target.closest<HTMLElement>('[data-column]')
    const row = cell?.closest<HTMLElement>('[data-row]')
    if (!cell || !row) return
    setTouched(true)
    setWanted({ row: Number(row.dataset['row']), column: cell.dataset['column'] ?? '' })
  }

  return {
    active,
    touched,
    moveRow,
    onKey,
    onFocus,
    tabIndexOf: (row: number, columnId: string): 0 | -1 =>
      row === active.row && columnId === active.column ? 0 : -1,
  }
}
