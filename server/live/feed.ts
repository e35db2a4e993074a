/** The live feed of one merchant account, resumable by cursor: each committed item, in one order, without gaps (J8). */
import type { WakeTopic } from './wake.ts'

/** Items read at a time: a slow reader gets them later, not all at once. */
export const FEED_BATCH = 200
/** Wake-ups may be lost; this often the feed looks by itself. */
const POLL_MS = 1_000

/** Where items come from; the store's `liveChanges` is one. */
export type FeedSource<Item> = {
  readFeed(accountId: string, cursor: string, limit: number): Promise<Item[]>
  currentCursor(): Promise<string>
}

export type FeedOptions<Item extends { cursor: string }> = {
  source: FeedSource<Item>
  wakeups: { on(topic: WakeTopic, listener: () => void): () => void }
  accountId: string
  /** Continue after this item; null starts with what commits from now on. */
  cursor: string | null
  signal: AbortSignal
}

/**
 * Yields batches, never empty, until `signal` aborts. Nothing is buffered for a reader that does not read: it
 * continues from its cursor when it comes back.
 */
export async function* liveFeed<Item extends { cursor: string }>(
  options: FeedOptions<Item>,
): AsyncGenerator<Item[], void, void> {
  const { source, wakeups, accountId, signal } = options
  const bell = ringOn(wakeups, signal)
  try {
    let cursor = options.cursor ?? (await source.currentCursor())
    while (!signal.aborted) {
      // Set before reading: what commits while we read rings for the next round.
      bell.reset()
      const items = await source.readFeed(accountId, cursor, FEED_BATCH)
      const last = items.at(-1)
      if (last === undefined) {
        await bell.wait(POLL_MS)
        continue
      }
      cursor = last.cursor
      yield items
    }
  } finally {
    bell.close()
  }
}

/** A bell that stays rung until reset; also rings when `signal` aborts. */
function ringOn(wakeups: FeedOptions<{ cursor: string }>['wakeups'], signal: AbortSignal) {
  let rung = false
  let wakeUp: (() => void) | null = null
  const ring = (): void => {
    rung = true
    wakeUp?.()
  }
  const stops = [wakeups.on('live', ring), wakeups.on('events', ring)]
  signal.addEventListener('abort', ring)
  return {
    reset(): void {
      rung = signal.aborted
    },
    async wait(limitMs: number): Promise<void> {
      if (rung) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wakeUp = null
    },
    close(): void {
      for (const stop of stops) stop()
      signal.removeEventListener('abort', ring)
    },
  }
}
