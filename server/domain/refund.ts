import { differences, type FieldChange } from './change.ts'
import type { Finding } from './discrepancy.ts'
import { formatMoney } from './money.ts'
import type { ProviderRefund } from './provider-order.ts'
import type { RefundState } from './payment-status.ts'
import { earlier, largerText, later } from './stamp.ts'

/**
 * A refund's stored status. `ready` waits to be sent; `sending` was committed before the first byte; `unknown` means
 * we cannot tell, which is not failure; `rejected` means Juspay refused it and has no such refund.
 */
export const REFUND_STATUSES = [
  'ready',
  'sending',
  'unknown',
  'pending',
  'manual_review',
  'succeeded',
  'failed',
  'rejected',
] as const

export type RefundStatus = (typeof REFUND_STATUSES)[number]

/** `paydesk` is ours; `auto` was started by Juspay's own rules; `external` by someone in Juspay's portal. */
export const REFUND_ORIGINS = ['paydesk', 'external', 'auto'] as const
export type RefundOrigin = (typeof REFUND_ORIGINS)[number]

export type RefundRecord = {
  /** Null until stored. */
  id: string | null
  refundRequestId: string | null
  uniqueRequestId: string
  origin: RefundOrigin
  amountMinor: bigint
  currency: string
  status: RefundStatus
  providerStatus: string | null
  sentToGateway: boolean
  gateway: string | null
  ref: string | null
  arn: string | null
  errorCode: string | null
  errorMessage: string | null
  initiatedBy: string | null
  expectedCreditAt: Date | null
  providerCreatedAt: Date | null
  settledAt: Date | null
  /** Two people wrote down how it ended, because Juspay could not tell. */
  settledByPeople: boolean
  /** The attempt whose money goes back, when a message names it. */
  txnRef: string | null
  /** What Juspay made of it on an order paid with several instruments; empty when it is one (`refund-parts.ts`). */
  parts: readonly RefundPart[]
}

/** One part of a split refund as told; amounts are minor units as text, because parts are kept as JSON. */
export type RefundPart = {
  key: string
  txnRef: string | null
  amountMinor: string | null
  providerStatus: string
  ref: string | null
  arn: string | null
}

/** Juspay's evidence outranks our own bookkeeping; among evidence, a success is never taken back by a later word. */
const RANK: Readonly<Record<RefundStatus, number>> = {
  ready: 0,
  sending: 1,
  rejected: 1,
  unknown: 2,
  pending: 3,
  manual_review: 4,
  failed: 5,
  succeeded: 6,
}

const TOLD: Readonly<Record<string, RefundStatus>> = {
  PENDING: 'pending',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  MANUAL_REVIEW: 'manual_review',
}

/** Our status for Juspay's word; a word we do not know is `unknown`, never success or failure (§2.3, last row). */
export function refundStatusOf(providerStatus: string): RefundStatus {
  return TOLD[providerStatus] ?? 'unknown'
}

/** The word that stands of two about one refund, whichever came first. */
export function laterStatus(a: string, b: string): string {
  const [rankA, rankB] = [RANK[refundStatusOf(a)], RANK[refundStatusOf(b)]]
  if (rankA !== rankB) return rankA > rankB ? a : b
  return a >= b ? a : b
}

/** Whether the money question is closed, as far as anyone has said. */
export function isSettledRefund(status: RefundStatus): boolean {
  return status === 'succeeded' || returnsNothing(status)
}

/** Whether no money leaves by a refund any more: it failed, or was never accepted. */
export function returnsNothing(status: RefundStatus): boolean {
  return status === 'failed' || status === 'rejected'
}

/** Auto refunds carry an id that Juspay made, `AR…` (API reference §5.4); portal refunds carry others. */
function originOf(told: ProviderRefund): RefundOrigin {
  return /^AR[A-Za-z0-9]/.test(told.uniqueRequestId) ? 'auto' : 'external'
}

export const REFUND_LOGGED = [
  'status',
  'providerStatus',
  'amountMinor',
  'sentToGateway',
  'ref',
  'arn',
  'errorCode',
  'errorMessage',
  'initiatedBy',
  'expectedCreditAt',
] as const satisfies readonly (keyof RefundRecord)[]

