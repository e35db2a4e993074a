import type { z } from 'zod'

/** One page of a list ordered by an index; `nextCursor` continues after its last row, null at the end. */
export type Page<T> = { rows: T[]; nextCursor: string | null }

/** Turns `limit + 1` fetched rows into a page: the extra row only says that there is more. */
export function toPage<T>(fetched: T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const rows = fetched.slice(0, limit)
  const last = rows.at(-1)
  return { rows, nextCursor: fetched.length > limit && last !== undefined ? cursorOf(last) : null }
}

/** Sort keys of a row as opaque text. Cursors carry positions, not rights: every query names the account itself. */
export function cursorText(keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

/** Reads a cursor made by {@link cursorText}; null for none and for one that is not ours, which starts at the top. */
export function readCursor<T>(cursor: string | null, shape: z.ZodType<T>): T | null {
  if (cursor === null) return null
  try {
    const keys = shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return keys.success ? keys.data : null
  } catch {
    return null
  }
}
