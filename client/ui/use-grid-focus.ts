import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react'

export const SELECT_COLUMN = '_select'
export const MENU_COLUMN = '_menu'
/** Row index of the header in grid movement. */
export const HEADER_ROW = -1
const PAGE_ROWS = 15

export type ActiveCell = { row: number; column: string }

/** Where focus was put. It belongs to a row, so a row that arrives above takes nothing over. */
type WantedCell = {
  /** Null for the header, and for the first row of a grid that was not entered yet. */
  rowId: string | null
  /** The row's index when it was focused: its place is kept when the row goes. */
  row: number
  column: string
  /** Which movement asked for it: focus is put there once, by the drawing that has it. */
  movement: number
}

export type GridFocus = ReturnType<typeof useGridFocus>

type Options = {
  scroller: RefObject<HTMLElement | null>
  /** Ids of the rows in order. */
  rowIds: readonly string[]
  /** The row that gets the focus as soon as the grid opens, or has its first rows. */
  initialRowId: string | null
  columnIds: readonly string[]
  /** The column where a person comes in: the one that names the row. */
  homeColumn: string | undefined
  /** Rows wait above the first one, and `Home` has the page show them. */
  newerWait: boolean
  scrollToRow: (index: number) => void
}

/**
 * Movement inside a grid (W3C grid pattern): one tab stop, arrows move cells, Home and End within the row, with Ctrl to
 * the ends of the table, PageUp and PageDown by fifteen rows. Focus is on cells, found by their data attributes, and
 * stays with its row while rows arrive, leave or change places.
 */
export function useGridFocus({
  scroller,
  rowIds,
  initialRowId,
  columnIds,
  homeColumn,
  newerWait,
  scrollToRow,
}: Options) {
  const rowCount = rowIds.length
  const known = initialRowId !== null && rowIds.includes(initialRowId)
  const [wanted, setWanted] = useState<WantedCell>({
    rowId: known ? initialRowId : null,
    row: 0,
    column: homeColumn ?? columnIds[0] ?? '',
    movement: known ? 1 : 0,
  })
  // False until the grid was entered: no row is marked on a page that was just opened.
  const [touched, setTouched] = useState(known)
  /**
   * The last movement that ended. A movement is told by its number and not by a flag: a key may come between a drawing
   * and its effects, and the effects of that older drawing must not take the movement for theirs.
   */
  const moved = useRef(0)
  const column = columnIds.includes(wanted.column) ? wanted.column : (homeColumn ?? columnIds[0] ?? '')
  const found = wanted.rowId === null ? -1 : rowIds.indexOf(wanted.rowId)
  const wantedRow = found >= 0 ? found : wanted.row
  const active: ActiveCell = { row: Math.max(Math.min(wantedRow, rowCount - 1), HEADER_ROW), column }

  function settle() {
    if (moved.current === wanted.movement) return
    const selector = `[data-row="${active.row}"] [data-column="${CSS.escape(active.column)}"]`
    const cell = scroller.current?.querySelector<HTMLElement>(selector)
    if (!cell) return
    moved.current = wanted.movement
    cell.focus({ preventScroll: active.row !== HEADER_ROW })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  /** The first row when `Home` asked for those above it: the first of them takes the focus over. */
  const firstBefore = useRef<string | null>(null)
  function move(row: number, toColumn = active.column) {
    const next = Math.max(HEADER_ROW, Math.min(row, rowCount - 1))
    firstBefore.current = null
    setTouched(true)
    setWanted(({ movement }) => ({
      rowId: rowIds[next] ?? null,
      row: next,
      column: toColumn,
      movement: movement + 1,
    }))
    if (next >= 0) scrollToRow(next)
  }

  const awaited = useRef(!known && initialRowId !== null)
  const enter = useEffectEvent(() => {
    awaited.current = false
    const index = initialRowId === null ? -1 : rowIds.indexOf(initialRowId)
    if (index < 0) return
    // Whoever went to a field or a button while the rows were on their way stays there.
    const at = document.activeElement
    if (at instanceof HTMLElement && at.tabIndex >= 0) scrollToRow(index)
    else move(index)
  })
  const empty = rowCount === 0
  useEffect(() => {
    if (awaited.current && !empty) enter()
  }, [empty])

  const [first] = rowIds
  const follow = useEffectEvent(() => {
    const left = firstBefore.current === null || firstBefore.current === first
    // Whoever went elsewhere meanwhile stays there.
    if (!left && scroller.current?.contains(document.activeElement)) move(0)
  })
  useEffect(() => follow(), [first])

  /** J and K: from anywhere on the page; the first press goes to the row that is the tab stop. */
  function moveRow(by: number) {
    if (rowCount === 0) return
    move(touched ? Math.max(0, active.row + by) : Math.max(0, active.row))
  }

  /** Ctrl with Home or End: to the first or the last cell of the rows that are loaded, from anywhere on the page. */
  function moveToEnd(end: 'first' | 'last') {
    if (rowCount === 0) return
    if (end === 'first') move(0, columnIds[0])
    else move(rowCount - 1, columnIds.at(-1))
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
        if (!ctrl && newerWait) {
          move(0)
          firstBefore.current = first ?? null
          // Left to the page ("24 new. Press Home").
          return false
        }
        if (ctrl) moveToEnd('first')
        else move(row, columnIds[0])
        return true
      case 'End':
        if (ctrl) moveToEnd('last')
        else move(row, columnIds.at(-1))
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
    const index = Number(row.dataset['row'])
    setWanted(({ movement }) => ({
      rowId: rowIds[index] ?? null,
      row: index,
      column: cell.dataset['column'] ?? '',
      movement,
    }))
  }

  return {
    active,
    touched,
    moveRow,
    moveToEnd,
    onKey,
    onFocus,
    move,
    /** Puts the focus where the last movement wants it, once the cell is drawn: an effect of every drawing. */
    settle,
    /** The column that is the tab stop of the grid when it is in this row. */
    tabColumnOf: (row: number): string | null => (row === active.row ? active.column : null),
  }
}
