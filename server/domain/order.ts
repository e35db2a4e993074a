/**
 * The merge rules: how what Juspay says becomes what we hold. The result is a function of the set of messages, not of
 * their order or number (invariants J3, J4, J5): descriptive fields are last-writer-wins registers, every attempt's
 * status is a lattice, and everything else is derived from those.
 */
import { differences, type FieldChange } from './change.ts'
import { paidTwice } from './charged-attempt.ts'
import type { Finding } from './discrepancy.ts'
import { lateSuccessFinding } from './late-success.ts'
import { formatMoney } from './money.ts'
import {
  displayStatus,
  paymentStatusOf,
  type DisplayStatus,
  type PaymentStatus,
  type RefundState,
} from './payment-status.ts'
import type { ProviderOrder, ProviderRefund } from './provider-order.ts'
import { isPartOf, isSplit, mergeSplitRefund } from './refund-parts.ts'
import {
  balanceOf,
  mergeRefund,
  refundStateOf,
  type RefundMerge,
  type RefundRecord,
  type RequestHold,
} from './refund.ts'
import { phoneDigits } from './phone.ts'
import { assignStated, earlier, type Stamps } from './stamp.ts'
import {
  CHARGED_WORDS,
  chargedOf,
  decidingStatus,
  decidingTransaction,
  inTime,
  keepStatus,
  largestAmount,
  mergeTransactions,
  paidInFull,
  type TransactionRecord,
} from './transaction.ts'

export type OrderRecord = {
  orderRef: string
  providerOrderRef: string | null
  currency: string
  amountMinor: bigint
  effectiveAmountMinor: bigint | null
  chargedMinor: bigint
  reservedMinor: bigint
  refundedMinor: bigint
  externalRefundedMinor: bigint
  externalPendingMinor: bigint
  excessMinor: bigint
  providerStatus: string
  baseProviderStatus: string | null
  paymentStatus: PaymentStatus
  refundState: RefundState
  displayStatus: DisplayStatus
  inReview: boolean
  disputed: boolean
  /** What open disputes may take back, at most {@link AMOUNT_MINOR_MAX}: not there to refund. */
  disputedMinor: bigint
  gateway: string | null
  methodType: string | null
  method: string | null
  cardBrand: string | null
  cardLast4: string | null
  payerVpa: string | null
  gatewayRef: string | null
  rrn: string | null
  errorCode: string | null
  errorMessage: string | null
  attemptCount: number
  customerRef: string | null
  customerName: string | null
  customerEmail: string | null
  customerPhone: string | null
  description: string | null
  returnUrl: string | null
  udf: Readonly<Record<string, string>>
  statedAt: Stamps
  /** Juspay's creation time once stated, else when we first heard of the order. */
  createdAt: Date
  createdAtStated: boolean
  chargedAt: Date | null
}

/** An order with everything that decides its money, loaded under its row lock. */
export type OrderAggregate = {
  order: OrderRecord
  transactions: readonly TransactionRecord[]
  refunds: readonly RefundRecord[]
  requests: readonly RequestHold[]
}

export type OrderMerge = { next: OrderAggregate; changes: FieldChange[]; findings: Finding[] }

const ORDER_LOGGED = [
  'providerStatus',
  'paymentStatus',
  'refundState',
  'displayStatus',
  'amountMinor',
  'effectiveAmountMinor',
  'currency',
  'chargedMinor',
  'refundedMinor',
  'externalRefundedMinor',
  'reservedMinor',
  'excessMinor',
  'gateway',
  'methodType',
  'method',
  'cardBrand',
  'cardLast4',
  'gatewayRef',
  'rrn',
  'errorCode',
  'errorMessage',
  'attemptCount',
  'providerOrderRef',
  'customerName',
  'customerEmail',
  'customerPhone',
  'description',
] as const satisfies readonly (keyof OrderRecord)[]

/**
 * Merges one message into an order.
 * @param current what we hold, or null for an order never heard of
 * @param told the message, translated
 * @param context.currency the account's currency, for messages that name none; context.now when we heard it
 */
export function mergeOrder(
  current: OrderAggregate | null,
  told: ProviderOrder,
  context: { currency: string; now: Date },
): OrderMerge {
  const statedAtMs = (told.statedAt ?? told.createdAt)?.getTime() ?? 0
  const order = describe(current?.order ?? blankOrder(told, context), told, statedAtMs)
  const transactions = mergeTransactions(current?.transactions ?? [], told, statedAtMs)
  const refunds = mergeRefunds(current?.refunds ?? [], told, order.currency)
  const next = derive({
    order,
    transactions: transactions.next,
    refunds: refunds.next,
    requests: current?.requests ?? [],
  })
  const changes = [
    ...differences('order', current?.order ?? null, next.order, ORDER_LOGGED),
    ...transactions.changes,
    ...refunds.changes,
  ]
  const late = lateSuccessFinding(current, next)
  const findings = [...refunds.findings, ...findingsOf(next), ...(late === null ? [] : [late])]
  return { next, changes, findings }
}

