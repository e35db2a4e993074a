/** A short list of what a person did last, kept in this browser for that person alone. */
import { useSyncExternalStore } from 'react'

type KeptListOptions<Item> = {
  /** Its name in the browser's storage, to which the person's id is added. */
  name: string
  /** The oldest beyond so many are forgotten. */
  max: number
  /** What stands in the browser may be anybody's: null for what is no item. */
  read: (value: unknown) => Item | null
  /** An item that is noted again moves to the front. */
  same: (a: Item, b: Item) => boolean
}

export type KeptList<Item> = {
  note: (userId: string, item: Item) => void
  /** Newest first; the component renders again when one is noted. */
  useItems: (userId: string) => readonly Item[]
}

export function keptList<Item>({ name, max, read, same }: KeptListOptions<Item>): KeptList<Item> {
  const listeners = new Set<() => void>()
  const cached = new Map<string, { raw: string | null; items: readonly Item[] }>()
  const keyOf = (userId: string): string => `${name}.${userId}`

  function itemsOf(userId: string): readonly Item[] {
    const raw = stored(keyOf(userId))
    const known = cached.get(userId)
    if (known?.raw === raw) return known.items
    const items = listIn(raw).flatMap((value) => read(value) ?? [])
    cached.set(userId, { raw, items })
    return items
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    note(userId, item) {
      if (read(item) === null) return
      const next = [item, ...itemsOf(userId).filter((other) => !same(other, item))].slice(0, max)
      try {
        localStorage.setItem(keyOf(userId), JSON.stringify(next))
      } catch {
        // A browser that keeps nothing remembers nothing.
      }
      for (const listener of listeners) listener()
    },
    useItems: (userId) => useSyncExternalStore(subscribe, () => itemsOf(userId)),
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function listIn(raw: string | null): unknown[] {
  try {
    const list: unknown = raw === null ? [] : JSON.parse(raw)
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}
