import { textOf } from './change.ts'

/**
 * Last-writer-wins registers, one per field. Each remembers the instant (epoch ms) at which its value was stated, so
 * the result depends on the set of messages and not on their order. Equal instants go to the larger text, and a
 * message that says nothing about a field (null) leaves it alone: "FILTERED" never overwrites good data.
 */
export type Stamps = Readonly<Record<string, number>>

/** Writes `value` into `record[field]` when it was stated later than what is there. Mutates `record` and `stamps`. */
export function assignStated<T extends object, K extends keyof T & string>(
  record: T,
  stamps: Record<string, number>,
  field: K,
  value: T[K] | null,
  statedAtMs: number,
): void {
  if (value === null) return
  const last = stamps[field]
  if (last !== undefined) {
    if (statedAtMs < last) return
    if (statedAtMs === last && (textOf(value) ?? '') <= (textOf(record[field]) ?? '')) return
  }
  record[field] = value
  stamps[field] = statedAtMs
}

/** Keeps the earliest instant at which something was told; 0 means that the message names none. Mutates `stamps`. */
export function keepEarliest(stamps: Record<string, number>, key: string, statedAtMs: number): void {
  if (statedAtMs > 0) stamps[key] = Math.min(stamps[key] ?? statedAtMs, statedAtMs)
}

/** The earlier of two instants, where null means "not stated". */
export function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a.getTime() <= b.getTime() ? a : b
}

/** The later of two instants, where null means "not stated". */
export function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a.getTime() >= b.getTime() ? a : b
}

/** The larger of two texts, where null means "not stated": a commutative choice between references. */
export function largerText(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a >= b ? a : b
}
