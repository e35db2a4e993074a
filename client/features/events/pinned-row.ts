import type { EventRow } from './event-types.ts'

/** Where the row stood when its panel opened. */
export type Pin = { id: string; index: number }

/** The rows with the pinned one kept at its place: newer rows move past it instead of pushing it down. */
export function withPinned(rows: readonly EventRow[], pin: Pin | null): readonly EventRow[] {
  if (pin === null) return rows
  const at = rows.findIndex(({ id }) => id === pin.id)
  const row = rows[at]
  if (row === undefined || at <= pin.index) return rows
  const others = rows.filter(({ id }) => id !== pin.id)
  return [...others.slice(0, pin.index), row, ...others.slice(pin.index)]
}
