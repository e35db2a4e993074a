import type { RouterHistory } from '@tanstack/react-router'
import { useState } from 'react'

/** Pages of this tab's history that are remembered; the oldest is forgotten first. */
const PAGES_MAX = 50

/** A page of the history: the router gives it a key, and another one when its address is replaced. */
type HistoryPage = { key: string; pathname: string }

/** The page that is open; null where no history is followed. */
let open: HistoryPage | null = null
const memories: { move: (from: string, to: string | null) => void }[] = []

/** Has what is kept with a page stay with it when its address is replaced. Called once, by whoever has the router. */
export function followHistory(history: Pick<RouterHistory, 'location' | 'subscribe'>): void {
  const page = ({ state, pathname }: RouterHistory['location']): HistoryPage => ({
    key: state.__TSR_key ?? '',
    pathname,
  })
  open = page(history.location)
  history.subscribe(({ location, action }) => {
    const left = open
    open = page(location)
    if (action.type !== 'REPLACE' || left === null) return
    // Another path is another page, and nobody comes back to the one it took the place of.
    for (const memory of memories) memory.move(left.key, left.pathname === open.pathname ? open.key : null)
  })
}

/** Something about each page of this tab's history: Back and Forward find it, an ordinary visit does not. */
export function pageMemory<Value>() {
  const byPage = new Map<string, Value>()

  function put(key: string, value: Value): void {
    byPage.delete(key)
    byPage.set(key, value)
    const [oldest] = byPage.keys()
    if (byPage.size > PAGES_MAX && oldest !== undefined) byPage.delete(oldest)
  }

  memories.push({
    move(from, to) {
      const value = byPage.get(from)
      byPage.delete(from)
      if (to !== null && value !== undefined) put(to, value)
    },
  })

  /** What was kept with the page that is open. */
  const recall = (): Value | null => (open && byPage.get(open.key)) ?? null

  /** Keeps a value with the page that is open. */
  function useKeep(): (value: Value) => void {
    const [pathname] = useState(() => open?.pathname)
    return (value) => {
      // The next page's address may be there while this one is still drawn.
      if (open !== null && open.pathname === pathname) put(open.key, value)
    }
  }

  return { recall, useKeep }
}
