/**
 * An attempt that failed and was charged long after it began: a conflict (API reference §4.3). Juspay returns such money
 * by itself where the account has that switched on, so whoever refunds it by hand may pay twice. Everything here follows
 * from instants that messages tell, so that it does not depend on when they reach us.
 */
import type { DiscrepancyKind, Finding } from './discrepancy.ts'
import type { OrderAggregate } from './order.ts'
import { FIRST_CHARGED, FIRST_FAILED, type TransactionRecord } from './transaction.ts'

/** Juspay's default: an attempt that is charged later than this after it began is a conflict. */
export const CONFLICT_THRESHOLD_MS = 10 * 60_000

export type LateSuccess = {
  txnRef: string
  failedAt: Date
  chargedAt: Date
  /** When Juspay has returned the money if it does so by itself: it names no time, so one threshold is allowed. */
  autoRefundDueAt: Date
}

/** The latest late success of the attempts whose money was kept; null when there is none. */
export function lateSuccessOf(transactions: readonly TransactionRecord[]): LateSuccess | null {
  let latest: LateSuccess | null = null
  for (const transaction of transactions) {
    const late = lateSuccessIn(transaction)
    if (late !== null && (latest === null || late.chargedAt > latest.chargedAt)) latest = late
  }
  return latest
}

function lateSuccessIn({
  txnRef,
  providerStatus,
  statedAt,
  createdAt,
}: TransactionRecord): LateSuccess | null {
  const [failed, charged] = [statedAt[FIRST_FAILED], statedAt[FIRST_CHARGED]]
  if (providerStatus !== 'CHARGED' && providerStatus !== 'SUCCESS') return null
  // A failure told later than the charge is an old message about another moment, not a conflict.
  if (failed === undefined || charged === undefined || failed >= charged) return null
  const begun = Math.min(createdAt?.getTime() ?? failed, failed)
  if (charged - begun <= CONFLICT_THRESHOLD_MS) return null
  return {
    txnRef,
    failedAt: new Date(failed),
    chargedAt: new Date(charged),
    autoRefundDueAt: new Date(charged + CONFLICT_THRESHOLD_MS),
  }
}

/** Whether the order's money came late and nobody has returned all of it. */
export function isLateSuccess({ order, transactions }: OrderAggregate): boolean {
  return order.refundState !== 'full' && lateSuccessOf(transactions) !== null
}

/**
 * When Juspay's own return of a late success is due, for as long as that has to be told: until all of it has gone back,
 * or its work item is closed (kept as a sale, say) and Juspay's time has passed too.
 * @param openKinds kinds of the order's open work items
 */
export function awaitedAutoRefund(
  {
    order,
    transactions,
  }: Pick<OrderAggregate, 'transactions'> & {
    order: Pick<OrderAggregate['order'], 'refundState'>
  },
  openKinds: readonly DiscrepancyKind[],
  now: Date,
): Date | null {
  const late = order.refundState === 'full' ? null : lateSuccessOf(transactions)
  if (late === null) return null
  return openKinds.includes('late_success') || late.autoRefundDueAt > now ? late.autoRefundDueAt : null
}

/** "22 Nov 2026, 14:35". The sentence is kept, so it names the merchants' zone and not that of a screen. */
const MINUTE = new Intl.DateTimeFormat('en-IN', {
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'Asia/Kolkata',
})

/** The work item for a late success that `next` shows and `before` did not. A person's word on it is then not undone. */
export function lateSuccessFinding(before: OrderAggregate | null, next: OrderAggregate): Finding | null {
  const late = lateSuccessOf(next.transactions)
  if (late === null || !isLateSuccess(next) || (before !== null && isLateSuccess(before))) return null
  const minutes = Math.round((late.chargedAt.getTime() - late.failedAt.getTime()) / 60_000)
  return {
    kind: 'late_success',
    detail: `Attempt ${late.txnRef} failed and was charged ${minutes} min later. If the account has automatic refunds of such payments, Juspay returns the money by ${MINUTE.format(late.autoRefundDueAt)} IST; wait for that before refunding by hand.`,
    ours: 'failed',
    theirs: 'CHARGED',
  }
}
