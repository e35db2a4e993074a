import type { MouseEvent } from 'react'
import type { GridColumn } from './data-grid-types.ts'
import { RowCheckbox } from './row-checkbox.tsx'
import { SELECT_COLUMN } from './use-grid-focus.ts'
import css from './data-grid.module.css'

type GridRowProps<Row> = {
  row: Row
  index: number
  /** Height of the unmounted rows before this one. */
  gapBefore: number
  columns: readonly GridColumn<Row>[]
  rowLabel: string
  /** Null when rows cannot be selected. */
  selected: boolean | null
  active: boolean
  changed: boolean
  stale: boolean
  tabIndexOf: (row: number, column: string) => 0 | -1
  onOpen: ((row: Row, how: { newTab: boolean }) => void) | undefined
  onPress: ((row: Row) => void) | undefined
  onToggle: (row: Row) => void
}

const OWN_CLICK = 'a, button, input, select, textarea, [role=menuitem]'

/** Empty height where rows are not mounted. */
export function Spacer({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null
}

/** One row. A click opens it, unless the click was on a control or ended a text selection. */
export function GridRow<Row>(props: GridRowProps<Row>) {
  const { row, index, columns, tabIndexOf, onOpen, onPress } = props
  function onClick(event: MouseEvent<HTMLTableRowElement>) {
    if (!onOpen || !(event.target instanceof Element) || event.target.closest(OWN_CLICK)) return
    const selection = window.getSelection()
    if (selection && !selection.isCollapsed && selection.containsNode(event.currentTarget, true)) return
    const newTab = event.ctrlKey || event.metaKey
    if (onPress && !newTab) onPress(row)
    else onOpen(row, { newTab })
  }
  return (
    <>
      <Spacer height={props.gapBefore} />
      <tr
        data-row={index}
        aria-rowindex={index + 2}
        aria-selected={props.selected ?? undefined}
        className={css['row']}
        data-active={props.active || undefined}
        data-changed={props.changed || undefined}
        data-stale={props.stale || undefined}
        data-opens={onOpen ? true : undefined}
        onClick={onClick}
      >
        {props.selected === null ? null : (
          <td
            role="gridcell"
            data-column={SELECT_COLUMN}
            className={css['select']}
            tabIndex={tabIndexOf(index, SELECT_COLUMN)}
            // The whole cell is the target: a near miss must not open the record.
            onClick={(event) => {
              event.stopPropagation()
              if (event.target === event.currentTarget) props.onToggle(row)
            }}
          >
            <RowCheckbox
              label={`Select ${props.rowLabel}`}
              checked={props.selected}
              onToggle={() => props.onToggle(row)}
            />
          </td>
        )}
        {columns.map((column) => {
          const Cell = column.rowHeader ? 'th' : 'td'
          return (
            <Cell
              key={column.id}
              {...(column.rowHeader ? { scope: 'row' } : { role: 'gridcell' })}
              data-column={column.id}
              data-align={column.align}
              tabIndex={tabIndexOf(index, column.id)}
            >
              {column.render(row)}
            </Cell>
          )
        })}
      </tr>
    </>
  )
}
