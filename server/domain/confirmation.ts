/**
 * Who vouches for an order's money. A webhook proves only that somebody knew our password (reliability W16), so what it
 * says about money is a claim until an answer that we asked Juspay for says the same. `unconfirmedSince` is the
 * earliest instant, by our clock, of a claim that no answer has confirmed; null when there is none. Nor does an answer
 * vouch for a charge of which nobody names the amount.
 */
import { differences } from './change.ts'
import type { Finding } from './discrepancy.ts'
import { formatMoney } from './money.ts'
import { derive, type OrderAggregate, type OrderMerge } from './order.ts'
import { describeStatus, paymentStatusOf } from './payment-status.ts'
import type { ProviderOrder, ProviderRefund, ProviderTransaction } from './provider-order.ts'
import {
  isSettledRefund,
  refundStatusOf,
  returnsNothing,
  type RefundPart,
  type RefundRecord,
} from './refund.ts'
import { CHARGED_WORDS, takenBy, type TransactionRecord } from './transaction.ts'
import { isChargeUnknown } from './unknown-amount.ts'

/** How a message reached us: sent to us, or asked for by us (the last two). */
export type MessageSource = 'webhook' | 'status_check' | 'refund_answer'

/** A change that moves money, or what we believe may be moved. */
export type MoneyClaim =
  'charged' | 'effective_amount' | 'payment_status' | 'refunded' | 'external_refunded' | 'refund_settled'

/** How long Juspay may answer without the claim before a person is told: its answers lag by seconds (§6.5). */
export const CLAIM_DOUBTED_AFTER_MS = 15 * 60_000

/** What a change of an order claims about money; empty for anything else. `before` null means the order is new. */
export function moneyClaims(before: OrderAggregate | null, next: OrderAggregate): MoneyClaim[] {
  const [was, is] = [before?.order ?? null, next.order]
  const claims: MoneyClaim[] = []
  if (is.chargedMinor !== (was?.chargedMinor ?? 0n)) claims.push('charged')
  if (is.paymentStatus === 'charged' && was !== null && is.effectiveAmountMinor !== was.effectiveAmountMinor)
    claims.push('effective_amount')
  if (
    is.paymentStatus !== was?.paymentStatus &&
    (is.paymentStatus === 'charged' || is.paymentStatus === 'voided')
  )
    claims.push('payment_status')
  if (is.refundedMinor !== (was?.refundedMinor ?? 0n)) claims.push('refunded')
  if (is.externalRefundedMinor !== (was?.externalRefundedMinor ?? 0n)) claims.push('external_refunded')
  const statuses = new Map(before?.refunds.map((refund) => [refund.uniqueRequestId, refund.status]))
  if (next.refunds.some((refund) => isTold(refund) && statuses.get(refund.uniqueRequestId) !== refund.status))
    claims.push('refund_settled')
  return claims
}

/** A refund of which Juspay has said how it ended. */
function isTold(refund: RefundRecord): boolean {
  return refund.providerStatus !== null && !refund.settledByPeople && isSettledRefund(refund.status)
}

/**
 * What `unconfirmedSince` is after a message. A webhook that claims money sets it and never moves it (the earliest
 * claim counts) or clears it; an answer never sets it and clears it when it agrees with everything we hold about money.
 * @param message.next the order with the message merged into it
 */
export function unconfirmedAfter(
  since: Date | null,
  message: {
    source: MessageSource
    before: OrderAggregate | null
    next: OrderAggregate
    told: ProviderOrder
    now: Date
  },
): Date | null {
  if (message.source !== 'webhook') {
    if (isChargeUnknown(message.next)) return since ?? message.now
    return since !== null && confirms(message.next, message.told) ? null : since
  }
  if (since !== null) return since
  return moneyClaims(message.before, message.next).length > 0 ? message.now : null
}

/**
 * Whether an answer says the same about money as we hold after merging it. An answer that is behind does not, nor does
 * one that contradicts; so does not one that names no amount of a charged order.
 */
export function confirms(held: OrderAggregate, told: ProviderOrder): boolean {
  return sameOutcome(held, told) && sameAmounts(held, told) && sameRefunds(held, told)
}

function sameOutcome({ order, transactions }: OrderAggregate, told: ProviderOrder): boolean {
  const word = told.providerStatus
  if (word === null || paymentStatusOf(word) !== order.paymentStatus) return false
  if (order.paymentStatus === 'charged' && plain(word) !== plain(order.providerStatus)) return false
  // An answer names the attempt that decides the order (§11.10): one that it leaves out is not denied by it.
  const byRef = new Map(transactions.map((transaction) => [transaction.txnRef, transaction]))
  return told.transactions.every((attempt) => sameAttempt(byRef.get(attempt.txnRef), attempt, word))
}

/** The portal's word for a charge is another (§4.2). */
function plain(word: string): string {
  return word === 'SUCCESS' ? 'CHARGED' : word
}

function sameAttempt(
  held: TransactionRecord | undefined,
  told: ProviderTransaction,
  orderWord: string,
): boolean {
  if (held === undefined) return false
  if (!CHARGED_WORDS.has(held.providerStatus)) return true
  // An attempt whose money went back may keep its old word beside the order's new one.
  const words = [plain(told.providerStatus), plain(orderWord)]
  return words.includes(plain(held.providerStatus)) && sameOrUnsaid(told.netAmountMinor, held.netAmountMinor)
}

