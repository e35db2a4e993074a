import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'

/** Pages of this tab's history whose row is remembered; the oldest is forgotten first. */
const PAGES_MAX = 50

/** The row that had the focus on each page of this tab's history. */
const rowByPage = new Map<string, string>()

/**
 * The row of a list that had the focus when this very page of the history was left: Back and Forward find it, an
 * ordinary visit does not. `remember` is called with each row that gets the focus.
 */
export function useReturnRow(): { initialRow: string | null; remember: (rowId: string | null) => void } {
  const router = useRouter()
  const pageKey = () => router.state.location.state.__TSR_key
  const [initialRow] = useState(() => {
    const key = pageKey()
    return key === undefined ? null : (rowByPage.get(key) ?? null)
  })
  function remember(rowId: string | null) {
    const key = pageKey()
    if (key === undefined || rowId === null) return
    rowByPage.delete(key)
    rowByPage.set(key, rowId)
    const [oldest] = rowByPage.keys()
    if (rowByPage.size > PAGES_MAX && oldest !== undefined) rowByPage.delete(oldest)
  }
  return { initialRow, remember }
}
