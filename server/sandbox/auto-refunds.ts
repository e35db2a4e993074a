import type { Context } from './context.ts'
import { emitOrderEvent } from './events.ts'
import { alphanumeric } from './random.ts'
import { acceptRefund } from './refunds.ts'
import { isSplit } from './serialise.ts'
import type { Merchant } from './settings.ts'
import { isFailed } from './status.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** Reference 4.3: "default 10 min". */
const CONFLICT_MINUTES = 10

/** An order's own word on a rule (reference 2.1, `metadata.auto_refund_*`), as text or JSON; undefined when it has none. */
function ownWord(order: OrderRecord, name: string): string | undefined {
  const value = order.metadata[name]
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
    ? String(value)
    : undefined
}

/**
 * Whether a success that comes now, on an attempt that stands as given, comes too late to be a sale: after a failure and
 * the threshold, or after the time in which the shop could still deliver. Registrations of mandates are left alone.
 */
function isTooLate(
  merchant: Merchant | null,
  order: OrderRecord,
  attempt: AttemptRecord,
  at: number,
): boolean {
  if (order.mandate) return false
  const own = ownWord(order, 'auto_refund_post_success')
  if (own === undefined ? !merchant?.autoRefundConflict : own !== 'true') return false
  const asked = Number(ownWord(order, 'auto_refund_conflict_threshold_minutes') ?? Number.NaN)
  const minutes = asked >= 0 ? asked : (merchant?.conflictThresholdMinutes ?? CONFLICT_MINUTES)
  const isUndeliverable =
    order.fulfilmentMinutes !== undefined && at - order.createdAt > order.fulfilmentMinutes * 60_000
  return isUndeliverable || (isFailed(attempt.status) && at - attempt.createdAt > minutes * 60_000)
}

/**
 * Whether Juspay returns a charge by rule (reference 4.3): the second one of an order, or a success that comes later than
 * the threshold after a failure. Of an order paid with several instruments every part is wanted.
 * @param attempt as it stood before the charge
 */
export function isRefundedByRule(
  merchant: Merchant | null,
  order: OrderRecord,
  attempt: AttemptRecord,
  others: readonly AttemptRecord[],
  at: number,
): boolean {
  const isSecond = others.some((other) => other.txnUuid !== attempt.txnUuid && other.status === 'CHARGED')
  if (isSecond && !isSplit(order) && merchant?.autoRefundMultiple) return true
  return isTooLate(merchant, order, attempt, at)
}

/**
 * Refunds a charged attempt by rule: the attempt becomes AUTO_REFUNDED and a refund `AR…` initiated by
 * AUTO_REFUNDED starts (reference 4.3, 5.4). The caller has written the charge to the ledger before.
 */
export function startAutoRefund(
  context: Context,
  order: OrderRecord,
  attempt: AttemptRecord,
  at: number,
): AttemptRecord {
  const refunded: AttemptRecord = { ...attempt, status: 'AUTO_REFUNDED', updatedAt: at }
  context.records.saveAttempt(refunded)
  acceptRefund(
    context,
    order,
    refunded,
    {
      uniqueRequestId: `AR${alphanumeric(14)}`,
      amountMinor: attempt.amountMinor,
      initiatedBy: 'AUTO_REFUNDED',
      refundType: 'STANDARD',
      outcome: 'success',
      webhookUrl: null,
    },
    at,
  )
  emitOrderEvent(context, 'AUTO_REFUND_INITIATED', order, refunded, at)
  return refunded
}
