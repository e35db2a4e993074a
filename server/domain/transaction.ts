/** Attempts: how reports on one attempt merge, which attempt decides its order, and what the charged ones took. */
import { differences, type FieldChange } from './change.ts'
import {
  isHoldStatus,
  paymentStatusOf,
  statusRank,
  winningReport,
  winningStatus,
  type PaymentStatus,
} from './payment-status.ts'
import type { ProviderOrder, ProviderTransaction } from './provider-order.ts'
import { assignStated, earlier, keepEarliest, type Stamps } from './stamp.ts'

/** One attempt to pay an order through one gateway, as we hold it. */
export type TransactionRecord = ProviderTransaction & { paymentStatus: PaymentStatus; statedAt: Stamps }

/** From here up money was held or taken: such an attempt decides the order whatever came after it. */
const HELD_RANK = statusRank('AUTHORIZED')
export const CHARGED_WORDS = new Set(['CHARGED', 'SUCCESS', 'PARTIAL_CHARGED', 'AUTO_REFUNDED'])

/** Stamps beside those of the fields: when a message first told that the attempt had failed, and that it was charged. */
export const FIRST_FAILED = 'firstFailed'
export const FIRST_CHARGED = 'firstCharged'

const TRANSACTION_LOGGED = [
  'providerStatus',
  'amountMinor',
  'netAmountMinor',
  'gateway',
  'methodType',
  'method',
  'gatewayRef',
  'rrn',
  'authCode',
  'errorCode',
  'errorMessage',
] as const satisfies readonly (keyof TransactionRecord)[]

/** Merges the attempts a message names into ours, by `txnRef`. */
export function mergeTransactions(
  current: readonly TransactionRecord[],
  told: ProviderOrder,
  statedAtMs: number,
) {
  const byRef = new Map(current.map((transaction) => [transaction.txnRef, transaction]))
  const changes: FieldChange[] = []
  for (const report of told.transactions) {
    const before = byRef.get(report.txnRef) ?? null
    // An order that is AUTO_REFUNDED while its only attempt says CHARGED: the attempt's money has gone back.
    const only = told.transactions.length === 1 && told.providerStatus === 'AUTO_REFUNDED'
    const after = mergeTransaction(
      before,
      only ? { ...report, providerStatus: winningStatus(report.providerStatus, 'AUTO_REFUNDED') } : report,
      statedAtMs,
    )
    byRef.set(report.txnRef, after)
    changes.push(...differences(`transaction:${report.txnRef}`, before, after, TRANSACTION_LOGGED))
  }
  return { next: [...byRef.values()], changes }
}

const STATED_TRANSACTION_FIELDS = [
  'txnUuid',
  'amountMinor',
  'netAmountMinor',
  'gateway',
  'gatewayId',
  'methodType',
  'method',
  'cardBrand',
  'cardLast4',
  'payerVpa',
  'gatewayRef',
  'rrn',
  'authCode',
  'errorCode',
  'errorMessage',
] as const satisfies readonly (keyof ProviderTransaction & keyof TransactionRecord)[]

function mergeTransaction(
  current: TransactionRecord | null,
  told: ProviderTransaction,
  statedAtMs: number,
): TransactionRecord {
  const stamps: Record<string, number> = { ...current?.statedAt }
  const providerStatus = keepStatus(
    stamps,
    'providerStatus',
    current?.providerStatus ?? null,
    told.providerStatus,
    statedAtMs,
  )
  const next: TransactionRecord = current === null ? { ...blankTransaction(told.txnRef) } : { ...current }
  for (const field of STATED_TRANSACTION_FIELDS) assignStated(next, stamps, field, told[field], statedAtMs)
  if (paymentStatusOf(told.providerStatus) === 'failed') keepEarliest(stamps, FIRST_FAILED, statedAtMs)
  if (CHARGED_WORDS.has(told.providerStatus)) keepEarliest(stamps, FIRST_CHARGED, statedAtMs)
  return {
    ...next,
    providerStatus,
    paymentStatus: paymentStatusOf(providerStatus),
    createdAt: earlier(next.createdAt, told.createdAt),
    statedAt: stamps,
  }
}

/**
 * The word that holds after another report. Of a hold `stamps` remembers when its word was stated; of what comes before
 * and after one no time is needed. Mutates `stamps`.
 */
export function keepStatus(
  stamps: Record<string, number>,
  field: 'providerStatus' | 'baseProviderStatus',
  held: string | null,
  told: string,
  statedAtMs: number,
): string {
  const report = { word: told, at: statedAtMs }
  const winner = held === null ? report : winningReport({ word: held, at: stamps[field] ?? 0 }, report)
  if (isHoldStatus(winner.word)) stamps[field] = winner.at
  else Reflect.deleteProperty(stamps, field)
  return winner.word
}

/** An attempt of which nothing but its reference was told yet. */
export function blankTransaction(txnRef: string): TransactionRecord {
  return {
    txnRef,
    txnUuid: null,
    providerStatus: 'STARTED',
    paymentStatus: 'pending',
    amountMinor: null,
    netAmountMinor: null,
    gateway: null,
    gatewayId: null,
    methodType: null,
    method: null,
    cardBrand: null,
    cardLast4: null,
    payerVpa: null,
    gatewayRef: null,
    rrn: null,
    authCode: null,
    errorCode: null,
    errorMessage: null,
    createdAt: null,
    statedAt: {},
  }
}

