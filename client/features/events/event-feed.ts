/**
 * The rows of the feed as a pure state: what has arrived, what waits while the list is held, and nothing twice. History
 * comes from the server in pages; both are merged by id.
 */
import { matchesEvent, type EventFilter } from '../../../server/domain/event-filter.ts'
import type { EventRow } from './event-types.ts'

/** Live rows kept above the loaded pages. Past it the list begins again at the newest page, or there would be a hole. */
export const LIVE_ROWS_MAX = 2_000
/** Rows kept aside while the list is held; of later ones only the number is known. */
export const WAITING_ROWS_MAX = 2_000

export type Feed = {
  /** Which filter the rows were taken for. */
  key: string
  /** Arrived and shown, in the order they came. */
  live: readonly EventRow[]
  /** Arrived while the list was held. */
  waiting: readonly EventRow[]
  /** Arrived while held and not kept. */
  missed: number
  /** Newer versions of rows that a loaded page holds. */
  renewed: ReadonlyMap<string, EventRow>
}

export type FeedAction =
  | { kind: 'arrived'; rows: readonly EventRow[]; held: boolean; known: ReadonlySet<string> }
  | { kind: 'released' }
  /** The pages were loaded anew and hold everything there is. */
  | { kind: 'restarted'; key: string }

export function emptyFeed(key: string): Feed {
  return { key, live: [], waiting: [], missed: 0, renewed: new Map() }
}

/** How many rows wait: those kept aside, and those `beyond` the shown ones that a page brought meanwhile. */
export function waitingCount(feed: Feed, beyond: readonly EventRow[] = []): number {
  const kept = new Set([...feed.waiting, ...beyond].map(({ id }) => id))
  return kept.size + feed.missed
}

/** Whether rows were dropped, so that only loading anew shows all of them. */
export function hasHole(feed: Feed): boolean {
  return feed.missed > 0 || feed.live.length > LIVE_ROWS_MAX
}

export function feedReducer(feed: Feed, action: FeedAction): Feed {
  switch (action.kind) {
    case 'arrived':
      return arrived(feed, action)
    case 'released':
      return { ...feed, live: [...feed.live, ...feed.waiting], waiting: [] }
    case 'restarted':
      return emptyFeed(action.key)
  }
}

function arrived(feed: Feed, { rows, held, known }: FeedAction & { kind: 'arrived' }): Feed {
  const newest = new Map(rows.map((row) => [row.id, row]))
  const take = (row: EventRow): EventRow => {
    const fresh = newest.get(row.id)
    newest.delete(row.id)
    return fresh ?? row
  }
  const live = feed.live.map(take)
  const waiting = feed.waiting.map(take)
  const renewed = new Map(feed.renewed)
  for (const [id, row] of newest) {
    if (!known.has(id)) continue
    renewed.set(id, row)
    newest.delete(id)
  }
  const fresh = [...newest.values()]
  if (!held) return { ...feed, live: [...live, ...fresh], waiting, renewed }
  const room = Math.max(0, WAITING_ROWS_MAX - waiting.length)
  return {
    ...feed,
    live,
    waiting: [...waiting, ...fresh.slice(0, room)],
    missed: feed.missed + Math.max(0, fresh.length - room),
    renewed,
  }
}

/** Live rows and loaded pages as one list, newest first, each event once, in the server's order. */
export function mergeRows(feed: Feed, pages: readonly EventRow[], filter: EventFilter): EventRow[] {
  const byId = new Map<string, EventRow>()
  // The page was read for this filter; a version that came later may not belong to it any more.
  for (const row of pages) byId.set(row.id, row)
  for (const row of [...feed.renewed.values(), ...feed.live]) {
    const loaded = byId.get(row.id)
    if (loaded && isLater(loaded, row)) continue
    if (matchesEvent(row, filter)) byId.set(row.id, row)
    else byId.delete(row.id)
  }
  return withOrdersNow([...byId.values()]).sort(newestFirst)
}

/** The rows of a list that is held: those that are shown, and those that came between or above them. */
export type HeldRows = { shown: readonly EventRow[]; beyond: readonly EventRow[] }

/**
 * The rows that are shown while the list is held: those that were, each brought up to date where it stands, and history
 * that was loaded below them. A page that is read again moves nothing, and neither does a row that no longer belongs.
 */
export function holdRows(shown: readonly EventRow[], rows: readonly EventRow[]): HeldRows {
  const now = new Map(rows.map((row) => [row.id, row]))
  const stay = shown.map((row) => now.get(row.id) ?? row)
  for (const { id } of shown) now.delete(id)
  const last = shown.at(-1)
  const others = [...now.values()]
  const isBelow = (row: EventRow): boolean => last !== undefined && newestFirst(last, row) < 0
  return { shown: [...stay, ...others.filter(isBelow)], beyond: others.filter((row) => !isBelow(row)) }
}

/** The newest known status of an order on each of its rows: one row that is read again speaks for all of them. */
function withOrdersNow(rows: readonly EventRow[]): EventRow[] {
  const newest = new Map<string, EventRow>()
  for (const row of rows) {
    if (row.orderId === null) continue
    const known = newest.get(row.orderId)
    if (!known || (row.orderVersion ?? 0) > (known.orderVersion ?? 0)) newest.set(row.orderId, row)
  }
  return rows.map((row) => {
    const known = row.orderId === null ? undefined : newest.get(row.orderId)
    if (!known || known.orderVersion === row.orderVersion) return row
    return { ...row, orderStatus: known.orderStatus, orderVersion: known.orderVersion }
  })
}

/** Whether `a` is a later version of the same event than `b`. */
function isLater(a: EventRow, b: EventRow): boolean {
  return a.tries > b.tries || a.deliveryCount > b.deliveryCount
}

function newestFirst(a: EventRow, b: EventRow): number {
  const difference = b.receivedAt.getTime() - a.receivedAt.getTime()
  if (difference !== 0) return difference
  return a.id < b.id ? 1 : -1
}
