import { DAY_MS, HOUR_MS, HOUR_SECONDS, SLOT_SECONDS, slotOf } from '../domain/event-rate.ts'
import { NARROW_EVERY_MS, nextWindow, WIDE_MS, type RollUpWindow } from '../domain/roll-up.ts'
import type { Deps } from '../services/deps.ts'
import type { Job } from './runner.ts'

/** How long ten-second slots are kept. */
const SLOTS_KEPT_MS = 2 * DAY_MS
/** How long hours are kept. */
const HOURS_KEPT_MS = 60 * DAY_MS

/**
 * Counts the newest events into slots, so that screens read figures and not events. One process at a time: the others
 * find the mark taken, or find it fresh. Returns 1 while there is older reception to catch up with.
 */
export async function rollUpRates(deps: Deps): Promise<number> {
  const began = performance.now()
  const now = deps.clock.now()
  return deps.store.transaction(async (tx) => {
    const mark = await tx.eventRates.takeMark()
    if (mark === null) return 0
    const firstAt = mark.rolledTo === null ? await tx.eventRates.firstReceivedAt() : null
    const window = nextWindow(mark, firstAt, now)
    if (window === null) return 0
    await tx.eventRates.rollUp(window, window.kind === 'narrow' ? null : hoursOf(window))
    if (window.kind === 'wide') {
      const waiting = await tx.eventRates.oldestWaiting(window.from)
      if (waiting) {
        const again = {
          from: waiting,
          to: new Date(Math.min(waiting.getTime() + WIDE_MS, window.from.getTime())),
        }
        await tx.eventRates.rollUp(again, hoursOf(again))
      }
      await tx.eventRates.pruneRates({
        slots: new Date(now.getTime() - SLOTS_KEPT_MS),
        hours: new Date(now.getTime() - HOURS_KEPT_MS),
      })
    }
    const caughtUp = window.kind !== 'catch_up'
    await tx.eventRates.setMark({
      rolledTo: caughtUp ? slotOf(now, SLOT_SECONDS) : window.to,
      rolledAt: now,
      wideAt: window.kind === 'wide' ? now : mark.wideAt,
      // Whoever catches up does not rest.
      tookMs: caughtUp ? performance.now() - began : 0,
    })
    return caughtUp ? 0 : 1
  })
}

/** The full hours that a window touches. */
function hoursOf(window: Pick<RollUpWindow, 'from' | 'to'>): { from: Date; to: Date } {
  const last = slotOf(new Date(window.to.getTime() - 1), HOUR_SECONDS)
  return { from: slotOf(window.from, HOUR_SECONDS), to: new Date(last.getTime() + HOUR_MS) }
}

export const rollUpRatesJob: Job = {
  name: 'roll-up-rates',
  topic: null,
  everyMs: NARROW_EVERY_MS,
  drain: rollUpRates,
}
