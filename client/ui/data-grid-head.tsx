import IconArrowDown from '@tabler/icons-react/dist/esm/icons/IconArrowDown.mjs'
import IconArrowUp from '@tabler/icons-react/dist/esm/icons/IconArrowUp.mjs'
import type { GridColumn, GridSort } from './data-grid-types.ts'
import { HEADER_ROW, SELECT_COLUMN } from './use-grid-focus.ts'
import { RowCheckbox } from './row-checkbox.tsx'
import css from './data-grid.module.css'

type HeadColumn = Pick<GridColumn<never>, 'id' | 'header' | 'align' | 'sortable'>

type GridHeadProps = {
  columns: readonly HeadColumn[]
  sort: GridSort | null
  onSort: ((sort: GridSort | null) => void) | undefined
  tabIndexOf: (row: number, column: string) => 0 | -1
  selection: { all: boolean; some: boolean; onToggle: () => void } | null
}

/** Descending first, then ascending, then off: newest and largest are what people look for. */
export function nextSort(current: GridSort | null, column: string): GridSort | null {
  if (current?.column !== column) return { column, direction: 'desc' }
  return current.direction === 'desc' ? { column, direction: 'asc' } : null
}

/** The header row: select-all box, column names, sort buttons. */
export function GridHead({ columns, sort, onSort, tabIndexOf, selection }: GridHeadProps) {
  return (
    <thead>
      <tr data-row={HEADER_ROW} aria-rowindex={1}>
        {selection ? (
          <th
            scope="col"
            data-column={SELECT_COLUMN}
            className={css['select']}
            tabIndex={tabIndexOf(HEADER_ROW, SELECT_COLUMN)}
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
        {columns.map((column) => {
          const direction = sort?.column === column.id ? sort.direction : null
          const sortable = column.sortable && onSort
          return (
            <th
              key={column.id}
              scope="col"
              data-column={column.id}
              data-align={column.align}
              tabIndex={tabIndexOf(HEADER_ROW, column.id)}
              aria-sort={
                sortable
                  ? direction === null
                    ? 'none'
                    : direction === 'asc'
                      ? 'ascending'
                      : 'descending'
                  : undefined
              }
              onKeyDown={(event) => {
                if (!sortable || (event.key !== 'Enter' && event.key !== ' ')) return
                event.preventDefault()
                event.stopPropagation()
                onSort(nextSort(sort, column.id))
              }}
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
                  {direction === 'asc' ? <IconArrowUp size={12} stroke={1.75} aria-hidden /> : null}
                  {direction === 'desc' ? <IconArrowDown size={12} stroke={1.75} aria-hidden /> : null}
                </button>
              ) : (
                column.header
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
