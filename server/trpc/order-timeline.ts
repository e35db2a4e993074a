import { z } from 'zod'
import { GAP_SHOWN_AFTER_MS } from '../domain/webhook-gap.ts'
import type { TimelineEntry } from '../domain/timeline-entry.ts'
import { isIn, type TimelineFilter } from '../domain/timeline-fold.ts'
import { timelineOf } from '../domain/timeline.ts'
import type { PageOrder } from '../store/order-page.ts'
import { cursorText, readCursor } from '../store/page.ts'
import type { Store, StoreTx } from '../store/store.ts'
import { windowEnd, type TimeWindow } from '../store/time-window.ts'
import { ifAny, orderParts, type OrderParts } from './order-parts.ts'
import { shownChange } from '../domain/change.ts'
import { maskText } from '../domain/masked-text.ts'

/** Rows of each log that one stretch reads at most; an order rarely has more in all. */
const STRETCH_MAX = 100
/** Stretches that one call reads while a filter leaves nothing of them. */
const STRETCHES_MAX = 5
/** Entries after which a filtered call stops reading on. */
const ENOUGH = 30

export type TimelineAsk = {
  order: 'newest' | 'oldest'
  filter: TimelineFilter
  cursor: string | null
  now: Date
  /** Whether the reader may see personal data that people wrote down. */
  personal: boolean
}

export type TimelinePage = { entries: TimelineEntry[]; nextCursor: string | null }

const cursorShape = z.tuple([z.iso.datetime()])

/**
 * A stretch of what was recorded about one order, in the order asked for. Logs that grow without end are read by time;
 * what an order has few of is read whole and cut to the stretch.
 */
export async function orderTimeline(
  store: Store,
  order: PageOrder,
  ask: TimelineAsk,
  parts: OrderParts = orderParts(store),
): Promise<TimelinePage> {
  const cursor = readCursor(ask.cursor, cursorShape)
  let from = cursor === null ? null : new Date(cursor[0])
  const readOn = () => stretchOf(store.pages, order, { order: ask.order, from, limit: STRETCH_MAX })
  const [facts, first] = await Promise.all([factsOf(store.pages, order, ask, parts), readOn()])
  const entries: TimelineEntry[] = []
  for (let read = 0; read < STRETCHES_MAX; read += 1) {
    const stretch = read === 0 ? first : await readOn()
    const told = timelineOf({
      ...facts,
      ...within(facts, stretch),
      ...stretch,
      names: await namesOf(store.pages, order, facts, stretch),
    })
    const wanted = told.filter((entry) => isIn(ask.filter, entry))
    entries.push(...(ask.order === 'newest' ? wanted : wanted.toReversed()))
    from = stretch.end
    if (from === null || entries.length >= ENOUGH) break
  }
  return {
    entries: entries.map(withoutPersonal),
    nextCursor: from === null ? null : cursorText([from.toISOString()]),
  }
}

/** What they write may repeat an address or a number of the customer. A note is masked where it is read. */
function withoutPersonal(entry: TimelineEntry): TimelineEntry {
  const detail =
    entry.detail === null || entry.kind === 'note' || entry.detail === entry.reference
      ? entry.detail
      : maskText(entry.detail)
  return { ...entry, detail, changes: entry.changes.map(shownChange) }
}

type Facts = Awaited<ReturnType<typeof factsOf>>
type Stretch = Awaited<ReturnType<typeof stretchOf>>

/** What an order has few of: read whole, whatever the stretch. */
async function factsOf(store: StoreTx, order: PageOrder, ask: TimelineAsk, parts: OrderParts) {
  const shownBefore = new Date(ask.now.getTime() - GAP_SHOWN_AFTER_MS)
  const [attempts, refunds, discrepancies, gaps, deeds, notes] = await Promise.all([
    parts.attempts(order),
    parts.refunds(order),
    parts.discrepancies(order),
    ifAny('gaps', (accountId, id) => store.webhookGaps.byOrder(accountId, id, shownBefore))(order),
    ifAny('deeds', (accountId, id) => store.audit.bySubject(accountId, 'order', id))(order),
    ifAny('notes', (accountId, id) => store.orderNotes.byOrder(accountId, id))(order),
  ])
  return {
    currency: order.currency,
    attempts,
    refunds,
    discrepancies,
    gaps,
    deeds: deeds.filter(({ outcome }) => outcome === 'done'),
    notes: notes.map((note) => ({
      id: note.id,
      at: note.at,
      authorName: note.author.name,
      text: ask.personal ? note.text : maskText(note.text),
      struck: note.struckAt !== null,
    })),
  }
}

