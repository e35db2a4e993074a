/**
 * The live feeds of this process: each committed item, in one order, without gaps, resumable by cursor (J8). Streams at
 * the end share one reader per account; a stream that is behind reads pages by itself until it meets that reader, and
 * nothing is buffered for one that does not read.
 */
import { compareFeedCursors } from '../domain/feed-cursor.ts'
import { startTail, type Batch, type FeedSource, type Tail, type TailOptions } from './tail.ts'

/** Items that a stream which is behind reads at a time. */
export const PAGE_ITEMS = 200
/** Streams that may read pages at the same moment: a mass reconnect must not take every database connection. */
const READERS_MAX = 4

export type FollowOptions = {
  accountId: string
  /** Continue after this item; null starts with what commits from now on. */
  cursor: string | null
  /** Whether arrived events are wanted. At the end of the feed batches contain them all the same. */
  events: boolean
  signal: AbortSignal
}

/** What a stream is handed. */
export type Step<Item> = Batch<Item> & {
  /** The batch to hang shared work on: the same object for all streams that get these items. */
  batch: Batch<Item>
  /** Whole pages remain before the stream has caught up. */
  behind: boolean
}

export type LiveHub<Item> = {
  /**
   * Follows an account's feed until `signal` aborts. The first step is empty and says where the stream begins; later
   * empty ones come about once a second while nothing happens.
   */
  follow(options: FollowOptions): AsyncGenerator<Step<Item>, void, void>
  /** How many accounts are being read. */
  tails(): number
}

/** Makes the hub; it reads nothing until somebody follows. */
export function createLiveHub<Item extends { cursor: string }>(
  options: Omit<TailOptions<Item>, 'accountId'>,
): LiveHub<Item> {
  const { source } = options
  const tails = new Map<string, { tail: Tail<Item>; streams: number }>()
  const admit = createGate(READERS_MAX)

  const join = (accountId: string): Tail<Item> => {
    const known = tails.get(accountId) ?? { tail: startTail({ ...options, accountId }), streams: 0 }
    known.streams += 1
    tails.set(accountId, known)
    return known.tail
  }
  const leave = (accountId: string): void => {
    const known = tails.get(accountId)
    if (!known) return
    known.streams -= 1
    if (known.streams > 0) return
    tails.delete(accountId)
    known.tail.stop()
  }

  return {
    tails: () => tails.size,
    async *follow(following) {
      const { accountId, signal } = following
      const tail = join(accountId)
      try {
        await tail.ready
        let at = following.cursor ?? tail.position()
        yield step({ items: [], cursor: at })
        while (!signal.aborted) {
          if (compareFeedCursors(at, tail.floor()) < 0) {
            const page = await admit(() => readPage(source, tail, following, at))
            at = page.cursor
            yield page
            continue
          }
          const batch = tail.after(at)
          if (batch) {
            at = batch.cursor
            yield step(batch)
            continue
          }
          await tail.turn(signal)
          if (!signal.aborted && tail.after(at) === null) yield step({ items: [], cursor: at })
        }
      } finally {
        leave(accountId)
      }
    },
  }
}

function step<Item>(batch: Batch<Item>, behind = false): Step<Item> {
  return { ...batch, batch, behind }
}

/**
 * A page for a stream before the floor of the tail. After a page that is not full there is nothing left before the
 * floor as it was when the page was asked for: the database's horizon only moves on. So the stream may go on from there.
 */
async function readPage<Item extends { cursor: string }>(
  source: FeedSource<Item>,
  tail: Tail<Item>,
  { accountId, events }: FollowOptions,
  at: string,
): Promise<Step<Item>> {
  const floor = tail.floor()
  const items = await source.readFeed(accountId, at, PAGE_ITEMS, { events })
  const reached = items.at(-1)?.cursor ?? at
  const full = items.length >= PAGE_ITEMS
  const cursor = full || compareFeedCursors(reached, floor) > 0 ? reached : floor
  return step({ items, cursor }, full)
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
