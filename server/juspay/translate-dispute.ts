/**
 * Disputes as Juspay tells them (API reference §6.4 CHARGEBACK_*, §9.5). No body was ever published: the fields are those
 * of the object that other integrations read, which spell them in camel case; Juspay's webhooks elsewhere use snake
 * case. Both are read.
 */
import type { DisputeStatus, ProviderDispute } from '../domain/dispute.ts'
import type { EventContext } from './translate-mandate.ts'
import { amount, currencyCode, instant, object, ref, text, word } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

const PREFIX = 'CHARGEBACK_'

/** The end of the event's name; the second spellings are what a sender may come to use for the same thing. */
const STATUSES: Readonly<Record<string, DisputeStatus>> = {
  RECEIVED: 'received',
  UNDER_REVIEW: 'under_review',
  EVIDENCE_REQUIRED: 'evidence_required',
  RESOLVED_IN_MERCHANT_FAVOUR: 'resolved_merchant',
  RESOLVED_IN_MERCHANT_FAVOR: 'resolved_merchant',
  RESOLVED_IN_CUSTOMER_FAVOUR: 'resolved_customer',
  RESOLVED_IN_CUSTOMER_FAVOR: 'resolved_customer',
  CANCELED: 'cancelled',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  ALREADY_REFUNDED: 'already_refunded',
}

/** Where a deadline may stand: the published object names no field for it, but has `metadata` for the gateway's own. */
const DEADLINES = ['respond_by', 'evidence_due_date', 'due_date'] as const

/**
 * Reads a dispute.
 * @returns `null` when there is no `id` to know it by: a later message could not end what this one opens.
 */
export function disputeOf(json: Json | undefined, event: EventContext): ProviderDispute | null {
  const dispute = object(json)
  const disputeRef = ref(dispute?.['id'])
  if (!dispute || disputeRef === null) return null
  const txn = object(dispute['txn']) ?? {}
  const currency = currencyCode(dispute['currency']) ?? currencyCode(txn['currency'])
  const resolvedAt = instant(member(dispute, 'date_resolved'))
  const openedAt = instant(member(dispute, 'date_created'))
  return {
    disputeRef,
    orderRef: disputedOrderRef(dispute),
    txnRef: ref(member(txn, 'txn_id')) ?? ref(member(dispute, 'txn_id')),
    status: statusOf(event.name),
    providerStatus: word(member(dispute, 'chargeback_status')) ?? word(dispute['status']),
    amountMinor: amount(dispute['amount'], currency ?? event.currency),
    currency,
    reason: text(dispute['reason']),
    dueAt: deadlineOf(dispute),
    openedAt,
    resolvedAt,
    statedAt: instant(member(dispute, 'last_updated')) ?? event.occurredAt ?? resolvedAt ?? openedAt,
  }
}

/** The order a dispute is about: its own field, its attempt's, or the object it refers to when that is an order. */
export function disputedOrderRef(dispute: JsonObject): string | null {
  const own = ref(member(dispute, 'order_id')) ?? ref(member(object(dispute['txn']) ?? {}, 'order_id'))
  if (own !== null || word(dispute['object']) !== 'ORDER') return own
  return ref(member(dispute, 'object_reference_id'))
}

function statusOf(name: string | null): DisputeStatus | null {
  const upper = name?.trim().toUpperCase() ?? ''
  return upper.startsWith(PREFIX) ? (STATUSES[upper.slice(PREFIX.length)] ?? null) : null
}

function deadlineOf(dispute: JsonObject): Date | null {
  for (const place of [dispute, object(dispute['metadata']) ?? {}])
    for (const name of DEADLINES) {
      const found = dayOrInstant(member(place, name))
      if (found !== null) return found
    }
  return null
}

/** A deadline may be a day only; its beginning is the reading that is never too late. */
function dayOrInstant(json: Json | undefined): Date | null {
  const day = text(json)?.trim() ?? ''
  return instant(json) ?? (/^\d{4}-\d{2}-\d{2}$/.test(day) ? instant(`${day}T00:00:00Z`) : null)
}

/** A field by its snake-case name, else by the same name in camel case. */
function member(holder: JsonObject, name: string): Json | undefined {
  return holder[name] ?? holder[name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())]
}
