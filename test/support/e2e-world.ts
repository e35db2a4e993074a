/** Something to look at: a workspace in which every screen has rows, made the way they really come about. */
import { expect } from 'vitest'
import { DEMO_WEBHOOK } from '../../server/demo.ts'
import { eventually, type Stack } from './e2e.ts'

export type World = {
  /** A charged order with a succeeded refund and a second one that waits for approval. */
  orderRef: string
  /** The succeeded refund. */
  refundId: string
  /** A webhook about that order. */
  eventId: string
  /** A replay of that webhook, whose dry run is ready. */
  replayId: string
  /** A batch of two orders that was checked and not sent for approval. */
  batchId: string
  /** References of all orders, newest last. */
  orderRefs: readonly string[]
}

const PAYERS = [
  { firstName: 'Ishaan', lastName: 'Verma', paymentMethodType: 'CARD', gateway: 'RAZORPAY' },
  { firstName: 'Divya', lastName: 'Nair', paymentMethodType: 'UPI', gateway: 'PAYU' },
  { firstName: 'Kabir', lastName: 'Sethi', paymentMethodType: 'NB', gateway: 'BILLDESK' },
  { firstName: 'Sara', lastName: 'Thomas', paymentMethodType: 'WALLET', gateway: 'CCAVENUE' },
] as const

const SCENARIOS = [
  ['charged', '4599.00'],
  ['failed', '899.00'],
  ['double_charge', '1249.00'],
  ['partially_refunded', '7650.50'],
  ['refunded', '649.00'],
  ['stuck', '2199.00'],
  ['authorized', '15750.00'],
  ['auth_failed_then_success', '3299.00'],
] as const

/** Makes orders in all states, two refunds and webhooks that could not be used. */
export async function populate(stack: Stack): Promise<World> {
  const orderRefs: string[] = []
  for (const [i, [scenario, amount]] of SCENARIOS.entries()) {
    orderRefs.push(await stack.order(amount, { scenario, ...PAYERS[i % PAYERS.length] }))
  }
  const orderRef = await stack.order('12999.00', PAYERS[0])
  orderRefs.push(orderRef)
  const refundId = await refundTwice(stack, orderRef)
  await sendUseless(stack)
  const { trpc } = await stack.app.as('admin')
  const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
  const [event] = await trpc.orders.events.query({ orderId: order.id })
  await eventually('the useless webhook is listed as failed', async () => {
    expect((await trpc.failedEvents.list.query({})).rows).not.toEqual([])
  })
  const eventId = event?.id ?? ''
  const { id: replayId } = await trpc.replays.create.mutate({
    scope: { kind: 'events', ids: [eventId] },
    requestKey: 'world-replay',
  })
  await eventually('the dry run of the replay is ready', async () => {
    expect(await trpc.replays.get.query({ jobId: replayId })).toMatchObject({ status: 'ready' })
  })
  const batchId = await makeBatch(stack, [order.id, orderRefs[0] ?? ''])
  return { orderRef, refundId, eventId, replayId, batchId, orderRefs }
}

/** A batch of chosen orders; one of them has a refund that waits, which is a warning. */
async function makeBatch(stack: Stack, [orderId = '', otherRef = '']: readonly string[]): Promise<string> {
  const { trpc } = await stack.app.as('finance')
  const other = await trpc.orders.get.query({ orderRefOrId: otherRef })
  const { id } = await trpc.bulk.fromOrders.mutate({
    orderIds: [orderId, other.id],
    requestKey: 'world-batch',
  })
  await eventually('the batch is checked', async () => {
    expect(await trpc.bulk.get.query({ batchId: id })).toMatchObject({ status: 'ready' })
  })
  return id
}

/** Asks for a small refund and sees it through, then for one that needs a second person. */
async function refundTwice(stack: Stack, orderRef: string): Promise<string> {
  const { trpc } = await stack.app.as('finance')
  const ask = async (amountMinor: bigint, reason: string, note: string) => {
    const order = await trpc.orders.get.query({ orderRefOrId: orderRef })
    return trpc.refunds.request.mutate({
      orderId: order.id,
      version: order.version,
      clientKey: crypto.randomUUID(),
      amountMinor,
      currency: 'INR',
      reason,
      note,
      confirmSameAmount: false,
    })
  }
  const first = await ask(150_000n, 'item_returned', 'One of three items came back')
  const refundId = first.refund?.id ?? first.request.id
  await eventually('the first refund succeeds', async () => {
    const { status, arn } = await trpc.refunds.get.query({ id: refundId })
    expect({ status, arn }).toEqual({ status: 'succeeded', arn: expect.any(String) })
  })
  await ask(250_000n, 'goodwill', 'Delivered two weeks late, promised by phone')
  return refundId
}

/** A body that is no JSON with the right credentials, and one with the wrong ones. */
async function sendUseless(stack: Stack): Promise<void> {
  const post = async (password: string) => {
    const reply = await fetch(`${stack.app.url}/webhooks/juspay/demo`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${DEMO_WEBHOOK.username}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: '{"event_name":"ORDER_SUCCEEDED","content":',
    })
    return reply.status
  }
  expect(await post(DEMO_WEBHOOK.password)).toBe(200)
  expect(await post('guessed')).toBe(401)
}
