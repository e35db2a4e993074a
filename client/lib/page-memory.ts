import { useState } from 'react'

/** Pages of this tab's history that are remembered; the oldest is forgotten first. */
const PAGES_MAX = 50

/** Something about each page of this tab's history: Back and Forward find it, an ordinary visit does not. */
export function pageMemory<Value>() {
  const byPage = new Map<string, Value>()

  /** What was kept with the page that is open. */
  const recall = (): Value | null => byPage.get(pageKey() ?? '') ?? null

  /** Keeps a value with the page that is open. */
  function useKeep(): (value: Value) => void {
    const [pathname] = useState(() => location.pathname)
    return (value) => {
      const key = pageKey()
      // The next page's address may be there while this one is still drawn.
      if (key === null || location.pathname !== pathname) return
      byPage.delete(key)
      byPage.set(key, value)
      const [oldest] = byPage.keys()
      if (byPage.size > PAGES_MAX && oldest !== undefined) byPage.delete(oldest)
    }
  }

  return { recall, useKeep }
}

/** What the router calls this page of the history; null outside of it. */
function pageKey(): string | null {
  const key: unknown = Reflect.get(Object(history.state), '__TSR_key')
  return typeof key === 'string' ? key : null
}
