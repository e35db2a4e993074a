import { useState } from 'react'
import { pageMemory } from './page-memory.ts'

const rows = pageMemory<string>()

/**
 * The row of a list that had the focus when this very page of the history was left: Back and Forward find it, an
 * ordinary visit does not. `remember` is called with each row that gets the focus.
 */
export function useReturnRow(): { initialRow: string | null; remember: (rowId: string | null) => void } {
  const keep = rows.useKeep()
  const [initialRow] = useState(rows.recall)
  return {
    initialRow,
    remember: (rowId) => {
      if (rowId !== null) keep(rowId)
    },
  }
}
