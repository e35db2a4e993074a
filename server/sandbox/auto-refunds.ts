import type { Context } from './context.ts'
import { emitOrderEvent } from './events.ts'
import { alphanumeric } from './random.ts'
import { acceptRefund } from './refunds.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

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
