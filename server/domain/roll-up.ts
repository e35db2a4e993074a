/** Which part of the events is counted next: the newest often, what may still change now and then. */
import { DAY_MS, HOUR_MS, HOUR_SECONDS, SLOT_MS, SLOT_SECONDS, slotOf, USUAL_DAYS } from './event-rate.ts'

/** Where the roll-up stands; every process reads and writes the same mark. */
export type RollUpMark = {
  /** Everything received before this is counted; null before the first run. */
  rolledTo: Date | null
  /** When anything was rolled up last. */
  rolledAt: Date | null
  /** When the unsettled slots were looked at last. */
  wideAt: Date | null
  /** How long the last run took. */
  tookMs: number
}

/** From an instant to just before another. */
export type TimeSpan = { from: Date; to: Date }

/** `narrow`: only the newest. `wide`: also what may have changed. `catch_up`: what nobody counted when it came. */
export type RollUpWindow = TimeSpan & { kind: 'catch_up' | 'wide' | 'narrow' }

export const NARROW_EVERY_MS = 5_000
export const WIDE_EVERY_MS = 60_000
/** What is counted every few seconds: almost every event is applied within it. */
const NARROW_MS = 30_000
/** What is counted every minute in any case, for repeats. */
const WIDE_MS = 2 * 60_000
/** For how long failed events are followed. One that a later try applies stays failed in the slot in which it came. */
export const FAILED_FOR_MS = 15 * 60_000
/** What is caught up with in one run, and how far behind that begins. */
const CATCH_UP_MS = 15 * 60_000
/** A run that took long makes the next wait: the roll-up never takes more than a twentieth of one connection's time. */
export const REST_FACTOR = 20
/** How far back a roll-up that was away begins: what the usual rates are taken from. */
const HISTORY_MS = USUAL_DAYS * DAY_MS
/** Counted by one statement; at a thousand events a second these are 300,000. */
export const PIECE_MS = 5 * 60_000
/** Slots this close together are counted in one go. */
const GAP_MS = 60_000

/**
 * What to roll up next; null when nothing is due. Who was away for long catches up piece by piece, oldest first.
 * @param nextAt when the first event was received that may not be counted yet; null when there is none
 */
export function nextWindow(mark: RollUpMark, nextAt: Date | null, now: Date): RollUpWindow | null {
  const at = now.getTime()
  const rested = mark.rolledAt === null || at - mark.rolledAt.getTime() >= mark.tookMs * REST_FACTOR
  if (!rested) return null
  const to = new Date(slotOf(now, SLOT_SECONDS).getTime() + SLOT_MS)
  const back = (ms: number): Date => slotOf(new Date(at - ms), SLOT_SECONDS)
  if (nextAt !== null && at - nextAt.getTime() > CATCH_UP_MS) {
    const from = new Date(Math.max(slotOf(nextAt, SLOT_SECONDS).getTime(), back(HISTORY_MS).getTime()))
    return { kind: 'catch_up', from, to: new Date(from.getTime() + CATCH_UP_MS) }
  }
  // What came while nobody counted is behind the short windows.
  const from = (ms: number): Date =>
    nextAt === null || nextAt > back(ms) ? back(ms) : slotOf(nextAt, SLOT_SECONDS)
  if (mark.wideAt === null || at - mark.wideAt.getTime() >= WIDE_EVERY_MS)
    return { kind: 'wide', from: from(WIDE_MS), to }
  if (mark.rolledAt === null || at - mark.rolledAt.getTime() >= NARROW_EVERY_MS)
    return { kind: 'narrow', from: from(NARROW_MS), to }
  return null
}

/** A window and single slots before it as few spans, none longer than {@link PIECE_MS}. */
export function spansOf(window: TimeSpan, slots: readonly Date[]): TimeSpan[] {
  const spans: TimeSpan[] = []
  const parts = [...slots.map((from) => ({ from, to: new Date(from.getTime() + SLOT_MS) })), window]
  for (const part of parts.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = spans.at(-1)
    if (last && part.from.getTime() - last.to.getTime() <= GAP_MS)
      last.to = part.to > last.to ? part.to : last.to
    else spans.push({ ...part })
  }
  return spans.flatMap(piecesOf)
}

function piecesOf({ from, to }: TimeSpan): TimeSpan[] {
  const pieces: TimeSpan[] = []
  for (let at = from.getTime(); at < to.getTime(); at += PIECE_MS)
    pieces.push({ from: new Date(at), to: new Date(Math.min(at + PIECE_MS, to.getTime())) })
  return pieces
}

/** The full hours that spans touch. */
export function hoursOf(spans: readonly TimeSpan[]): TimeSpan[] {
  const hours = new Set<number>()
  for (const { from, to } of spans)
    for (let at = slotOf(from, HOUR_SECONDS).getTime(); at < to.getTime(); at += HOUR_MS) hours.add(at)
  return [...hours]
    .toSorted((a, b) => a - b)
    .map((at) => ({ from: new Date(at), to: new Date(at + HOUR_MS) }))
}
