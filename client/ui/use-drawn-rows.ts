/**
 * Which rows of a grid are drawn, and with which node of the page each. A row that scrolls in takes the node of one that
 * scrolled out: to change the texts of a node costs a fraction of making one.
 */
import type { Range, VirtualItem, Virtualizer } from '@tanstack/react-virtual'
import { useState } from 'react'

/** Rows drawn before and after those in sight. Always as many, so that no node is made while the grid moves. */
const SPARE_ROWS = { resting: [7, 7], forward: [2, 12], backward: [12, 2] } as const

/** Indexes of the rows to draw: those in sight, some more where the grid is moving to, and `always`, which may be -1. */
export function drawnIndexes(
  { startIndex, endIndex, count }: Range,
  direction: Virtualizer<Element, Element>['scrollDirection'],
  always: number,
): number[] {
  const [before, after] = SPARE_ROWS[direction ?? 'resting']
  const first = Math.max(startIndex - before, 0)
  const last = Math.min(endIndex + after, count - 1)
  const indexes = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  if (always < 0 || (first <= always && always <= last)) return indexes
  return always < first ? [always, ...indexes] : [...indexes, always]
}

/** Slots of rows by their ids. */
export type RowSlots = ReadonlyMap<string, number>

/**
 * A row that was drawn before keeps its slot, or it would lose the focus; the others take free ones, the lowest first. The
 * slot of `focused`, the row that had the focus in the last drawing, goes to no other: focus would go with it to a row
 * that nobody chose.
 */
export function nextSlots(before: RowSlots, ids: readonly string[], focused: string | undefined): RowSlots {
  const slots = new Map<string, number>()
  const taken = new Set<number>()
  for (const id of focused === undefined ? ids : [...ids, focused]) {
    const slot = before.get(id)
    if (slot !== undefined) taken.add(slot)
  }
  let free = 0
  for (const id of ids) {
    const kept = before.get(id)
    while (taken.has(free)) free += 1
    slots.set(id, kept ?? free)
    if (kept === undefined) free += 1
  }
  return slots
}

export type DrawnRow<Row> = {
  /** Names the node. */
  slot: number
  id: string
  row: Row
  index: number
  /** Pixels from the top of all rows. */
  top: number
}

/**
 * The rows that are drawn. Nodes stay where they are while rows run through them. At rest they stand in the order of the
 * rows, in which they are read out, selected and copied.
 */
export function useDrawnRows<Row>(
  items: readonly VirtualItem[],
  rows: readonly Row[],
  rowIds: readonly string[],
  { focusedIndex, scrolling }: { focusedIndex: number; scrolling: boolean },
): readonly DrawnRow<Row>[] {
  const [slotsOf] = useState(rememberSlots)
  const there = items.flatMap(({ index, start: top }) => {
    const [row, id] = [rows[index], rowIds[index]]
    return row === undefined || id === undefined ? [] : [{ row, id, index, top }]
  })
  const slots = slotsOf(
    there.map(({ id }) => id),
    rowIds[focusedIndex],
  )
  const drawn = there.map((one) => ({ ...one, slot: slots.get(one.id) ?? 0 }))
  return scrolling ? drawn.toSorted((a, b) => a.slot - b.slot) : drawn
}

/** From one drawing to the next. A drawing that is thrown away costs no more than some nodes. */
function rememberSlots(): (ids: readonly string[], focused: string | undefined) => RowSlots {
  let last: { slots: RowSlots; focused: string | undefined } = { slots: new Map(), focused: undefined }
  return (ids, focused) => {
    last = { slots: nextSlots(last.slots, ids, last.focused), focused }
    return last.slots
  }
}
