/** Rows of a list that have just come or changed: each is marked for as long as the kit lets it fade. */
import { useEffect, useState } from 'react'

/** Of one row (the kit's `--t-new`). */
export const MARK_MS = 2_000

/** By the id of the row. A row that is marked once more has another object. */
export type RowMarks = ReadonlyMap<string, { atMs: number }>

const NONE: RowMarks = new Map()

/** The marks with those of `ids` made at `nowMs`. Those whose time is over go. */
export function withMarks(marks: RowMarks, ids: Iterable<string>, nowMs: number): RowMarks {
  const next = new Map([...marks].filter(([, { atMs }]) => nowMs - atMs < MARK_MS))
  for (const id of ids) next.set(id, { atMs: nowMs })
  return next
}

/**
 * Marks rows beside those that are marked already, so that in a busy list each fades to its end. What is over is taken
 * away with the next marks, or when nothing more came: a list is not drawn for it alone.
 */
export function useRowMarks(): [RowMarks, (ids: Iterable<string>) => void] {
  const [marks, setMarks] = useState(NONE)
  useEffect(() => {
    if (marks.size === 0) return
    const timer = setTimeout(() => setMarks(NONE), MARK_MS)
    return () => clearTimeout(timer)
  }, [marks])
  function mark(ids: Iterable<string>) {
    const [marked, nowMs] = [[...ids], performance.now()]
    if (marked.length > 0) setMarks((before) => withMarks(before, marked, nowMs))
  }
  return [marks, mark]
}
