import type { LockedEvent } from '../../store/webhook-queue.ts'
import type { Deps } from '../deps.ts'
import { processEvent, type ProcessResult } from './process-event.ts'
import { processEvents } from './process-pass.ts'

/**
 * What several events would do, the oldest of each order first, each on top of those before it: in one transaction that
 * is rolled back. An event that throws would take the others with it, so then each is rehearsed alone, against its order
 * as it is. Null stands for an event that is gone.
 */
export async function rehearseTogether(
  deps: Deps,
  eventIds: readonly string[],
): Promise<(ProcessResult | null)[]> {
  const alone = () =>
    inTurn(eventIds, (eventId) => processEvent(deps, eventId, { by: 'replay', shadow: true }))
  if (eventIds.length === 1) return alone()
  try {
    return await together(deps, eventIds)
  } catch {
    return alone()
  }
}

async function together(deps: Deps, eventIds: readonly string[]): Promise<(ProcessResult | null)[]> {
  const processed = await deps.store.rehearse(async (tx) => {
    const locked = await inTurn(eventIds, (eventId) => tx.webhookEvents.lock(eventId))
    const events = locked.filter((event): event is LockedEvent => event !== null)
    return processEvents(deps, tx, { events, by: 'replay', now: deps.clock.now() })
  })
  const results = new Map(
    processed.map(({ event, verdict, changes }) => {
      const { status, outcome, orderId, error } = verdict
      return [event.id, { eventId: event.id, status, outcome, orderId, error, changes }] as const
    }),
  )
  return eventIds.map((eventId) => results.get(eventId) ?? null)
}

/** One after the other: they use one connection, and their order is the point. */
async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = []
  for (const item of items) done.push(await work(item))
  return done
}
