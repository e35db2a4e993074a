import {
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import type { GridColumn, GridSort, GridState } from './data-grid-types.ts'
import { GridHead } from './data-grid-head.tsx'
import { GridRow, Spacer } from './data-grid-row.tsx'
import { ErrorState, ForbiddenState } from './states.tsx'
import { SELECT_COLUMN, useGridFocus } from './use-grid-focus.ts'
import { useKit, type Density } from './kit-context.ts'
import { useGridKeys } from './use-grid-keys.ts'
import css from './data-grid.module.css'

export type DataGridProps<Row extends RowData> = {
  /** Name of the table: "Transactions". */
  label: string
  columns: readonly GridColumn<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** Name of a row in speech: "order ord_8F2K". */
  rowLabel: (row: Row) => string
  state: GridState
  /** Shown in place of table and header when ready with no rows. */
  empty: ReactNode
  /** Exact number of rows on the server, when known. */
  total?: number | undefined
  onOpen?: (row: Row, how: { newTab: boolean }) => void
  /** A plain click on a row. Without it a click opens the row, as Enter does. */
  onPress?: (row: Row) => void
  /** The end of the loaded rows is near (30 rows). Called once per number of rows. */
  onEndReached?: (() => void) | undefined
  loadingMore?: boolean
  sort?: GridSort | null
  onSort?: (sort: GridSort | null) => void
  /** Ids of the selected rows. */
  selected?: ReadonlySet<string>
  onSelect?: (selected: ReadonlySet<string>) => void
  /** Ids of rows that just arrived or changed (faded in). */
  changed?: ReadonlySet<string>
  /** `Space` on a row. */
  onPeek?: (row: Row) => void
  /** The row that has or had the focus: for `R`, `S`, `C` on the focused row. Called when it becomes another row. */
  onFocusRow?: (row: Row | null) => void
  /** Id of the row that gets the focus when the grid opens: where a person was before they went away. */
  initialRow?: string | null
  /** Names the scrolled element for whoever puts its position back when a person returns. */
  scrollId?: string
  hiddenColumns?: ReadonlySet<string>
  /** Takes J and K for the page (default). False when two grids share a page. */
  pageKeys?: boolean
  /** Grows with its rows in place of filling the page (small tables inside a detail). */
  inline?: boolean
}

const ROW_HEIGHTS: Readonly<Record<Density, number>> = { compact: 28, default: 34, comfortable: 44 }
const OVERSCAN_ROWS = 12
const PREFETCH_ROWS = 30
const SKELETON_ROWS = 14
const NO_IDS: ReadonlySet<string> = new Set()
const features = tableFeatures({ columnVisibilityFeature, columnSizingFeature })

/**
 * The table of every list: `role=grid` with one tab stop, virtual rows of fixed height, sticky header, J/K and arrow
 * movement, Enter to open, X to select, and states that each list must fill in.
 */
export function DataGrid<Row extends RowData>(props: DataGridProps<Row>) {
  const { state, rows, empty } = props
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (state.kind === 'ready' && rows.length === 0) return <>{empty}</>
  return <GridTable {...props} />
}

function GridTable<Row extends RowData>(props: DataGridProps<Row>) {
  const { rows, columns, rowId, state, hiddenColumns = NO_IDS, changed = NO_IDS } = props
  const { density } = useKit()
  const scroller = useRef<HTMLDivElement>(null)
  const table = useTable({
    features,
    data: rows,
    columns: useMemo(() => columns.map(({ id, header, width }) => ({ id, header, size: width })), [columns]),
    getRowId: rowId,
    state: { columnVisibility: Object.fromEntries([...hiddenColumns].map((id) => [id, false])) },
  })
  const visible = table
    .getVisibleLeafColumns()
    .map((column) => columns.find(({ id }) => id === column.id))
    .filter((column) => column !== undefined)
  const selectable = props.onSelect !== undefined
  const selected = props.selected ?? NO_IDS
  const rowIds = useMemo(() => rows.map(rowId), [rows, rowId])
  const focus = useGridFocus({
    scroller,
    rowIds,
    initialRowId: props.initialRow ?? null,
    columnIds: selectable ? [SELECT_COLUMN, ...visible.map(({ id }) => id)] : visible.map(({ id }) => id),
    scrollToRow: (index) => virtual.scrollToIndex(index),
  })
  const focusedIndex = Math.min(focus.active.row, rows.length - 1)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHTS[density],
    overscan: OVERSCAN_ROWS,
    getItemKey: (index) => rowIds[index] ?? index,
    scrollPaddingStart: ROW_HEIGHTS[density],
    scrollPaddingEnd: ROW_HEIGHTS[density],
    // The focused row stays mounted, or focus would be lost when it scrolls out.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range)
      if (focusedIndex < 0 || indexes.includes(focusedIndex)) return indexes
      return [...indexes, focusedIndex].sort((a, b) => a - b)
    },
  })
  const items = virtual.getVirtualItems()
  useEndReached(items.at(-1)?.index ?? 0, rows.length, props.onEndReached)
  const { onFocusRow } = props
  const focusedId = focus.touched ? rowIds[focusedIndex] : undefined
  useEffect(() => {
    onFocusRow?.(focusedId === undefined ? null : (rows[focusedIndex] ?? null))
    // Reported on movement only, so that an inline handler does not run on every render.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [focusedId])

  const { toggle, onKeyDown } = useGridKeys({
    rows,
    rowId,
    focus,
    selected,
    onSelect: props.onSelect,
    onOpen: props.onOpen,
    onPeek: props.onPeek,
    pageKeys: props.pageKeys ?? true,
  })

  const loading = state.kind === 'loading' && rows.length === 0
  const minWidth = visible.reduce((sum, column) => sum + column.width, selectable ? 40 : 0)
  return (
    <div
      ref={scroller}
      className={css['scroller']}
      data-inline={props.inline || undefined}
      data-scroll-restoration-id={props.scrollId}
    >
      <table
        role="grid"
        className={css['grid']}
        style={{ minWidth }}
        aria-rowcount={loading ? -1 : props.total === undefined ? -1 : props.total + 1}
        aria-busy={loading || state.kind === 'refreshing' || undefined}
        aria-multiselectable={selectable || undefined}
        onKeyDown={onKeyDown}
        onFocus={focus.onFocus}
      >
        <caption className="visually-hidden">{props.label}</caption>
        <colgroup>
          {selectable ? <col style={{ width: 40 }} /> : null}
          {visible.map((column) => (
            <col key={column.id} style={column.grow ? undefined : { width: column.width }} />
          ))}
        </colgroup>
        <GridHead
          columns={visible}
          sort={props.sort ?? null}
          onSort={props.onSort}
          tabIndexOf={focus.tabIndexOf}
          selection={
            selectable
              ? {
                  all: rows.length > 0 && rows.every((row) => selected.has(rowId(row))),
                  some: selected.size > 0,
                  onToggle: () =>
                    props.onSelect?.(selected.size > 0 ? new Set() : new Set(rows.map((row) => rowId(row)))),
                }
              : null
          }
        />
        <tbody>
          {loading ? <SkeletonRows columns={visible.length + (selectable ? 1 : 0)} /> : null}
          {items.map((item, i) => {
            const row = rows[item.index]
            if (row === undefined) return null
            const gap = item.start - (items[i - 1]?.end ?? 0)
            const id = rowId(row)
            return (
              <GridRow
                key={id}
                gapBefore={gap}
                row={row}
                index={item.index}
                columns={visible}
                rowLabel={props.rowLabel(row)}
                selected={selectable ? selected.has(id) : null}
                active={focus.touched && focus.active.row === item.index}
                changed={changed.has(id)}
                stale={state.kind === 'refreshing' && state.stale === true}
                tabIndexOf={focus.tabIndexOf}
                onOpen={props.onOpen}
                onPress={props.onPress}
                onToggle={toggle}
              />
            )
          })}
          <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          {props.loadingMore ? (
            <SkeletonRows columns={visible.length + (selectable ? 1 : 0)} rows={3} />
          ) : null}
        </tbody>
      </table>
    </div>
  )
}

function SkeletonRows({ columns, rows = SKELETON_ROWS }: { columns: number; rows?: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={row} aria-hidden className={css['skeleton']}>
      {Array.from({ length: columns }, (__, column) => (
        <td key={column}>
          <span className={css['bone']} style={{ width: `${40 + ((row * 17 + column * 29) % 45)}%` }} />
        </td>
      ))}
    </tr>
  ))
}

function useEndReached(lastIndex: number, count: number, onEndReached: (() => void) | undefined) {
  const askedAt = useRef(-1)
  useEffect(() => {
    if (!onEndReached || count === 0 || lastIndex < count - PREFETCH_ROWS || askedAt.current === count) return
    askedAt.current = count
    onEndReached()
  }, [lastIndex, count, onEndReached])
}
