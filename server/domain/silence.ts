/**
 * When webhooks that do not come are news. A quiet night is quiet every night, and a shop with three orders a day hears
 * nothing for hours; a shop that hears something every ten seconds and then nothing for minutes has lost Juspay.
 */
import { DAY_MS, HOUR_MS, HOUR_SECONDS, SLOT_MS, slotOf, USUAL_DAYS } from './event-rate.ts'

/** Slots of ten seconds in an hour. */
const SLOTS_PER_HOUR = HOUR_MS / SLOT_MS
/** Of all usual gaps, this share is shorter than "the usual gap". */
const USUAL_SHARE = 0.99
/** It is silent after so many usual gaps. */
export const SILENT_AFTER_GAPS = 5
/** However busy the shop: a shorter gap is a deploy or a slow network, not an alarm. */
export const SILENCE_MIN_MS = 2 * 60_000
/** Without a day of history the last hour has to say what is usual; fewer busy slots say nothing. */
const LAST_HOUR_SLOTS_MIN = 5
/** A gap that lasts longer than this is silent if it ever was. */
const GAP_DAYS_MAX = 7

/** An hour and in how many of its ten-second slots something came: bursts count once. */
export type ActiveHour = { at: Date; activeSlots: number }

export type SilenceFacts = {
  /** When the last event came; null when none ever did. */
  since: Date | null
  now: Date
  /** The hours of the week before `since` in which something came; hours without are left out. */
  hours: readonly ActiveHour[]
  /** The first hour ever counted: what lies before is not quiet but unknown. */
  firstHour: Date | null
  /** The last hour before `since`: how many slots there were since the first event, and how many had events. */
  lastHour: { slots: number; activeSlots: number }
}

export type Silence = {
  since: Date | null
  /** A gap at this hour is usually shorter; null when nothing is known. */
  usualGapMs: number | null
  silent: boolean
}

/**
 * Whether it has been silent for too long: longer than {@link SILENCE_MIN_MS}, and than five usual gaps. Each part of
 * the gap is measured by its own hour, so that the morning does not hold the night against Juspay. History is taken from
 * before the gap: an alarm does not wear off by lasting.
 */
export function silenceOf(facts: SilenceFacts): Silence {
  const { since, now } = facts
  const usual = usualGaps(facts)
  const usualGapMs = usual(now)
  if (since === null) return { since, usualGapMs: null, silent: false }
  const end = Math.min(now.getTime(), since.getTime() + GAP_DAYS_MAX * DAY_MS)
  let gaps = 0
  for (let at = since.getTime(); at < end;) {
    const next = Math.min(end, slotOf(new Date(at), HOUR_SECONDS).getTime() + HOUR_MS)
    const gap = usual(new Date(at))
    if (gap !== null) gaps += (next - at) / gap
    at = next
  }
  const silent = now.getTime() - since.getTime() > SILENCE_MIN_MS && gaps > SILENT_AFTER_GAPS
  return { since, usualGapMs, silent }
}

/** The usual gap at an instant. */
function usualGaps(facts: SilenceFacts): (at: Date) => number | null {
  const { since, firstHour, lastHour } = facts
  if (since === null) return () => null
  const base = slotOf(since, HOUR_SECONDS).getTime()
  const active = new Map(facts.hours.map((hour) => [hour.at.getTime(), hour.activeSlots]))
  const fallback =
    lastHour.activeSlots < LAST_HOUR_SLOTS_MIN ? null : gapOf(lastHour.activeSlots, lastHour.slots)
  const known = new Map<number, number | null>()
  return (at) => {
    const hourOfDay = slotOf(at, HOUR_SECONDS).getTime() % DAY_MS
    const cached = known.get(hourOfDay)
    if (cached !== undefined) return cached
    const gaps: number[] = []
    for (let day = 1; day <= USUAL_DAYS; day += 1) {
      const hour = base - ((base - hourOfDay) % DAY_MS || DAY_MS) - (day - 1) * DAY_MS
      // The first hour was not counted in full.
      if (firstHour === null || hour <= firstHour.getTime()) break
      gaps.push(gapOf(active.get(hour) ?? 0, SLOTS_PER_HOUR))
    }
    const gap = gaps.length === 0 ? fallback : typical(gaps)
    known.set(hourOfDay, gap)
    return gap
  }
}

/**
 * Of several days the second longest gap, so that one odd day (an outage) does not make the alarm deaf; but never less
 * than that of the same weekday, which may be a holiday every week.
 * @param gaps newest day first
 */
function typical(gaps: readonly number[]): number {
  const [longest = 0, second = longest] = gaps.toSorted((a, b) => b - a)
  const usual = gaps.length < 3 ? longest : second
  return Math.max(usual, gaps[USUAL_DAYS - 1] ?? 0)
}

/** The gap that 99 of 100 do not reach when so many of the slots had events; half a slot stands for none. */
function gapOf(activeSlots: number, slots: number): number {
  const share = Math.max(activeSlots, 0.5) / Math.max(slots, 1)
  if (share >= 1) return SLOT_MS
  return Math.max(SLOT_MS, (SLOT_MS * Math.log(1 - USUAL_SHARE)) / Math.log(1 - share))
}
