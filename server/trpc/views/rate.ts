/** What the screens are told about the pace of webhooks. */
import { NO_EVENTS, type OutcomeCounts } from '../../domain/event-rate.ts'
import type { SlotCount } from '../../store/event-rates-read.ts'

/** Slots of one length without holes, oldest first; the last one is still being filled. */
export type StripView = { slotMs: number; slots: { at: Date; counts: OutcomeCounts }[] }

export type SilenceView = {
  since: Date | null
  /** Null when nothing is known about this hour. */
  usualGapMs: number | null
  silent: boolean
}

/** Fills the holes between `from` and `to`, both of which are beginnings of slots. */
export function stripView(rows: readonly SlotCount[], slotMs: number, from: Date, to: Date): StripView {
  const bySlot = new Map<number, OutcomeCounts>()
  for (const { at, outcome, count } of rows) {
    const counts = bySlot.get(at.getTime()) ?? NO_EVENTS
    bySlot.set(at.getTime(), { ...counts, [outcome]: counts[outcome] + count })
  }
  const length = Math.floor((to.getTime() - from.getTime()) / slotMs) + 1
  const slots = Array.from({ length }, (_, i) => {
    const at = from.getTime() + i * slotMs
    return { at: new Date(at), counts: bySlot.get(at) ?? NO_EVENTS }
  })
  return { slotMs, slots }
}
