/**
 * The live feeds of this process: each committed item, in one order, without gaps, resumable by cursor (J8). Streams at
 * the end share one reader per account; a stream that is behind reads pages by itself until it meets that reader, and
 * nothing is buffered for one that does not read.
 */
import { compareFeedCursors } from '../domain/feed-cursor.ts'
import { createPages, type Pages } from './pages.ts'
import { startTail, type Batch, type Tail, type TailOptions } from './tail.ts'

export type FollowOptions = {
  accountId: string
  /** Continue after this item; null starts with what commits from now on. */
  cursor: string | null
  /** Whether arrived events are wanted. At the end of the feed batches contain them all the same. */
  events: boolean
  signal: AbortSignal
}

/** What a stream is handed: everything there is for it, in one step when it is a little behind. */
export type Step<Item> = {
  /** To hang shared work on: the same objects for all streams that get the same items. */
  batches: readonly Batch<Item>[]
  /** Resumes after them. */
  cursor: string
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
  const tails = new Map<string, { tail: Tail<Item>; pages: Pages<Item>; streams: number }>()

  const begin = (accountId: string) => {
    const tail = startTail({ ...options, accountId })
    return { tail, pages: createPages(source, accountId, () => tail.floor()), streams: 0 }
  }
  const join = (accountId: string) => {
    const known = tails.get(accountId) ?? begin(accountId)
    known.streams += 1
    tails.set(accountId, known)
    return known
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
      const { tail, pages } = join(accountId)
      try {
        await tail.ready
        let at = following.cursor ?? tail.position()
        yield { batches: [], cursor: at, behind: false }
        while (!signal.aborted) {
          if (compareFeedCursors(at, tail.floor()) < 0) {
            const { page, full, cursor } = await pages.after(at, following.events)
            at = cursor
            yield { batches: [page], cursor, behind: full }
            continue
          }
          const batches = tail.after(at)
          if (batches.length > 0) {
            at = batches.at(-1)?.cursor ?? at
            yield { batches, cursor: at, behind: false }
            continue
          }
          await tail.turn(signal)
          if (!signal.aborted && compareFeedCursors(at, tail.position()) >= 0)
            yield { batches: [], cursor: at, behind: false }
        }
      } finally {
        leave(accountId)
      }
    },
  }
}
