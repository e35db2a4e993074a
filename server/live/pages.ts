/**
 * Pages of one account's feed for streams that are behind. Streams that are behind together, after a hard moment or a
 * broken network, share what is read: each reading for itself would keep all of them behind.
 */
import { compareFeedCursors } from '../domain/feed-cursor.ts'
import { batchOf, endOf, type Batch, type FeedSource } from './tail.ts'

/** Items of one page. */
export const PAGE_ITEMS = 500
/** Pages kept for the streams that come after. */
const PAGES_MAX = 16
/** Pages that are read at the same moment: a mass reconnect must not take every database connection. */
const READERS_MAX = 4

export type Page<Item> = {
  page: Batch<Item>
  /** More may follow at once. */
  full: boolean
  /** Where the stream stands after the page. */
  cursor: string
}

export type Pages<Item> = {
  /** The items that follow `cursor`, with or without arrived events. */
  after(cursor: string, events: boolean): Promise<Page<Item>>
}

/**
 * Full pages are kept: what lies between two items that were told is complete for good (J8). `floor` is how far the
 * tail has let go of what it read.
 */
export function createPages<Item extends { cursor: string }>(
  source: FeedSource<Item>,
  accountId: string,
  floor: () => string,
): Pages<Item> {
  const kept: { from: string; events: boolean; page: Batch<Item> }[] = []
  const reading = new Map<string, Promise<Page<Item>>>()
  const admit = createGate(READERS_MAX)

  const find = (cursor: string, events: boolean): Batch<Item> | null => {
    const found = kept.find(
      (one) =>
        one.events === events &&
        compareFeedCursors(one.from, cursor) <= 0 &&
        compareFeedCursors(cursor, one.page.cursor) < 0,
    )
    return found ? endOf(found.page, cursor) : null
  }
  const read = async (cursor: string, events: boolean): Promise<Page<Item>> => {
    const { items, before } = await admit(async () => {
      // As it is before the read, which is shared with streams that ask while it lasts.
      const before = floor()
      return { before, items: await source.readFeed(accountId, cursor, PAGE_ITEMS, { events }) }
    })
    const page = batchOf(items, items.at(-1)?.cursor ?? cursor)
    if (items.length < PAGE_ITEMS) return { page, full: false, cursor: laterOf(page.cursor, before) }
    kept.unshift({ from: cursor, events, page })
    if (kept.length > PAGES_MAX) kept.pop()
    return { page, full: true, cursor: page.cursor }
  }
  return {
    async after(cursor, events) {
      const page = find(cursor, events)
      if (page) return { page, full: true, cursor: page.cursor }
      const key = `${cursor} ${events}`
      const known = reading.get(key)
      if (known) return known
      const begun = read(cursor, events).finally(() => reading.delete(key))
      reading.set(key, begun)
      return begun
    },
  }
}

/**
 * After a page that is not full nothing is left before the floor as it was when the page was asked for: the database's
 * horizon only moves on. So the stream may go on from there, whatever has been moved or pruned in between.
 */
function laterOf(reached: string, floor: string): string {
  return compareFeedCursors(reached, floor) > 0 ? reached : floor
}

/** Lets at most `max` pieces of work run at a time; others wait in line. */
function createGate(max: number) {
  const line: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < max) running += 1
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await work()
    } finally {
      // The next in line takes over the place.
      const next = line.shift()
      if (next) next()
      else running -= 1
    }
  }
}
