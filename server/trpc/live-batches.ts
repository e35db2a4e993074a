/**
 * What a batch of the feed says to a stream. Event rows are read and viewed once per batch, and streams with the same
 * filter get the very same message, so that a hundred open screens cost little more than one.
 */
import { matchesEvent, type EventFilter, type FilteredEvent } from '../domain/event-filter.ts'
import type { Batch } from '../live/tail.ts'
import type { FeedItem } from '../store/live-changes.ts'
import type { Store } from '../store/store.ts'
import type { WebhookEventRow } from '../store/webhook-events-read.ts'
import { shareSerialised } from './transformer.ts'
import { eventRowView, type EventRowView } from './views/event.ts'
import type { LiveBatch, LiveChange } from './views/live.ts'

/** Different messages kept of one batch; streams with further filters make their own. */
const SHARED_MAX = 64

/** The filter of a stream with a name that equal filters share; null for a stream without events. */
export type StreamFilter = { key: string; filter: EventFilter } | null

type Seen = { event: FilteredEvent; view: EventRowView }
type Messages = Map<string, Promise<LiveBatch>>

/** Turns batches into messages. One per server, since it shares work between streams. */
export function createTeller(store: Pick<Store, 'webhookEvents'>) {
  const told = new WeakMap<Batch<FeedItem>, Messages>()
  const seen = new WeakMap<Batch<FeedItem>, Promise<ReadonlyMap<string, Seen>>>()

  const read = async (accountId: string, items: readonly FeedItem[]) => {
    const ids = new Set(items.flatMap(eventIdOf))
    const rows = ids.size === 0 ? [] : await store.webhookEvents.byIds(accountId, [...ids])
    return new Map(rows.map((row) => [row.id, seenOf(row)]))
  }
  /** The rows of a batch, also for streams that get only the end of it. */
  const see = ({ whole }: Batch<FeedItem>, accountId: string) => {
    const known = seen.get(whole) ?? read(accountId, whole.items)
    seen.set(whole, known)
    return known
  }
  const tell = async (accountId: string, batch: Batch<FeedItem>, wanted: StreamFilter) => {
    const { items } = batch
    if (wanted === null) return shareSerialised(messageOf(items, new Map()))
    const matching = new Map<string, EventRowView>()
    for (const [id, { event, view }] of await see(batch, accountId))
      if (matchesEvent(event, wanted.filter)) matching.set(id, view)
    return shareSerialised(messageOf(items, matching))
  }
  return (accountId: string, batch: Batch<FeedItem>, wanted: StreamFilter): Promise<LiveBatch> => {
    const messages: Messages = told.get(batch) ?? new Map()
    told.set(batch, messages)
    const key = wanted?.key ?? 'none'
    const known = messages.get(key)
    if (known) return known
    const message = tell(accountId, batch, wanted)
    if (messages.size < SHARED_MAX) messages.set(key, message)
    return message
  }
}

export type Teller = ReturnType<typeof createTeller>

function seenOf(row: WebhookEventRow): Seen {
  const view = eventRowView(row)
  const { eventRef, remoteAddress, orderRef } = row
  return { view: shareSerialised(view), event: { ...view, eventRef, remoteAddress, orderRef } }
}

/** One message of several, as if their batches had been one. */
export function mergeMessages(messages: readonly LiveBatch[]): LiveBatch {
  const [first, ...others] = messages
  if (first && others.length === 0) return first
  const changes = new Map(
    messages
      .flatMap((message) => message.changes)
      .map((change) => [`${change.subject} ${change.subjectId}`, change]),
  )
  return {
    kind: 'batch',
    events: messages.flatMap((message) => message.events),
    renewed: messages.flatMap((message) => message.renewed),
    changes: [...changes.values()],
  }
}

/** The event whose row belongs to an item: it arrived, or it was processed. */
function eventIdOf(item: FeedItem): string[] {
  if (item.kind === 'event') return [item.eventId]
  return item.subject === 'webhook_event' ? [item.subjectId] : []
}

function messageOf(items: readonly FeedItem[], rows: ReadonlyMap<string, EventRowView>): LiveBatch {
  const arrived = new Set<string>()
  const processed = new Set<string>()
  const changes = new Map<string, LiveChange>()
  for (const item of items) {
    if (item.kind === 'event') {
      arrived.add(item.eventId)
      continue
    }
    const { subject, subjectId, at } = item
    if (subject === 'webhook_event') processed.add(subjectId)
    changes.set(`${subject} ${subjectId}`, { subject, subjectId, at })
  }
  const viewsOf = (ids: Iterable<string>) => [...ids].flatMap((id) => rows.get(id) ?? [])
  return {
    kind: 'batch',
    events: viewsOf(arrived),
    // The row of an event that arrived in this batch says already what became of it.
    renewed: viewsOf([...processed].filter((id) => !arrived.has(id))),
    changes: [...changes.values()],
  }
}
