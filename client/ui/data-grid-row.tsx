import { memo, useState, type MouseEvent } from 'react'
import type { ShownColumn } from './data-grid-types.ts'
import { RowCheckbox } from './row-checkbox.tsx'
import { MENU_COLUMN, SELECT_COLUMN } from './use-grid-focus.ts'
import css from './data-grid.module.css'

/** What a row calls; the same object for as long as the grid lives, so that a row is drawn again only when it changes. */
export type RowActs<Row> = {
  open: (row: Row, how: { newTab: boolean }) => void
  press: (row: Row, how: { newTab: boolean }) => void
  /** `range`: everything from the row chosen before. */
  toggle: (row: Row, how: { range: boolean }) => void
  /** Opens the row's menu at a point of the window. */
  menu: (row: Row, at: { x: number; y: number }) => void
}

type GridRowProps<Row> = {
  row: Row
  index: number
  /** Pixels from the top of all rows. */
  top: number
  /** Null when rows cannot be selected. */
  selected: boolean | null
  active: boolean
  /** Of the row when it has just come or changed. */
  changed: object | undefined
  stale: boolean
  opens: boolean
  /** Its cells are those of another row still, and are not shown. */
  blank: boolean
} & RowCellsProps<Row>

type RowCellsProps<Row> = {
  /** The row whose cells are drawn: the row itself, unless it is blank. */
  cellsOf: Row
  cellsLabel: string
  /** Null when rows cannot be selected. */
  boxChecked: boolean | null
  columns: readonly ShownColumn<Row>[]
  /** Column that is the tab stop, when this row has it. */
  tabColumn: string | null
  hasMenu: boolean
  acts: RowActs<Row>
}

/** Text and no icon: it is one picture less to draw for each row that scrolls in. */
const MENU_SIGN = '···'

const OWN_CLICK = 'a, button, input, select, textarea, [role=menuitem]'

function GridRowBody<Row>(props: GridRowProps<Row>) {
  const { row, index, acts } = props
  function onClick(event: MouseEvent<HTMLTableRowElement>) {
    if (!props.opens || !(event.target instanceof Element) || event.target.closest(OWN_CLICK)) return
    const selection = window.getSelection()
    if (selection && !selection.isCollapsed && selection.containsNode(event.currentTarget, true)) return
    acts.press(row, { newTab: event.ctrlKey || event.metaKey })
  }
  function onContextMenu(event: MouseEvent) {
    // With Shift people ask for the browser's own menu.
    if (!props.hasMenu || event.shiftKey) return
    event.preventDefault()
    acts.menu(row, { x: event.clientX, y: event.clientY })
  }
  return (
    <tr
      role="row"
      style={{ top: props.top }}
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={props.selected ?? undefined}
      className={css['row']}
      data-active={props.active || undefined}
      data-changed={useFade(props.changed)}
      data-stale={props.stale || undefined}
      data-blank={props.blank || undefined}
      data-opens={props.opens ? true : undefined}
      onClick={onClick}
      onContextMenu={onContextMenu}
    >
      <RowCells
        cellsOf={props.cellsOf}
        cellsLabel={props.cellsLabel}
        boxChecked={props.boxChecked}
        columns={props.columns}
        tabColumn={props.tabColumn}
        hasMenu={props.hasMenu}
        acts={acts}
      />
    </tr>
  )
}

/** One of two equal fades: the other one with another mark, or the one that runs would go on over a new row. */
function useFade(mark: object | undefined): 'odd' | 'even' | undefined {
  const [last, setLast] = useState({ mark, odd: false })
  if (mark !== last.mark) setLast({ mark, odd: !last.odd })
  return mark && (last.odd ? 'odd' : 'even')
}

function RowCellsBody<Row>(props: RowCellsProps<Row>) {
  const { cellsOf: row, columns, tabColumn, acts } = props
  return (
    <>
      {props.boxChecked === null ? null : (
        <td
          role="gridcell"
          data-column={SELECT_COLUMN}
          className={`${css['select'] ?? ''} ${css['stuck'] ?? ''}`}
          style={{ left: 0 }}
          tabIndex={tabColumn === SELECT_COLUMN ? 0 : -1}
          // The whole cell is the target: a near miss must not open the record.
          onClick={(event) => {
            event.stopPropagation()
            if (event.target === event.currentTarget) acts.toggle(row, { range: event.shiftKey })
          }}
        >
          <RowCheckbox
            label={`Select ${props.cellsLabel}`}
            checked={props.boxChecked}
            onToggle={(how) => acts.toggle(row, how)}
          />
        </td>
      )}
      {columns.map(({ column, left }) => {
        const Cell = column.rowHeader ? 'th' : 'td'
        return (
          <Cell
            key={column.id}
            {...(column.rowHeader ? { scope: 'row', role: 'rowheader' } : { role: 'gridcell' })}
            data-column={column.id}
            data-align={column.align}
            className={left === null ? undefined : css['stuck']}
            style={left === null ? undefined : { left }}
            tabIndex={tabColumn === column.id ? 0 : -1}
          >
            {column.render(row)}
          </Cell>
        )
      })}
      {props.hasMenu ? (
        <td
          role="gridcell"
          data-column={MENU_COLUMN}
          className={css['menu']}
          tabIndex={tabColumn === MENU_COLUMN ? 0 : -1}
        >
          <button
            type="button"
            tabIndex={-1}
            aria-haspopup="menu"
            aria-label={`Actions for ${props.cellsLabel}`}
            onClick={(event) => {
              const { left, bottom } = event.currentTarget.getBoundingClientRect()
              acts.menu(row, { x: left, y: bottom })
            }}
          >
            {MENU_SIGN}
          </button>
        </td>
      ) : null}
    </>
  )
}

/** By themselves, so that a row which only moves, or is blank for now, costs no more than its place. */
const RowCells: typeof RowCellsBody = memo(RowCellsBody) as typeof RowCellsBody

/** One row. A click opens it, unless the click was on a control or ended a text selection. */
export const GridRow: typeof GridRowBody = memo(GridRowBody) as typeof GridRowBody
