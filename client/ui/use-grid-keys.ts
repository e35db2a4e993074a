import type { KeyboardEvent } from 'react'
import type { useGridFocus } from './use-grid-focus.ts'
import { SELECT_COLUMN } from './use-grid-focus.ts'
import { useShortcut } from './use-shortcut.ts'

type Options<Row> = {
  rows: readonly Row[]
  rowId: (row: Row) => string
  focus: ReturnType<typeof useGridFocus>
  selected: ReadonlySet<string>
  /** Absent when rows cannot be selected. */
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined
  onOpen: ((row: Row, how: { newTab: boolean }) => void) | undefined
  onPeek: ((row: Row) => void) | undefined
  /** Takes J, K and X for the whole page. */
  pageKeys: boolean
}

/** What keys do to the rows of a grid: open, peek, select, extend; everything else is movement. */
export function useGridKeys<Row>(options: Options<Row>) {
  const { rows, rowId, focus, selected, onSelect, onOpen, onPeek, pageKeys } = options
  const selectable = onSelect !== undefined
  const at = (index: number): Row | undefined => rows[index]
  function toggle(row: Row) {
    const next = new Set(selected)
    if (!next.delete(rowId(row))) next.add(rowId(row))
    onSelect?.(next)
  }
  useShortcut(pageKeys ? rowKey('down', 'J', 'Next row', () => focus.moveRow(1)) : null)
  useShortcut(pageKeys ? rowKey('up', 'K', 'Previous row', () => focus.moveRow(-1)) : null)
  const focusedRow = at(focus.active.row)
  useShortcut(
    pageKeys && selectable
      ? rowKey('select', 'X', 'Select row', () => focusedRow !== undefined && toggle(focusedRow))
      : null,
  )

  function onKeyDown(event: KeyboardEvent) {
    const row = at(focus.active.row)
    // A control inside a cell keeps its own Enter and Space.
    const onControl =
      event.target instanceof Element && event.target.closest('a, button, input, select, textarea')
    if (onControl && (event.key === 'Enter' || event.key === ' ')) return
    if (event.key === 'Enter' && row !== undefined && onOpen) {
      onOpen(row, { newTab: event.ctrlKey || event.metaKey })
    } else if (event.key === ' ' && row !== undefined && event.shiftKey && selectable) toggle(row)
    else if (event.key === ' ' && row !== undefined && focus.active.column === SELECT_COLUMN) toggle(row)
    else if (event.key === ' ' && row !== undefined && onPeek) onPeek(row)
    else if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && selectable) {
      const target = at(focus.active.row + (event.key === 'ArrowDown' ? 1 : -1))
      const ids = [row, target].filter((one) => one !== undefined).map(rowId)
      onSelect?.(new Set([...selected, ...ids]))
      focus.moveRow(event.key === 'ArrowDown' ? 1 : -1)
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a' && selectable) {
      onSelect?.(new Set(rows.map(rowId)))
    } else if (!focus.onKey(event)) return
    event.preventDefault()
  }
  return { toggle, onKeyDown }
}

function rowKey(id: string, keys: string, label: string, run: () => void) {
  return { id: `grid.${id}`, keys, label, run, group: 'This page', palette: false } as const
}
