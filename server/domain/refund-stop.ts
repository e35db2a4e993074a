/** The kill switch: while a stop is in force nothing is sent. Asking and deciding go on, and wait (C25). */
import { gatewayLabel } from './gateway.ts'

/** What a stop holds back. `gateway` null is everything. */
export type StopScope = { gateway: string | null; reason: string; setByName: string; expiresAt: Date | null }

/** Shortest reason a person may give: whoever finds refunds waiting must learn why. */
export const STOP_REASON_MIN = 5
/** Longest reason and longest note of lifting. */
export const STOP_REASON_MAX = 300
/** A stop with an end of its own ends at most this much later. */
export const STOP_DAYS_MAX = 30

/** How soon a refund that is held back is looked at again; a stop that is lifted wakes the sender at once. */
export const STOPPED_LOOK_MS = 60_000

/**
 * The stop that holds back a refund through `gateway`; null when it may be sent. A refund whose gateway is not known is
 * held back by a stop of any gateway: it might go there.
 */
export function stopHolding<T extends Pick<StopScope, 'gateway'>>(
  stops: readonly T[],
  gateway: string | null,
): T | null {
  return (
    stops.find((stop) => stop.gateway === null) ??
    stops.find((stop) => gateway === null || stop.gateway === gateway) ??
    null
  )
}

/** "Refunds are stopped" or "Refunds through Razorpay are stopped". */
export function stopTitle({ gateway }: Pick<StopScope, 'gateway'>): string {
  return gateway === null ? 'Refunds are stopped' : `Refunds through ${gatewayLabel(gateway)} are stopped`
}

/** What is wrong with a reason, as a sentence for the form; null when it will do. */
export function stopReasonProblem(reason: string): string | null {
  const { length } = reason.trim()
  if (length < STOP_REASON_MIN) return `Reason must be at least ${STOP_REASON_MIN} characters.`
  return length > STOP_REASON_MAX ? `Reason must be ${STOP_REASON_MAX} characters or less.` : null
}

/** What is wrong with the end of a stop, as a sentence; null when it will do. */
export function stopEndProblem(expiresAt: Date | null, now: Date): string | null {
  if (expiresAt === null) return null
  const ms = expiresAt.getTime() - now.getTime()
  if (ms <= 0) return 'End must be in the future.'
  return ms > STOP_DAYS_MAX * 86_400_000 ? `End must be within ${STOP_DAYS_MAX} days.` : null
}
