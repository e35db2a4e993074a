import { useMemo, useState } from 'react'

/**
 * The ids of rows, in their order. Only rows that were not at their place before are asked for theirs: of a hundred
 * thousand with some more behind them that is those few.
 */
export function useRowIds<Row>(rows: readonly Row[], rowId: (row: Row) => string): readonly string[] {
  const [idsOf] = useState(() => rememberIds<Row>())
  return useMemo(() => idsOf(rows, rowId), [idsOf, rows, rowId])
}

/** Answers the ids of one list of rows after the other. */
export function rememberIds<Row>() {
  let last: { rows: readonly Row[]; ids: readonly string[]; rowId: ((row: Row) => string) | null } = {
    rows: [],
    ids: [],
    rowId: null,
  }
  return (rows: readonly Row[], rowId: (row: Row) => string): readonly string[] => {
    const ids = last.rowId === rowId ? last.ids.slice(0, rows.length) : []
    const known = ids.length
    // By index: an iterator over so many costs more than what is saved.
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at]
      if (row !== undefined && (at >= known || row !== last.rows[at])) ids[at] = rowId(row)
    }
    last = { rows, ids, rowId }
    return ids
  }
}
