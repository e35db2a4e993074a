/** Lives as rows of the tables, in the text form of COPY. */
import { searchTextOf } from '../../server/domain/order.ts'
import type { RefundRecord } from '../../server/domain/refund.ts'
import { ORDER_FIELDS, REFUND_FIELDS, TRANSACTION_FIELDS } from '../../server/store/order-rows.ts'
import { monthOf } from '../../server/store/webhook-partitions.ts'
import { lineOf } from './copy-text.ts'
import type { Deed, Heard, Life, Request, World } from './life.ts'
import type { Table } from './tables.ts'

/** Lines of one table with the instants by which tables with a running number are written. */
export type Line = { atMs: number; text: string }

/** Tables whose rows are written as they are made. */
export type PartTable = Exclude<Table, 'webhook_event' | 'audit_entry'>

/** A part of a run, by table; events and deeds are kept apart until the end, to be written in their order. */
export type Part = {
  lines: Record<PartTable, string[]>
  events: Line[]
  deeds: Line[]
}

const HEADERS = { 'content-type': 'application/json', 'user-agent': 'Juspay-Webhook' }
/** Kept for documentation (RFC 5737): nobody's. */
const SENDER = '203.0.113.24'
const PROCESSING_MS = 38

export function emptyPart(): Part {
  return {
    lines: {
      orders: [],
      transaction: [],
      refund_request: [],
      refund: [],
      dispute: [],
      discrepancy: [],
      order_tag: [],
      order_change: [],
    },
    events: [],
    deeds: [],
  }
}

/** Adds everything about one order to a part. `partitions` are the months that webhook events have a table of. */
export function addLife(part: Part, world: World, life: Life, partitions: ReadonlySet<number>): void {
  const { lines } = part
  const { accountId } = world
  const { order, transactions, refunds } = life.aggregate
  // Sorted as the store sorts it: the text depends on what is known, not on when it was heard of.
  const sorted = {
    ...life.aggregate,
    transactions: transactions.toSorted((a, b) => compare(a.txnRef, b.txnRef)),
    refunds: refunds.toSorted((a, b) => compare(a.uniqueRequestId, b.uniqueRequestId)),
  }
  lines.orders.push(
    lineOf([
      life.id,
      accountId,
      order.orderRef.toLowerCase(),
      searchTextOf(sorted),
      life.firstSeenAt,
      life.changedAt,
      Math.max(1, life.changes.length),
      ...ORDER_FIELDS.map((field) => order[field]),
    ]),
  )
  for (const attempt of transactions) {
    const seenAt =
      attempt.createdAt !== null && attempt.createdAt > life.firstSeenAt
        ? attempt.createdAt
        : life.firstSeenAt
    lines.transaction.push(
      lineOf([
        life.makeId(),
        accountId,
        life.id,
        seenAt,
        ...TRANSACTION_FIELDS.map((field) => attempt[field]),
      ]),
    )
  }
  for (const request of life.requests) lines.refund_request.push(lineOf(requestValues(world, life, request)))
  for (const refund of refunds) lines.refund.push(lineOf(refundValues(world, life, refund)))
  for (const { id, record, eventId, at } of life.disputes) {
    const { disputeRef, orderRef, txnRef, status, providerStatus, amountMinor, currency, reason } = record
    const told = [disputeRef, orderRef, txnRef, status, providerStatus, amountMinor, currency, reason]
    const times = [record.dueAt, record.openedAt, record.resolvedAt, record.statedAt]
    lines.dispute.push(
      lineOf([id, accountId, life.id, eventId, record.openedAt ?? at, at, ...told, ...times]),
    )
  }
  for (const { id, finding, at, resolved } of life.found) {
    const { kind, ours, theirs, detail } = finding
    const end =
      resolved === null
        ? ['open', at, null, null, null]
        : ['resolved', at, resolved.at, resolved.by.id, resolved.words]
    lines.discrepancy.push(lineOf([id, accountId, life.id, kind, ours, theirs, detail, ...end]))
  }
  for (const { tag, by, at } of life.tags) lines.order_tag.push(lineOf([accountId, life.id, tag, by.id, at]))
  for (const { id, source, sourceId, changes, occurredAt, at } of life.changes)
    lines.order_change.push(lineOf([id, accountId, life.id, source, sourceId, changes, occurredAt, at]))
  for (const heard of life.heard)
    part.events.push({
      atMs: heard.letter.at.getTime(),
      text: lineOf(eventValues(world, life, heard, partitions)),
    })
  for (const deed of life.deeds)
    part.deeds.push({ atMs: deed.at.getTime(), text: lineOf(deedValues(world, deed)) })
}

