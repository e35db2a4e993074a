/**
 * Mandates: a customer's standing permission to debit, as Juspay tells it (API reference §6.4 `content.mandate`), and
 * the notices that go to the customer before a debit. Like an order, a mandate is a function of the set of messages
 * and not of their order: descriptive fields are last-writer-wins registers, the status is a lattice.
 */
import { differences, type FieldChange } from './change.ts'
import { assignStated, earlier, type Stamps } from './stamp.ts'

/** A mandate as told by one message; `null` means "this message does not say". */
export type ProviderMandate = {
  mandateRef: string
  /** The order with which the mandate was registered. */
  orderRef: string | null
  /** Juspay's word, verbatim and upper case, else the word that the event's name stands for. */
  providerStatus: string | null
  /** MANDATE, EMANDATE … */
  mandateType: string | null
  frequency: string | null
  /** FIXED or VARIABLE. */
  amountRule: string | null
  maxAmountMinor: bigint | null
  currency: string | null
  customerRef: string | null
  methodType: string | null
  method: string | null
  revocable: boolean | null
  blocksFunds: boolean | null
  startsAt: Date | null
  endsAt: Date | null
  activatedAt: Date | null
  statedAt: Date | null
}

/** A notice to the customer before a debit, as told by one message (`content.notification`). */
export type ProviderNotification = {
  /** Null in bodies that name no mandate: there is nothing to keep such a notice on. */
  mandateRef: string | null
  notificationRef: string | null
  providerStatus: string | null
  /** What is going to be debited, and when. */
  amountMinor: bigint | null
  debitAt: Date | null
  statedAt: Date | null
}

export const MANDATE_STATUSES = [
  'created',
  'active',
  'paused',
  'failed',
  'revoked',
  'expired',
  'unknown',
] as const

export type MandateStatus = (typeof MANDATE_STATUSES)[number]

/** A mandate as we hold it. */
export type MandateRecord = Omit<ProviderMandate, 'statedAt'> & {
  status: MandateStatus
  /** The last notice we heard of. */
  notificationRef: string | null
  notificationStatus: string | null
  notificationAmountMinor: bigint | null
  notificationDebitAt: Date | null
  notificationAt: Date | null
  statedAt: Stamps
}

export type MandateMerge = {
  next: MandateRecord
  changes: FieldChange[]
  /** Older than what we held, and it added nothing. */
  stale: boolean
}

/**
 * Juspay's words and their stage. A later stage wins whatever the order of arrival; inside a stage the later statement
 * wins, because an active mandate may be paused and resumed. A registration that failed can still succeed late, as a
 * payment can; a mandate that was revoked or has expired never comes back.
 */
const TABLE: Readonly<Record<string, { status: MandateStatus; stage: number }>> = {
  CREATED: { status: 'created', stage: 1 },
  FAILURE: { status: 'failed', stage: 3 },
  FAILED: { status: 'failed', stage: 3 },
  ACTIVE: { status: 'active', stage: 4 },
  PAUSED: { status: 'paused', stage: 4 },
  EXPIRED: { status: 'expired', stage: 5 },
  REVOKED: { status: 'revoked', stage: 6 },
}

/** Above "created" and below every outcome: a word we do not know must not hide a known outcome. */
const UNKNOWN_STAGE = 2

const STATED = [
  'orderRef',
  'mandateType',
  'frequency',
  'amountRule',
  'maxAmountMinor',
  'currency',
  'customerRef',
  'methodType',
  'method',
  'revocable',
  'blocksFunds',
  'startsAt',
  'endsAt',
] as const satisfies readonly (keyof ProviderMandate & keyof MandateRecord)[]

const LOGGED = [
  'providerStatus',
  'frequency',
  'amountRule',
  'maxAmountMinor',
  'currency',
  'startsAt',
  'endsAt',
  'notificationRef',
  'notificationStatus',
  'notificationAmountMinor',
  'notificationDebitAt',
] as const satisfies readonly (keyof MandateRecord)[]

/** Our status for Juspay's word; `unknown` for one that is not in the tables, and while no message has said one. */
export function mandateStatusOf(providerStatus: string | null): MandateStatus {
  return providerStatus === null ? 'unknown' : (TABLE[providerStatus]?.status ?? 'unknown')
}

