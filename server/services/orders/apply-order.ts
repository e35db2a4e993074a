/**
 * The one way Juspay's word enters an order, whether it came as a webhook, a status answer or the answer to a refund:
 * lock the order, let the domain merge, write what differs with its change log in the same transaction.
 */
import type { FieldChange } from '../../domain/change.ts'
import { doubtOf, reviewed, unconfirmedAfter, type MessageSource } from '../../domain/confirmation.ts'
import { nextCheckAt } from '../../domain/check-schedule.ts'
import type { DiscrepancyKind, Finding } from '../../domain/discrepancy.ts'
import { isStale, mergeOrder, type OrderMerge } from '../../domain/order.ts'
import type { ProviderOrder } from '../../domain/provider-order.ts'
import { isSettledRefund } from '../../domain/refund.ts'
import { statusAgrees, statusConflict } from '../../domain/status-conflict.ts'
import type { LockedAggregate, SweepTimes } from '../../store/orders.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AccountRef } from '../deps.ts'

export type ApplySource = {
  kind: MessageSource
  /** The webhook event, status check or refund behind the message. */
  id: string | null
  /** When Juspay says it happened. */
  occurredAt: Date | null
}

export type ApplyOutcome = {
  orderId: string | null
  /**
   * `stale`: older than what we hold, and it added nothing. `wrong_merchant`: the message is another merchant's and nothing was touched (W28). `insufficient`: it tells too
   * little about an order we do not know, so ask the order status API first (W9).
   */
  outcome: 'applied' | 'no_change' | 'stale' | 'wrong_merchant' | 'insufficient'
  changes: FieldChange[]
}

/** Findings that follow from the order as it is: they close by themselves when they no longer hold. */
const DERIVED_KINDS = ['over_refunded', 'double_charge'] as const satisfies readonly DiscrepancyKind[]

type Input = { account: AccountRef; order: ProviderOrder; source: ApplySource; now: Date }

/** Applies one message inside `tx`. The caller wakes `live` after the commit. */
export async function applyProviderOrder(tx: StoreTx, input: Input): Promise<ApplyOutcome> {
  const { account, order: told } = input
  if (told.merchantRef !== null && told.merchantRef !== account.juspayMerchantId)
    return { orderId: null, outcome: 'wrong_merchant', changes: [] }
  const known = await tx.orders.lockByRef(account.id, told.orderRef)
  if (known !== null) return update(tx, known, input)
  if (told.providerStatus === null && told.transactions.length === 0)
    return { orderId: null, outcome: 'insufficient', changes: [] }
  const merged = weigh(null, input)
  const sweep = scheduleOf(merged, input, { changedAt: input.now, lastCheckedAt: null })
  const orderId = await tx.orders.insertAggregate(account.id, merged.next, { now: input.now, ...sweep })
  if (orderId !== null) {
    await record(tx, orderId, input, merged)
    return { orderId, outcome: 'applied', changes: merged.changes }
  }
  // Another message about the same new order was first.
  const raced = await tx.orders.lockByRef(account.id, told.orderRef)
  if (raced === null) throw new Error('an order that conflicts with an insert cannot be found')
  return update(tx, raced, input)
}

async function update(tx: StoreTx, current: LockedAggregate, input: Input): Promise<ApplyOutcome> {
  const merged = weigh(current, input)
  const changed = merged.changes.length > 0
  await tx.orders.saveAggregate(current, merged.next, {
    now: input.now,
    ...scheduleOf(merged, input, {
      changedAt: changed ? input.now : current.changedAt,
      lastCheckedAt: current.lastCheckedAt,
    }),
    changed,
  })
  await record(tx, current.orderId, input, merged)
  return {
    orderId: current.orderId,
    outcome: changed ? 'applied' : isStale(current.order, input.order) ? 'stale' : 'no_change',
    changes: merged.changes,
  }
}

/** What a message makes of an order, and whether the money in it is vouched for (W16). */
type Weighed = OrderMerge & { unconfirmedSince: Date | null }

function weigh(current: LockedAggregate | null, { account, order: told, source, now }: Input): Weighed {
  const merged = mergeOrder(current, told, { currency: account.currency, now })
  const unconfirmedSince = unconfirmedAfter(current?.unconfirmedSince ?? null, {
    source: source.kind,
    before: current,
    next: merged.next,
    told,
    now,
  })
  const doubt = source.kind === 'status_check' ? doubtOf(merged.next, told, unconfirmedSince, now) : null
  const findings = doubt === null ? merged.findings : [...merged.findings, doubt]
  const inReview = unconfirmedSince !== null && (doubt !== null || merged.next.order.inReview)
  return { ...reviewed({ ...merged, findings }, inReview), unconfirmedSince }
}

function scheduleOf(
  { next: { order, refunds }, unconfirmedSince }: Weighed,
  { source, now }: Input,
  times: { changedAt: Date; lastCheckedAt: Date | null },
): SweepTimes {
  const openRefunds = refunds.some((refund) => refund.origin !== 'paydesk' && !isSettledRefund(refund.status))
  const lastCheckedAt = source.kind === 'webhook' ? times.lastCheckedAt : now
  const state = { paymentStatus: order.paymentStatus, openRefunds, unconfirmedSince, ...times, lastCheckedAt }
  return { nextCheckAt: nextCheckAt(state, now), unconfirmedSince }
}

async function record(tx: StoreTx, orderId: string, input: Input, merged: Weighed): Promise<void> {
  const { account, source, now } = input
  await recordFindings(tx, orderId, input, merged)
  if (merged.changes.length === 0) return
  await tx.orderChanges.append({
    accountId: account.id,
    orderId,
    source: source.kind,
    sourceId: source.id,
    changes: merged.changes,
    occurredAt: source.occurredAt,
    at: now,
  })
  await tx.liveChanges.append(account.id, 'order', orderId)
  const touched = new Set(merged.changes.map((change) => change.subject))
  for (const refund of merged.next.refunds)
    if (refund.id !== null && touched.has(`refund:${refund.uniqueRequestId}`))
      await tx.liveChanges.append(account.id, 'refund', refund.id)
}

/** Opens what the message shows and closes what it shows to be over. */
async function recordFindings(
  tx: StoreTx,
  orderId: string,
  { account, order: told, source, now }: Input,
  { next, findings: merged, unconfirmedSince }: Weighed,
): Promise<void> {
  const findings: Finding[] = [...merged]
  const watched: DiscrepancyKind[] = [...DERIVED_KINDS]
  if (source.kind !== 'webhook' && unconfirmedSince === null) watched.push('unconfirmed_claim')
  if (source.kind === 'status_check') {
    watched.push('missing_at_juspay')
    if (statusAgrees(next.order, told)) watched.push('status_conflict')
    const conflict = statusConflict(next.order, told)
    if (conflict !== null) findings.push(conflict)
  }
  const held = new Set(findings.map((finding) => finding.kind))
  const touched = await tx.discrepancies.close(
    account.id,
    orderId,
    watched.filter((kind) => !held.has(kind)),
    { by: 'paydesk', resolution: 'No longer so: later messages from Juspay settled it.', now },
  )
  for (const finding of findings) {
    const id = await tx.discrepancies.open(account.id, orderId, finding, now)
    if (id !== null) touched.push(id)
  }
  for (const id of touched) await tx.liveChanges.append(account.id, 'discrepancy', id)
}