/** The logs between `from` and where the first of them, read as far as one call may, ends. */
async function stretchOf(store: StoreTx, order: PageOrder, window: TimeWindow) {
  const { merchantAccountId: accountId, id } = order
  const [changes, events, checks] = await Promise.all([
    store.orderChanges.stretch(accountId, id, window),
    ifAny('events', () => store.webhookEvents.stretch(accountId, id, window))(order),
    ifAny('checks', () => store.statusChecks.stretch(accountId, id, window))(order),
  ])
  const ends = [
    windowEnd(
      changes.map(({ at }) => at),
      window,
    ),
    windowEnd(
      events.map(({ receivedAt }) => receivedAt),
      window,
    ),
    windowEnd(
      checks.map(({ askedAt }) => askedAt),
      window,
    ),
  ].filter((end) => end !== null)
  const newest = window.order === 'newest'
  const end =
    ends.toSorted((a, b) => (newest ? b.getTime() - a.getTime() : a.getTime() - b.getTime()))[0] ?? null
  const inside = (at: Date) => isBetween(at, { newest, from: window.from, end })
  const kept = {
    changes: oldestFirst(
      changes.filter(({ at }) => inside(at)),
      newest,
    ),
    events: events.filter(({ receivedAt }) => inside(receivedAt)),
    checks: checks.filter(({ askedAt }) => inside(askedAt)),
  }
  const [linked, toldBefore] = await Promise.all([
    linkedTo(store, { accountId, orderId: id, kept }),
    // Everything older than the stretch: for the newest first what is yet to be read, for the oldest what was.
    newest
      ? end && store.webhookEvents.toldBefore(accountId, id, end)
      : window.from && store.webhookEvents.toldBefore(accountId, id, new Date(window.from.getTime() + 1)),
  ])
  return { ...kept, linked, toldBefore, end, inside }
}

function isBetween(
  at: Date,
  { newest, from, end }: { newest: boolean; from: Date | null; end: Date | null },
): boolean {
  if (newest) return (from === null || at < from) && (end === null || at >= end)
  return (from === null || at > from) && (end === null || at <= end)
}

function oldestFirst<T>(rows: readonly T[], newest: boolean): T[] {
  return newest ? rows.toReversed() : [...rows]
}

/** Events and checks that changes of the stretch came of, and that stand outside it. */
async function linkedTo(
  store: StoreTx,
  of: {
    accountId: string
    orderId: string
    kept: {
      changes: readonly { source: string; sourceId: string | null }[]
      events: readonly { id: string }[]
      checks: readonly { id: string }[]
    }
  },
) {
  const missing = (source: string, known: readonly { id: string }[]) => {
    const ids = new Set(known.map(({ id }) => id))
    return of.kept.changes.flatMap((change) =>
      change.source === source && change.sourceId !== null && !ids.has(change.sourceId)
        ? [change.sourceId]
        : [],
    )
  }
  const eventIds = missing('webhook', of.kept.events)
  const checkIds = missing('status_check', of.kept.checks)
  const [events, checks] = await Promise.all([
    eventIds.length === 0 ? [] : store.webhookEvents.toldByIds(of.accountId, eventIds),
    checkIds.length === 0
      ? []
      : store.statusChecks.byIds(of.accountId, { orderId: of.orderId, ids: checkIds }),
  ])
  return { events, checks }
}

/** The facts that fall into the stretch. A finding that was opened and resolved has two instants and is cut by each. */
function within(facts: Facts, { inside }: Stretch) {
  return {
    discrepancies: facts.discrepancies.flatMap((found) => {
      const opened = inside(found.foundAt)
      const closed = found.resolvedAt !== null && inside(found.resolvedAt)
      return opened || closed ? [{ ...found, opened, resolvedAt: closed ? found.resolvedAt : null }] : []
    }),
    gaps: facts.gaps.filter(({ foundAt }) => inside(foundAt)),
    deeds: facts.deeds.filter(({ at }) => inside(at)),
    notes: facts.notes.filter(({ at }) => inside(at)),
  }
}

async function namesOf(store: StoreTx, order: PageOrder, facts: Facts, stretch: Stretch) {
  const ids = new Set(
    [
      ...[...stretch.checks, ...stretch.linked.checks].map(({ askedBy }) => askedBy),
      ...facts.discrepancies.map(({ resolvedBy }) => resolvedBy),
    ].filter((id) => id !== null),
  )
  return store.staff.names(order.merchantAccountId, [...ids].filter(isPersonId))
}

/** A job signs with its name, a person with an id. */
function isPersonId(text: string): boolean {
  return /^[0-9a-f]{8}-/.test(text)
}