/** What merging one message into a refund came to. */
export type RefundMerge = { next: RefundRecord; changes: FieldChange[]; finding: Finding | null }

/**
 * Merges what Juspay says about one refund into ours (invariants I5, J4, J5). Commutative over messages: the status
 * is a lattice, references keep the larger text, and error words come from the highest status told.
 * @returns null when the refund is not ours and its amount is not known yet.
 */
export function mergeRefund(
  current: RefundRecord | null,
  told: ProviderRefund,
  context: { currency: string; statedAt: Date | null },
): RefundMerge | null {
  if (current === null && (told.amountMinor === null || told.amountMinor <= 0n)) return null
  const base = current ?? blankExternal(told, context.currency)
  const status = refundStatusOf(told.providerStatus)
  const finding = findingOf(current, told, status)
  // What people wrote down stands below the same word of Juspay.
  const confirms = base.settledByPeople && status === base.status
  const rises = current === null || confirms || RANK[status] > RANK[base.status]
  const level = !rises && RANK[status] === RANK[base.status] && base.providerStatus !== null
  const next: RefundRecord = {
    ...base,
    status: rises ? status : base.status,
    providerStatus: rises
      ? told.providerStatus
      : level
        ? largerText(base.providerStatus, told.providerStatus)
        : base.providerStatus,
    amountMinor: base.origin === 'paydesk' ? base.amountMinor : maxOf(base.amountMinor, told.amountMinor),
    sentToGateway: base.sentToGateway || told.sentToGateway === true,
    gateway: largerText(base.gateway, told.refundSource),
    ref: largerText(base.ref, told.ref),
    arn: largerText(base.arn, told.arn),
    errorCode: rises ? told.errorCode : level ? largerText(base.errorCode, told.errorCode) : base.errorCode,
    errorMessage: rises
      ? told.errorMessage
      : level
        ? largerText(base.errorMessage, told.errorMessage)
        : base.errorMessage,
    initiatedBy: largerText(base.initiatedBy, told.initiatedBy),
    expectedCreditAt: later(base.expectedCreditAt, told.expectedCreditAt),
    providerCreatedAt: earlier(base.providerCreatedAt, told.createdAt),
    settledAt: settledAtOf(base, status, rises, level, context.statedAt),
    settledByPeople: base.settledByPeople && !rises,
    txnRef: largerText(base.txnRef, told.txnRef),
  }
  return {
    next,
    changes: differences(`refund:${base.uniqueRequestId}`, current, next, REFUND_LOGGED),
    finding,
  }
}

/** What a refund says of itself before anybody has told us anything about it. */
export const NOTHING_TOLD = {
  providerStatus: null,
  sentToGateway: false,
  gateway: null,
  ref: null,
  arn: null,
  errorCode: null,
  errorMessage: null,
  initiatedBy: null,
  expectedCreditAt: null,
  providerCreatedAt: null,
  settledAt: null,
  settledByPeople: false,
  txnRef: null,
  parts: [],
} as const satisfies Partial<RefundRecord>

function blankExternal(told: ProviderRefund, currency: string): RefundRecord {
  return {
    id: null,
    refundRequestId: null,
    uniqueRequestId: told.uniqueRequestId,
    origin: originOf(told),
    amountMinor: told.amountMinor ?? 0n,
    currency,
    status: 'unknown',
    ...NOTHING_TOLD,
  }
}

function maxOf(a: bigint, b: bigint | null): bigint {
  return b !== null && b > a ? b : a
}

function settledAtOf(
  base: RefundRecord,
  told: RefundStatus,
  rises: boolean,
  level: boolean,
  statedAt: Date | null,
): Date | null {
  if (!isSettledRefund(told)) return base.settledAt
  if (rises) return statedAt
  return level ? earlier(base.settledAt, statedAt) : base.settledAt
}

