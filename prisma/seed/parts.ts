/** A run in parts: so many orders as the text of their rows. Any part can be made alone, and so by any thread. */
import type { Life, World } from './life.ts'
import { orderLife } from './orders.ts'
import { addLife, emptyPart, type Line, type PartTable } from './rows.ts'
import { arrivalTimes } from './times.ts'

/** Orders of one part: its rows are a few megabytes of text for each table. */
export const PART_ORDERS = 2_000

/** What all parts of a run have in common. */
export type Run = {
  world: World
  days: number
  /** Months that webhook events have a table of. */
  partitions: ReadonlySet<number>
}

/** The rows of one table in COPY's text form. */
export type Rows = { count: number; bytes: Uint8Array<ArrayBuffer> }

/** Rows to be written now, and those that wait for the end. */
export type MadePart = {
  orders: number
  rows: Record<PartTable, Rows>
  events: Line[]
  deeds: Line[]
}

/** How many parts a run has. */
export function partsOf({ world }: Run): number {
  return Math.ceil(world.orders / PART_ORDERS)
}

/** Makes any part of a run, by its number. */
export function partMaker({ world, days, partitions }: Run): (no: number) => MadePart {
  const timeOf = arrivalTimes(world.orders, days, world.end.getTime())
  const lifeOf = (n: number): Life => orderLife(world, n, timeOf)
  return (no) => {
    const part = emptyPart()
    const [from, to] = [no * PART_ORDERS, Math.min((no + 1) * PART_ORDERS, world.orders)]
    for (let n = from; n < to; n += 1) addLife(part, world, lifeOf(n), partitions)
    const { lines, events, deeds } = part
    const rows = Object.fromEntries(
      Object.entries(lines).map(([table, texts]) => [table, rowsOf(texts)]),
    ) as Record<PartTable, Rows>
    return { orders: to - from, rows, events, deeds }
  }
}

/** Lines as bytes. */
export function rowsOf(lines: readonly string[]): Rows {
  return { count: lines.length, bytes: new TextEncoder().encode(lines.join('')) }
}
