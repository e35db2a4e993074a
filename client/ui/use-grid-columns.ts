import {
  columnOrderingFeature,
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  functionalUpdate,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import type { GridColumn, GridLayout, ShownColumn } from './data-grid-types.ts'

/**
 * What the grid has TanStack Table do. Sorting is the server's, and the selection is a set of ids beside the table: it
 * outlives the rows that are loaded, and a hundred thousand of them need no row objects.
 */
const features = tableFeatures({
  columnVisibilityFeature,
  columnOrderingFeature,
  columnPinningFeature,
  columnSizingFeature,
  columnResizingFeature,
})

export const WIDTH_MIN = 56
export const WIDTH_MAX = 900
/** The column of boxes, and that of the row menus. */
export const BOX_WIDTH = 40

type Options<Row> = {
  columns: readonly GridColumn<Row>[]
  rows: readonly Row[]
  layout: GridLayout | undefined
  hidden: ReadonlySet<string>
  /** Absent when widths are fixed. */
  onWidths: ((widths: Readonly<Record<string, number>>) => void) | undefined
  selectable: boolean
}

export type GridColumns<Row> = {
  shown: readonly ShownColumn<Row>[]
  /** Width of everything in pixels. */
  total: number
  /** Width of what sticks to the start. */
  stuck: number
  /** Begins to drag the end of a column; undefined when widths are fixed. */
  dragStart: ((columnId: string) => (event: unknown) => void) | undefined
  setWidth: (columnId: string, width: number) => void
}

/** The columns of a grid as a person arranged them: which, in what order, how wide, and which stick to the start. */
export function useGridColumns<Row extends RowData>(options: Options<Row>): GridColumns<Row> {
  const { columns, rows, layout, hidden, onWidths, selectable } = options
  const widths = layout?.widths ?? NO_WIDTHS
  const order = layout?.order
  const definitions = useMemo(
    () =>
      columns.map(({ id, header, width }) => ({
        id,
        header,
        size: width,
        minSize: WIDTH_MIN,
        maxSize: WIDTH_MAX,
      })),
    [columns],
  )
  const table = useTable({
    features,
    data: rows,
    columns: definitions,
    columnResizeMode: 'onEnd',
    state: {
      columnVisibility: Object.fromEntries(
        columns.map(({ id }) => [id, !hidden.has(id) && (order === undefined || order.includes(id))]),
      ),
      columnOrder: [...(order ?? [])],
      columnPinning: { start: columns.filter(({ pinned }) => pinned).map(({ id }) => id), end: [] },
      columnSizing: { ...widths },
    },
    onColumnSizingChange: (updater) => onWidths?.(functionalUpdate(updater, { ...widths })),
  })
  const { isResizingColumn, deltaOffset } = table.state.columnResizing
  const leaves = [...table.getStartVisibleLeafColumns(), ...table.getCenterVisibleLeafColumns()]
  const shownKey = leaves.map((leaf) => `${leaf.id}:${leaf.getSize()}`).join(' ')
  const shown = useMemo(() => {
    const result: ShownColumn<Row>[] = []
    let left = selectable ? BOX_WIDTH : 0
    for (const leaf of leaves) {
      const column = columns.find(({ id }) => id === leaf.id)
      if (!column) continue
      const dragged = isResizingColumn === column.id ? (deltaOffset ?? 0) : 0
      const width = clampWidth(leaf.getSize() + dragged)
      const pinned = leaf.getIsPinned() === 'start'
      const fixed = widths[column.id] !== undefined || isResizingColumn === column.id
      result.push({ column, width, fixed, left: pinned ? left : null })
      if (pinned) left += width
    }
    return result
    // Leaves are made anew on each render; their ids and sizes say whether anything changed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [columns, shownKey, widths, isResizingColumn, deltaOffset, selectable])
  const headers = table.getFlatHeaders()
  const stuck = shown.reduce((sum, { width, left }) => sum + (left === null ? 0 : width), 0)
  return {
    shown,
    total: shown.reduce((sum, { width }) => sum + width, selectable ? BOX_WIDTH : 0),
    stuck: stuck + (selectable ? BOX_WIDTH : 0),
    dragStart: onWidths
      ? (columnId) => headers.find(({ id }) => id === columnId)?.getResizeHandler() ?? (() => undefined)
      : undefined,
    setWidth: (columnId, width) => onWidths?.({ ...widths, [columnId]: clampWidth(width) }),
  }
}

const NO_WIDTHS: Readonly<Record<string, number>> = {}

/** A width that a column may have, in whole pixels. */
export function clampWidth(width: number): number {
  return Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)))
}

/**
 * How wide a column must be for what its mounted cells hold. What is cut inside a cell (an ID in its middle) counts in
 * full.
 */
export function fittingWidth(grid: HTMLElement, columnId: string): number {
  let widest = WIDTH_MIN
  for (const cell of grid.querySelectorAll<HTMLElement>(`[data-column="${CSS.escape(columnId)}"]`)) {
    const range = document.createRange()
    range.selectNodeContents(cell)
    const style = getComputedStyle(cell)
    let width =
      range.getBoundingClientRect().width + parseInt(style.paddingLeft) + parseInt(style.paddingRight)
    for (const part of cell.querySelectorAll<HTMLElement>('*'))
      if (part.clientWidth > 0) width += Math.max(0, part.scrollWidth - part.clientWidth)
    widest = Math.max(widest, width)
  }
  return clampWidth(widest + 1)
}