/** Recomputes everything that follows from the rows: deciding attempt, balance, states. Pure and idempotent. */
export function derive(aggregate: OrderAggregate): OrderAggregate {
  const { refunds, requests } = aggregate
  const transactions = [...aggregate.transactions].sort(inTime)
  const deciding = decidingTransaction(transactions)
  const stated = aggregate.order.statedAt['amountMinor'] !== undefined
  const amountMinor = stated ? aggregate.order.amountMinor : largestAmount(transactions)
  const cost = { ...aggregate.order, amountMinor }
  const providerStatus = decidingStatus(deciding, aggregate.order, paidInFull(cost, transactions))
  const paymentStatus = paymentStatusOf(providerStatus)
  const charged = chargedOf(cost, transactions, providerStatus)
  const balance = balanceOf({ ...charged, refunds, requests })
  const refundState = refundStateOf(balance.chargedMinor, refunds)
  const { disputed, inReview } = aggregate.order
  const order: OrderRecord = {
    ...aggregate.order,
    amountMinor,
    chargedMinor: balance.chargedMinor,
    reservedMinor: balance.reservedMinor,
    refundedMinor: balance.refundedMinor,
    externalRefundedMinor: balance.externalRefundedMinor,
    externalPendingMinor: balance.externalPendingMinor,
    excessMinor: balance.excessMinor,
    providerStatus,
    paymentStatus,
    refundState,
    displayStatus: displayStatus({ paymentStatus, providerStatus, refundState, disputed, inReview }),
    gateway: deciding?.gateway ?? null,
    methodType: deciding?.methodType ?? null,
    method: deciding?.method ?? null,
    cardBrand: deciding?.cardBrand ?? null,
    cardLast4: deciding?.cardLast4 ?? null,
    payerVpa: deciding?.payerVpa ?? null,
    gatewayRef: deciding?.gatewayRef ?? null,
    rrn: deciding?.rrn ?? null,
    // A code on a charged attempt is not an error ("100", "Successful transaction."): only failures carry one on.
    errorCode: paymentStatus === 'failed' ? (deciding?.errorCode ?? null) : null,
    errorMessage: paymentStatus === 'failed' ? (deciding?.errorMessage ?? null) : null,
    attemptCount: transactions.length,
  }
  return { order, transactions, refunds, requests }
}

function blankOrder(told: ProviderOrder, context: { currency: string; now: Date }): OrderRecord {
  return {
    orderRef: told.orderRef,
    providerOrderRef: null,
    currency: context.currency,
    amountMinor: 0n,
    effectiveAmountMinor: null,
    chargedMinor: 0n,
    reservedMinor: 0n,
    refundedMinor: 0n,
    externalRefundedMinor: 0n,
    externalPendingMinor: 0n,
    excessMinor: 0n,
    providerStatus: 'NEW',
    baseProviderStatus: null,
    paymentStatus: 'created',
    refundState: 'none',
    displayStatus: 'pending',
    inReview: false,
    disputed: false,
    disputedMinor: 0n,
    gateway: null,
    methodType: null,
    method: null,
    cardBrand: null,
    cardLast4: null,
    payerVpa: null,
    gatewayRef: null,
    rrn: null,
    errorCode: null,
    errorMessage: null,
    attemptCount: 0,
    customerRef: null,
    customerName: null,
    customerEmail: null,
    customerPhone: null,
    description: null,
    returnUrl: null,
    udf: {},
    statedAt: {},
    createdAt: context.now,
    createdAtStated: false,
    chargedAt: null,
  }
}

