/** What several views of an order's page are made of. The page asks for them in one request, which reads each part once. */
import type { OrderKept, PageOrder } from '../store/order-page.ts'
import type { RefundStopRecord } from '../store/refund-stops.ts'
import type { Store } from '../store/store.ts'

/** Reads of one HTTP request: whoever asks again gets the first answer, so that all views tell of the same moment. */
export type OrderParts = ReturnType<typeof orderParts>

type Read<T> = (accountId: string, orderId: string) => Promise<T>

/** Orders and their parts, each read when it is first asked for. Only for queries: what is known is not read again. */
export function orderParts({ pages }: Pick<Store, 'pages'>) {
  const { orders, discrepancies, refundStops } = pages
  const found: Promise<PageOrder | null>[] = []
  const byId = once((accountId, orderId) => orders.pageById(accountId, orderId))
  const attempts = once((accountId, orderId) => orders.attempts(accountId, orderId))
  const refunds = ifAny(
    'refunds',
    once((accountId, orderId) => pages.refunds.byOrder(accountId, orderId)),
  )
  return {
    /** An order by the merchant's reference or by our id. */
    find(accountId: string, refOrId: string): Promise<PageOrder | null> {
      const order = orders.pageOf(accountId, refOrId)
      found.push(order)
      return order
    },

    /** An order by our id: the one that another view of the request looks for, if that is it. */
    async order(accountId: string, orderId: string): Promise<PageOrder | null> {
      const known = (await Promise.all(found)).find((order) => order?.id === orderId)
      return known ?? byId(accountId, orderId)
    },

    attempts: (order: PageOrder) => attempts(order.merchantAccountId, order.id),
    refunds,
    /** What may keep a refund of the order from being sent: asked only when one is yet to be. */
    async stops(order: PageOrder, now: Date): Promise<RefundStopRecord[]> {
      const some = (await refunds(order)).some(({ refundStatus }) => refundStatus === 'ready')
      return some ? refundStops.inForce(order.merchantAccountId, now) : []
    },
    discrepancies: ifAny(
      'discrepancies',
      once((accountId, orderId) => discrepancies.byOrder(accountId, orderId)),
    ),
  }
}

/** Reads what an order has of a kind, and asks for nothing when it has none. */
export function ifAny<T>(kept: OrderKept, read: Read<T[]>): (order: PageOrder) => Promise<T[]> {
  return async (order) => (order.has[kept] ? read(order.merchantAccountId, order.id) : [])
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
