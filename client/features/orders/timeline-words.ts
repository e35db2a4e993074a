/** Words between and beside the entries of a timeline. Pure. */
import { formatDuration } from '../../ui/time-format.ts'
import type { TimelineEntry } from './order-types.ts'

/** A pause longer than this between two entries is told (design §4.4). */
const PAUSE_MS = 3_600_000

/** "1 h 12 min later" between an entry and the one shown before it; null when they are close. */
export function pauseBefore(entry: { at: Date }, shownBefore: { at: Date } | undefined): string | null {
  if (shownBefore === undefined) return null
  const between = shownBefore.at.getTime() - entry.at.getTime()
  if (Math.abs(between) <= PAUSE_MS) return null
  return between > 0 ? `${formatDuration(between)} earlier` : `${formatDuration(-between)} later`
}

/** How long after it happened a webhook came: "1.6 s after it happened". Null when Juspay names no time or it lies ahead. */
export function lagOf(entry: Pick<TimelineEntry, 'source' | 'occurredAt' | 'receivedAt'>): string | null {
  if (entry.source !== 'webhook' || entry.occurredAt === null || entry.receivedAt === null) return null
  const lagMs = entry.receivedAt.getTime() - entry.occurredAt.getTime()
  return lagMs < 0 ? null : `${formatDuration(lagMs)} after it happened`
}
