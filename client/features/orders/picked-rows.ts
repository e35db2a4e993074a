/** Rows that somebody picked one by one, as they were then: a new order of the list has other rows loaded. */
import type { OrderRow } from './order-types.ts'

/** By id, in the order they were picked in. */
export type PickedRows = ReadonlyMap<string, OrderRow>

/** More are never held; all that match can be selected without holding any. */
export const PICKED_MAX = 10_000

/** The rows of `ids`: the loaded ones as they are now, the others as they were picked. */
export function pick(ids: ReadonlySet<string>, loaded: readonly OrderRow[], before: PickedRows): PickedRows {
  const shown = byId(loaded)
  const picked = new Map<string, OrderRow>()
  for (const id of ids) {
    const row = shown.get(id) ?? before.get(id)
    if (row !== undefined) picked.set(id, row)
    if (picked.size === PICKED_MAX) break
  }
  return picked
}

/** The picked rows, each as fresh as there is one. */
export function freshRows(picked: PickedRows, loaded: readonly OrderRow[]): readonly OrderRow[] {
  if (picked.size === 0) return []
  const shown = byId(loaded)
  return [...picked.values()].map((row) => shown.get(row.id) ?? row)
}

function byId(rows: readonly OrderRow[]): PickedRows {
  return new Map(rows.map((row) => [row.id, row]))
}
