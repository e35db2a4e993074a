/**
 * Checks of many orders with Juspay, a part at a time (design §3.12): how far they are is shown wherever the person goes
 * in the dashboard, and they can be stopped. Each part is applied as it is answered, so what was checked stays checked.
 */
import { useSyncExternalStore } from 'react'
import { announce } from '../ui/announcer.tsx'
import type { CheckedOrder, Unfinished } from './check-report.ts'
import { onDeparture, presence } from './departure.ts'
import { toActProblem } from './errors.ts'

/** Orders of one request: about a second of Juspay's answers. */
export const PART_ORDERS = 10

export type CheckRun = { done: number; total: number; stopping: boolean }
/** What was answered, and what was not. */
export type CheckEnd = Unfinished & { results: readonly CheckedOrder[] }

let run: CheckRun | null = null
const listeners = new Set<() => void>()

function change(next: CheckRun | null): void {
  run = next
  for (const listener of listeners) listener()
}

// Nobody is there to see it or to stop it.
onDeparture(() => change(null))

/**
 * Asks about the orders part by part. One run goes on at a time; null for a second one, which is not begun, and for one
 * whose person left: it asks about nothing more and there is nobody to tell.
 */
export async function runChecks(
  orderIds: readonly string[],
  check: (part: string[]) => Promise<readonly CheckedOrder[]>,
): Promise<CheckEnd | null> {
  if (run !== null) return null
  const asked = orderIds.length
  const results: CheckedOrder[] = []
  const here = presence()
  if (asked === 0) return { results, asked, problem: null }
  change({ done: 0, total: asked, stopping: false })
  announce(`Checking ${asked} ${asked === 1 ? 'order' : 'orders'}`)
  try {
    for (let from = 0; from < asked && here() && !isStopping(); from += PART_ORDERS) {
      results.push(...(await check(orderIds.slice(from, from + PART_ORDERS))))
      if (here()) change({ done: Math.min(asked, from + PART_ORDERS), total: asked, stopping: isStopping() })
    }
    return here() ? { results, asked, problem: null } : null
  } catch (error) {
    return here() ? { results, asked, problem: toActProblem(error) } : null
  } finally {
    if (here()) change(null)
  }
}

function isStopping(): boolean {
  return run?.stopping ?? false
}

/** Ends the run after the part that is on its way. */
export function stopChecks(): void {
  if (run !== null) change({ ...run, stopping: true })
}

/** The run that goes on; null when none does. */
export function useCheckRun(): CheckRun | null {
  return useSyncExternalStore(subscribe, () => run)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
