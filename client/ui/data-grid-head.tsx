import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs'
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs'
import type { KeyboardEvent } from 'react'
import type { GridSort, ShownColumn } from './data-grid-types.ts'
import { fittingWidth } from './use-grid-columns.ts'
import { HEADER_ROW, MENU_COLUMN, SELECT_COLUMN } from './use-grid-focus.ts'
import { RowCheckbox } from './row-checkbox.tsx'
import css from './data-grid.module.css'

type GridHeadProps<Row> = {
  columns: readonly ShownColumn<Row>[]
  sort: GridSort | null
  onSort: ((sort: GridSort | null) => void) | undefined
  /** Column that is the tab stop, when the header has it. */
  tabColumn: string | null
  selection: { all: boolean; some: boolean; onToggle: () => void } | null
  hasMenu: boolean
  dragStart: ((columnId: string) => (event: unknown) => void) | undefined
  setWidth: (columnId: string, width: number) => void
}

/** Pixels of one `Alt`+arrow on a header. */
const WIDTH_STEP = 10

/** Descending first, then ascending, then off: newest and largest are what people look for. */
export function nextSort(current: GridSort | null, column: string): GridSort | null {
  if (current?.column !== column) return { column, direction: 'desc' }
  return current.direction === 'desc' ? { column, direction: 'asc' } : null
}

/** The header row: select-all box, column names, sort buttons, edges to drag. */
export function GridHead<Row>(props: GridHeadProps<Row>) {
  const { tabColumn, selection } = props
  return (
    <thead role="rowgroup">
      <tr role="row" data-row={HEADER_ROW} aria-rowindex={1}>
        {selection ? (
          <th
            scope="col"
            role="columnheader"
            data-column={SELECT_COLUMN}
            className={`${css['select'] ?? ''} ${css['stuck'] ?? ''}`}
            style={{ left: 0 }}
            tabIndex={tabColumn === SELECT_COLUMN ? 0 : -1}
            onKeyDown={(event) => {
              if (event.key !== ' ') return
              event.preventDefault()
              selection.onToggle()
            }}
          >
            <RowCheckbox
              label="Select all loaded rows"
              checked={selection.all}
              mixed={!selection.all && selection.some}
              onToggle={selection.onToggle}
            />
          </th>
        ) : null}
        {props.columns.map((shown) => (
          <HeadCell key={shown.column.id} {...props} shown={shown} />
        ))}
        {props.hasMenu ? (
          <th
            scope="col"
            role="columnheader"
            data-column={MENU_COLUMN}
            className={css['menu']}
            tabIndex={tabColumn === MENU_COLUMN ? 0 : -1}
          >
            <span className="visually-hidden">Actions</span>
          </th>
        ) : null}
      </tr>
    </thead>
  )
}

function HeadCell<Row>(props: GridHeadProps<Row> & { shown: ShownColumn<Row> }) {
  const { sort, onSort, setWidth, dragStart } = props
  const { column, width, left } = props.shown
  const direction = sort?.column === column.id ? sort.direction : null
  const sortable = column.sortable === true && onSort !== undefined

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowRight' ? WIDTH_STEP : event.key === 'ArrowLeft' ? -WIDTH_STEP : 0
    if (event.altKey && step !== 0 && dragStart) setWidth(column.id, width + step)
    else if (sortable && (event.key === 'Enter' || event.key === ' ')) onSort(nextSort(sort, column.id))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <th
      scope="col"
      role="columnheader"
      data-column={column.id}
      data-align={column.align}
      className={left === null ? undefined : css['stuck']}
      style={left === null ? undefined : { left }}
      tabIndex={props.tabColumn === column.id ? 0 : -1}
      aria-sort={sortable || direction !== null ? sortWord(direction) : undefined}
      aria-keyshortcuts={dragStart ? 'Alt+ArrowLeft Alt+ArrowRight' : undefined}
      onKeyDown={onKeyDown}
    >
      {sortable ? (
        <button
          type="button"
          tabIndex={-1}
          className={css['sort']}
          aria-label={`${column.header}, sortable`}
          onClick={() => onSort(nextSort(sort, column.id))}
        >
          {column.header}
          <SortSign direction={direction} />
        </button>
      ) : direction === null ? (
        column.header
      ) : (
        // The only order there is.
        <span className={css['ordered']}>
          {column.header}
          <SortSign direction={direction} />
        </span>
      )}
      {dragStart ? (
        <span
          aria-hidden
          className={css['edge']}
          title="Drag to resize, double-click to fit"
          onMouseDown={dragStart(column.id)}
          onTouchStart={dragStart(column.id)}
          onDoubleClick={(event) => {
            const grid = event.currentTarget.closest('table')
            if (grid) setWidth(column.id, fittingWidth(grid, column.id))
          }}
        />
      ) : null}
    </th>
  )
}

function SortSign({ direction }: { direction: GridSort['direction'] | null }) {
  if (direction === null) return null
  const Icon = direction === 'asc' ? IconArrowUp : IconArrowDown
  return <Icon size={12} stroke={1.75} aria-hidden />
}

function sortWord(direction: GridSort['direction'] | null): 'none' | 'ascending' | 'descending' {
  if (direction === null) return 'none'
  return direction === 'asc' ? 'ascending' : 'descending'
}
