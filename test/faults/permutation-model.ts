/** The product's merge rules without its database: what a message makes of everything that is known of one order. */
import {
  mergeDispute,
  withDisputes,
  type DisputeRecord,
  type ProviderDispute,
} from '../../server/domain/dispute.ts'
import {
  mergeMandate,
  mergeNotification,
  type MandateRecord,
  type ProviderMandate,
  type ProviderNotification,
} from '../../server/domain/mandate.ts'
import { mergeOrder, type OrderAggregate } from '../../server/domain/order.ts'
import { statusLevel } from '../../server/domain/payment-status.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import { parseJson } from '../../server/juspay/json.ts'
import { isParseFailure, translateEvent, translateOrder } from '../../server/juspay/translate.ts'
import type { Message } from './permutation-messages.ts'

/** A message as the product reads it. */
export type ReadMessage = {
  label: string
  order: ProviderOrder | null
  dispute: ProviderDispute | null
  mandate: ProviderMandate | null
  notification: ProviderNotification | null
}

/** What is known of one order. */
export type Known = {
  aggregate: OrderAggregate | null
  disputes: Readonly<Record<string, DisputeRecord>>
  mandates: Readonly<Record<string, MandateRecord>>
  /** Messages that tell too little about an order nobody knows yet: they are tried again when it is known. */
  waiting: readonly ReadMessage[]
}

export const NOTHING: Known = { aggregate: null, disputes: {}, mandates: {}, waiting: [] }

/** How an order takes a message in. */
export type Merge = (current: OrderAggregate | null, told: ProviderOrder) => OrderAggregate

const CONTEXT = { currency: 'INR', now: new Date('2026-11-20T12:00:00Z') }

/** The product's own rule. */
export const REAL_MERGE: Merge = (current, told) => mergeOrder(current, told, CONTEXT).next

/** Broken on purpose: the message that arrives last is believed, whatever was known before. */
export const LAST_ARRIVAL_WINS: Merge = (current, told) => {
  const { next } = mergeOrder(null, told, CONTEXT)
  return current === null || told.providerStatus !== null ? next : { ...current, order: next.order }
}

/** @throws when the product cannot read the message: then the scene is wrong */
export function readMessage(message: Message): ReadMessage {
  const text = JSON.stringify(message.json)
  const { label } = message
  if (message.kind === 'answer') {
    const parsed = parseJson(text)
    const order = parsed.ok ? translateOrder(parsed.json) : null
    if (order === null) throw new Error(`${label} is not an order`)
    return { label, order, dispute: null, mandate: null, notification: null }
  }
  const event = translateEvent(text, { currency: 'INR' })
  if (isParseFailure(event)) throw new Error(`${label}: ${event.message}`)
  const { order, dispute, mandate, notification } = event
  if (!order && !dispute && !mandate && !notification) throw new Error(`${label} tells nothing`)
  return { label, order, dispute, mandate, notification }
}

/** What is known after one more message. Nothing of `known` is changed. */
export function take(known: Known, message: ReadMessage, merge: Merge): Known {
  const { order: told, dispute, mandate, notification } = message
  const disputes = dispute === null ? known.disputes : withDispute(known.disputes, dispute)
  const mandates = withMandate(known.mandates, mandate, notification)
  if (told === null) return { ...known, aggregate: shown(known.aggregate, disputes), disputes, mandates }
  const tooLittle = told.providerStatus === null && told.transactions.length === 0
  if (known.aggregate === null && tooLittle) {
    const waiting = known.waiting.includes(message) ? known.waiting : [...known.waiting, message]
    return { ...known, disputes, mandates, waiting }
  }
  let aggregate = merge(known.aggregate, told)
  for (const { order } of known.waiting) if (order !== null) aggregate = merge(aggregate, order)
  return { aggregate: shown(aggregate, disputes), disputes, mandates, waiting: [] }
}

function shown(aggregate: OrderAggregate | null, disputes: Known['disputes']): OrderAggregate | null {
  return aggregate === null ? null : withDisputes(aggregate, Object.values(disputes))
}

function withDispute(disputes: Known['disputes'], told: ProviderDispute): Known['disputes'] {
  const held = disputes[told.disputeRef] ?? null
  return { ...disputes, [told.disputeRef]: mergeDispute(held, told).next }
}

function withMandate(
  mandates: Known['mandates'],
  told: ProviderMandate | null,
  notice: ProviderNotification | null,
): Known['mandates'] {
  const mandateRef = told?.mandateRef ?? notice?.mandateRef ?? null
  if (mandateRef === null) return mandates
  const held = mandates[mandateRef] ?? null
  const after = told === null ? held : mergeMandate(held, told).next
  if (notice === null) return after === null ? mandates : { ...mandates, [mandateRef]: after }
  return { ...mandates, [mandateRef]: mergeNotification(after, { ...notice, mandateRef }).next }
}

/** What must be the same whatever the order of arrival: everything but the order in which rows were made. */
export function resultOf({ aggregate, disputes, mandates, waiting }: Known): unknown {
  const refunds = aggregate?.refunds.toSorted((a, b) => (a.uniqueRequestId < b.uniqueRequestId ? -1 : 1))
  return {
    aggregate: aggregate === null ? null : { ...aggregate, refunds },
    disputes,
    mandates,
    waiting: new Set(waiting.map(({ label }) => label)),
  }
}

/** What went backwards between two states (J5); null when nothing did. */
export function regressOf(before: Known, after: Known): string | null {
  const [was, is] = [before.aggregate, after.aggregate]
  if (was === null) return null
  if (was.order.paymentStatus === 'charged' && is?.order.paymentStatus !== 'charged')
    return `the payment went from charged to ${is?.order.paymentStatus ?? 'nothing'}`
  for (const old of was.transactions) {
    const now = is?.transactions.find((one) => one.txnRef === old.txnRef)
    if (now === undefined || statusLevel(now.providerStatus) < statusLevel(old.providerStatus))
      return `attempt ${old.txnRef} went from ${old.providerStatus} to ${now?.providerStatus ?? 'nothing'}`
  }
  for (const old of was.refunds) {
    if (old.status !== 'succeeded') continue
    const now = is?.refunds.find((one) => one.uniqueRequestId === old.uniqueRequestId)
    if (now?.status !== 'succeeded')
      return `refund ${old.uniqueRequestId} went from succeeded to ${now?.status ?? 'nothing'}`
  }
  return null
}
