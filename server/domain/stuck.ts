/** When an order needs a person: nothing more will happen to it by itself, or not soon enough. */
import type { DisplayStatus } from './payment-status.ts'

/** A payment without an outcome is stuck from here on: customers finish or give up long before. */
export const STUCK_AFTER_MS = 30 * 60_000

/** Stuck orders are looked for this far back: what is older has been given up, and counting it would never end. */
export const STUCK_LOOKBACK_MS = 30 * 86_400_000

/** Statuses that only a person ends, at any age. */
export const ATTENTION_STATUSES = [
  'review',
  'unknown',
  'disputed',
] as const satisfies readonly DisplayStatus[]

/** Pending orders created before this are stuck. */
export function stuckBefore(now: Date): Date {
  return new Date(now.getTime() - STUCK_AFTER_MS)
}
