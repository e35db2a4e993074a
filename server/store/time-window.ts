/** Reading a log by time in stretches: newest or oldest first, from an instant on, everything of one instant together. */

/** `before` and `after` are exclusive; null is no bound. */
export type TimeWindow = { order: 'newest' | 'oldest'; from: Date | null; limit: number }

/**
 * The end of a query that reads a stretch: its condition on `column`, its order, and a limit that takes all rows of the
 * last instant, so that the next stretch can begin beside it. Adds the parameters to `values`.
 */
export function windowSql(column: string, window: TimeWindow, values: unknown[]): string {
  const newest = window.order === 'newest'
  const from =
    window.from === null
      ? ''
      : ` and ${column} ${newest ? '<' : '>'} $${values.push(window.from)}::timestamptz`
  return `${from} order by ${column} ${newest ? 'desc' : 'asc'} fetch first $${values.push(window.limit)} rows with ties`
}

/** The name that a stretch's statement is planned under: one for each text that {@link windowSql} makes. */
export function windowName(log: string, window: TimeWindow): string {
  return `${log}_${window.order}_${window.from === null ? 'first' : 'next'}`
}

/** Where a stretch ends: the last instant read of a log that goes on; null when all of it was read. */
export function windowEnd(rows: readonly Date[], window: TimeWindow): Date | null {
  return rows.length < window.limit ? null : (rows.at(-1) ?? null)
}
