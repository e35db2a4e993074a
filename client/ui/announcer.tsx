import { useSyncExternalStore } from 'react'

type Announcement = { text: string; turn: number }

let current: Announcement = { text: '', turn: 0 }
const listeners = new Set<() => void>()

/** Says `text` politely through the page's live region: copies, counts, route changes. Not for errors that need action. */
export function announce(text: string): void {
  current = { text, turn: current.turn + 1 }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The live region, once a page. The same text twice is read twice: the region alternates between two elements. */
export function Announcer() {
  const { text, turn } = useSyncExternalStore(subscribe, () => current)
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      <span>{turn % 2 === 0 ? text : ''}</span>
      <span>{turn % 2 === 1 ? text : ''}</span>
    </div>
  )
}
