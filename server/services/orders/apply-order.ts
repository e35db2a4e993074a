/**
 * The one way Juspay's word enters orders, whether it came as a webhook, a status answer or the answer to a refund:
 * lock the orders, let the domain merge each message in turn, write what differs with its change log in the same
 * transaction. A single message is a batch of one.
 */
import type { ChangedParts, InsertedRefund } from '../../store/order-writes.ts'
import type { LockedAggregate, OrderKey } from '../../store/order-locks.ts'
import type { LiveNote } from '../../store/live-changes.ts'
import type { NewOrderChange } from '../../store/order-changes.ts'
import type { StoreTx } from '../../store/store.ts'
import { adoptSideFacts } from '../webhooks/apply-side-facts.ts'
import { weighInTurn, type ApplyOutcome, type Held, type Message, type Step } from './weigh-message.ts'
import { recordFindings } from './work-items.ts'

/**
 * An order of the batch was unknown a moment ago and is another transaction's now. Waiting for its lock while holding
 * others out of turn could deadlock, so the batch is rolled back and run again.
 */
export class OrdersRaced extends Error {
  constructor() {
    super('another transaction was the first to store an order of this batch')
  }
}

export type Applied = {
  /** One for each message, in their order. */
  outcomes: ApplyOutcome[]
  /** What open screens must hear of; the caller writes them, with its own. */
  notes: LiveNote[]
}

/** Applies one message inside `tx`. The caller wakes `live` after the commit. */
export async function applyProviderOrder(tx: StoreTx, message: Message): Promise<ApplyOutcome> {
  const { outcomes, notes } = await applyMessages(tx, [message])
  await tx.liveChanges.appendAll(notes)
  const [outcome] = outcomes
  if (outcome === undefined) throw new Error('a message was applied without an outcome')
  return outcome
}

/**
 * Applies messages inside `tx`, those of one order in the order given.
 * @throws OrdersRaced when the whole transaction must be run again; never for messages of a single order.
 */
export async function applyMessages(tx: StoreTx, messages: readonly Message[]): Promise<Applied> {
  const ours = messages.filter(isOurs)
  const groups = await groupByOrder(tx, ours)
  const locked = new Map((await tx.orders.lockByKeys(groups)).map((order) => [idOf(order), order]))
  const turns = groups.map((group): Turn => {
    const before = locked.get(idOf(group)) ?? null
    return { ...group, before, orderId: before?.orderId ?? null, ...weighInTurn(before, group.messages) }
  })
  if (!(await insertNew(tx, turns))) {
    if (turns.length > 1) throw new OrdersRaced()
    // Only this order is at stake: it is stored now, so its lock is all there is to wait for.
    return applyMessages(tx, messages)
  }
  const known = turns.filter(isKnown)
  const notes = await record(tx, known)
  await adoptSideFacts(
    tx,
    known.filter((turn) => turn.before === null),
  )
  const outcomes = new Map(turns.flatMap(outcomesOf))
  return {
    outcomes: messages.map((message) => outcomes.get(message) ?? NOT_OURS),
    notes,
  }
}

const NOT_OURS: ApplyOutcome = { orderId: null, outcome: 'wrong_merchant', changes: [] }

function isOurs({ order, account }: Message): boolean {
  return order.merchantRef === null || order.merchantRef === account.juspayMerchantId
}

type Group = OrderKey & { messages: Message[] }

/** One order's messages, and what they make of it. */
type Turn = Group & {
  /** Null for an order we did not know. */
  before: LockedAggregate | null
  /** Null until it is stored. */
  orderId: string | null
  held: Held | null
  steps: Step[]
}

type KnownTurn = Turn & { orderId: string; held: Held }

function isKnown(turn: Turn): turn is KnownTurn {
  return turn.orderId !== null && turn.held !== null
}

function idOf({ accountId, key }: OrderKey): string {
  return `${accountId} ${key}`
}

