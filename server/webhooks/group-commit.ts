/**
 * Group commit: deliveries that arrive while others are being committed are gathered and committed together, so the
 * database is asked once for many. Each caller gets its own answer, and only after the commit that holds its row.
 */

/** Statements in flight at once: while one waits for the disk, the next is filled. */
const IN_FLIGHT_MAX = 2
/** Deliveries and bytes of one statement. */
const GROUP_MAX = 256
const GROUP_BYTES_MAX = 4 * 1024 * 1024
/** What may wait in this process; beyond it a sender is told to come back. */
export const QUEUE_MAX = 4_096
export const QUEUE_BYTES_MAX = 128 * 1024 * 1024
/** How late after its deadline somebody may learn that it has passed. */
const LATENESS_MS = 100

/** There is no room to wait; nothing was stored. */
export class QueueFullError extends Error {
  override name = 'QueueFullError'
}

/** The deadline passed before the commit was confirmed: whether anything was stored is not known. */
export class LateError extends Error {
  override name = 'LateError'
}

export type GroupCommitOptions<Item, Result> = {
  /** Commits all items or none and answers in their order; rejects when nothing, or nobody knows what, was stored. */
  write(items: readonly Item[]): Promise<Result[]>
  bytesOf(item: Item): number
  /** Whether an error of a group is the fault of its content, so that the innocent deserve a try of their own. */
  isOfContent(error: unknown): boolean
}

export type GroupCommit<Item, Result> = {
  /**
   * Resolves once the item is committed. An item still waiting at its deadline (of the monotonic clock, ms) is left out:
   * nobody waits for it any more.
   * @throws QueueFullError, LateError, or what `write` threw
   */
  submit(item: Item, deadline: number): Promise<Result>
  /** How much waits: deliveries that no statement holds yet. */
  waiting(): number
}

type Waiting<Item, Result> = {
  item: Item
  bytes: number
  deadline: number
  resolve(result: Result): void
  reject(error: unknown): void
}

/** A queue in front of `write`. Waits for nothing when nothing is in flight: a lone delivery is stored at once. */
export function createGroupCommit<Item, Result>(
  options: GroupCommitOptions<Item, Result>,
): GroupCommit<Item, Result> {
  let queue: Waiting<Item, Result>[] = []
  let queuedBytes = 0
  let inFlight = 0
  let scheduled = false
  const unanswered = new Set<Waiting<Item, Result>>()
  const watch = watchDeadlines(unanswered)

  const schedule = (): void => {
    if (scheduled || inFlight >= IN_FLIGHT_MAX || queue.length === 0) return
    scheduled = true
    // After the reads of this turn of the event loop: what has arrived together goes together.
    setImmediate(() => {
      scheduled = false
      void flush()
    })
  }
  const take = (): Waiting<Item, Result>[] => {
    let bytes = 0
    let count = 0
    for (const { bytes: size } of queue) {
      if (count === GROUP_MAX || (count > 0 && bytes + size > GROUP_BYTES_MAX)) break
      bytes += size
      count += 1
    }
    const group = queue.slice(0, count)
    queue = queue.slice(count)
    queuedBytes -= bytes
    return group.filter((waiting) => unanswered.has(waiting))
  }
  const flush = async (): Promise<void> => {
    const group = take()
    if (group.length > 0) {
      inFlight += 1
      // More than one statement's worth may wait.
      schedule()
      await commit(group, options)
      for (const waiting of group) unanswered.delete(waiting)
      inFlight -= 1
    }
    schedule()
  }
  return {
    submit(item, deadline) {
      const bytes = options.bytesOf(item)
      if (queue.length >= QUEUE_MAX || queuedBytes + bytes > QUEUE_BYTES_MAX)
        return Promise.reject(new QueueFullError('too many deliveries wait to be stored'))
      return new Promise<Result>((resolve, reject) => {
        const waiting = { item, bytes, deadline, resolve, reject }
        queue.push(waiting)
        unanswered.add(waiting)
        queuedBytes += bytes
        watch()
        schedule()
      })
    },
    waiting: () => queue.length,
  }
}

/** One timer for all: a timer of its own for each delivery costs more than storing it. */
function watchDeadlines<Item, Result>(unanswered: Set<Waiting<Item, Result>>): () => void {
  let timer: NodeJS.Timeout | null = null
  const look = (): void => {
    timer = null
    const now = performance.now()
    for (const waiting of unanswered) {
      if (waiting.deadline > now) continue
      unanswered.delete(waiting)
      waiting.reject(new LateError('the database did not answer in time'))
    }
    if (unanswered.size > 0) start()
  }
  const start = (): void => {
    timer ??= setTimeout(look, LATENESS_MS)
  }
  return start
}

async function commit<Item, Result>(
  group: readonly Waiting<Item, Result>[],
  options: GroupCommitOptions<Item, Result>,
): Promise<void> {
  try {
    const results = await options.write(group.map(({ item }) => item))
    for (const [index, waiting] of group.entries()) {
      const result = results[index]
      if (result === undefined) waiting.reject(new Error('a stored delivery got no answer'))
      else waiting.resolve(result)
    }
  } catch (error) {
    if (group.length === 1 || !options.isOfContent(error)) {
      for (const waiting of group) waiting.reject(error)
      return
    }
    // One of them cannot be stored and nobody knows which: each for itself, so that it alone is refused.
    for (const waiting of group) await commit([waiting], options)
  }
}
