import type { Deps } from '../services/deps.ts'
import { processBatch } from '../services/webhooks/process-batch.ts'
import { processEvent } from '../services/webhooks/process-event.ts'
import { learnOrder, UnknownOrders, type UnknownOrder } from '../services/webhooks/process-unknown.ts'
import type { Job } from './runner.ts'

/**
 * Events of one transaction. Per event 200 cost two thirds of what 50 cost, and 400 a sixth less than 200, but their
 * orders would be locked twice as long against a person who asks for a refund: now it is a tenth of a second.
 */
export const EVENT_BATCH = 200
/** Events of one round; the loop comes straight back while there are more. */
const ROUND_MAX = 2_000
/**
 * Workers on a backlog: one reads and merges while the database works for the other; more only wait for a core. While one
 * keeps up it works alone, because a second takes from the receiver the moment in which a delivery could be stored.
 */
const EVENT_WORKERS = 2
/** Questions about unknown orders in the air at once, in this process. */
const ASKS_AT_ONCE = 4

type DrainOptions = {
  signal?: AbortSignal
  /** Takes the orders to ask Juspay for; without it they are asked for before the drain returns. */
  later?: UnknownOrders
  batch?: number
}

/**
 * Processes events that are due until none is left. A batch that was at least half full means a backlog, on which all
 * workers go until they find less (what another worker just took is not there to fill it). Workers and processes share the
 * queue by skipping locked rows; a failing event is noted and the next one goes on (W10).
 * @returns how many were processed.
 */
export async function drainEvents(
  deps: Deps,
  { signal, later, batch = EVENT_BATCH }: DrainOptions = {},
): Promise<number> {
  const unknown = later ?? new UnknownOrders()
  let count = 0
  const pass = async (): Promise<number> => {
    if (count >= ROUND_MAX || signal?.aborted === true) return 0
    const done = await processBatch(deps, batch)
    for (const order of done.unknown) unknown.offer(order)
    count += done.count
    return done.count
  }
  const isBacklog = (done: number): boolean => done * 2 >= batch
  const clearBacklog = async (): Promise<void> => {
    while (isBacklog(await pass()));
  }
  for (let done = await pass(); done > 0; done = await pass())
    if (isBacklog(done)) await Promise.all(Array.from({ length: EVENT_WORKERS }, clearBacklog))
  if (later === undefined) await askForUnknown(deps, unknown, signal)
  return count
}

/** Asks Juspay for all orders that wait in `unknown`, a few at a time, and applies the events that need them. */
export async function askForUnknown(
  deps: Deps,
  unknown: UnknownOrders,
  signal?: AbortSignal,
): Promise<number> {
  let asked = 0
  const worker = async (): Promise<void> => {
    for (let order = unknown.take(); order !== null; order = unknown.take()) {
      asked += 1
      await askFor(deps, order)
      if (signal?.aborted === true) return
    }
  }
  await Promise.all(Array.from({ length: ASKS_AT_ONCE }, worker))
  return asked
}

/** One order that cannot be had must not stop the others: its events come again with their next try. */
async function askFor(deps: Deps, { account, orderRef, eventIds }: UnknownOrder): Promise<void> {
  try {
    if (!(await learnOrder(deps, { account, orderRef }))) return
    for (const eventId of eventIds) await processEvent(deps, eventId)
  } catch (error) {
    deps.log.error({ accountId: account.id, error: String(error) }, 'asking for an unknown order failed')
  }
}

/**
 * The processor, and beside it the one who asks Juspay for orders that events tell too little about: an answer that
 * takes seconds holds up no event.
 */
export function eventJobs(): readonly Job[] {
  const unknown = new UnknownOrders()
  return [
    {
      name: 'process-events',
      topic: 'events',
      everyMs: 1_000,
      drain: (deps, signal) => drainEvents(deps, { signal, later: unknown }),
    },
    {
      name: 'ask-for-unknown-orders',
      topic: null,
      everyMs: 500,
      drain: (deps, signal) => askForUnknown(deps, unknown, signal),
    },
  ]
}
