import type { Context } from './context.ts'
import { refundErrors } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { isSplit, refundedMinor } from './serialise.ts'
import { leftOnSplit } from './split-tender.ts'
import { winningAttempt } from './status.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** Reference 5.5: "same amount within 5 seconds". */
const SAME_AMOUNT_MS = 5_000
/** Reference 5.3: at most 25 refund attempts an order. */
const MAX_REFUNDS = 25

/**
 * Every rule a refund must pass, in the order Juspay's bodies suggest: state of the order, amount,
 * the id already used (a rejection key, never a replay), the same amount just now, the cap, what is left.
 * @returns the refusal, or the attempt whose money goes back
 */
export function checkRefund(
  context: Context,
  order: OrderRecord,
  uniqueRequestId: string,
  amountMinor: bigint,
  txnId: string | null,
  at: number,
): { refusal: ApiAnswer } | { attempt: AttemptRecord } {
  const attempts = context.records.attempts(order.id)
  const chosen =
    txnId === null ? winningAttempt(attempts) : attempts.find((attempt) => attempt.txnId === txnId)
  const all = context.records.refunds(order.id)
  if (amountMinor <= 0n) return { refusal: refundErrors.invalidAmount() }
  if (all.some((refund) => refund.uniqueRequestId === uniqueRequestId)) {
    return { refusal: refundErrors.duplicateId() }
  }
  if (!chosen || chosen.status !== 'CHARGED') return { refusal: refundErrors.notSuccessful() }
  const justNow = all.some(
    (refund) =>
      refund.amountMinor === amountMinor && at - refund.createdAt < SAME_AMOUNT_MS && at >= refund.createdAt,
  )
  if (justNow) return { refusal: refundErrors.sameAmount() }
  if (all.length >= MAX_REFUNDS) return { refusal: refundErrors.tooMany() }
  if (isSplit(order))
    return amountMinor > leftOnSplit(context, order)
      ? { refusal: refundErrors.exceeded() }
      : { attempt: chosen }
  const held = refundedMinor(all.filter((refund) => refund.txnUuid === chosen.txnUuid))
  if (held + amountMinor > chosen.amountMinor) return { refusal: refundErrors.exceeded() }
  return { attempt: chosen }
}
