/** What becomes of an event, in the words it is kept under. */
import type { ProviderEvent } from '../../domain/provider-order.ts'
import { retryDelayMs } from '../../domain/webhook-retry.ts'
import type { EventVerdict, LockedEvent } from '../../store/webhook-queue.ts'
import type { AccountRef } from '../deps.ts'
import type { ApplyOutcome } from '../orders/weigh-message.ts'
import type { SideOutcome } from './apply-dispute.ts'

/** Longest reason kept with an event; stack traces stay in the log. */
const ERROR_MAX = 500

/** Trying again cannot make bytes readable: such an event is given up at once and stays visible as failed (W11). */
export function unreadable(event: LockedEvent, message: string, now: Date): EventVerdict {
  return {
    status: 'dead',
    outcome: 'parse_failed',
    eventRef: null,
    eventName: null,
    family: 'unknown',
    occurredAt: null,
    orderRef: null,
    orderId: null,
    error: message,
    tries: event.tries + 1,
    nextTryAt: null,
    processedAt: now,
  }
}

/** Kept and shown, beside its order when we know it, with nothing to apply. */
export function ignored(
  event: LockedEvent,
  told: ProviderEvent,
  orderId: string | null,
  now: Date,
): EventVerdict {
  const outcome = told.family === 'unknown' ? 'unknown_event' : 'no_order'
  return { ...done(event, told, now), status: 'ignored', outcome, orderId }
}

/** What an event did to its order. */
export function verdictOf(
  { event, told, account }: { event: LockedEvent; told: ProviderEvent; account: AccountRef },
  applied: ApplyOutcome,
  now: Date,
): EventVerdict {
  switch (applied.outcome) {
    case 'wrong_merchant': {
      const error = `The message is about merchant ${told.order?.merchantRef ?? ''}, this address belongs to ${account.juspayMerchantId}.`
      return { ...done(event, told, now), status: 'dead', outcome: 'wrong_merchant', error }
    }
    case 'insufficient':
      return waiting(event, told, now)
    case 'applied':
    case 'no_change':
    case 'stale': {
      // Replaying an event that once changed something does not make it a duplicate.
      const outcome =
        applied.outcome !== 'applied' && event.outcome === 'applied' ? 'applied' : applied.outcome
      return { ...done(event, told, now), outcome, orderId: applied.orderId }
    }
  }
}

/** What an event did that tells of something beside an order: a mandate, a notice, a dispute. */
export function sideVerdictOf(
  { event, told }: { event: LockedEvent; told: ProviderEvent },
  side: SideOutcome,
  now: Date,
): EventVerdict {
  if (side.outcome === 'no_order_yet') return waiting(event, told, now)
  // The event that waited for its order is what changed it, even when its dispute was linked meanwhile.
  const first = event.outcome === 'applied' || event.outcome === 'no_order_yet'
  return { ...done(event, told, now), outcome: first ? 'applied' : side.outcome, orderId: side.orderId }
}

/** The message tells of an order that is not there: tried again while it may still arrive. */
function waiting(event: LockedEvent, told: ProviderEvent, now: Date): EventVerdict {
  const { tries, nextTryAt } = nextTry(event, now)
  return {
    ...done(event, told, now),
    status: nextTryAt === null ? 'dead' : 'failed',
    outcome: 'no_order_yet',
    error: 'The message tells of an order that neither we nor Juspay know.',
    tries,
    nextTryAt,
    processedAt: nextTryAt === null ? now : null,
  }
}

function done(event: LockedEvent, told: ProviderEvent, now: Date): EventVerdict {
  return {
    status: 'processed',
    outcome: 'applied',
    eventRef: told.eventRef,
    eventName: told.name,
    family: told.family,
    occurredAt: told.occurredAt,
    orderRef: told.orderRef,
    orderId: null,
    error: null,
    tries: event.tries + 1,
    nextTryAt: null,
    processedAt: now,
  }
}

/** When an event that could not be applied is tried again; null when that was its last try (W10). */
export function nextTry(event: LockedEvent, now: Date): { tries: number; nextTryAt: Date | null } {
  const tries = event.tries + 1
  const delay = retryDelayMs(tries)
  return { tries, nextTryAt: delay === null ? null : new Date(now.getTime() + delay) }
}

/** What a person reads about a try that threw. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, ERROR_MAX)
}
