/** What several views of an order's page are made of. The page asks for them in one request, which reads each part once. */
import type { Store } from '../store/store.ts'

type Read<T> = (accountId: string, orderId: string) => Promise<T>

/** Reads of one HTTP request: whoever asks again gets the first answer, so that all views tell of the same moment. */
export type OrderParts = ReturnType<typeof orderParts>

/** The parts of orders, each read when it is first asked for. Only for queries: what is known is not read again. */
export function orderParts({ pages: { orders, refunds, discrepancies } }: Pick<Store, 'pages'>) {
  return {
    order: once((accountId, orderId) => orders.byId(accountId, orderId)),
    attempts: once((accountId, orderId) => orders.attempts(accountId, orderId)),
    refunds: once((accountId, orderId) => refunds.byOrder(accountId, orderId)),
    discrepancies: once((accountId, orderId) => discrepancies.byOrder(accountId, orderId)),
  }
}

function once<T>(read: Read<T>): Read<T> {
  const known = new Map<string, Promise<T>>()
  return (accountId, orderId) => {
    const key = `${accountId} ${orderId}`
    const found = known.get(key) ?? read(accountId, orderId)
    known.set(key, found)
    return found
  }
}