function sameAmounts({ order }: OrderAggregate, told: ProviderOrder): boolean {
  if (order.paymentStatus !== 'charged') return true
  if (told.amountMinor === null && told.effectiveAmountMinor === null) return false
  return (
    sameOrUnsaid(told.amountMinor, order.amountMinor) &&
    sameOrUnsaid(told.effectiveAmountMinor, order.effectiveAmountMinor)
  )
}

function sameOrUnsaid(told: bigint | null, held: bigint | null): boolean {
  return told === null || told === held
}

/** Every refund of which a message has told must be in the answer, with the same end or none yet. */
function sameRefunds(held: OrderAggregate, told: ProviderOrder): boolean {
  const byKey = new Map(told.refunds.map((report) => [report.uniqueRequestId, report]))
  const leftOut = refundsLeftOut(held, told)
  return held.refunds.every((refund) => {
    if (refund.origin === 'paydesk' && !isTold(refund)) return true
    if (leftOut.has(refund)) return true
    if (refund.parts.length > 0) return refund.parts.every((part) => samePart(part, byKey.get(part.key)))
    const report = byKey.get(refund.uniqueRequestId)
    if (report === undefined) return false
    if (refund.origin !== 'paydesk' && !sameOrUnsaid(report.amountMinor, refund.amountMinor)) return false
    const status = refundStatusOf(report.providerStatus)
    // Juspay is not asked to confirm what people wrote down in its stead.
    if (refund.settledByPeople) return true
    return status === refund.status || (!isSettledRefund(status) && !isSettledRefund(refund.status))
  })
}

/**
 * Refunds that an answer about another attempt does not name: those by which Juspay returned a second charge by itself.
 * As a rule they name no attempt (§5.4) and then are of the attempts that it returned, as far as those were charged; so
 * {@link chargedAttempts} counts them too.
 */
function refundsLeftOut(
  { order, refunds, transactions }: OrderAggregate,
  told: ProviderOrder,
): ReadonlySet<RefundRecord> {
  const attempts = attemptsLeftOut(transactions, told)
  const keys = new Set(told.refunds.map(({ uniqueRequestId }) => uniqueRequestId))
  const autos = refunds.filter(
    ({ origin, uniqueRequestId }) => origin === 'auto' && !keys.has(uniqueRequestId),
  )
  const named = autos.filter((refund) => attempts.some(({ txnRef }) => txnRef === refund.txnRef))
  const unnamed = autos.filter(({ txnRef }) => txnRef === null)
  const returned = attempts.filter(({ providerStatus }) => providerStatus === 'AUTO_REFUNDED')
  const chargedMinor = returned.reduce((sum, one) => sum + takenBy(one, order.amountMinor), 0n)
  const givenMinor = [...named, ...unnamed]
    .filter(({ status }) => !returnsNothing(status))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  return new Set(returned.length > 0 && givenMinor <= chargedMinor ? [...named, ...unnamed] : named)
}

/** Attempts we hold that an answer about another attempt does not name (§11.10). */
function attemptsLeftOut(held: readonly TransactionRecord[], told: ProviderOrder): TransactionRecord[] {
  if (told.transactions.length === 0) return []
  const named = new Set(told.transactions.map((attempt) => attempt.txnRef))
  return held.filter(({ txnRef }) => !named.has(txnRef))
}

/** One part of a split refund: told, with the same end or none yet. */
function samePart(held: RefundPart, report: ProviderRefund | undefined): boolean {
  if (report === undefined) return false
  const [is, was] = [refundStatusOf(report.providerStatus), refundStatusOf(held.providerStatus)]
  return is === was || (!isSettledRefund(is) && !isSettledRefund(was))
}

/**
 * The work item for a claim that Juspay does not confirm; null while there is no claim, or it is so young that an
 * answer may simply be behind.
 * @param told the answer that did not confirm it
 */
export function doubtOf(
  { order }: OrderAggregate,
  told: ProviderOrder,
  since: Date | null,
  now: Date,
): Finding | null {
  if (since === null || now.getTime() - since.getTime() < CLAIM_DOUBTED_AFTER_MS) return null
  const money = (minor: bigint): string => formatMoney({ minor, currency: order.currency })
  const ours = describeStatus(order.providerStatus).label
  const theirs = told.providerStatus === null ? 'nothing' : describeStatus(told.providerStatus).label
  const gone = order.refundedMinor + order.externalRefundedMinor
  const claim = gone > 0n ? `${ours}, ${money(gone)} of ${money(order.chargedMinor)} returned` : ours
  return {
    kind: 'unconfirmed_claim',
    detail:
      ours === theirs
        ? `Webhooks say ${claim}; Juspay's order status says ${theirs} too, with other amounts or refunds.`
        : `Webhooks say ${claim}; Juspay's order status says ${theirs}.`,
    ours: order.providerStatus,
    theirs: told.providerStatus,
  }
}

/** The merge with the order marked for review or no longer so; what people see of it is a change like any other. */
export function reviewed(merge: OrderMerge, inReview: boolean): OrderMerge {
  if (merge.next.order.inReview === inReview) return merge
  const next = derive({ ...merge.next, order: { ...merge.next.order, inReview } })
  const shown = differences('order', merge.next.order, next.order, ['displayStatus'])
  const merged = merge.changes.find(isDisplayStatus)
  const changes = merge.changes.filter((change) => !isDisplayStatus(change))
  for (const change of shown) {
    const before = merged === undefined ? change.before : merged.before
    if (before !== change.after) changes.push({ ...change, before })
  }
  if (shown.length === 0 && merged !== undefined) changes.push(merged)
  return { ...merge, next, changes }
}

function isDisplayStatus(change: { subject: string; field: string }): boolean {
  return change.subject === 'order' && change.field === 'displayStatus'
}
