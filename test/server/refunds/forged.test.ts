/** A webhook with the right password and a lie in it (W16): somebody who knows the password must not get money out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refundRow, tellStateOf } from '../../../server/domain/refund-display.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { checkStatus } from '../../../server/services/orders/check-status.ts'
import { sweepOrders } from '../../../server/services/orders/sweep-orders.ts'
import { previewRefund } from '../../../server/services/refunds/preview-refund.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import type { PageOrder } from '../../../server/store/order-page.ts'
import { orderDetailView } from '../../../server/trpc/views/order-detail.ts'
import { orderBody, webhookBody } from '../../support/factories.ts'
import { deliver } from '../../support/harness.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
})
afterAll(async () => {
  await world.close()
})

const MINUTE = 60_000

async function read(orderRef: string): Promise<PageOrder> {
  const order = await world.deps.store.orders.pageOf(world.account.id, orderRef)
  if (order === null) throw new Error(`no order ${orderRef}`)
  return order
}

/** An order that exists at Juspay and was never paid, of which a forged webhook says that it was. */
async function forgedCharge(orderRef: string): Promise<PageOrder> {
  const { status } = await order(orderRef)
  expect(status).toBe('NEW')
  const at = world.deps.clock.now().toISOString()
  const told = { orderId: orderRef, status: 'CHARGED', amount: 100, at }
  const body = orderBody({
    ...told,
    attempt: { txnId: `forged-${orderRef}-1`, status: 'CHARGED' },
    extra: { merchant_id: 'paydeskdemo' },
  })
  const forged = webhookBody({ id: `evt_forged_${orderRef}`, name: 'ORDER_SUCCEEDED', at, order: body })
  await deliver(world.deps, world.account.id, forged)
  await drainEvents(world.deps)
  return read(orderRef)
}

/** A webhook tells of more money than was paid, of which Juspay knows nothing. */
async function claimMore(orderRef: string): Promise<void> {
  const at = world.deps.clock.now().toISOString()
  const told = { orderId: orderRef, status: 'CHARGED', amount: 900, at }
  const body = orderBody({ ...told, extra: { merchant_id: 'paydeskdemo', effective_amount: 900 } })
  const more = webhookBody({ id: `evt_more_${orderRef}`, name: 'ORDER_SUCCEEDED', at, order: body })
  await deliver(world.deps, world.account.id, more)
  await drainEvents(world.deps)
}

async function order(orderRef: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${await baseUrl()}/session`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('sandbox-api-key:').toString('base64')}`,
      'x-merchantid': 'paydeskdemo',
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      order_id: orderRef,
      amount: '100.00',
      customer_id: 'c1',
      customer_email: 'asha@example.test',
      customer_phone: '9876543210',
      payment_page_client_id: 'paydeskdemo',
      action: 'paymentPage',
      return_url: 'https://shop.example.test/return',
    }),
  })
  return Object(await answer.json())
}

async function baseUrl(): Promise<string> {
  const account = await world.deps.store.accounts.byId(world.account.id)
  return account?.baseUrl ?? ''
}

async function openKinds(orderId: string): Promise<string[]> {
  const found = await world.deps.store.discrepancies.byOrder(world.account.id, orderId)
  return found.filter(({ status }) => status === 'open').map(({ kind }) => kind)
}

async function shown(orderRef: string) {
  const order = await read(orderRef)
  const discrepancies = await world.deps.store.discrepancies.byOrder(world.account.id, order.id)
  return orderDetailView(order, {
    actor: world.finance,
    attempts: [],
    refunds: [],
    stops: [],
    disputes: [],
    locks: [],
    discrepancies,
    now: world.deps.clock.now(),
  })
}

