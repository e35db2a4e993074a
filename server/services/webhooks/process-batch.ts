/**
 * Drains the queue in batches: one transaction claims events, applies them all and settles them. A batch that throws
 * is rolled back and halved until the event that throws is alone, so that exactly that one is noted as failed (W10).
 */
import type { LockedEvent } from '../../store/webhook-queue.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { processOne, unknownOrderOf } from './process-event.ts'
import { processEvents, type Processed } from './process-pass.ts'
import type { UnknownOrder } from './process-unknown.ts'
import { reasonOf } from './process-verdict.ts'

export type BatchResult = {
  /** How many events were handled, whatever became of them. */
  count: number
  /** Orders to ask Juspay for, outside the batch. */
  unknown: UnknownOrder[]
}

/** Processes at most `limit` events that are due. Safe to run in many workers and processes at once. */
export async function processBatch(deps: Deps, limit: number): Promise<BatchResult> {
  return process(deps, (tx) => tx.webhookEvents.claimDue(deps.clock.now(), limit))
}

async function process(
  deps: Deps,
  lock: (tx: StoreTx) => Promise<readonly LockedEvent[]>,
): Promise<BatchResult> {
  let events: readonly LockedEvent[] = []
  try {
    const processed = await deps.store.transaction(async (tx) => {
      events = await lock(tx)
      const together = events.filter((event) => !hasThrown(event))
      return processEvents(deps, tx, { events: together, by: 'processor', now: deps.clock.now() })
    })
    if (processed.length > 0) deps.wake('live')
    const alone = events.filter(hasThrown)
    return sum([resultOf(processed), ...(await eachAlone(deps, alone))])
  } catch (error) {
    if (events.length === 0) throw error
    return apart(deps, events, error)
  }
}

/** An event that threw before is tried alone: it must not take a batch down twice. */
function hasThrown(event: LockedEvent): boolean {
  return event.outcome === 'error'
}

/** Runs a batch that threw again in two halves; one event alone is told apart from the rest of the world. */
async function apart(deps: Deps, events: readonly LockedEvent[], cause: unknown): Promise<BatchResult> {
  if (events.length === 1) return sum(await eachAlone(deps, events))
  deps.log.warn({ events: events.length, error: reasonOf(cause) }, 'a batch of webhook events is run apart')
  const middle = Math.ceil(events.length / 2)
  const results = []
  for (const half of [events.slice(0, middle), events.slice(middle)]) {
    if (half.length === 1) results.push(...(await eachAlone(deps, half)))
    const ids = half.map(({ id }) => id)
    if (half.length > 1)
      results.push(await process(deps, (tx) => tx.webhookEvents.lockDue(ids, deps.clock.now())))
  }
  return sum(results)
}

async function eachAlone(deps: Deps, events: readonly LockedEvent[]): Promise<BatchResult[]> {
  const results = []
  for (const { id } of events) {
    const lock = async (tx: StoreTx): Promise<LockedEvent | null> =>
      (await tx.webhookEvents.lockDue([id], deps.clock.now()))[0] ?? null
    const done = await processOne(deps, { by: 'processor', shadow: false, lock })
    if (done !== null)
      results.push({ ...resultOf(done.processed === null ? [] : [done.processed]), count: 1 })
  }
  return results
}

function resultOf(processed: readonly Processed[]): BatchResult {
  const unknown = processed.flatMap((one) => unknownOrderOf(one) ?? [])
  return { count: processed.length, unknown }
}

function sum(results: readonly BatchResult[]): BatchResult {
  return {
    count: results.reduce((total, { count }) => total + count, 0),
    unknown: results.flatMap(({ unknown }) => unknown),
  }
}
