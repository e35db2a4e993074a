/**
 * Whoever was signed in here leaves, by signing out or because the session ended. What they began ends without a word:
 * the next person at this screen is told nothing of it.
 */
import { dropConfirm } from '../ui/confirm-store.ts'
import { clearToasts } from '../ui/toasts.tsx'

let departures = 0
const listeners = new Set<() => void>()

/** For what goes on for a while: whether the person who is here now still is. */
export function presence(): () => boolean {
  const before = departures
  return () => departures === before
}

/** Calls `listener` whenever somebody leaves. */
export function onDeparture(listener: () => void): void {
  listeners.add(listener)
}

/** Ends what the person here began, and takes away what they were told or asked. */
export function depart(): void {
  departures += 1
  for (const listener of listeners) listener()
  clearToasts()
  dropConfirm()
}
