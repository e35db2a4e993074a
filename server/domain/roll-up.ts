/** Which part of the events is counted next: the newest often, the last quarter of an hour now and then. */
import { DAY_MS, SLOT_MS, SLOT_SECONDS, slotOf, USUAL_DAYS } from './event-rate.ts'

/** Where the roll-up stands; every process reads and writes the same mark. */
export type RollUpMark = {
  /** Everything received before this is rolled up; null before the first run. */
  rolledTo: Date | null
  /** When the short window was rolled up last. */
  rolledAt: Date | null
  /** When the long window was rolled up last. */
  wideAt: Date | null
  /** How long the last run took. */
  tookMs: number
}

export type RollUpWindow = { kind: 'catch_up' | 'wide' | 'narrow'; from: Date; to: Date }

/** What is rolled up every few seconds: most events are applied within it. */
export const NARROW_MS = 2 * 60_000
/**
 * What is rolled up every minute. An event that changes later keeps the outcome it had, except that what waited is
 * looked at until it waits no longer.
 */
export const WIDE_MS = 15 * 60_000
export const NARROW_EVERY_MS = 5_000
export const WIDE_EVERY_MS = 60_000
/** A run that took long makes the next wait: the roll-up never takes more than a twentieth of one connection's time. */
export const REST_FACTOR = 20
/** How far back a roll-up that was away begins: what the usual rates are taken from. */
const HISTORY_MS = USUAL_DAYS * DAY_MS

/**
 * What to roll up next; null when nothing is due. Who was away for long catches up piece by piece, oldest first.
 * @param firstAt when the first event of all was received
 */
export function nextWindow(mark: RollUpMark, firstAt: Date | null, now: Date): RollUpWindow | null {
  const at = now.getTime()
  const rested = mark.rolledAt === null || at - mark.rolledAt.getTime() >= mark.tookMs * REST_FACTOR
  if (!rested) return null
  const to = new Date(slotOf(now, SLOT_SECONDS).getTime() + SLOT_MS)
  const done = mark.rolledTo ?? firstAt
  if (done !== null && at - done.getTime() > WIDE_MS) {
    const from = slotOf(new Date(Math.max(done.getTime(), at - HISTORY_MS)), SLOT_SECONDS)
    return { kind: 'catch_up', from, to: new Date(from.getTime() + WIDE_MS) }
  }
  if (mark.wideAt === null || at - mark.wideAt.getTime() >= WIDE_EVERY_MS)
    return { kind: 'wide', from: slotOf(new Date(at - WIDE_MS), SLOT_SECONDS), to }
  if (mark.rolledAt === null || at - mark.rolledAt.getTime() >= NARROW_EVERY_MS)
    return { kind: 'narrow', from: slotOf(new Date(at - NARROW_MS), SLOT_SECONDS), to }
  return null
}