/** Attempts in the order they were made; references only break ties (their shape is configurable, never parsed). */
export function inTime(a: TransactionRecord, b: TransactionRecord): number {
  const difference = (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0)
  if (difference !== 0) return difference
  if (a.txnRef.length !== b.txnRef.length) return a.txnRef.length - b.txnRef.length
  return a.txnRef < b.txnRef ? -1 : a.txnRef > b.txnRef ? 1 : 0
}

/** Across attempts a real charge outranks one that was automatically returned (double charge, §4.3). */
function orderRank(providerStatus: string): number {
  return providerStatus === 'AUTO_REFUNDED' ? statusRank('VOIDED') + 1 : statusRank(providerStatus)
}

/** The attempt that decides the order: the strongest that held money, else the latest. */
export function decidingTransaction(transactions: readonly TransactionRecord[]): TransactionRecord | null {
  let best: TransactionRecord | null = null
  for (const transaction of transactions) {
    if (statusRank(transaction.providerStatus) < HELD_RANK) continue
    if (best === null || orderRank(transaction.providerStatus) > orderRank(best.providerStatus))
      best = transaction
  }
  return best ?? transactions.at(-1) ?? null
}

/**
 * The word that decides the order: the deciding attempt's, unless an order-level word claims money was held. Of an order
 * paid with several instruments Juspay says that part is charged while each charged attempt says CHARGED (§4.1, 37): that
 * holds until the attempts have taken what it costs.
 */
export function decidingStatus(
  deciding: TransactionRecord | null,
  { baseProviderStatus: base, statedAt }: { baseProviderStatus: string | null; statedAt: Stamps },
  isPaidInFull: boolean,
): string {
  if (deciding === null) return base ?? 'NEW'
  const word = deciding.providerStatus
  if (base === null || statusRank(base) < HELD_RANK) return word
  if (base === 'PARTIAL_CHARGED' && CHARGED_WORDS.has(word))
    return word === 'AUTO_REFUNDED' || isPaidInFull ? word : base
  if (isHoldStatus(base) && isHoldStatus(word)) {
    const ofOrder = { word: base, at: statedAt['baseProviderStatus'] ?? 0 }
    return winningReport(ofOrder, { word, at: deciding.statedAt['providerStatus'] ?? 0 }).word
  }
  return orderRank(base) > orderRank(word) ? base : word
}

type Cost = { amountMinor: bigint; effectiveAmountMinor: bigint | null }

const costOf = (order: Cost): bigint => order.effectiveAmountMinor ?? order.amountMinor

/** What one charged attempt took, in minor units: all that the order costs while no message says. */
export function takenBy(
  { netAmountMinor, amountMinor }: Pick<TransactionRecord, 'netAmountMinor' | 'amountMinor'>,
  orderAmountMinor: bigint,
): bigint {
  return netAmountMinor ?? amountMinor ?? orderAmountMinor
}

/** What several charged attempts took together, in minor units. */
export function takenTogether(charged: readonly TransactionRecord[], orderAmountMinor: bigint): bigint {
  return charged.reduce((sum, one) => sum + takenBy(one, orderAmountMinor), 0n)
}

/** The attempts that took money, those that Juspay has returned since among them. */
export function chargedOnes(transactions: readonly TransactionRecord[]): TransactionRecord[] {
  return transactions.filter(({ providerStatus }) => CHARGED_WORDS.has(providerStatus))
}

/** Whether the charged attempts took what the order costs. */
export function paidInFull(order: Cost, transactions: readonly TransactionRecord[]): boolean {
  return takenTogether(chargedOnes(transactions), order.amountMinor) >= costOf(order)
}

/** The largest amount any attempt names: the order's amount while no message states it. */
export function largestAmount(transactions: readonly TransactionRecord[]): bigint {
  let largest = 0n
  for (const { amountMinor } of transactions)
    if (amountMinor !== null && amountMinor > largest) largest = amountMinor
  return largest
}

/** What was taken, and how much of it Juspay has returned by its own rules, in minor units. */
export function chargedOf(
  order: Cost,
  transactions: readonly TransactionRecord[],
  providerStatus: string,
): { chargedMinor: bigint; autoRefundedMinor: bigint } {
  const charged = chargedOnes(transactions)
  const amountOf = (transaction: TransactionRecord): bigint => takenBy(transaction, order.amountMinor)
  const autoRefundedMinor = (total: (transaction: TransactionRecord) => bigint): bigint =>
    charged
      .filter((transaction) => transaction.providerStatus === 'AUTO_REFUNDED')
      .reduce((sum, transaction) => sum + total(transaction), 0n)
  const [only] = charged
  if (only === undefined) {
    if (!CHARGED_WORDS.has(providerStatus)) return { chargedMinor: 0n, autoRefundedMinor: 0n }
    const chargedMinor = costOf(order)
    return { chargedMinor, autoRefundedMinor: providerStatus === 'AUTO_REFUNDED' ? chargedMinor : 0n }
  }
  if (charged.length > 1) {
    return {
      chargedMinor: takenTogether(charged, order.amountMinor),
      autoRefundedMinor: autoRefundedMinor(amountOf),
    }
  }
  // One charge: effective_amount is what the customer paid after offers and surcharge (§3.5), unless only part was taken.
  const isPart = only.providerStatus === 'PARTIAL_CHARGED' || providerStatus === 'PARTIAL_CHARGED'
  const whole = isPart ? amountOf(only) : (order.effectiveAmountMinor ?? amountOf(only))
  return { chargedMinor: whole, autoRefundedMinor: autoRefundedMinor(() => whole) }
}