function findingOf(current: RefundRecord | null, told: ProviderRefund, status: RefundStatus): Finding | null {
  if (current === null) return null
  const id = current.uniqueRequestId
  if (current.origin === 'paydesk' && told.amountMinor !== null && told.amountMinor !== current.amountMinor) {
    const ours = formatMoney({ minor: current.amountMinor, currency: current.currency })
    const theirs = formatMoney({ minor: told.amountMinor, currency: current.currency })
    return {
      kind: 'refund_amount_differs',
      detail: `Refund ${id}: we sent ${ours}, Juspay says ${theirs}.`,
      ours,
      theirs,
    }
  }
  const who = current.settledByPeople ? 'written down as' : 'reported'
  if (current.status === 'failed' && status === 'succeeded') {
    return {
      kind: 'refund_late_success',
      detail: `Refund ${id} was ${who} failed and then succeeded.`,
      ours: 'FAILURE',
      theirs: 'SUCCESS',
    }
  }
  if (current.status === 'rejected' && status !== 'failed') {
    return {
      kind: 'refund_late_success',
      detail: `Refund ${id} was given up, and Juspay has it after all.`,
      ours: 'rejected',
      theirs: told.providerStatus,
    }
  }
  if (current.status === 'succeeded' && status === 'failed') {
    return {
      kind: 'refund_reversed',
      detail: `Refund ${id} was ${who} succeeded; another message says it failed.`,
      ours: 'SUCCESS',
      theirs: 'FAILURE',
    }
  }
  return null
}

/** A refund request as its order's balance counts it; `txnRef` is the attempt it names. */
export type RequestHold = { id: string; amountMinor: bigint; status: string; txnRef: string | null }

export type Balance = {
  chargedMinor: bigint
  /** Requests waiting for approval, and our refunds on their way. */
  reservedMinor: bigint
  /** Our refunds that succeeded. */
  refundedMinor: bigint
  /** Refunds made elsewhere, from the moment Juspay counts them (pending included). */
  externalRefundedMinor: bigint
  /** Of those, what has not succeeded yet. */
  externalPendingMinor: bigint
  /** How much of the above is more than was charged; never negative. */
  excessMinor: bigint
  /** What may still be asked for. */
  leftMinor: bigint
}

/**
 * The balance of one order from its rows (glossary "Refundable amount", invariant I1).
 * @param input.autoRefundedMinor what attempts in status AUTO_REFUNDED took: gone back even when no entry of
 *   `refunds[]` says so yet.
 */
export function balanceOf(input: {
  chargedMinor: bigint
  autoRefundedMinor: bigint
  refunds: readonly RefundRecord[]
  requests: readonly RequestHold[]
}): Balance {
  let reservedMinor = 0n
  let refundedMinor = 0n
  let externalMinor = 0n
  let externalPendingMinor = 0n
  let autoMinor = 0n
  for (const request of input.requests)
    if (request.status === 'pending_approval') reservedMinor += request.amountMinor
  for (const refund of input.refunds) {
    if (returnsNothing(refund.status)) continue
    if (refund.origin !== 'paydesk' && refund.status !== 'succeeded')
      externalPendingMinor += refund.amountMinor
    if (refund.origin === 'auto') autoMinor += refund.amountMinor
    else if (refund.origin === 'external') externalMinor += refund.amountMinor
    else if (refund.status === 'succeeded') refundedMinor += refund.amountMinor
    else reservedMinor += refund.amountMinor
  }
  const externalRefundedMinor =
    externalMinor + (autoMinor > input.autoRefundedMinor ? autoMinor : input.autoRefundedMinor)
  const left = input.chargedMinor - reservedMinor - refundedMinor - externalRefundedMinor
  return {
    chargedMinor: input.chargedMinor,
    reservedMinor,
    refundedMinor,
    externalRefundedMinor,
    externalPendingMinor,
    excessMinor: left < 0n ? -left : 0n,
    leftMinor: left < 0n ? 0n : left,
  }
}

/** How much of the charge has come back, counting only refunds that succeeded. */
export function refundStateOf(chargedMinor: bigint, refunds: readonly RefundRecord[]): RefundState {
  let back = 0n
  for (const refund of refunds) if (refund.status === 'succeeded') back += refund.amountMinor
  if (back === 0n) return 'none'
  return back >= chargedMinor ? 'full' : 'partial'
}
