import { type RowData } from '@tanstack/react-table'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react'
import { GridBody, type GridBodyHandle } from './data-grid-body.tsx'
import { GridHead } from './data-grid-head.tsx'
import type { RowActs } from './data-grid-row.tsx'
import type {
  GridColumn,
  GridLayout,
  GridSort,
  GridState,
  PrintedList,
  ShownColumn,
} from './data-grid-types.ts'
import type { MenuEntry } from './menu.tsx'
import { usePart } from './use-part.ts'
import { ErrorState, ForbiddenState } from './states.tsx'
import { BOX_WIDTH, useGridColumns } from './use-grid-columns.ts'
import { HEADER_ROW, MENU_COLUMN, SELECT_COLUMN, useGridFocus } from './use-grid-focus.ts'
import { useKit, type Density } from './kit-context.ts'
import { allSelected, useGridKeys } from './use-grid-keys.ts'
import { usePhone } from './use-phone.ts'
import { useRowIds } from './use-row-ids.ts'
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
  /** A plain click on a row. Without it, and on a card, a click opens the row, as Enter does. */
  onPress?: (row: Row) => void
  /** The end of the loaded rows is near (30 rows). Called once per number of rows. */
  onEndReached?: (() => void) | undefined
  loadingMore?: boolean
  /** The beginning of the loaded rows is near, and there are rows before them. What arrives moves nothing on the screen. */
  onStartReached?: (() => void) | undefined
  /** Rows wait above the first one: `Home` goes to the first row and on to the page, whose key shows them. */
  newerWait?: boolean
  sort?: GridSort | null
  onSort?: (sort: GridSort | null) => void
  /** Ids of the selected rows. */
  selected?: ReadonlySet<string>
  onSelect?: (selected: ReadonlySet<string>) => void
  /** Rows that just arrived or changed, by id: they fade. With another object a row fades anew. */
  changed?: ReadonlyMap<string, object>
  /** `Space` on a row. */
  onPeek?: (row: Row) => void
  /** The row that has or had the focus: for `R`, `S`, `C` on the focused row. Called when it becomes another row. */
  onFocusRow?: (row: Row | null) => void
  /** Id of the row that gets the focus when the grid opens: where a person was before they went away. */
  initialRow?: string | null
  /** Names the scrolled element for whoever puts its position back when a person returns. */
  scrollId?: string
  hiddenColumns?: ReadonlySet<string>
  /** Which columns are shown, in what order and how wide; without it all, as they are given. */
  layout?: GridLayout
  /** Widths after a person changed one. Absent: widths are fixed. */
  onWidths?: (widths: Readonly<Record<string, number>>) => void
  /** `Ctrl+A` with all loaded rows selected: all that match are wanted. */
  onSelectAll?: () => void
  /** What can be done with a row: its button, right click and `.` open it. */
  rowMenu?: (row: Row) => readonly MenuEntry[]
  /** A row as two lines of {@link CARD_HEIGHT} pixels, drawn in place of the columns below 640 px. */
  card?: (row: Row) => ReactNode
  /** What stands above the rows on paper: the list then prints as a plain table in place of the page. */
  printed?: PrintedList
  /** Takes J and K for the page (default). False when two grids share a page, or when the page has its own J and K. */
  pageKeys?: boolean
  /** Grows with its rows in place of filling the page (small tables inside a detail). */
  inline?: boolean
}

