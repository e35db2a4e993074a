/**
 * What a batch of the feed says to a stream. Event rows are read and viewed once per batch, and streams with the same
 * filter get the very same message, so that a hundred open screens cost little more than one.
 */
import { matchesEvent, type EventFilter } from '../domain/event-filter.ts'
import type { Batch } from '../live/tail.ts'
import type { FeedItem } from '../store/live-changes.ts'
import type { Store } from '../store/store.ts'
import type { WebhookEventRow } from '../store/webhook-events-read.ts'
import { shareSerialised } from './transformer.ts'
import { eventRowView, type EventRowView } from './views/event.ts'
import type { LiveBatch, LiveChange } from './views/live.ts'

/** Different messages kept of one batch; streams with further filters make their own. */
const SHARED_MAX = 16

/** The filter of a stream with a name that equal filters share; null for a stream without events. */
export type StreamFilter = { key: string; filter: EventFilter } | null

type Seen = { row: WebhookEventRow; view: EventRowView }
type Work = { seen?: Promise<ReadonlyMap<string, Seen>>; messages: Map<string, Promise<LiveBatch>> }

/** Turns batches into messages. One per server, since it shares work between streams. */
export function createTeller(store: Pick<Store, 'webhookEvents'>) {
  const works = new WeakMap<Batch<FeedItem>, Work>()

  const see = async (accountId: string, items: readonly FeedItem[]) => {
    const ids = new Set(items.flatMap(eventIdOf))
    const rows = ids.size === 0 ? [] : await store.webhookEvents.byIds(accountId, [...ids])
    return new Map(rows.map((row) => [row.id, { row, view: eventRowView(row) }]))
  }
  const tell = async (accountId: string, { items }: Batch<FeedItem>, work: Work, wanted: StreamFilter) => {
    if (wanted === null) return shareSerialised(messageOf(items, new Map()))
    work.seen ??= see(accountId, items)
    const matching = new Map<string, EventRowView>()
    for (const [id, { row, view }] of await work.seen) {
      const orderRef = row.orderRef ?? row.orderKey
      if (matchesEvent({ ...view, ...row, orderRef }, wanted.filter)) matching.set(id, view)
    }
    return shareSerialised(messageOf(items, matching))
  }
  return (accountId: string, batch: Batch<FeedItem>, wanted: StreamFilter): Promise<LiveBatch> => {
    const work = works.get(batch) ?? { messages: new Map<string, Promise<LiveBatch>>() }
    works.set(batch, work)
    const key = wanted?.key ?? 'none'
    const known = work.messages.get(key)
    if (known) return known
    const message = tell(accountId, batch, work, wanted)
    if (work.messages.size < SHARED_MAX) work.messages.set(key, message)
    return message
  }
}

export type Teller = ReturnType<typeof createTeller>

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
