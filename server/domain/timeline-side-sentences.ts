/** Sentences about what lies beside an order: disputes and mandates. */
import type { FieldChange } from './change.ts'
import type { DisputeStatus } from './dispute.ts'
import { mandateStatusOf, type MandateStatus } from './mandate.ts'
import { formatMoney } from './money.ts'
import type { Sentence } from './timeline-sentences.ts'

type Words = { tone: Sentence['tone']; title: string; detail: string | null }

const DISPUTE_WORDS: Readonly<Record<DisputeStatus, Words>> = {
  received: { tone: 'disputed', title: 'The customer’s bank disputes the payment', detail: null },
  under_review: { tone: 'disputed', title: 'The dispute is under review', detail: null },
  evidence_required: {
    tone: 'disputed',
    title: 'The bank asks for evidence about the dispute',
    detail: null,
  },
  resolved_merchant: { tone: 'charged', title: 'Dispute won', detail: 'You keep the money' },
  resolved_customer: {
    tone: 'failed',
    title: 'Dispute lost',
    detail: 'The bank returns the money to the customer',
  },
  cancelled: { tone: 'info', title: 'The dispute was cancelled', detail: null },
  expired: { tone: 'info', title: 'The dispute expired', detail: null },
  already_refunded: {
    tone: 'refunded',
    title: 'Dispute closed',
    detail: 'The payment had been refunded already',
  },
}

const DISPUTE_FIELDS: Readonly<Record<string, string>> = {
  amountMinor: 'amount',
  currency: 'currency',
  reason: 'reason',
  dueAt: 'deadline',
}

const MANDATE_WORDS: Readonly<Record<MandateStatus, Words>> = {
  created: { tone: 'pending', title: 'Mandate created', detail: 'The customer has not approved it yet' },
  active: { tone: 'charged', title: 'Mandate active', detail: 'The customer approved further debits' },
  paused: { tone: 'voided', title: 'Mandate paused', detail: 'No debits until it is resumed' },
  failed: { tone: 'failed', title: 'Mandate failed', detail: 'The customer’s bank did not register it' },
  revoked: { tone: 'voided', title: 'Mandate revoked', detail: 'No further debits' },
  expired: { tone: 'voided', title: 'Mandate expired', detail: 'No further debits' },
  unknown: { tone: 'unknown', title: 'Mandate has a status we do not know', detail: null },
}

const MANDATE_FIELDS: Readonly<Record<string, string>> = {
  frequency: 'frequency',
  amountRule: 'amount rule',
  maxAmountMinor: 'largest debit',
  currency: 'currency',
  startsAt: 'start',
  endsAt: 'end',
}

/** What happened to a dispute of the order. */
export function disputeSentence(changes: readonly FieldChange[], currency: string): Sentence {
  const base = { kind: 'dispute' as const, actorName: null, reference: null }
  const status = after(changes, 'status')
  const due = after(changes, 'dueAt')
  if (!isDisputeStatus(status)) {
    const detail = due === null ? changed(changes, DISPUTE_FIELDS) : `Answer by ${day(due)}`
    return { ...base, tone: 'info', title: 'Dispute details updated', detail }
  }
  const { tone, title, detail } = DISPUTE_WORDS[status]
  const unit = after(changes, 'currency') ?? currency
  const told = [
    detail,
    money(after(changes, 'amountMinor'), unit),
    after(changes, 'reason'),
    tone === 'disputed' && due !== null ? `Answer by ${day(due)}` : null,
  ]
  return { ...base, tone, title, detail: joined(told) }
}

/** What happened to a mandate registered with the order; null for steps that nobody needs to read. */
export function mandateSentence(changes: readonly FieldChange[], currency: string): Sentence | null {
  const base = { kind: 'mandate' as const, actorName: null, reference: null }
  const unit = after(changes, 'currency') ?? currency
  const word = after(changes, 'providerStatus')
  if (word !== null) {
    const { tone, title, detail } = MANDATE_WORDS[mandateStatusOf(word)]
    const most = money(after(changes, 'maxAmountMinor'), unit)
    const told = [
      detail,
      most === null ? null : `At most ${most} at a time`,
      tone === 'unknown' ? word : null,
    ]
    return { ...base, tone, title, detail: joined(told) }
  }
  const notice = noticeSentence(changes, unit)
  if (notice !== null) return { ...base, ...notice }
  const detail = changed(changes, MANDATE_FIELDS)
  return detail === null ? null : { ...base, tone: 'info', title: 'Mandate details updated', detail }
}

function noticeSentence(changes: readonly FieldChange[], currency: string): Words | null {
  const status = after(changes, 'notificationStatus')
  const isNew = changes.some((change) => change.field === 'notificationRef')
  if (status === null && !isNew) return null
  const amount = money(after(changes, 'notificationAmountMinor'), currency)
  const on = after(changes, 'notificationDebitAt')
  const debit = amount === null ? null : `${amount}${on === null ? '' : ` on ${day(on)}`}`
  return status === 'FAILURE'
    ? { tone: 'failed', title: 'The customer could not be told of the next debit', detail: debit }
    : { tone: 'info', title: 'The customer was told of the next debit', detail: debit }
}

function isDisputeStatus(value: string | null): value is DisputeStatus {
  return value !== null && Object.hasOwn(DISPUTE_WORDS, value)
}

function after(changes: readonly FieldChange[], field: string): string | null {
  return changes.find((change) => change.field === field)?.after ?? null
}

function money(minor: string | null, currency: string): string | null {
  return minor === null || !/^\d+$/.test(minor) ? null : formatMoney({ minor: BigInt(minor), currency })
}

/** Made once: building one costs a hundred times what using it does. */
const DAY = new Intl.DateTimeFormat('en-IN', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'Asia/Kolkata',
})

/** A calendar day of the stored instant, in India, where the banks' deadlines are. */
function day(instant: string): string {
  return DAY.format(new Date(instant))
}

function changed(changes: readonly FieldChange[], words: Readonly<Record<string, string>>): string | null {
  const names = new Set(changes.flatMap((change) => words[change.field] ?? []))
  return names.size === 0 ? null : `Changed: ${[...names].join(', ')}`
}

function joined(parts: readonly (string | null)[]): string | null {
  const told = parts.filter((part) => part !== null)
  return told.length === 0 ? null : told.join(' · ')
}
