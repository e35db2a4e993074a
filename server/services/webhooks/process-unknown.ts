/** Orders that events tell too little about: asked for at Juspay, outside any transaction (W9). */
import type { AccountRef, Deps } from '../deps.ts'
import { storeLearned } from '../orders/learn-order.ts'

/** An order that neither we nor the events know, and the events that wait for it. */
export type UnknownOrder = { account: AccountRef; orderRef: string; eventIds: string[] }

/** Orders kept for asking at once; what does not fit is offered again with the next try of its events. */
const UNKNOWN_MAX = 200

/** Unknown orders that wait to be asked for, each once, at most {@link UNKNOWN_MAX}. */
export class UnknownOrders {
  readonly #waiting = new Map<string, UnknownOrder>()

  offer({ account, orderRef, eventIds }: UnknownOrder): void {
    const key = `${account.id} ${orderRef}`
    const known = this.#waiting.get(key)
    if (known !== undefined) known.eventIds.push(...eventIds)
    else if (this.#waiting.size < UNKNOWN_MAX)
      this.#waiting.set(key, { account, orderRef, eventIds: [...eventIds] })
  }

  /** Takes the one that has waited longest. */
  take(): UnknownOrder | null {
    for (const [key, order] of this.#waiting) {
      this.#waiting.delete(key)
      return order
    }
    return null
  }
}

/** Who asked, in the status check's row. */
const EVENT_PROCESSOR = 'event-processor'

/**
 * Gets an order we never heard of from the order status API; says whether we know it now. When the call budget is used
 * up its events wait for their next try: forged ones about orders that do not exist must not make us ask without end.
 */
export async function learnOrder(
  deps: Deps,
  { account, orderRef }: Pick<UnknownOrder, 'account' | 'orderRef'>,
): Promise<boolean> {
  const may = await deps.store.transaction((tx) =>
    tx.statusBudget.takeCall(account.id, 'unknown_order', deps.clock.now(), orderRef.toLowerCase()),
  )
  if (!may) return false
  const client = await deps.juspay(account.id)
  const answer = await client.getOrder(orderRef, { routingId: orderRef, currency: account.currency })
  if (!answer.ok) return false
  return deps.store.transaction(
    async (tx) => (await storeLearned(deps, tx, { account, answer, askedBy: EVENT_PROCESSOR })) !== null,
  )
}