const ROW_HEIGHTS: Readonly<Record<Density, number>> = { compact: 28, default: 34, comfortable: 44 }
const loadRowMenu = () => import('./menu-body.tsx')
const loadPrint = () => import('./print-table.tsx')
const SKELETON_ROWS = 14
const NO_IDS: ReadonlySet<string> = new Set()
const NO_MARKS: ReadonlyMap<string, object> = new Map()
const NOTHING = () => undefined
/** Height of a row as a card. */
const CARD_HEIGHT = 64

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
  const { rows, rowId, state, changed = NO_MARKS } = props
  const { density } = useKit()
  const cards = usePhone() && props.card !== undefined
  const scroller = useRef<HTMLDivElement>(null)
  const body = useRef<GridBodyHandle>(null)
  const selectable = props.onSelect !== undefined && !cards
  const hasMenu = props.rowMenu !== undefined && !cards
  const rowHeight = cards ? CARD_HEIGHT : ROW_HEIGHTS[density]
  const { shown, total, stuck, dragStart, setWidth } = useGridColumns({
    columns: useCardColumn(props, cards),
    rows,
    layout: cards ? undefined : props.layout,
    hidden: cards ? NO_IDS : (props.hiddenColumns ?? NO_IDS),
    onWidths: cards ? undefined : props.onWidths,
    selectable,
  })
  const selected = props.selected ?? NO_IDS
  const rowIds = useRowIds(rows, rowId)
  const focus = useGridFocus({
    scroller,
    rowIds,
    initialRowId: props.initialRow ?? null,
    columnIds: [
      ...(selectable ? [SELECT_COLUMN] : []),
      ...shown.map(({ column }) => column.id),
      ...(hasMenu ? [MENU_COLUMN] : []),
    ],
    homeColumn: shown.find(({ column }) => column.rowHeader)?.column.id,
    newerWait: props.newerWait ?? false,
    scrollToRow: (index) => body.current?.scrollToRow(index),
  })
  const focusedIndex = focus.active.row
  useWide(scroller)
  const { onFocusRow } = props
  const focusedId = focus.touched ? rowIds[focusedIndex] : undefined
  useEffect(() => {
    onFocusRow?.(focusedId === undefined ? null : (rows[focusedIndex] ?? null))
    // Reported on movement only, so that an inline handler does not run on every render.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [focusedId])

  const [menu, setMenu] = useState<{ row: Row; x: number; y: number } | null>(null)
  const { toggle, toggleLoaded, onKeyDown } = useGridKeys({
    rows,
    rowIds,
    rowId,
    focus,
    selected,
    onSelect: cards ? undefined : props.onSelect,
    onSelectAll: props.onSelectAll,
    onOpen: props.onOpen,
    onPeek: cards ? undefined : props.onPeek,
    onMenu: hasMenu ? openMenu : undefined,
    pageKeys: props.pageKeys ?? true,
  })

  function closeMenu() {
    setMenu(null)
    focus.move(focus.active.row)
  }
  // Wanted by nobody: the browser asks when it prints, and then waits for nothing.
  const printPart = usePart(loadPrint, false, NOTHING)
  const menuPart = usePart(loadRowMenu, menu !== null, closeMenu)

  /** The menu of the focused row, under its order cell: a key has no place of its own. */
  function openMenu() {
    const row = rows[focusedIndex]
    const cell = scroller.current?.querySelector(`[data-row="${focusedIndex}"] th`)
    if (row === undefined || !cell) return
    const { left, bottom } = cell.getBoundingClientRect()
    setMenu({ row, x: left + 16, y: bottom })
  }

  const acts = useActs<Row>({
    open: (row, how) => props.onOpen?.(row, how),
    press: (row, { newTab }) => {
      if (props.onPress && !newTab && !cards) props.onPress(row)
      else props.onOpen?.(row, { newTab })
    },
    toggle,
    menu: (row, at) => {
      // The focus goes to the row the menu is for, and back to it when the menu closes.
      focus.move(rows.indexOf(row))
      setMenu({ row, ...at })
    },
  })

  const loading = state.kind === 'loading' && rows.length === 0
  const grows = shown.some(({ column, fixed }) => column.grow === true && !fixed)
  const minWidth = total + (hasMenu ? BOX_WIDTH : 0)
  const tracks = cards ? ['minmax(0, 1fr)'] : tracksOf(shown, { selectable, hasMenu })
  return (
    <div
      ref={scroller}
      className={css['scroller']}
      data-inline={props.inline || undefined}
      data-cards={cards || undefined}
      data-scroll-restoration-id={props.scrollId}
      style={{ scrollPaddingInlineStart: stuck }}
      onScroll={({ currentTarget }) => {
        // Asked only where it can be: the answer has the page laid out. Straight to the element: a shadow is not worth
        // drawing fifty rows again.
        if (!currentTarget.hasAttribute('data-wide')) return
        currentTarget.toggleAttribute('data-scrolled', currentTarget.scrollLeft > 0)
      }}
    >
      <table
        role="grid"
        className={css['grid']}
        style={{
          ['--columns' as string]: tracks.join(' '),
          ...(!cards && { minWidth, ...(!grows && { width: minWidth }) }),
        }}
        aria-rowcount={loading ? -1 : props.total === undefined ? -1 : props.total + 1}
        aria-busy={loading || state.kind === 'refreshing' || undefined}
        aria-multiselectable={selectable || undefined}
        onKeyDown={onKeyDown}
        onFocus={focus.onFocus}
      >
        <caption className="visually-hidden">{props.label}</caption>
        <GridHead
          columns={shown}
          sort={props.sort ?? null}
          onSort={props.onSort}
          tabColumn={focus.tabColumnOf(HEADER_ROW)}
          hasMenu={hasMenu}
          dragStart={dragStart}
          setWidth={setWidth}
          selection={
            selectable
              ? {
                  all: allSelected(rowIds, selected),
                  some: selected.size > 0,
                  onToggle: toggleLoaded,
                }
              : null
          }
        />
        <GridBody
          ref={body}
          scroller={scroller}
          rows={rows}
          rowIds={rowIds}
          rowLabel={props.rowLabel}
          rowHeight={rowHeight}
          headHeight={cards ? 0 : rowHeight}
          columns={shown}
          cells={tracks.length}
          bones={loading ? SKELETON_ROWS : props.loadingMore ? 3 : 0}
          selected={selectable ? selected : null}
          changed={changed}
          stale={'stale' in state && state.stale === true}
          focus={focus}
          opens={props.onOpen !== undefined}
          hasMenu={hasMenu}
          acts={acts}
          onEndReached={props.onEndReached}
          onStartReached={props.onStartReached}
        />
      </table>
      {props.printed && printPart ? (
        <printPart.PrintTable
          label={props.label}
          list={props.printed}
          columns={shown.map(({ column }) => column)}
          rows={rows}
          rowId={rowId}
        />
      ) : null}
      {menu && menuPart ? (
        <menuPart.RowMenu
          at={menu}
          label={`Actions for ${props.rowLabel(menu.row)}`}
          entries={props.rowMenu?.(menu.row) ?? []}
          onClose={closeMenu}
        />
      ) : null}
    </div>
  )
}

/** Widths of the columns for the rows, which are grids of their own: a row that changes has no other measured again. */
function tracksOf(
  shown: readonly ShownColumn<never>[],
  { selectable, hasMenu }: { selectable: boolean; hasMenu: boolean },
): string[] {
  const box = `${BOX_WIDTH}px`
  const tracks = shown.map(({ column, width, fixed }) =>
    column.grow && !fixed ? `minmax(${width}px, 1fr)` : `${width}px`,
  )
  return [...(selectable ? [box] : []), ...tracks, ...(hasMenu ? [box] : [])]
}

/** Marks the scroller while its table is wider than it; straight on the element, as its shadow is. */
function useWide(scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = scroller.current
    const table = element?.firstElementChild
    if (!element || !table) return
    const mark = () => element.toggleAttribute('data-wide', element.scrollWidth > element.clientWidth)
    mark()
    const watch = new ResizeObserver(mark)
    watch.observe(element)
    watch.observe(table)
    return () => watch.disconnect()
  }, [scroller])
}

/** The columns, or the one column of cards. */
function useCardColumn<Row extends RowData>(
  { columns, card, label }: Pick<DataGridProps<Row>, 'columns' | 'card' | 'label'>,
  cards: boolean,
): readonly GridColumn<Row>[] {
  return useMemo(
    () =>
      cards && card
        ? [{ id: 'card', header: label, width: 320, grow: true, rowHeader: true, render: card }]
        : columns,
    [cards, card, columns, label],
  )
}

/** The same functions for as long as the grid lives, so that rows are not drawn again for new handlers. */
function useActs<Row>(acts: RowActs<Row>): RowActs<Row> {
  const latest = useRef(acts)
  useEffect(() => {
    latest.current = acts
  })
  return useMemo(
    () => ({
      open: (row, how) => latest.current.open(row, how),
      press: (row, how) => latest.current.press(row, how),
      toggle: (row, how) => latest.current.toggle(row, how),
      menu: (row, at) => latest.current.menu(row, at),
    }),
    [],
  )
}
