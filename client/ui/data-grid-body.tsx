import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useImperativeHandle, useRef, type Ref, type RefObject } from 'react'
import { GridRow, type RowActs } from './data-grid-row.tsx'
import type { ShownColumn } from './data-grid-types.ts'
import { drawnIndexes, useDrawnRows } from './use-drawn-rows.ts'
import { useEndReached, useStartReached } from './use-grid-ends.ts'
import type { GridFocus } from './use-grid-focus.ts'
import css from './data-grid.module.css'

/** Rows that get their places at once. */
const PLACED_ROWS = 10_000

/** What the grid asks of its rows. */
export type GridBodyHandle = { scrollToRow: (index: number) => void }

type GridBodyProps<Row> = {
  ref: Ref<GridBodyHandle>
  scroller: RefObject<HTMLElement | null>
  rows: readonly Row[]
  /** Of the rows, in their order. */
  rowIds: readonly string[]
  rowLabel: (row: Row) => string
  rowHeight: number
  /** Pixels of the header that stands over the rows. */
  headHeight: number
  columns: readonly ShownColumn<Row>[]
  /** Cells of a row, with the box and the menu. */
  cells: number
  /** Rows drawn as bones behind the last one. */
  bones: number
  /** Null when rows cannot be selected. */
  selected: ReadonlySet<string> | null
  changed: ReadonlyMap<string, object>
  /** The rows belong to another query, or could not be renewed. */
  stale: boolean
  focus: GridFocus
  opens: boolean
  hasMenu: boolean
  acts: RowActs<Row>
  onEndReached: (() => void) | undefined
  onStartReached: (() => void) | undefined
}

/** The rows of a grid. They are a component of their own so that turning the wheel draws them and nothing else. */
export function GridBody<Row>(props: GridBodyProps<Row>) {
  const { scroller, rows, rowIds, rowHeight, focus, selected, bones } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const focusedIndex = focus.active.row
  // The compiler leaves this component alone, which is what the library needs.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    // In steps: with another count it places every row anew. The rows that are there are counted below.
    count: Math.ceil(rows.length / PLACED_ROWS) * PLACED_ROWS,
    // Not by the ref: what is around a component has its ref only after the component's first layout effects.
    getScrollElement: () => body.current?.closest<HTMLElement>(`.${css['scroller'] ?? ''}`) ?? null,
    estimateSize: () => rowHeight,
    // No keys of items: they are for heights that differ, and a function for them that is made anew has all of a hundred
    // thousand rows measured again with every turn of the wheel.
    scrollPaddingStart: props.headHeight,
    scrollPaddingEnd: rowHeight,
    // The focused row stays mounted, or focus would be lost when it scrolls out.
    rangeExtractor: ({ startIndex }): number[] =>
      drawnIndexes({
        first: startIndex,
        fitting: Math.ceil((virtual.scrollRect?.height ?? 0) / rowHeight) + 1,
        count: rows.length,
        direction: virtual.scrollDirection,
        always: focusedIndex,
      }),
  })
  // The virtualizer keeps the heights it was told first.
  useEffect(() => virtual.measure(), [virtual, rowHeight])
  useImperativeHandle(props.ref, () => ({ scrollToRow: (index) => virtual.scrollToIndex(index) }), [virtual])
  // By every drawing: the one that has the wanted cell may be any.
  useEffect(() => focus.settle())
  const items = virtual.getVirtualItems()
  const drawn = useDrawnRows(items, rows, rowIds, { focusedIndex, direction: virtual.scrollDirection })
  useEndReached(items.at(-1)?.index ?? 0, rows.length, props.onEndReached)
  useStartReached({
    scroller,
    rowHeight,
    rowIds,
    startIndex: virtual.range?.startIndex ?? 0,
    onStartReached: props.onStartReached,
  })
  return (
    <tbody ref={body} role="rowgroup" style={{ height: (rows.length + bones) * rowHeight }}>
      {drawn.map(({ slot, id, row, held, index, top }) => (
        <GridRow
          key={slot}
          top={top}
          row={row}
          index={index}
          selected={selected?.has(id) ?? null}
          active={focus.touched && focus.active.row === index}
          changed={props.changed.get(id)}
          stale={props.stale}
          opens={props.opens}
          hasMenu={props.hasMenu}
          acts={props.acts}
          blank={held.id !== id}
          cellsOf={held.row}
          cellsLabel={props.rowLabel(held.row)}
          boxChecked={selected?.has(held.id) ?? null}
          columns={props.columns}
          tabColumn={focus.tabColumnOf(index)}
        />
      ))}
      {Array.from({ length: bones }, (_, bone) => (
        <SkeletonRow key={bone} index={bone} top={(rows.length + bone) * rowHeight} cells={props.cells} />
      ))}
    </tbody>
  )
}

function SkeletonRow({ index, top, cells }: { index: number; top: number; cells: number }) {
  return (
    <tr aria-hidden style={{ top }}>
      {Array.from({ length: cells }, (_, cell) => (
        <td key={cell}>
          <span className={css['bone']} style={{ width: `${40 + ((index * 17 + cell * 29) % 45)}%` }} />
        </td>
      ))}
    </tr>
  )
}