/** Merges one message about a mandate into what we hold; `null` when we had not heard of it. */
export function mergeMandate(current: MandateRecord | null, told: ProviderMandate): MandateMerge {
  const atMs = told.statedAt?.getTime() ?? 0
  const next = current === null ? blankMandate(told.mandateRef) : { ...current }
  const stamps: Record<string, number> = { ...next.statedAt }
  for (const field of STATED) assignStated(next, stamps, field, told[field], atMs)
  if (told.providerStatus !== null && statusWins(next, told.providerStatus, atMs)) {
    next.providerStatus = told.providerStatus
    stamps['providerStatus'] = atMs
  }
  next.status = mandateStatusOf(next.providerStatus)
  next.activatedAt = earlier(next.activatedAt, told.activatedAt)
  next.statedAt = stamps
  return merged(current, next, told.statedAt)
}

/**
 * Merges one notice into its mandate, which we may not have heard of. Only the newest notice is kept, and as a whole:
 * fields of two notices never mix.
 */
export function mergeNotification(
  current: MandateRecord | null,
  told: ProviderNotification & { mandateRef: string },
): MandateMerge {
  const next = current === null ? blankMandate(told.mandateRef) : { ...current }
  const report = {
    notificationRef: told.notificationRef,
    notificationStatus: told.providerStatus,
    notificationAmountMinor: told.amountMinor,
    notificationDebitAt: told.debitAt,
    notificationAt: told.statedAt,
  }
  const known = next.statedAt['notification']
  const atMs = told.statedAt?.getTime() ?? 0
  if (known === undefined || atMs > known || (atMs === known && weight(report) > weight(next))) {
    Object.assign(next, report)
    next.statedAt = { ...next.statedAt, notification: atMs }
  }
  return merged(current, next, told.statedAt)
}

type Notice = Pick<
  MandateRecord,
  'notificationRef' | 'notificationStatus' | 'notificationAmountMinor' | 'notificationDebitAt'
>

/** Decides between two notices of one instant: some order is needed, so that the result is commutative. */
function weight(notice: Notice): string {
  return [
    notice.notificationRef ?? '',
    notice.notificationStatus ?? '',
    notice.notificationAmountMinor?.toString() ?? '',
    notice.notificationDebitAt?.toISOString() ?? '',
  ].join('\u0000')
}

function merged(current: MandateRecord | null, next: MandateRecord, statedAt: Date | null): MandateMerge {
  const changes = differences(`mandate:${next.mandateRef}`, current, next, LOGGED)
  const newest = Math.max(0, ...Object.values(current?.statedAt ?? {}))
  const stale = changes.length === 0 && statedAt !== null && statedAt.getTime() < newest
  return { next, changes, stale }
}

function statusWins(held: MandateRecord, word: string, atMs: number): boolean {
  if (held.providerStatus === null) return true
  const difference = stageOf(word) - stageOf(held.providerStatus)
  if (difference !== 0) return difference > 0
  const heldMs = held.statedAt['providerStatus'] ?? 0
  return atMs !== heldMs ? atMs > heldMs : word > held.providerStatus
}

function stageOf(word: string): number {
  return TABLE[word]?.stage ?? UNKNOWN_STAGE
}

/** Everything that is logged when a mandate's order becomes known after the mandate. */
export function mandateAsNew(record: MandateRecord): FieldChange[] {
  return differences(`mandate:${record.mandateRef}`, null, record, LOGGED)
}

function blankMandate(mandateRef: string): MandateRecord {
  return {
    mandateRef,
    orderRef: null,
    status: 'unknown',
    providerStatus: null,
    mandateType: null,
    frequency: null,
    amountRule: null,
    maxAmountMinor: null,
    currency: null,
    customerRef: null,
    methodType: null,
    method: null,
    revocable: null,
    blocksFunds: null,
    startsAt: null,
    endsAt: null,
    activatedAt: null,
    notificationRef: null,
    notificationStatus: null,
    notificationAmountMinor: null,
    notificationDebitAt: null,
    notificationAt: null,
    statedAt: {},
  }
}
