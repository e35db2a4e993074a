import type { NewDelivery, StoredDelivery } from '../../store/webhook-intake.ts'
import type { Deps } from '../deps.ts'

/**
 * Commits authenticated deliveries together and wakes the processor once. When this returns, none of them can be lost:
 * it is the only thing the receiver waits for before it answers 200. Answers in the order given.
 */
export async function storeDeliveries(
  deps: Deps,
  deliveries: readonly NewDelivery[],
): Promise<StoredDelivery[]> {
  const stored = await deps.store.intake.storeMany(deliveries)
  if (stored.some(({ deliveryCount }) => deliveryCount === 1)) deps.wake('events')
  return stored
}
