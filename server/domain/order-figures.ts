/**
 * The amounts at the top of an order: charged is refunded, on its way, held by disputes and left, added up from the
 * refund records by their state (design §4.4). Juspay's `amount_refunded` is no help: it counts refunds that are pending
 * and drops back when one fails (API reference §3.5). When records and balance disagree, the difference is told and
 * never hidden.
 */
import { leftMinorOf } from './refund-block.ts'
import type { OrderRecord } from './order.ts'
import type { RefundFacts } from './refund-display.ts'
import { returnsNothing } from './refund.ts'
import { chargedOf, CHARGED_WORDS, takenBy, type TransactionRecord } from './transaction.ts'

/** Money in the smallest unit of the order's currency. */
export type OrderFigures = {
  chargedMinor: bigint
  /** Back with the customer, whoever sent it. */
  refundedMinor: bigint
  /** Of it, made outside Paydesk. */
  refundedElsewhereMinor: bigint
  /** Of it, returned by Juspay's own rules. */
  returnedByJuspayMinor: bigint
  /** Asked for or on its way, whoever sent it. */
  pendingMinor: bigint
  /** Of it, waiting for a second person. */
  waitingMinor: bigint
  /** Of it, made outside Paydesk or by Juspay. */
  pendingElsewhereMinor: bigint
  /** What disputes hold of the money that is still here, or have taken of it. */
  disputedMinor: bigint
  /** What may still be asked for. */
  leftMinor: bigint
  /** What charged is less than (positive) or more than (negative) everything it should be; 0 when it adds up. */
  gapMinor: bigint
  /** What the customer paid besides or less than the order's amount: surcharge above zero, offers below. */
  extraMinor: bigint
  /** Each attempt that took money, in the order they were made; more than one is a customer who paid twice. */
  charges: { txnRef: string; number: number; amountMinor: bigint }[]
}

type Balance = Pick<
  OrderRecord,
  | 'amountMinor'
  | 'effectiveAmountMinor'
  | 'chargedMinor'
  | 'reservedMinor'
  | 'refundedMinor'
  | 'externalRefundedMinor'
  | 'disputedMinor'
  | 'providerStatus'
>
type Given = Pick<RefundFacts, 'origin' | 'amountMinor' | 'refundStatus' | 'requestStatus'>

/**
 * Adds up an order.
 * @param order its balance as stored
 * @param attempts its attempts, in the order they were made
 * @param refunds its refunds and refund requests
 */
export function orderFigures(
  order: Balance,
  attempts: readonly TransactionRecord[],
  refunds: readonly Given[],
): OrderFigures {
  const sums = sumRefunds(refunds)
  const { autoRefundedMinor } = chargedOf(order, attempts, order.providerStatus)
  // An attempt that is AUTO_REFUNDED has gone back even where Juspay lists no refund of it (§4.1).
  const auto = sums.autoDone + sums.autoPending
  const returnedByJuspayMinor = sums.autoDone + (autoRefundedMinor > auto ? autoRefundedMinor - auto : 0n)
  const refundedMinor = sums.ours + sums.elsewhere + returnedByJuspayMinor
  const pendingElsewhereMinor = sums.elsewherePending + sums.autoPending
  const pendingMinor = sums.oursPending + sums.waiting + pendingElsewhereMinor
  const leftMinor = leftMinorOf(order)
  const disputedMinor = heldByDisputes(order)
  return {
    chargedMinor: order.chargedMinor,
    refundedMinor,
    refundedElsewhereMinor: sums.elsewhere,
    returnedByJuspayMinor,
    pendingMinor,
    waitingMinor: sums.waiting,
    pendingElsewhereMinor,
    disputedMinor,
    leftMinor,
    gapMinor: refundedMinor + pendingMinor + disputedMinor + leftMinor - order.chargedMinor,
    extraMinor: order.effectiveAmountMinor === null ? 0n : order.effectiveAmountMinor - order.amountMinor,
    charges: attempts.flatMap((attempt, index) =>
      CHARGED_WORDS.has(attempt.providerStatus)
        ? [
            {
              txnRef: attempt.txnRef,
              number: index + 1,
              amountMinor: takenBy(attempt, order.amountMinor),
            },
          ]
        : [],
    ),
  }
}

function sumRefunds(refunds: readonly Given[]) {
  const sums = {
    ours: 0n,
    oursPending: 0n,
    waiting: 0n,
    elsewhere: 0n,
    elsewherePending: 0n,
    autoDone: 0n,
    autoPending: 0n,
  }
  for (const { origin, amountMinor, refundStatus, requestStatus } of refunds) {
    if (refundStatus === null) {
      if (requestStatus === 'pending_approval') sums.waiting += amountMinor
      continue
    }
    if (returnsNothing(refundStatus)) continue
    const done = refundStatus === 'succeeded'
    if (origin === 'paydesk') sums[done ? 'ours' : 'oursPending'] += amountMinor
    else if (origin === 'external') sums[done ? 'elsewhere' : 'elsewherePending'] += amountMinor
    else sums[done ? 'autoDone' : 'autoPending'] += amountMinor
  }
  return sums
}

/** Disputes take at most what has not gone back: money that is away is not here to be held. */
function heldByDisputes(order: Balance): bigint {
  const here = order.chargedMinor - order.reservedMinor - order.refundedMinor - order.externalRefundedMinor
  if (here <= 0n) return 0n
  return order.disputedMinor < here ? order.disputedMinor : here
}