async function groupByOrder(tx: StoreTx, messages: readonly Message[]): Promise<Group[]> {
  const keys = await tx.orders.keysOf(messages.map(({ order }) => order.orderRef))
  const groups = new Map<string, Group>()
  for (const [index, message] of messages.entries()) {
    const asked = { accountId: message.account.id, key: keys[index] ?? '' }
    const group = groups.get(idOf(asked))
    if (group === undefined) groups.set(idOf(asked), { ...asked, messages: [message] })
    else group.messages.push(message)
  }
  return [...groups.values()]
}

/** Stores the orders we did not know and fills in their ids; false when another transaction was first with one. */
async function insertNew(tx: StoreTx, turns: readonly Turn[]): Promise<boolean> {
  const fresh = turns.filter((turn) => turn.before === null)
  const orders = fresh.flatMap(({ accountId, key, held, messages }) => {
    const now = messages[0]?.now
    return held === null || now === undefined ? [] : [{ accountId, key, ...held, next: held, now }]
  })
  const ids = new Map((await tx.orders.insertOrders(orders)).map((row) => [idOf(row), row.orderId]))
  for (const turn of fresh) turn.orderId = ids.get(idOf(turn)) ?? null
  return ids.size === orders.length
}

/** Writes what the turns changed, and returns what open screens must hear of. */
async function record(tx: StoreTx, turns: readonly KnownTurn[]): Promise<LiveNote[]> {
  await tx.orders.saveOrders(
    turns.flatMap(({ before, held, messages }) => {
      const now = messages.at(-1)?.now
      return before === null || now === undefined ? [] : [{ ...held, next: held, before, now }]
    }),
  )
  const inserted = await tx.orders.saveParts(turns.map(partsOf))
  const items = await recordFindings(
    tx,
    turns.map((turn) => ({ ...turn, isNew: turn.before === null })),
  )
  await tx.orderChanges.appendAll(turns.flatMap(changesOf))
  return [
    ...items.map(({ accountId, id }): LiveNote => ({ accountId, subject: 'discrepancy', subjectId: id })),
    ...turns.flatMap((turn) => notesOf(turn, inserted)),
  ]
}

function partsOf({ accountId, orderId, before, held, messages: [first] }: KnownTurn): ChangedParts {
  const now = first?.now ?? held.changedAt
  return { accountId, orderId, before: before ?? { transactions: [], refunds: [] }, next: held, now }
}

function changesOf({ accountId, orderId, steps }: KnownTurn): NewOrderChange[] {
  return steps.flatMap(({ message: { source, now }, weighed }) => {
    if (weighed === null || weighed.changes.length === 0) return []
    const { kind, id: sourceId, occurredAt } = source
    return [{ accountId, orderId, source: kind, sourceId, changes: weighed.changes, occurredAt, at: now }]
  })
}

function notesOf({ accountId, orderId, held, steps }: KnownTurn, inserted: InsertedRefund[]): LiveNote[] {
  const touched = new Set(
    steps.flatMap(({ weighed }) => weighed?.changes.map((change) => change.subject) ?? []),
  )
  if (touched.size === 0) return []
  const known = held.refunds.flatMap(({ id, uniqueRequestId }) =>
    id === null ? [] : [{ id, uniqueRequestId }],
  )
  const refunds = [...known, ...inserted.filter((refund) => refund.orderId === orderId)]
  return [
    { accountId, subject: 'order', subjectId: orderId },
    ...refunds
      .filter(({ uniqueRequestId }) => touched.has(`refund:${uniqueRequestId}`))
      .map(({ id }): LiveNote => ({ accountId, subject: 'refund', subjectId: id })),
  ]
}

function outcomesOf({ orderId, steps }: Turn): [Message, ApplyOutcome][] {
  return steps.map(({ message, outcome, weighed }) => [
    message,
    // A message that told too little belongs to no order, even when a later one of the batch made it known.
    { orderId: weighed === null ? null : orderId, outcome, changes: weighed?.changes ?? [] },
  ])
}