function describe(current: OrderRecord, told: ProviderOrder, statedAtMs: number): OrderRecord {
  const stamps: Record<string, number> = { ...current.statedAt }
  const order: OrderRecord = { ...current, udf: { ...current.udf } }
  assignStated(order, stamps, 'orderRef', told.orderRef, statedAtMs)
  assignStated(order, stamps, 'providerOrderRef', told.providerOrderRef, statedAtMs)
  assignStated(order, stamps, 'currency', told.currency, statedAtMs)
  assignStated(order, stamps, 'amountMinor', told.amountMinor, statedAtMs)
  assignStated(order, stamps, 'effectiveAmountMinor', told.effectiveAmountMinor, statedAtMs)
  assignStated(order, stamps, 'customerRef', told.customer.ref, statedAtMs)
  assignStated(order, stamps, 'customerName', told.customer.name, statedAtMs)
  assignStated(order, stamps, 'customerEmail', told.customer.email, statedAtMs)
  assignStated(order, stamps, 'customerPhone', told.customer.phone, statedAtMs)
  assignStated(order, stamps, 'description', told.description, statedAtMs)
  assignStated(order, stamps, 'returnUrl', told.returnUrl, statedAtMs)
  const udf: Record<string, string> = { ...current.udf }
  for (const [key, value] of Object.entries(told.udf)) assignStated(udf, stamps, key, value, statedAtMs)
  order.udf = udf
  order.statedAt = stamps
  if (told.createdAt !== null) {
    order.createdAt = order.createdAtStated
      ? (earlier(order.createdAt, told.createdAt) ?? told.createdAt)
      : told.createdAt
    order.createdAtStated = true
  }
  // Beside attempts the order's word is theirs, but for the one that no attempt of several instruments has.
  const isOwnWord = told.transactions.length === 0 || told.providerStatus === 'PARTIAL_CHARGED'
  if (told.providerStatus !== null && isOwnWord) {
    order.baseProviderStatus = keepStatus(
      stamps,
      'baseProviderStatus',
      current.baseProviderStatus,
      told.providerStatus,
      statedAtMs,
    )
  }
  if (claimsCharge(told)) order.chargedAt = earlier(current.chargedAt, told.statedAt)
  return order
}

function claimsCharge(told: ProviderOrder): boolean {
  if (told.providerStatus !== null && CHARGED_WORDS.has(told.providerStatus)) return true
  return told.transactions.some((transaction) => CHARGED_WORDS.has(transaction.providerStatus))
}

function mergeRefunds(current: readonly RefundRecord[], told: ProviderOrder, currency: string) {
  const byKey = new Map(current.map((refund) => [refund.uniqueRequestId, refund]))
  const changes: FieldChange[] = []
  const findings: Finding[] = []
  const context = { currency, statedAt: told.statedAt }
  const keep = (merged: RefundMerge | null): void => {
    if (merged === null) return
    byKey.set(merged.next.uniqueRequestId, merged.next)
    changes.push(...merged.changes)
    if (merged.finding !== null) findings.push(merged.finding)
  }
  const ours = current.filter((refund) => refund.origin === 'paydesk')
  const taken = new Set<ProviderRefund>()
  for (const refund of ours) {
    const family = told.refunds.filter((report) => isPartOf(report.uniqueRequestId, refund.uniqueRequestId))
    if (family.length === 0 || !isSplit(refund, family)) continue
    for (const report of family) taken.add(report)
    keep(mergeSplitRefund(refund, family, context))
  }
  for (const report of told.refunds)
    if (!taken.has(report)) keep(mergeRefund(byKey.get(report.uniqueRequestId) ?? null, report, context))
  return { next: [...byKey.values()], changes, findings }
}

function findingsOf({ order, transactions }: OrderAggregate): Finding[] {
  const findings: Finding[] = []
  const show = (minor: bigint): string => formatMoney({ minor, currency: order.currency })
  if (order.excessMinor > 0n) {
    const out = order.reservedMinor + order.refundedMinor + order.externalRefundedMinor
    const detail = `Refunds made, counted elsewhere or on their way exceed the charge by ${show(order.excessMinor)}.`
    findings.push({ kind: 'over_refunded', detail, ours: show(order.chargedMinor), theirs: show(out) })
  }
  const kept = paidTwice(order.amountMinor, transactions)
  if (kept !== null) {
    const detail = `${kept.length} attempts are charged. Refund the extra one, unless Juspay returns it by itself.`
    findings.push({
      kind: 'double_charge',
      detail,
      ours: null,
      theirs: kept.map((transaction) => transaction.txnRef).join(', '),
    })
  }
  return findings
}

/** Whether a message is older than the newest one that said anything about the order (glossary "Stale event"). */
export function isStale(order: OrderRecord, told: ProviderOrder): boolean {
  return told.statedAt !== null && told.statedAt.getTime() < Math.max(0, ...Object.values(order.statedAt))
}

/** Lower-case text that free search looks in: references and customer words, each once. */
export function searchTextOf({ order, transactions, refunds }: OrderAggregate): string {
  const words = [
    order.orderRef,
    order.providerOrderRef,
    order.customerRef,
    order.customerName,
    order.customerEmail,
    order.customerPhone,
    // As digits too: people type a number in many ways, and Juspay repeats what the shop sent.
    phoneDigits(order.customerPhone ?? ''),
    ...transactions.flatMap((transaction) => [transaction.txnRef, transaction.gatewayRef, transaction.rrn]),
    ...refunds.flatMap((refund) => [refund.uniqueRequestId, refund.ref, refund.arn]),
  ]
  const unique = new Set(
    words.filter((word): word is string => word !== null && word !== '').map((word) => word.toLowerCase()),
  )
  return [...unique].join(' ')
}
