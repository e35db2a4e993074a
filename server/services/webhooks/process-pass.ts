/**
 * One pass over webhook events under lock: reads them all, applies them to their orders in their order, and writes
 * what became of each with everything it changed, in one transaction.
 */
import type { FieldChange } from '../../domain/change.ts'
import type { ProviderEvent } from '../../domain/provider-order.ts'
import type { LiveNote } from '../../store/live-changes.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AttemptBy, EventVerdict, LockedEvent, NamedEvent } from '../../store/webhook-queue.ts'
import type { AccountRef, Deps } from '../deps.ts'
import { applyMessages, type Applied } from '../orders/apply-order.ts'
import type { ApplyOutcome, Message } from '../orders/weigh-message.ts'
import type { SideOutcome } from './apply-dispute.ts'
import { applySideFacts } from './apply-side-facts.ts'
import { ignored, sideVerdictOf, unreadable, verdictOf } from './process-verdict.ts'

/** An event after its pass. */
export type Processed = {
  event: LockedEvent
  account: AccountRef
  verdict: EventVerdict
  /** What this pass changed. */
  changes: FieldChange[]
}

export type PassDeps = Pick<Deps, 'readEvent' | 'clock' | 'log'>

/** Processes events inside `tx`, which holds their locks. The caller wakes `live` after the commit. */
export async function processEvents(
  deps: PassDeps,
  tx: StoreTx,
  pass: { events: readonly LockedEvent[]; by: AttemptBy; now: Date },
): Promise<Processed[]> {
  const { events, by, now } = pass
  const cases = await readCases(deps, tx, events)
  const messages = new Map(cases.map((item) => [item, messageOf(item, now)]))
  const applied = await applyMessages(tx, [...messages.values()].filter(isMessage))
  const processed = await judge(deps, tx, { messages, applied, now })
  const variants = await markVariants(tx, processed, now)
  const tookMs = deps.clock.now().getTime() - now.getTime()
  await tx.webhookEvents.settleAll(
    processed.map(({ event, verdict, changes }) => {
      const { status, outcome, error } = verdict
      const attempt = { at: now, tookMs, by, status, outcome, error, changes: changes.length }
      return { event, verdict, attempt, variant: variants.has(event.id) }
    }),
  )
  await tx.liveChanges.appendAll([...applied.notes, ...processed.map(noteOf)])
  return processed
}

/** An event as read; `told` is null when its bytes cannot be, and `failure` says why. */
type Case = { event: LockedEvent; account: AccountRef } & (
  { told: ProviderEvent; failure: null } | { told: null; failure: string }
)

async function readCases(deps: PassDeps, tx: StoreTx, events: readonly LockedEvent[]): Promise<Case[]> {
  const accounts = new Map<string, AccountRef>()
  for (const id of new Set(events.map((event) => event.accountId))) {
    const account = await tx.accounts.byId(id)
    if (account === null) throw new Error('an event of no account')
    accounts.set(id, account)
  }
  return events.flatMap((event): Case[] => {
    const account = accounts.get(event.accountId)
    if (account === undefined) return []
    const told = deps.readEvent(event.body, { currency: account.currency })
    return 'failure' in told
      ? [{ event, account, told: null, failure: told.message }]
      : [{ event, account, told, failure: null }]
  })
}

/** What an event says about an order; null when it says nothing that we understand. */
function messageOf({ event, account, told }: Case, now: Date): Message | null {
  if (told === null || told.family === 'unknown' || told.order === null) return null
  const source = { kind: 'webhook', id: event.id, occurredAt: told.occurredAt } as const
  return { account, order: told.order, source, now }
}

function isMessage(message: Message | null): message is Message {
  return message !== null
}

