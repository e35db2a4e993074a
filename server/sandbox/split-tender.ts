/** Orders paid with several instruments, and the refunds that Juspay makes of one call on them (samples 040, 098). */
import type { Context } from './context.ts'
import { isSplit, refundedMinor } from './serialise.ts'
import type { OrderView } from './serialise.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** What a view of the order needs beyond its winning attempt; null when it has one instrument. */
export function splitOf(context: Context, order: OrderRecord): OrderView['split'] {
  if (!isSplit(order)) return null
  return { attempts: context.records.attempts(order.id), refunds: context.records.refunds(order.id) }
}

/** One part of a refund: K on the first instrument, K-1, K-2 … on the others. */
export type RefundPart = { attempt: AttemptRecord; amountMinor: bigint; uniqueRequestId: string }

/** What is left on all instruments together. */
export function leftOnSplit(context: Context, order: OrderRecord): bigint {
  return chargedWithLeft(context, order).reduce((sum, { left }) => sum + left, 0n)
}

/** Divides a refund over the instruments, the first ones first. */
export function splitRefund(
  context: Context,
  order: OrderRecord,
  uniqueRequestId: string,
  amountMinor: bigint,
): RefundPart[] {
  const parts: RefundPart[] = []
  let rest = amountMinor
  for (const { attempt, left } of chargedWithLeft(context, order)) {
    const share = left < rest ? left : rest
    if (share <= 0n) continue
    const suffix = parts.length === 0 ? '' : `-${parts.length}`
    parts.push({ attempt, amountMinor: share, uniqueRequestId: `${uniqueRequestId}${suffix}` })
    rest -= share
  }
  return parts
}

function chargedWithLeft(context: Context, order: OrderRecord): { attempt: AttemptRecord; left: bigint }[] {
  const refunds = context.records.refunds(order.id)
  return context.records
    .attempts(order.id)
    .filter((attempt) => attempt.status === 'CHARGED')
    .map((attempt) => {
      const own = refunds.filter((refund) => refund.txnUuid === attempt.txnUuid)
      return { attempt, left: attempt.amountMinor - refundedMinor(own) }
    })
}
