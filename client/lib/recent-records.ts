/** The records a person opened last, kept in this browser for the palette. Ids only: nothing of what is in them. */
import { keptList } from './kept-list.ts'

/** A record by its address. */
export type RecentRecord = { path: string; label: string }

const KEPT = 8
const KINDS: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^\/orders\/([^/]+)$/, 'Order'],
  [/^\/refunds\/bulk\/([^/]+)$/, 'Batch'],
  [/^\/refunds\/(?!bulk|safety)([^/]+)$/, 'Refund'],
  [/^\/events\/(?!failed|health|replays)([^/]+)$/, 'Event'],
]

/** The record at an address; null for every other page. */
export function recordAt(path: string): RecentRecord | null {
  for (const [pattern, kind] of KINDS) {
    const id = pattern.exec(path)?.[1]
    if (id !== undefined) return { path, label: `${kind} ${decodeURIComponent(id)}` }
  }
  return null
}

const records = keptList<RecentRecord>({
  name: 'paydesk.recent',
  max: KEPT,
  read(value) {
    const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : null
    return typeof path === 'string' ? recordAt(path) : null
  },
  same: (a, b) => a.path === b.path,
})

/** Puts the record at `path` first; other pages change nothing. */
export function noteVisit(userId: string, path: string): void {
  const record = recordAt(path)
  if (record !== null) records.note(userId, record)
}

/** The last eight, newest first. */
export const useRecentRecords = records.useItems