async function judge(
  deps: PassDeps,
  tx: StoreTx,
  { messages, applied, now }: { messages: Map<Case, Message | null>; applied: Applied; now: Date },
): Promise<Processed[]> {
  const known = await ordersOfIgnored(tx, messages)
  const outcomes = [...applied.outcomes]
  const processed: Processed[] = []
  for (const [item, message] of messages) {
    const { event, account } = item
    const outcome = message === null ? null : (outcomes.shift() ?? null)
    if (outcome?.outcome === 'wrong_merchant')
      deps.log.warn({ accountId: account.id, eventId: event.id }, 'a webhook names another merchant')
    processed.push(await judgeOne(tx, item, { outcome, orderId: known.get(event.id) ?? null, now }))
  }
  return processed
}

/** What became of one event; its order, if it carries one, is written already. */
async function judgeOne(
  tx: StoreTx,
  item: Case,
  { outcome, orderId, now }: { outcome: ApplyOutcome | null; orderId: string | null; now: Date },
): Promise<Processed> {
  const { event, account, told } = item
  const judged = { event, account }
  if (told === null) return { ...judged, verdict: unreadable(event, item.failure, now), changes: [] }
  if (outcome !== null && outcome.orderId === null)
    return { ...judged, verdict: verdictOf(item, outcome, now), changes: outcome.changes }
  const side = await applySideFacts(tx, { account, event, told, now })
  const changes = [...(outcome?.changes ?? []), ...(side?.changes ?? [])]
  if (outcome !== null) return { ...judged, verdict: verdictOf(item, withSide(outcome, side), now), changes }
  const verdict = side === null ? ignored(event, told, orderId, now) : sideVerdictOf(item, side, now)
  return { ...judged, verdict, changes }
}

/** What an event did that tells of an order and of something beside it. */
function withSide(outcome: ApplyOutcome, side: SideOutcome | null): ApplyOutcome {
  return side === null || side.changes.length === 0 ? outcome : { ...outcome, outcome: 'applied' }
}

/** The orders of events that are only shown beside them, by event; after the batch has stored its own. */
async function ordersOfIgnored(
  tx: StoreTx,
  messages: Map<Case, Message | null>,
): Promise<Map<string, string>> {
  const asked = [...messages].flatMap(([{ event, told }, message]) =>
    message !== null || told === null || told.orderRef === null
      ? []
      : [{ id: event.id, accountId: event.accountId, orderRef: told.orderRef }],
  )
  const found = await tx.orders.idsByRefs(asked)
  return new Map(
    asked.flatMap(({ id }, index) => {
      const orderId = found[index] ?? null
      return orderId === null ? [] : [[id, orderId] as const]
    }),
  )
}

/**
 * Same id, other bytes: all are kept and marked, and Juspay is asked at once which is right (W6). Returns the events of
 * this pass that are variants.
 */
async function markVariants(tx: StoreTx, processed: readonly Processed[], now: Date): Promise<Set<string>> {
  const named = processed.flatMap(({ event, verdict: { orderId, eventRef } }): NamedEvent[] =>
    orderId === null || eventRef === null
      ? []
      : [{ id: event.id, accountId: event.accountId, orderId, eventRef }],
  )
  const others = await tx.webhookEvents.sameName(named)
  const bearers = new Map<string, Set<string>>()
  for (const event of [...named, ...others])
    bearers.set(nameOf(event), (bearers.get(nameOf(event)) ?? new Set()).add(event.id))
  const variants = named.filter((event) => (bearers.get(nameOf(event))?.size ?? 0) > 1)
  const ids = new Set(variants.map(({ id }) => id))
  if (ids.size === 0) return ids
  await tx.webhookEvents.markVariants(others.map(({ id }) => id).filter((id) => !ids.has(id)))
  // Asked once for each variant, not again for every replay.
  const marked = new Set(processed.filter(({ event }) => event.variant).map(({ event }) => event.id))
  const fresh = variants.filter(({ id }) => !marked.has(id))
  await tx.orders.checkNow([...new Set(fresh.map(({ orderId }) => orderId))], now)
  return ids
}

function nameOf({ orderId, eventRef }: NamedEvent): string {
  return `${orderId} ${eventRef}`
}

function noteOf({ event }: Processed): LiveNote {
  return { accountId: event.accountId, subject: 'webhook_event', subjectId: event.id }
}
