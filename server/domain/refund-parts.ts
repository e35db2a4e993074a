/**
 * Refunds of split-tender orders (an order paid with two instruments): Juspay turns the one refund K that we asked for
 * into one per attempt, K and K-1, K-2 … (API samples), and each has an amount, a status and references of its own. The
 * refund we asked for is done when all its parts are; while a part is missing or the parts disagree it is never taken
 * for a success.
 */
import { differences } from './change.ts'
import { formatMoney } from './money.ts'
import type { ProviderRefund } from './provider-order.ts'
import {
  isSettledRefund,
  laterStatus,
  REFUND_LOGGED,
  refundStatusOf,
  type RefundMerge,
  type RefundPart,
  type RefundRecord,
} from './refund.ts'
import { largerText } from './stamp.ts'

/** Whether `key` names a part of the refund `whole`: K itself, or K-1, K-2 … */
export function isPartOf(key: string, whole: string): boolean {
  return key === whole || (key.startsWith(`${whole}-`) && /^\d{1,3}$/.test(key.slice(whole.length + 1)))
}

/** What messages together told of the parts; the order of messages does not matter. */
export function mergeParts(known: readonly RefundPart[], told: readonly ProviderRefund[]): RefundPart[] {
  const byKey = new Map(known.map((part) => [part.key, part]))
  for (const report of told) {
    const before = byKey.get(report.uniqueRequestId)
    const amount = report.amountMinor === null ? null : report.amountMinor.toString()
    byKey.set(report.uniqueRequestId, {
      key: report.uniqueRequestId,
      txnRef: largerText(before?.txnRef ?? null, report.txnRef),
      amountMinor: largerAmount(before?.amountMinor ?? null, amount),
      providerStatus: before
        ? laterStatus(before.providerStatus, report.providerStatus)
        : report.providerStatus,
      ref: largerText(before?.ref ?? null, report.ref),
      arn: largerText(before?.arn ?? null, report.arn),
    })
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

function largerAmount(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return BigInt(a) >= BigInt(b) ? a : b
}

/** What all parts add up to; null while the amount of one is not known. */
export function partsTotal(parts: readonly RefundPart[]): bigint | null {
  let total = 0n
  for (const { amountMinor } of parts) {
    if (amountMinor === null) return null
    total += BigInt(amountMinor)
  }
  return total
}

/** Stands for a refund of which not all parts have been told; no word of Juspay's, so it reads as unknown. */
export const PARTS_MISSING = 'PARTS_MISSING'

/**
 * The status of the whole in Juspay's words: success or failure only when all parts say so and add up to what was
 * asked for. Parts that ended differently are for people to look at.
 */
export function statusOfParts(parts: readonly RefundPart[], amountMinor: bigint): string {
  const total = partsTotal(parts)
  if (total === null || total < amountMinor) return PARTS_MISSING
  const words = new Set(parts.map((part) => part.providerStatus))
  const [only] = words
  if (words.size === 1 && only !== undefined) return only
  const strange = [...words].find((word) => !KNOWN_WORDS.has(word))
  if (strange !== undefined) return strange
  return words.has('PENDING') ? 'PENDING' : 'MANUAL_REVIEW'
}

const KNOWN_WORDS: ReadonlySet<string> = new Set(['PENDING', 'SUCCESS', 'FAILURE', 'MANUAL_REVIEW'])

/** Whether what is told of our refund are parts of it: another key of its family, or less money than was asked for. */
export function isSplit(current: RefundRecord, told: readonly ProviderRefund[]): boolean {
  if (current.origin !== 'paydesk') return false
  if (current.parts.length > 0) return true
  return told.some(
    ({ uniqueRequestId, amountMinor }) =>
      uniqueRequestId !== current.uniqueRequestId ||
      (amountMinor !== null && amountMinor > 0n && amountMinor < current.amountMinor),
  )
}

/**
 * Merges what a message says about the parts of one of our refunds. The status follows from the parts alone: it may
 * leave `failed` again when a part succeeds after all, which is a finding, and needs people when parts ended differently.
 */
export function mergeSplitRefund(
  current: RefundRecord,
  told: readonly ProviderRefund[],
  context: { statedAt: Date | null },
): RefundMerge {
  const parts = mergeParts(current.parts, told)
  const word = statusOfParts(parts, current.amountMinor)
  const status = refundStatusOf(word)
  const keeps = current.settledByPeople && status !== 'succeeded' && status !== 'failed'
  const next: RefundRecord = {
    ...current,
    parts,
    status: keeps ? current.status : status,
    settledByPeople: keeps,
    providerStatus: word,
    sentToGateway: current.sentToGateway || told.some((part) => part.sentToGateway === true),
    ref: joined(parts.map((part) => part.ref)) ?? current.ref,
    arn: joined(parts.map((part) => part.arn)) ?? current.arn,
    errorCode: null,
    errorMessage: wordsOf(parts, current.currency),
    settledAt: keeps || isSettledRefund(status) ? (current.settledAt ?? context.statedAt) : null,
  }
  const changes = differences(`refund:${current.uniqueRequestId}`, current, next, REFUND_LOGGED)
  return { next, changes, finding: findingOf(current, next) }
}

/** "a, b" of what is known; null when nothing is. */
function joined(values: readonly (string | null)[]): string | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.join(', ')
}

/** "₹56.00 SUCCESS, ₹102.44 FAILURE": what became of each part. */
function wordsOf(parts: readonly RefundPart[], currency: string): string {
  return parts
    .map(({ amountMinor, providerStatus }) =>
      amountMinor === null
        ? `a part ${providerStatus}`
        : `${formatMoney({ minor: BigInt(amountMinor), currency })} ${providerStatus}`,
    )
    .join(', ')
}

function findingOf(before: RefundRecord, after: RefundRecord): RefundMerge['finding'] {
  const id = after.uniqueRequestId
  const total = partsTotal(after.parts)
  if (total !== null && total !== after.amountMinor) {
    const ours = formatMoney({ minor: after.amountMinor, currency: after.currency })
    const theirs = formatMoney({ minor: total, currency: after.currency })
    const detail = `Refund ${id}: we sent ${ours}, Juspay says ${theirs}.`
    return { kind: 'refund_amount_differs', detail, ours, theirs }
  }
  if (before.status === 'failed' && after.status !== 'failed') {
    const detail = `Refund ${id} was failed; now its parts say ${after.errorMessage}.`
    return { kind: 'refund_late_success', detail, ours: 'FAILURE', theirs: after.providerStatus }
  }
  if (before.status === 'succeeded' && after.status !== 'succeeded') {
    const detail = `Refund ${id} had succeeded; now its parts say ${after.errorMessage}.`
    return { kind: 'refund_reversed', detail, ours: 'SUCCESS', theirs: after.providerStatus }
  }
  return null
}
