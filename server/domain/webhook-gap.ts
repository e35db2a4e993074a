/**
 * What a status check found that no webhook had told (reliability W24). A gap says what was missed, why, and how long
 * it went unnoticed; it is the evidence for whether webhooks can be relied on.
 */
import type { FieldChange } from './change.ts'
import { paymentStatusOf, type PaymentStatus } from './payment-status.ts'
import type { ProviderOrder } from './provider-order.ts'
import { refundStatusOf } from './refund.ts'

/** What was missed. `outcome` is the one that a payment past its usual time still owes. */
export const GAP_KINDS = [
  'charged',
  'failed',
  'authorised',
  'voided',
  'amount',
  'refund_succeeded',
  'refund_failed',
  'refund_external',
  'outcome',
] as const

export type GapKind = (typeof GAP_KINDS)[number]

/**
 * Why: Juspay has not sent the event (yet), we have it and failed to apply it, or nothing has happened because the
 * gateway or bank has not decided.
 */
export const GAP_CAUSES = ['juspay_late', 'we_failed', 'gateway_pending'] as const

export type GapCause = (typeof GAP_CAUSES)[number]

/** Something missed: `subject` is the refund's `unique_request_id`, null for the payment. */
export type Missed = { kind: GapKind; subject: string | null }

/** An event this young is on its way, or waits its turn: it was overtaken by a check, not missed. */
export const GAP_GRACE_MS = 60_000

/** Gaps are shown from this age on: by then an event that was only overtaken has been recognised as such. */
export const GAP_SHOWN_AFTER_MS = GAP_GRACE_MS + 30_000

/** A payment still pending this long after its last change is past its usual time (ladder of the reference, §4.4). */
export const GATEWAY_PENDING_AFTER_MS = 20 * 60_000

/** How long an event may still come: Juspay repeats a delivery for 24 h (W24), and clocks differ. */
export const LATE_ARRIVAL_MS = 25 * 3_600_000

const OUTCOMES: ReadonlySet<string> = new Set<PaymentStatus>(['charged', 'failed', 'authorised', 'voided'])

/** What the changes that a status answer made would have been told by webhooks. */
export function missedBy(changes: readonly FieldChange[]): Missed[] {
  const missed: Missed[] = []
  const order = new Map(
    changes.filter(({ subject }) => subject === 'order').map((change) => [change.field, change]),
  )
  const outcome = order.get('paymentStatus')?.after ?? null
  if (outcome !== null && isOutcome(outcome)) missed.push({ kind: outcome, subject: null })
  else if (order.has('chargedMinor')) missed.push({ kind: 'amount', subject: null })
  for (const { subject, field, before, after } of changes) {
    if (!subject.startsWith('refund:') || field !== 'status') continue
    const key = subject.slice('refund:'.length)
    if (after === 'succeeded') missed.push({ kind: 'refund_succeeded', subject: key })
    else if (after === 'failed') missed.push({ kind: 'refund_failed', subject: key })
    else if (before === null) missed.push({ kind: 'refund_external', subject: key })
  }
  return missed
}

function isOutcome(status: string): status is 'charged' | 'failed' | 'authorised' | 'voided' {
  return OUTCOMES.has(status)
}

/** Whether a message tells what was missed. */
export function tells(told: ProviderOrder, { kind, subject }: Missed): boolean {
  switch (kind) {
    case 'charged':
    case 'failed':
    case 'authorised':
    case 'voided':
      return wordsOf(told).some((word) => paymentStatusOf(word) === kind)
    case 'amount':
      return wordsOf(told).some((word) => paymentStatusOf(word) === 'charged')
    case 'outcome':
      return wordsOf(told).some((word) => isOutcome(paymentStatusOf(word)))
    case 'refund_succeeded':
    case 'refund_failed':
      return told.refunds.some(
        (refund) =>
          refund.uniqueRequestId === subject && `refund_${refundStatusOf(refund.providerStatus)}` === kind,
      )
    case 'refund_external':
      return told.refunds.some((refund) => refund.uniqueRequestId === subject)
  }
}

function wordsOf(told: ProviderOrder): string[] {
  const words = told.transactions.map((transaction) => transaction.providerStatus)
  return told.providerStatus === null ? words : [told.providerStatus, ...words]
}

/** Whether the payment waits for the gateway or bank longer than usual. */
export function isPastUsualTime(
  order: { paymentStatus: PaymentStatus; changedAt: Date },
  now: Date,
): boolean {
  const waits = order.paymentStatus === 'pending' || order.paymentStatus === 'unknown'
  return waits && now.getTime() - order.changedAt.getTime() >= GATEWAY_PENDING_AFTER_MS
}

const MISSED_WORDS: Readonly<Record<GapKind, string>> = {
  charged: 'the charge',
  failed: 'the failure',
  authorised: 'the authorisation',
  voided: 'the release',
  amount: 'the amount charged',
  refund_succeeded: 'the refund’s success',
  refund_failed: 'the refund’s failure',
  refund_external: 'a refund made elsewhere',
  outcome: 'the outcome',
}

/** Sentence for a gap: what was missed, and whose turn it was. */
export function gapTitle({ kind, cause }: { kind: GapKind; cause: GapCause }): string {
  switch (cause) {
    case 'juspay_late':
      return `Juspay did not tell us of ${MISSED_WORDS[kind]}`
    case 'we_failed':
      return `A webhook told of ${MISSED_WORDS[kind]} and was not applied`
    case 'gateway_pending':
      return 'Still waiting for the gateway, longer than usual'
  }
}

/** When and how a gap was found, and what came of it. */
export function gapDetail(gap: {
  cause: GapCause
  dueSince: Date
  foundAt: Date
  healedAt: Date | null
  arrivedAt: Date | null
}): string {
  const found = `Found by a status check ${spanText(gap.dueSince, gap.foundAt)} later.`
  switch (gap.cause) {
    case 'juspay_late':
      return gap.arrivedAt === null
        ? found
        : `${found} The webhook came after ${spanText(gap.dueSince, gap.arrivedAt)}.`
    case 'we_failed':
      return found
    case 'gateway_pending':
      return gap.healedAt === null
        ? 'We keep asking Juspay.'
        : `Decided ${spanText(gap.dueSince, gap.healedAt)} past the usual time.`
  }
}

/** "4 min" between two instants, rounded down; seconds below a minute. */
export function spanText(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
