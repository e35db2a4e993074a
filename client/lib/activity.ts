/**
 * Whether somebody is there. A tab that is left alone still asks the server for what the live feed announces; those
 * calls say so, because a session ends when its owner does nothing, not when the tab does.
 */

/** Longer than a person's calls follow their deed; shorter than the server's idle limit by far. */
const PRESENT_MS = 60_000
const DEEDS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Header of calls that nobody caused; the server knows it by this name. */
const PASSIVE_HEADER = 'x-paydesk-passive'

export type Activity = { headers(): Record<string, string> }

/** Watches `target` for deeds of a person, from now on; opening the page is one. */
export function watchActivity(target: EventTarget, now: () => number): Activity {
  let lastAt = now()
  const note = () => {
    lastAt = now()
  }
  for (const deed of DEEDS) target.addEventListener(deed, note, { capture: true, passive: true })
  return { headers: () => (now() - lastAt < PRESENT_MS ? {} : { [PASSIVE_HEADER]: '1' }) }
}
