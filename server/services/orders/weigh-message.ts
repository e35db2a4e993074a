/**
 * What messages make of an order, one after the other, without touching the database: the domain's merge, whether the
 * money is vouched for, and when to ask Juspay next.
 */
import type { FieldChange } from '../../domain/change.ts'
import { nextCheckAt } from '../../domain/check-schedule.ts'
import { doubtOf, reviewed, unconfirmedAfter, type MessageSource } from '../../domain/confirmation.ts'
import { isStale, mergeOrder, type OrderAggregate, type OrderMerge } from '../../domain/order.ts'
import type { ProviderOrder } from '../../domain/provider-order.ts'
import { isSettledRefund } from '../../domain/refund.ts'
import { isChargeUnknown, unknownChargeFinding } from '../../domain/unknown-amount.ts'
import type { SweepTimes } from '../../store/order-locks.ts'
import type { AccountRef } from '../deps.ts'

export type ApplySource = {
  kind: MessageSource
  /** The webhook event, status check or refund behind the message. */
  id: string | null
  /** When Juspay says it happened. */
  occurredAt: Date | null
}

/** One message of Juspay's about one order. */
export type Message = { account: AccountRef; order: ProviderOrder; source: ApplySource; now: Date }

export type ApplyOutcome = {
  orderId: string | null
  /**
   * `stale`: older than what we hold, and it added nothing. `wrong_merchant`: the message is another merchant's and
   * nothing was touched (W28). `insufficient`: it tells too little about an order we do not know, so ask the order
   * status API first (W9).
   */
  outcome: 'applied' | 'no_change' | 'stale' | 'wrong_merchant' | 'insufficient'
  changes: FieldChange[]
}

/** An order between two messages: what is stored of it, or will be. */
export type Held = OrderAggregate &
  SweepTimes & { version: number; changedAt: Date; lastCheckedAt: Date | null }

/** What a message makes of an order, and whether the money in it is vouched for (W16). */
export type Weighed = OrderMerge & { unconfirmedSince: Date | null }

export type Step = {
  message: Message
  outcome: ApplyOutcome['outcome']
  /** Null when the message tells too little about an order we do not know. */
  weighed: Weighed | null
}

/** Weighs messages about one order in their order, each on what the one before left. */
export function weighInTurn(
  before: Held | null,
  messages: readonly Message[],
): { held: Held | null; steps: Step[] } {
  let held = before
  const steps: Step[] = []
  for (const message of messages) {
    const { order: told } = message
    if (held === null && told.providerStatus === null && told.transactions.length === 0) {
      steps.push({ message, outcome: 'insufficient', weighed: null })
      continue
    }
    const weighed = weigh(held, message)
    steps.push({ message, outcome: outcomeOf(held, weighed, told), weighed })
    held = heldAfter(held, message, weighed)
  }
  return { held, steps }
}

function outcomeOf(held: Held | null, { changes }: Weighed, told: ProviderOrder): ApplyOutcome['outcome'] {
  if (held === null || changes.length > 0) return 'applied'
  return isStale(held.order, told) ? 'stale' : 'no_change'
}

function weigh(current: Held | null, { account, order: told, source, now }: Message): Weighed {
  const merged = mergeOrder(current, told, { currency: account.currency, now })
  const unconfirmedSince = unconfirmedAfter(current?.unconfirmedSince ?? null, {
    source: source.kind,
    before: current,
    next: merged.next,
    told,
    now,
  })
  const doubt =
    unknownChargeFinding(current, merged.next, source.kind) ??
    (source.kind === 'status_check' ? doubtOf(merged.next, told, unconfirmedSince, now) : null)
  const findings = doubt === null ? merged.findings : [...merged.findings, doubt]
  const inReview = unconfirmedSince !== null && (doubt !== null || merged.next.order.inReview)
  return { ...reviewed({ ...merged, findings }, inReview), unconfirmedSince }
}

function heldAfter(before: Held | null, message: Message, weighed: Weighed): Held {
  const { next, changes, unconfirmedSince } = weighed
  const changed = before === null || changes.length > 0
  const times = {
    changedAt: changed ? message.now : before.changedAt,
    lastCheckedAt: before?.lastCheckedAt ?? null,
  }
  return {
    ...next,
    ...times,
    version: before === null ? 1 : before.version + (changed ? 1 : 0),
    unconfirmedSince,
    nextCheckAt: dueAt(before, message, weighed, times),
  }
}

function dueAt(
  before: Held | null,
  { source, now }: Message,
  { next, unconfirmedSince }: Weighed,
  times: { changedAt: Date; lastCheckedAt: Date | null },
): Date | null {
  const asked = source.kind !== 'webhook'
  // A webhook answers no question of ours: one that is due stays due.
  if (!asked && before !== null && before.nextCheckAt !== null && before.nextCheckAt <= now)
    return before.nextCheckAt
  // How much was charged is asked at once, and once: repeats of such a webhook must not use up the order's calls.
  if (!asked && isChargeUnknown(next) && !isChargeUnknown(before)) return now
  const { order, refunds } = next
  const openRefunds = refunds.some((refund) => refund.origin !== 'paydesk' && !isSettledRefund(refund.status))
  const lastCheckedAt = asked ? now : times.lastCheckedAt
  const { paymentStatus, providerStatus } = order
  const releasing = providerStatus === 'VOID_INITIATED'
  const state = { paymentStatus, releasing, openRefunds, unconfirmedSince, ...times, lastCheckedAt }
  return nextCheckAt(state, now)
}
