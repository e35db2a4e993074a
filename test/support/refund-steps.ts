import { expect } from 'vitest'
import type { RefundWorld } from './refund-fixtures.ts'

/** What the tests of sending do over and over, in the world that is open when they do it. */
export function refundSteps(open: () => RefundWorld) {
  /** A refund of ₹25.00, approved by policy and ready to be sent. */
  async function ready(amount = 2_500n) {
    const order = await open().chargedOrder()
    const { refund, request } = await open().ask(order, amount)
    return {
      order,
      refundId: refund?.refundId ?? '',
      key: refund?.uniqueRequestId ?? '',
      requestId: request.requestId ?? '',
    }
  }

  const statusOf = async (refundId: string): Promise<string | undefined> =>
    (await open().deps.store.refunds.work(refundId))?.status

  async function expectPaidOnce(order: { orderId: string; orderRef: string }, key: string, amount = 2_500n) {
    await open().drainUntilSettled(order.orderId)
    expect(open().accepted(order.orderRef)).toEqual([
      { orderId: order.orderRef, uniqueRequestId: key, amountMinor: amount.toString() },
    ])
    expect(await open().balance(order.orderId)).toMatchObject({ reserved: 0n, refunded: amount, excess: 0n })
    const [facts] = await open().deps.store.refunds.byOrder(open().account.id, order.orderId)
    expect(facts).toMatchObject({ refundStatus: 'succeeded', uniqueRequestId: key })
    expect(facts?.ref).not.toBeNull()
  }

  return { ready, statusOf, expectPaidOnce }
}
