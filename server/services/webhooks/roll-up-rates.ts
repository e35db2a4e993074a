import { DAY_MS, SLOT_SECONDS, slotOf } from '../../domain/event-rate.ts'
import { FAILED_FOR_MS, hoursOf, nextWindow, spansOf } from '../../domain/roll-up.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

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
    const window = nextWindow(mark, await tx.eventRates.firstReceivedSince(mark.rolledTo), now)
    if (window === null) return 0
    const wide = window.kind === 'wide'
    const unsettled = wide
      ? await tx.eventRates.unsettled(window.from, new Date(now.getTime() - FAILED_FOR_MS))
      : []
    const spans = spansOf(window, unsettled)
    await tx.eventRates.rollUp(spans, window.kind === 'narrow' ? [] : hoursOf(spans))
    if (wide) await prune(tx, now)
    const caughtUp = window.kind !== 'catch_up'
    await tx.eventRates.setMark({
      rolledTo: caughtUp ? slotOf(now, SLOT_SECONDS) : window.to,
      rolledAt: now,
      wideAt: wide ? now : mark.wideAt,
      // Whoever catches up does not rest.
      tookMs: caughtUp ? performance.now() - began : 0,
    })
    return caughtUp ? 0 : 1
  })
}

function prune(tx: StoreTx, now: Date): Promise<number> {
  return tx.eventRates.pruneRates({
    slots: new Date(now.getTime() - SLOTS_KEPT_MS),
    hours: new Date(now.getTime() - HOURS_KEPT_MS),
  })
}