function requestValues(world: World, life: Life, request: Request): unknown[] {
  const { currency } = life.aggregate.order
  return [
    request.id,
    world.accountId,
    life.id,
    request.clientKey,
    request.requestHash,
    request.approvalHash,
    request.amountMinor,
    currency,
    request.reason,
    request.note,
    request.status,
    world.policyVersion,
    request.needsApproval,
    request.policyReason,
    request.requestedBy.id,
    request.requestedAt,
    request.expiresAt,
    request.decidedBy?.id ?? null,
    request.decidedAt,
    request.decisionNote,
  ]
}

function refundValues(world: World, life: Life, refund: RefundRecord): unknown[] {
  const sending = refund.id === null ? undefined : life.sendings.get(refund.id)
  const createdAt = sending?.createdAt ?? life.toldAt.get(refund.uniqueRequestId) ?? life.firstSeenAt
  const sentAt = sending?.sentAt ?? null
  const changedAt = refund.settledAt ?? sentAt ?? createdAt
  const record: RefundRecord = { ...refund, id: refund.id ?? life.makeId() }
  return [
    world.accountId,
    life.id,
    1,
    sentAt === null ? 0 : 1,
    sentAt,
    sentAt,
    sending?.nextActionAt ?? null,
    createdAt,
    changedAt > createdAt ? changedAt : createdAt,
    ...Object.values(inFieldOrder(record)),
  ]
}

function inFieldOrder(record: RefundRecord): Record<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(record))
  return Object.fromEntries(REFUND_FIELDS.map((field) => [field, values.get(field)]))
}

function eventValues(world: World, life: Life, heard: Heard, partitions: ReadonlySet<number>): unknown[] {
  const { order, name, at } = heard.letter
  const month = order.statedAt === null ? 0 : monthOf(order.statedAt)
  const processedAt = new Date(at.getTime() + PROCESSING_MS)
  const outcome = heard.changes > 0 ? 'applied' : 'no_change'
  const pass = {
    no: 1,
    at: processedAt,
    tookMs: 4,
    by: 'processor',
    status: 'processed',
    outcome,
    error: null,
  }
  return [
    heard.id,
    partitions.has(month) ? month : 0,
    world.accountId,
    heard.eventRef,
    heard.bodySha256,
    heard.body,
    HEADERS,
    SENDER,
    at,
    at,
    'processed',
    outcome,
    heard.eventRef,
    name,
    FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'order',
    order.statedAt,
    order.orderRef,
    order.orderRef.toLowerCase(),
    life.id,
    1,
    null,
    processedAt,
    [{ ...pass, changes: heard.changes }],
  ]
}

/** As `juspay/translate` sorts the names that are sent here. */
const FAMILIES = [
  ['ORDER_REFUND', 'refund'],
  ['REFUND_', 'refund'],
  ['TXN_', 'txn'],
] as const

function deedValues(world: World, deed: Deed): unknown[] {
  const { actor } = deed
  return [
    world.accountId,
    deed.at,
    actor.kind,
    actor.id,
    actor.name,
    deed.action,
    deed.subjectKind,
    deed.subjectId,
    'done',
    deed.reason,
    deed.before,
    deed.after,
    deed.requestId,
  ]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