describe('a forged ORDER_SUCCEEDED', () => {
  test('lets no refund be asked for: Juspay is asked first and says that nothing was paid', async () => {
    const forged = await forgedCharge('FORGED1')
    expect(forged).toMatchObject({ paymentStatus: 'charged', unconfirmedSince: world.deps.clock.now() })
    const asked = await previewRefund(world.deps, world.finance, { orderId: forged.id })
    expect(asked.block?.code).toBe('charge_unconfirmed')
    await expect(world.ask({ orderId: forged.id }, 4_000n)).rejects.toMatchObject({
      code: 'charge_unconfirmed',
    })
    expect(await world.deps.store.refundRequests.withoutApprovalMinor(forged.id)).toBe(0n)
    expect((await read('FORGED1')).unconfirmedSince).not.toBeNull()
  })

  test('is found by the sweep within a quarter of an hour and shown as an order to review', async () => {
    const forged = await forgedCharge('FORGED2')
    expect((await shown('FORGED2')).refundBlock).toBeNull()
    const until = world.deps.clock.now().getTime() + 15 * MINUTE
    while (world.deps.clock.now().getTime() < until) {
      await world.advance(5_000)
      await sweepOrders(world.deps)
    }
    expect(await openKinds(forged.id)).toEqual(['unconfirmed_claim'])
    expect(await shown('FORGED2')).toMatchObject({
      displayStatus: 'review',
      refundBlock: expect.stringContaining('Juspay has not confirmed'),
      discrepancies: [{ detail: "Webhooks say Charged; Juspay's order status says Created." }],
    })
  })

  test('about an order that Juspay does not know is in review with the first answer', async () => {
    const at = world.deps.clock.now().toISOString()
    const told = { orderId: 'FORGED3', status: 'CHARGED', amount: 100, at }
    const order = orderBody({ ...told, extra: { merchant_id: 'paydeskdemo' } })
    const forged = webhookBody({ id: 'evt_unknown', name: 'ORDER_SUCCEEDED', at, order })
    await deliver(world.deps, world.account.id, forged)
    await drainEvents(world.deps)
    const { id } = await read('FORGED3')
    await world.advance(5_000)
    await sweepOrders(world.deps)
    expect(await openKinds(id)).toEqual(['missing_at_juspay'])
    expect(await shown('FORGED3')).toMatchObject({
      displayStatus: 'review',
      refundBlock: expect.stringContaining('Juspay has not confirmed'),
    })
    await expect(world.ask({ orderId: id }, 4_000n)).rejects.toMatchObject({ code: 'charge_unconfirmed' })
  })

  test('after a refund was approved keeps it from leaving, until Juspay says the same', async () => {
    const real = await world.chargedOrder()
    const { refund } = await world.ask(real, 2_500n)
    const refundId = refund?.refundId ?? ''
    await claimMore(real.orderRef)
    expect((await read(real.orderRef)).chargedMinor).toBe(90_000n)
    expect(await sendRefund(world.deps, refundId)).toBe('unconfirmed')
    expect(world.accepted(real.orderRef)).toEqual([])
    expect((await world.deps.store.refunds.work(refundId))?.nextActionAt).not.toBeNull()
    // Nor does the approval outlive its time by waiting for it.
    await world.advance(49 * 60 * MINUTE)
    expect(await sendRefund(world.deps, refundId)).toBe('returned')
    expect((await world.deps.store.refunds.work(refundId))?.status).toBe('rejected')
  })

  test('keeps a request from being approved: it would only wait, and says so', async () => {
    const real = await world.chargedOrder()
    const { request } = await world.ask(real, 2_500n, { actor: world.support })
    await claimMore(real.orderRef)
    const decided = world.decide(request.requestId ?? '', 'approve')
    await expect(decided).rejects.toMatchObject({ code: 'charge_unconfirmed' })
    const kept = await world.deps.store.refundRequests.byId(world.account.id, request.requestId ?? '')
    expect(kept?.status).toBe('pending_approval')
    expect(await world.refunds(real.orderId)).toEqual([])
  })
})

test('a refund that only a webhook calls paid is told to nobody as paid, until Juspay says the same', async () => {
  const real = await world.chargedOrder()
  const { refund } = await world.ask(real, 2_500n)
  const refundId = refund?.refundId ?? ''
  await world.drain()
  const at = world.deps.clock.now().toISOString()
  const refunds = [{ key: refund?.uniqueRequestId ?? '', status: 'SUCCESS', amount: 25, ref: 'forged' }]
  const extra = { merchant_id: 'paydeskdemo' }
  const body = orderBody({ orderId: real.orderRef, status: 'CHARGED', amount: 100, at, refunds, extra })
  const forged = webhookBody({ id: 'evt_paid', name: 'REFUND_SUCCEEDED', at, order: body })
  await deliver(world.deps, world.account.id, forged)
  await drainEvents(world.deps)
  const told = async () => {
    const facts = await world.deps.store.refunds.get(world.account.id, refundId)
    if (facts === null) throw new Error('the refund was lost')
    const now = world.deps.clock.now()
    const { status, confirming } = refundRow(facts, [], now)
    return { status, confirming, customer: tellStateOf(facts, [], now) }
  }
  expect(await told()).toEqual({ status: 'succeeded', confirming: true, customer: 'confirming' })
  const [listed] = await world.deps.store.refunds.byOrder(world.account.id, real.orderId)
  expect(listed?.unconfirmedSince).not.toBeNull()
  await world.advance(60_000)
  await checkStatus(world.deps, world.finance, real)
  expect(await told()).toEqual({ status: 'succeeded', confirming: false, customer: 'done_with_reference' })
})

test('a charge that Juspay confirms is refunded without further ado, and its order was never in review', async () => {
  const real = await world.chargedOrder()
  const { pool } = world.deps.database
  await pool.query('update orders set unconfirmed_since = $2 where id = $1', [
    real.orderId,
    world.deps.clock.now(),
  ])
  const { refund } = await world.ask(real, 2_500n)
  expect(refund).toMatchObject({ status: 'approved' })
  expect(await read(real.orderRef)).toMatchObject({ unconfirmedSince: null, displayStatus: 'charged' })
})

test('a claim in doubt that Juspay confirms after all closes by itself', async () => {
  const real = await world.chargedOrder()
  const { pool } = world.deps.database
  const long = new Date(world.deps.clock.now().getTime() - 20 * MINUTE)
  await pool.query(
    'update orders set unconfirmed_since = $2, in_review = true, display_status = $3 where id = $1',
    [real.orderId, long, 'review'],
  )
  const finding = { kind: 'unconfirmed_claim' as const, detail: 'x', ours: 'CHARGED', theirs: 'NEW' }
  await world.deps.store.discrepancies.open(world.account.id, real.orderId, finding, long)
  await checkStatus(world.deps, world.finance, real)
  expect(await openKinds(real.orderId)).toEqual([])
  expect(await read(real.orderRef)).toMatchObject({
    unconfirmedSince: null,
    inReview: false,
    displayStatus: 'charged',
  })
})
