/**
 * Which rows of a grid are drawn, and with which node of the page each. A row that scrolls in takes the node of one that
 * scrolled out: to change the texts of a node costs a fraction of making one.
 */
import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual'
import { useState } from 'react'
import { newPace, takeRows, useFillPace } from './use-fill-pace.ts'

/** Where the grid moves to; null at rest. */
type Direction = Virtualizer<Element, Element>['scrollDirection']

/** Rows drawn before and after those in sight. */
const SPARE_ROWS = { resting: [7, 7], forward: [2, 12], backward: [12, 2] } as const

type Window = {
  /** Index of the first row in sight. */
  first: number
  /** Rows that fit into the grid, those in part among them. */
  fitting: number
  /** Of all rows. */
  count: number
  direction: Direction
  /** Drawn wherever it is; -1 for none. */
  always: number
}

/**
 * Indexes of the rows to draw: those in sight, some more where the grid is moving to, and `always`. While it moves as many
 * wherever it is, its ends too, so that no node is made or taken away.
 */
export function drawnIndexes({ first, fitting, count, direction, always }: Window): number[] {
  const [before, after] = SPARE_ROWS[direction ?? 'resting']
  const moving = direction !== null
  const size = Math.min(before + fitting + after - (moving ? 0 : Math.max(0, before - first)), count)
  const start = Math.max(0, Math.min(first - before, count - size))
  const indexes = Array.from({ length: size }, (_, i) => start + i)
  if (always < 0 || (start <= always && always < start + size)) return indexes
  return always < start ? [always, ...indexes] : [...indexes, always]
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

/** A row by its id. */
type Held<Row> = { id: string; row: Row }

export type DrawnRow<Row> = Held<Row> & {
  /** Names the node. */
  slot: number
  index: number
  /** Pixels from the top of all rows. */
  top: number
  /** The row whose cells the node has: another one as long as this row is blank. */
  held: Held<Row>
}

/**
 * Which of the rows get their cells now: those whose node is new, the row at `focusedIndex`, and of the others so many as
 * `budget`, from where the grid is moving to; at rest from the top.
 *
 * @param drawn rows in their order, with the id of the row whose cells their node has, or null
 */
export function rowsToFill(
  drawn: readonly { id: string; index: number; heldId: string | null }[],
  { budget, focusedIndex, direction }: { budget: number; focusedIndex: number; direction: Direction },
): ReadonlySet<string> {
  const wanting = drawn.filter(({ id, heldId }) => heldId !== id)
  const must = wanting.filter(({ index, heldId }) => heldId === null || index === focusedIndex)
  const may = wanting.filter((one) => !must.includes(one))
  if (direction === 'forward') may.reverse()
  return new Set([...must, ...may.slice(0, budget)].map(({ id }) => id))
}

type Place = { focusedIndex: number; direction: Direction }

/**
 * The rows that are drawn. Nodes stay where they are while rows run through them. At rest they stand in the order of the
 * rows, in which they are read out, selected and copied.
 *
 * When rows run faster than this browser can draw them some are blank for some frames: it is the choice between that
 * and frames that come late, and what is blank is filled before anybody could have read it.
 */
export function useDrawnRows<Row>(
  items: readonly VirtualItem[],
  rows: readonly Row[],
  rowIds: readonly string[],
  { focusedIndex, direction }: Place,
): readonly DrawnRow<Row>[] {
  const [memory] = useState(() => remember<Row>())
  const [pace] = useState(newPace)
  const there = items.flatMap(({ index, start: top }) => {
    const [row, id] = [rows[index], rowIds[index]]
    return row === undefined || id === undefined ? [] : [{ row, id, index, top }]
  })
  const moving = direction !== null
  const budget = moving ? takeRows(pace) : there.length
  const focusedId = rowIds[focusedIndex]
  const { drawn, filled } = memory.draw(there, { focusedId, focusedIndex, direction, budget })
  useFillPace(pace, { moving, filled, short: drawn.some(({ id, held }) => held.id !== id) })
  return moving ? drawn.toSorted((a, b) => a.slot - b.slot) : drawn
}

type Drawing = Place & { focusedId: string | undefined; budget: number }

/** From one drawing to the next. A drawing that is thrown away costs no more than some nodes, and some cells drawn again. */
function remember<Row>() {
  let last: { slots: RowSlots; focused: string | undefined } = { slots: new Map(), focused: undefined }
  const held = new Map<number, Held<Row>>()
  return {
    /** Also says how many rows got their cells. */
    draw(there: readonly Omit<DrawnRow<Row>, 'slot' | 'held'>[], drawing: Drawing) {
      const ids = there.map(({ id }) => id)
      const slots = nextSlots(last.slots, ids, last.focused)
      last = { slots, focused: drawing.focusedId }
      const fill = rowsToFill(
        there.map(({ id, index }) => ({ id, index, heldId: held.get(slots.get(id) ?? 0)?.id ?? null })),
        drawing,
      )
      const drawn = there.map((one): DrawnRow<Row> => {
        const slot = slots.get(one.id) ?? 0
        const had = held.get(slot)
        const now = had === undefined || had.id === one.id || fill.has(one.id) ? one : had
        held.set(slot, now)
        return { ...one, slot, held: now }
      })
      return { drawn, filled: fill.size }
    },
  }
}
