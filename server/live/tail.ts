/**
 * The end of one account's feed, read once for everybody in this process: on wake-ups, and by itself in case one was
 * lost (W27). It keeps a bounded stretch of what it read; whoever falls further behind than that reads for itself.
 */
import { compareFeedCursors } from '../domain/feed-cursor.ts'
import type { WakeTopic } from './wake.ts'

/** Items kept at hand for streams that are a little behind, and after a short break of the connection. */
export const KEPT_ITEMS = 2_000
/** Items that a stream is handed at a time. */
const STEP_ITEMS = 500
/** Items of one read. */
const PAGE_ITEMS = 500
/**
 * Wake-ups that come closer together than this are answered by one read. A busy process looks less often: fewer and
 * larger batches cost it less, and the wait stays far below what a person notices.
 */
const GAP_MS = 25
const GAP_MAX_MS = 250
/** After a wake-up it looks again this soon: what was committed may be held back by an older transaction still open. */
const LOOK_AGAIN_MS = [50, 100, 200, 400] as const
/** Wake-ups may be lost; this often it looks by itself. */
const POLL_MS = 1_000

/** Where items come from; the store's `liveChanges` is one. */
export type FeedSource<Item> = {
  /** The next items after `cursor`, oldest first. */
  readFeed(accountId: string, cursor: string, limit: number, options?: ReadOptions): Promise<Item[]>
  currentCursor(): Promise<string>
}

export type ReadOptions = {
  /** Whether arrived events are among the items. Default: yes. */
  events?: boolean
}

/** Some items in order. The same object for all streams that get all of them, so that work on it can be shared. */
export type Batch<Item> = {
  items: readonly Item[]
  /** Resumes after the batch. */
  cursor: string
  /** The batch as it was read, of which this is the end; itself when it is all of it. */
  whole: Batch<Item>
}

export type TailOptions<Item> = {
  source: FeedSource<Item>
  wakeups: { on(topic: WakeTopic, listener: () => void): () => void }
  log: { warn(fields: Record<string, unknown>, message: string): void }
  accountId: string
}

export type Tail<Item> = {
  /** Resolves when the end is known; rejects when the database does not tell it. */
  ready: Promise<void>
  /** The last item read, or where reading began. */
  position(): string
  /** Everything after this up to {@link position} is kept. */
  floor(): string
  /** What is kept after `cursor`, which must not lie before the floor: the next batches, oldest first. */
  after(cursor: string): Batch<Item>[]
  /** Waits for the next batch, the next look or the end of `signal`, whichever is first. */
  turn(signal: AbortSignal): Promise<void>
  stop(): void
}

/** Starts reading at the present end of the feed. */
export function startTail<Item extends { cursor: string }>(options: TailOptions<Item>): Tail<Item> {
  const { source, accountId, log } = options
  const bell = hangBell(options.wakeups)
  const waiting = new Set<() => void>()
  const kept: Batch<Item>[] = []
  let keptItems = 0
  let position = '0:0'
  let floor = '0:0'
  let stopped = false

  const keep = (items: readonly Item[], cursor: string): void => {
    position = cursor
    kept.push(batchOf(items, cursor))
    keptItems += items.length
    while (keptItems > KEPT_ITEMS) {
      const dropped = kept.shift()
      if (!dropped) break
      keptItems -= dropped.items.length
      floor = dropped.cursor
    }
  }
  const release = (): void => {
    for (const go of waiting) go()
  }
  /** Reads to the end. */
  const look = async (): Promise<void> => {
    for (;;) {
      const items = await source.readFeed(accountId, position, PAGE_ITEMS)
      const last = items.at(-1)
      if (last === undefined || stopped) return
      keep(items, last.cursor)
      release()
      if (items.length < PAGE_ITEMS) return
    }
  }
  const run = async (): Promise<void> => {
    let looks = 0
    let gap = GAP_MS
    while (!stopped) {
      // Before reading: what commits while we read rings for the next round.
      if (bell.reset()) looks = 0
      try {
        await look()
      } catch (error) {
        log.warn({ err: error, accountId }, 'the live feed could not be read; it is tried again')
        looks = LOOK_AGAIN_MS.length
      }
      const pause = LOOK_AGAIN_MS[looks] ?? POLL_MS
      looks += 1
      const lateMs = await bell.wait(gap, pause)
      gap = Math.min(GAP_MAX_MS, Math.max(GAP_MS, 2 * lateMs))
      if (pause === POLL_MS) release()
    }
  }
  const begin = async (): Promise<void> => {
    position = floor = await source.currentCursor()
    if (!stopped) void run()
  }
  return {
    ready: begin(),
    position: () => position,
    floor: () => floor,
    after: (cursor) => keptAfter(kept, cursor),
    turn: (signal) =>
      new Promise<void>((resolve) => {
        const go = (): void => {
          waiting.delete(go)
          signal.removeEventListener('abort', go)
          resolve()
        }
        if (stopped || signal.aborted) return resolve()
        waiting.add(go)
        signal.addEventListener('abort', go)
      }),
    stop() {
      stopped = true
      bell.close()
      release()
    },
  }
}

/** A batch as it was read. */
export function batchOf<Item>(items: readonly Item[], cursor: string): Batch<Item> {
  const batch = { items, cursor }
  return Object.assign(batch, { whole: batch as Batch<Item> })
}

/** The batches that end after `cursor`, the first without the items up to it, as many as one step takes. */
function keptAfter<Item extends { cursor: string }>(
  kept: readonly Batch<Item>[],
  cursor: string,
): Batch<Item>[] {
  let [low, high] = [0, kept.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const batch = kept[middle]
    if (batch && compareFeedCursors(batch.cursor, cursor) > 0) high = middle
    else low = middle + 1
  }
  const taken: Batch<Item>[] = []
  let items = 0
  for (const batch of kept.slice(low)) {
    if (items > 0 && items + batch.items.length > STEP_ITEMS) break
    items += batch.items.length
    taken.push(taken.length === 0 ? endOf(batch, cursor) : batch)
  }
  return taken
}

/** The items of a batch after `cursor`; the batch itself when that is all of them. */
export function endOf<Item extends { cursor: string }>(batch: Batch<Item>, cursor: string): Batch<Item> {
  const from = batch.items.findIndex((item) => compareFeedCursors(item.cursor, cursor) > 0)
  return from <= 0 ? batch : { ...batch, items: batch.items.slice(from) }
}

/** A bell that stays rung until reset. */
function hangBell(wakeups: TailOptions<never>['wakeups']) {
  let rung = false
  let wakeUp: (() => void) | null = null
  const ring = (): void => {
    rung = true
    wakeUp?.()
  }
  const stops = [wakeups.on('live', ring), wakeups.on('events', ring)]
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  return {
    /** Whether it had rung. */
    reset(): boolean {
      const before = rung
      rung = false
      return before
    },
    /** At least `gapMs`, then until it rings, `limitMs` in all. Answers how late the process was to notice the gap's end. */
    async wait(gapMs: number, limitMs: number): Promise<number> {
      const from = performance.now()
      await new Promise((resolve) => setTimeout(resolve, gapMs))
      const late = performance.now() - from - gapMs
      if (!rung) await pause(Math.max(0, limitMs - gapMs))
      wakeUp = null
      return late
    },
    close(): void {
      for (const stop of stops) stop()
      ring()
    },
  }
}
