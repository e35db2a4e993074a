/** The records a person opened last, kept in this browser for the palette. Ids only: nothing of what is in them. */
import { useSyncExternalStore } from 'react'

/** A record by its address. */
export type RecentRecord = { path: string; label: string }

const KEPT = 8
const KINDS: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^\/orders\/([^/]+)$/, 'Order'],
  [/^\/refunds\/bulk\/([^/]+)$/, 'Batch'],
  [/^\/refunds\/(?!bulk|safety)([^/]+)$/, 'Refund'],
  [/^\/events\/(?!failed|health|replays)([^/]+)$/, 'Event'],
]

const listeners = new Set<() => void>()
let cached: { raw: string | null; records: readonly RecentRecord[] } = { raw: null, records: [] }

/** The record at an address; null for every other page. */
export function recordAt(path: string): RecentRecord | null {
  for (const [pattern, kind] of KINDS) {
    const id = pattern.exec(path)?.[1]
    if (id !== undefined) return { path, label: `${kind} ${decodeURIComponent(id)}` }
  }
  return null
}

/** Puts the record at `path` first; other pages change nothing. */
export function noteVisit(userId: string, path: string): void {
  const record = recordAt(path)
  if (record === null) return
  const next = [record, ...read(userId).filter((other) => other.path !== path)].slice(0, KEPT)
  try {
    localStorage.setItem(keyOf(userId), JSON.stringify(next))
  } catch {
    // A browser that keeps nothing has no recent records.
  }
  for (const listener of listeners) listener()
}

/** The last eight, newest first. */
export function useRecentRecords(userId: string): readonly RecentRecord[] {
  return useSyncExternalStore(subscribe, () => read(userId))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function keyOf(userId: string): string {
  return `paydesk.recent.${userId}`
}

function read(userId: string): readonly RecentRecord[] {
  const raw = stored(keyOf(userId))
  if (raw !== cached.raw) cached = { raw, records: parse(raw) }
  return cached.records
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** What stands in the browser may be anybody's: only addresses of records count. */
function parse(raw: string | null): RecentRecord[] {
  try {
    const list: unknown = raw === null ? [] : JSON.parse(raw)
    if (!Array.isArray(list)) return []
    return list.flatMap((one: unknown) => {
      const path = typeof one === 'object' && one !== null && 'path' in one ? one.path : null
      const record = typeof path === 'string' ? recordAt(path) : null
      return record ? [record] : []
    })
  } catch {
    return []
  }
}
