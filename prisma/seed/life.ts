/**
 * One order from its first message to now. Messages go through the domain's own merge rules, so that every amount,
 * status and line of the timeline is what the server itself would have made of them.
 */
import { hash } from 'node:crypto'
import type { FieldChange } from '../../server/domain/change.ts'
import type { Finding } from '../../server/domain/discrepancy.ts'
import type { DisputeRecord } from '../../server/domain/dispute.ts'
import { derive, mergeOrder, type OrderAggregate } from '../../server/domain/order.ts'
import { eventIdOf } from '../../server/store/webhook-intake.ts'
import { webhookBodyOf } from './bodies.ts'
import type { Choices } from './choices.ts'
import type { Letter } from './payments.ts'

export type Person = { id: string; name: string }

/** What all orders of a run share. */
export type World = {
  seed: number
  orders: number
  accountId: string
  merchantRef: string
  currency: string
  /** Nothing happens after this. */
  end: Date
  /** Webhooks that came since are kept with their bytes. */
  eventsSince: Date
  requesters: readonly Person[]
  approvers: readonly Person[]
  taggers: readonly Person[]
  policyVersion: number
}

export type Change = {
  id: string
  source: 'webhook' | 'refund_answer' | 'person' | 'system'
  sourceId: string | null
  changes: readonly FieldChange[]
  occurredAt: Date | null
  at: Date
}

/** A webhook that is kept, with what processing it came to. */
export type Heard = {
  id: string
  eventRef: string
  letter: Letter
  body: Buffer
  bodySha256: Buffer
  changes: number
}

export type Request = {
  id: string
  clientKey: string
  requestHash: Buffer
  approvalHash: Buffer
  amountMinor: bigint
  reason: string
  note: string | null
  status: 'pending_approval' | 'approved' | 'rejected' | 'withdrawn' | 'expired'
  needsApproval: boolean
  policyReason: string
  requestedBy: Person
  requestedAt: Date
  expiresAt: Date
  decidedBy: Person | null
  decidedAt: Date | null
  decisionNote: string | null
}

/** What the sender remembers of a refund of ours. */
export type Sending = {
  requestId: string
  createdAt: Date
  sentAt: Date | null
  nextActionAt: Date | null
}

export type Deed = {
  at: Date
  actor: { kind: 'user' | 'system'; id: string; name: string }
  action: string
  subjectKind: 'order' | 'refund' | 'refund_request'
  subjectId: string
  reason: string | null
  before: object | null
  after: object | null
  requestId: string
}

export type Found = {
  id: string
  finding: Finding
  at: Date
  resolved: { at: Date; by: Person; words: string } | null
}

export type Life = {
  id: string
  /** For rows of which nothing else needs the id. */
  makeId: () => string
  aggregate: OrderAggregate
  firstSeenAt: Date
  changedAt: Date
  changes: Change[]
  heard: Heard[]
  found: Found[]
  requests: Request[]
  /** By refund id. */
  sendings: Map<string, Sending>
  /** When refunds that are not ours were first heard of, by key. */
  toldAt: Map<string, Date>
  disputes: { id: string; record: DisputeRecord; eventId: string; at: Date }[]
  tags: { tag: string; by: Person; at: Date }[]
  deeds: Deed[]
}

/** Begins a life with the first messages about an order; there is at least one. */
export function beginLife(world: World, choices: Choices, letters: readonly Letter[]): Life {
  const [first, ...rest] = letters
  if (first === undefined) throw new Error('an order of which nothing was heard')
  const id = choices.uuid()
  const merged = mergeOrder(null, first.order, { currency: world.currency, now: first.at })
  const life: Life = {
    id,
    makeId: () => choices.uuid(),
    aggregate: merged.next,
    firstSeenAt: first.at,
    changedAt: first.at,
    changes: [],
    heard: [],
    found: [],
    requests: [],
    sendings: new Map(),
    toldAt: new Map(),
    disputes: [],
    tags: [],
    deeds: [],
  }
  record(world, choices, life, first, 'webhook', merged)
  for (const letter of rest) hear(world, choices, life, letter)
  return life
}

/** Merges one message into the order and writes down what it changed. */
export function hear(
  world: World,
  choices: Choices,
  life: Life,
  letter: Letter,
  answerTo: string | null = null,
): void {
  const merged = mergeOrder(life.aggregate, letter.order, { currency: world.currency, now: letter.at })
  life.aggregate = merged.next
  record(world, choices, life, letter, answerTo ?? 'webhook', merged)
}

function record(
  world: World,
  choices: Choices,
  life: Life,
  letter: Letter,
  source: string,
  { changes, findings }: { changes: FieldChange[]; findings: Finding[] },
): void {
  const { at } = letter
  const occurredAt = letter.order.statedAt
  for (const refund of life.aggregate.refunds)
    if (!life.toldAt.has(refund.uniqueRequestId)) life.toldAt.set(refund.uniqueRequestId, at)
  for (const finding of findings) addFinding(choices, life, finding, at)
  if (source !== 'webhook')
    return note(choices, life, { source: 'refund_answer', sourceId: source, changes, occurredAt, at })
  let eventId: string | null = null
  if (at >= world.eventsSince) {
    const heard = heardOf(world, choices, letter, changes.length)
    life.heard.push(heard)
    eventId = heard.id
  }
  if (changes.length > 0)
    note(choices, life, { source: 'webhook', sourceId: eventId, changes, occurredAt, at })
}

/** The same disagreement is one work item, however many messages show it. */
function addFinding(choices: Choices, life: Life, finding: Finding, at: Date): void {
  if (life.found.some((known) => known.finding.kind === finding.kind)) return
  life.found.push({ id: choices.uuid(), finding, at, resolved: null })
}

function heardOf(world: World, choices: Choices, letter: Letter, changes: number): Heard {
  const eventRef = `evt_V2_${choices.uuid().replaceAll('-', '')}`
  const body = webhookBodyOf(letter, eventRef, world.merchantRef)
  const bodySha256 = hash('sha256', body, 'buffer')
  const id = eventIdOf({ accountId: world.accountId, dedupeKey: eventRef, bodySha256 })
  return { id, eventRef, letter, body, bodySha256, changes }
}

/** Writes one line of the order's history. */
export function note(choices: Choices, life: Life, change: Omit<Change, 'id'>): void {
  life.changes.push({ id: choices.uuid(), ...change })
  if (change.at > life.changedAt) life.changedAt = change.at
}

/** Recomputes the balance after requests or refunds changed. */
export function rebalance(life: Life, change: Partial<Pick<OrderAggregate, 'refunds' | 'requests'>>): void {
  life.aggregate = derive({ ...life.aggregate, ...change })
}
