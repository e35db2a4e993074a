import { useRef, type KeyboardEvent } from 'react'
import { MENU_COLUMN, SELECT_COLUMN, type GridFocus } from './use-grid-focus.ts'
import { useShortcut } from './use-shortcut.ts'

type Options<Row> = {
  rows: readonly Row[]
  /** Of the rows, in their order. */
  rowIds: readonly string[]
  rowId: (row: Row) => string
  focus: GridFocus
  selected: ReadonlySet<string>
  /** Absent when rows cannot be selected. */
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined
  /** `Ctrl+A` when every loaded row is selected already. */
  onSelectAll: (() => void) | undefined
  onOpen: ((row: Row, how: { newTab: boolean }) => void) | undefined
  onPeek: ((row: Row) => void) | undefined
  /** Opens the menu of the focused row; absent when rows have none. */
  onMenu: (() => void) | undefined
  /** Takes J, K, X and those for the ends of the list for the whole page. */
  pageKeys: boolean
}

/** What keys do to the rows of a grid: open, peek, select, extend; everything else is movement. */
export function useGridKeys<Row>(options: Options<Row>) {
  const { rows, rowIds, rowId, focus, selected, onSelect, onOpen, onPeek, onMenu, pageKeys } = options
  const selectable = onSelect !== undefined
  const at = (index: number): Row | undefined => rows[index]
  /** The row that was chosen last: where a range begins. */
  const anchor = useRef<string | null>(null)

  function toggle(row: Row, how: { range: boolean } = { range: false }) {
    const next = new Set(selected)
    const from = anchor.current === null ? -1 : rows.findIndex((one) => rowId(one) === anchor.current)
    const to = rows.indexOf(row)
    if (how.range && from >= 0 && to >= 0) {
      for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(rowId(one))
    } else if (!next.delete(rowId(row))) next.add(rowId(row))
    anchor.current = rowId(row)
    onSelect?.(next)
  }

  function extend(by: 1 | -1) {
    const row = at(focus.active.row)
    const target = at(focus.active.row + by)
    const ids = [row, target].filter((one) => one !== undefined).map(rowId)
    if (target !== undefined) anchor.current = rowId(target)
    onSelect?.(new Set([...selected, ...ids]))
    focus.moveRow(by)
  }

  /** The loaded rows beside those of another order of the list; with them all selected, all that match. */
  function selectLoaded() {
    if (allSelected(rowIds, selected)) options.onSelectAll?.()
    else onSelect?.(new Set([...selected, ...rowIds]))
  }

  /** The box of the header: with some rows selected it selects the rest of those that are loaded. */
  function toggleLoaded() {
    onSelect?.(allSelected(rowIds, selected) ? new Set() : new Set([...selected, ...rowIds]))
  }

  const focusedRow = at(focus.active.row)
  const acts = pageKeys && focus.touched && focusedRow !== undefined
  useShortcut(pageKeys ? { ...DOWN, run: () => focus.moveRow(1) } : null)
  useShortcut(pageKeys ? { ...UP, run: () => focus.moveRow(-1) } : null)
  useShortcut(pageKeys ? { ...FIRST, run: () => focus.moveToEnd('first') } : null)
  useShortcut(pageKeys ? { ...LAST, run: () => focus.moveToEnd('last') } : null)
  useShortcut(acts && selectable ? { ...SELECT, run: () => toggle(focusedRow) } : null)
  useShortcut(acts && onPeek ? { ...PEEK, run: () => onPeek(focusedRow) } : null)
  useShortcut(acts && onMenu ? { ...MENU, run: onMenu } : null)
  useShortcut(pageKeys && selectable ? { ...ALL, run: selectLoaded } : null)

  function onKeyDown(event: KeyboardEvent) {
    const row = at(focus.active.row)
    // A control inside a cell keeps its own Enter and Space.
    const onControl =
      event.target instanceof Element && event.target.closest('a, button, input, select, textarea')
    if (onControl && (event.key === 'Enter' || event.key === ' ')) return
    const arrow = event.key === 'ArrowDown' || event.key === 'ArrowUp'
    if (event.key === 'Enter' && row !== undefined && onOpen && focus.active.column !== MENU_COLUMN) {
      onOpen(row, { newTab: event.ctrlKey || event.metaKey })
    } else if ((event.key === 'Enter' || event.key === ' ') && focus.active.column === MENU_COLUMN) {
      if (row !== undefined) onMenu?.()
    } else if (event.key === ' ' && row !== undefined && event.shiftKey && selectable) toggle(row)
    else if (event.key === ' ' && row !== undefined && focus.active.column === SELECT_COLUMN) toggle(row)
    else if (event.key === ' ' && row !== undefined && onPeek) onPeek(row)
    else if (event.shiftKey && arrow && selectable) extend(event.key === 'ArrowDown' ? 1 : -1)
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a' && selectable) selectLoaded()
    else if (event.altKey || !focus.onKey(event)) return
    event.preventDefault()
  }
  return { toggle, toggleLoaded, onKeyDown }
}

/** Every loaded row is selected. */
export function allSelected(rowIds: readonly string[], selected: ReadonlySet<string>): boolean {
  return rowIds.length > 0 && rowIds.every((id) => selected.has(id))
}

const LIST_KEY = { group: 'This page', palette: false } as const
const DOWN = { ...LIST_KEY, id: 'grid.down', keys: 'J', label: 'Next row' }
const UP = { ...LIST_KEY, id: 'grid.up', keys: 'K', label: 'Previous row' }
const FIRST = { ...LIST_KEY, id: 'grid.first', keys: 'Mod+Home', label: 'First row' }
const LAST = { ...LIST_KEY, id: 'grid.last', keys: 'Mod+End', label: 'Last row' }
const SELECT = { ...LIST_KEY, id: 'grid.select', keys: 'X', label: 'Select row' }
// For the sheet: on a control Space is the control's, so only the grid itself takes it.
const PEEK = { ...LIST_KEY, id: 'grid.peek', keys: 'Space', label: 'Look at the row beside the list' }
const MENU = { ...LIST_KEY, id: 'grid.menu', keys: '.', label: 'Actions for the row' }
const ALL = { ...LIST_KEY, id: 'grid.all', keys: 'Mod+A', label: 'Select loaded rows, then all that match' }
