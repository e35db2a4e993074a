import type { NewDelivery, StoredDelivery } from '../../store/webhook-events.ts'
import type { Deps } from '../deps.ts'

/**
 * Commits one authenticated delivery and wakes the processor. When this returns, the event cannot be lost: it is the
 * only thing the receiver waits for before it answers 200.
 */
export async function storeDelivery(deps: Deps, delivery: NewDelivery): Promise<StoredDelivery> {
  const stored = await deps.store.webhookEvents.store(delivery)
  if (stored.deliveryCount === 1) deps.wake('events')
  return stored
}
