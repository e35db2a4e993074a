/**
 * Disputes: the customer's bank takes money back, or asks to (glossary "Chargeback / dispute"; API reference §6.4
 * CHARGEBACK_*, §9.5). A dispute is a function of the set of messages: each field, the status among them, is a
 * last-writer-wins register, so time and not arrival decides.
 */
import { differences, type FieldChange } from './change.ts'
import { AMOUNT_MINOR_MAX } from './money.ts'
import { derive, type OrderAggregate } from './order.ts'
import { assignStated, earlier, type Stamps } from './stamp.ts'

export const DISPUTE_STATUSES = [
  'received',
  'under_review',
  'evidence_required',
  'cancelled',
  'expired',
  'already_refunded',
  'resolved_merchant',
  'resolved_customer',
] as const

/** Where a dispute stands, by the name of the event that said so. */
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number]

/** Statuses in which the money is still fought over. */
const OPEN: ReadonlySet<DisputeStatus> = new Set(['received', 'under_review', 'evidence_required'])

/**
 * Statuses in which the bank may take the money or has it: giving it back as well would pay the customer twice. Of one
 * that expired nobody says who won.
 */
const HOLDING: ReadonlySet<DisputeStatus> = new Set([...OPEN, 'resolved_customer', 'expired'])

/** A dispute as told by one message; `null` means "this message does not say". */
export type ProviderDispute = {
  disputeRef: string
  orderRef: string | null
  /** Juspay's `txn_id` of the disputed attempt. */
  txnRef: string | null
  /** By the event's name; null for a CHARGEBACK_ name we do not know. */
  status: DisputeStatus | null
  /** `chargebackStatus`, verbatim: shown, and decides nothing, because no table of its words is published. */
  providerStatus: string | null
  amountMinor: bigint | null
  currency: string | null
  reason: string | null
  /** Until when the merchant must answer the bank, when told. */
  dueAt: Date | null
  openedAt: Date | null
  resolvedAt: Date | null
  statedAt: Date | null
}

/** A dispute as we hold it. */
export type DisputeRecord = Omit<ProviderDispute, 'statedAt' | 'status'> & {
  status: DisputeStatus
  statedAt: Stamps
}

export type DisputeMerge = {
  next: DisputeRecord
  changes: FieldChange[]
  /** Older than what we held, and it added nothing. */
  stale: boolean
}

const STATED = [
  'orderRef',
  'txnRef',
  'providerStatus',
  'amountMinor',
  'currency',
  'reason',
  'dueAt',
  'resolvedAt',
] as const satisfies readonly (keyof ProviderDispute & keyof DisputeRecord)[]

const LOGGED = [
  'status',
  'amountMinor',
  'currency',
  'reason',
  'dueAt',
] as const satisfies readonly (keyof DisputeRecord)[]

/** When an end that bears no date counts as said: after everything dated, or a dispute would stay open for ever. */
const UNDATED_END_MS = Number.MAX_SAFE_INTEGER

/** Whether the money is still fought over: only then is the order shown as disputed. */
export function isOpenDispute(status: DisputeStatus): boolean {
  return OPEN.has(status)
}

/** Merges one message about a dispute into what we hold; `null` when we had not heard of it. */
export function mergeDispute(current: DisputeRecord | null, told: ProviderDispute): DisputeMerge {
  const atMs = told.statedAt?.getTime() ?? 0
  const next = current === null ? blankDispute(told.disputeRef) : { ...current }
  const stamps: Record<string, number> = { ...next.statedAt }
  for (const field of STATED) assignStated(next, stamps, field, told[field], atMs)
  if (told.status !== null) {
    const saidMs = told.statedAt === null && !OPEN.has(told.status) ? UNDATED_END_MS : atMs
    const heldMs = stamps['status']
    const later = heldMs === undefined || saidMs > heldMs
    if (later || (saidMs === heldMs && rankOf(told.status) > rankOf(next.status))) {
      next.status = told.status
      stamps['status'] = saidMs
    }
  }
  next.openedAt = earlier(next.openedAt, told.openedAt)
  next.statedAt = stamps
  const changes = differences(`dispute:${next.disputeRef}`, current, next, LOGGED)
  const newest = Math.max(0, ...Object.values(current?.statedAt ?? {}))
  return { next, changes, stale: changes.length === 0 && told.statedAt !== null && atMs < newest }
}

/** Decides between two statuses said of one instant: the one further on. */
function rankOf(status: DisputeStatus): number {
  return DISPUTE_STATUSES.indexOf(status)
}

/**
 * The order as its disputes leave it: disputed while one of them is open, whatever became of the others, and without the
 * money that the bank may take or has taken.
 */
export function withDisputes<T extends OrderAggregate>(
  aggregate: T,
  disputes: readonly Pick<DisputeRecord, 'status' | 'amountMinor' | 'currency'>[],
): T {
  const open = disputes.filter(({ status }) => OPEN.has(status))
  const holding = disputes.filter(({ status }) => HOLDING.has(status))
  const disputedMinor = disputedOf(holding, aggregate.order.currency)
  const order = { ...aggregate.order, disputed: open.length > 0, disputedMinor }
  return { ...aggregate, ...derive({ ...aggregate, order }) }
}

/** What disputes take or may take. One of unknown amount, or in another currency, may be about everything. */
function disputedOf(
  holding: readonly Pick<DisputeRecord, 'amountMinor' | 'currency'>[],
  orderCurrency: string,
): bigint {
  let total = 0n
  for (const { amountMinor, currency } of holding)
    total +=
      amountMinor === null || (currency ?? orderCurrency) !== orderCurrency ? AMOUNT_MINOR_MAX : amountMinor
  return total > AMOUNT_MINOR_MAX ? AMOUNT_MINOR_MAX : total
}

/** Everything that is logged when a dispute's order becomes known after the dispute. */
export function disputeAsNew(record: DisputeRecord): FieldChange[] {
  return differences(`dispute:${record.disputeRef}`, null, record, LOGGED)
}

function blankDispute(disputeRef: string): DisputeRecord {
  return {
    disputeRef,
    orderRef: null,
    txnRef: null,
    // No message about a dispute has yet said that it is over, so it counts as open.
    status: 'received',
    providerStatus: null,
    amountMinor: null,
    currency: null,
    reason: null,
    dueAt: null,
    openedAt: null,
    resolvedAt: null,
    statedAt: {},
  }
}
