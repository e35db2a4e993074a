import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND, START, nested, startHarness, startReceiver } from './support.ts'
import type { Harness, Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

async function deliveries(query = ''): Promise<Json[]> {
  const { body } = await harness.control('GET', `/control/deliveries?limit=500${query}`)
  return Array.isArray(body['deliveries']) ? body['deliveries'] : []
}

const createOrder = (orderId: string) =>
  harness.call('POST', '/orders', { order_id: orderId, amount: '10.80' })

describe('events (reference 6.3, 6.4)', () => {
  it('tells the life of a charged order in order, with credentials and envelope', async () => {
    await harness.charged('ORD1')
    expect(harness.receiver.names()).toEqual([
      'ORDER_CREATED',
      'TXN_CREATED',
      'TXN_CHARGED',
      'ORDER_SUCCEEDED',
    ])
    const [created, started, charged, succeeded] = harness.receiver.received
    const password = Buffer.from('demowebhook:demo-webhook-password').toString('base64')
    expect(created?.authorization).toBe(`Basic ${password}`)
    expect(created?.path).toBe('/webhooks/juspay/demo')
    expect(created?.event['id']).toMatch(/^evt_V2_[0-9a-f]{32}$/)
    expect(created?.event['date_created']).toBe('2026-01-05T09:06:53Z')
    expect(nested(created?.event, 'content', 'order')).toMatchObject({ status: 'NEW', status_id: 10 })
    expect(nested(started?.event, 'content', 'order')).toMatchObject({ status: 'PENDING_VBV', status_id: 23 })
    expect(Object.keys(nested(charged?.event, 'content'))).toEqual(['txn'])
    expect(nested(charged?.event, 'content', 'txn')).toMatchObject({
      status: 'CHARGED',
      status_id: 21,
      txn_amount: 10.8,
    })
    expect(nested(succeeded?.event, 'content', 'order')).toEqual(await harness.status('ORD1'))
  })

  it('announces failures as TXN_FAILED and ORDER_FAILED', async () => {
    await harness.control('POST', '/control/orders', { scenario: 'authentication_failed' })
    await harness.sandbox.control.idle()
    expect(harness.receiver.names().slice(-2)).toEqual(['TXN_FAILED', 'ORDER_FAILED'])
    const failed = harness.receiver.received.at(-1)
    expect(nested(failed?.event, 'content', 'order')).toMatchObject({
      status: 'AUTHENTICATION_FAILED',
      status_id: 26,
    })
  })

  it('sends custom headers, only subscribed events, and honours metadata.webhook_url', async () => {
    const other = await startReceiver(harness.clock)
    const merchant = {
      merchantId: 'paydeskdemo',
      webhookHeaders: { 'x-shop': 'one' },
      webhookEvents: ['ORDER_CREATED'],
    }
    await harness.control('POST', '/control/merchants', merchant)
    await harness.charged('ORD1')
    await harness.call('POST', '/orders', {
      order_id: 'ORD2',
      amount: '1',
      'metadata.webhook_url': other.url,
    })
    await harness.sandbox.control.idle()
    expect(harness.receiver.names()).toEqual(['ORDER_CREATED'])
    expect(harness.receiver.received[0]?.headers['x-shop']).toBe('one')
    expect(other.names()).toEqual(['ORDER_CREATED'])
    await other.close()
  })

  it('masks values when switched, and types them as strings in legacy mode', async () => {
    await harness.control('POST', '/control/settings', { webhookPayload: 'masked' })
    await harness.charged('ORD1')
    const masked = nested(harness.receiver.received.at(-1)?.event, 'content', 'order')
    expect(masked).toMatchObject({
      customer_email: 'FILTERED',
      upi: 'FILTERED',
      effective_amount: 'FILTERED',
      amount: 10.8,
    })
    await harness.control('POST', '/control/settings', { webhookPayload: 'legacy' })
    await harness.charged('ORD2')
    const legacy = nested(harness.receiver.received.at(-1)?.event, 'content', 'order')
    expect(legacy).toMatchObject({ status_id: '21', amount: '10.8', refunded: 'false', gateway_id: '100' })
    expect(nested(legacy, 'txn_detail')['tax_amount']).toEqual({})
  })
})

describe('retries (reference 6.2)', () => {
  it('follows the ladder exactly: 17 attempts over 24 hours, then gives up', async () => {
    harness.receiver.answer(500)
    await createOrder('ORD1')
    await harness.sandbox.control.idle()
    await harness.sandbox.control.advance(2 * DAY)
    const gaps = [1, 5, 5, 10, 10, 10, 10, 10, 60, 60, 60, 60, 60, 360, 360, 360]
    let at = START
    const expected = [at, ...gaps.map((minutes) => (at += minutes * MINUTE))]
    expect(harness.receiver.received.map((delivery) => delivery.at)).toEqual(expected)
    expect(at).toBe(START + 24 * HOUR + 1 * MINUTE)
    const [delivery] = await deliveries()
    expect(delivery).toMatchObject({ state: 'exhausted', attempts: 17, lastStatus: 500 })
  })

  it('sends the same bytes with the same id every time', async () => {
    harness.receiver.answer(500, 503, 200)
    await createOrder('ORD1')
    await harness.sandbox.control.advance(10 * MINUTE)
    expect(harness.receiver.received).toHaveLength(3)
    expect(new Set(harness.receiver.received.map((delivery) => delivery.body)).size).toBe(1)
  })

  it.each([201, 202, 204, 302, 401, 404])('does not take %i for an acknowledgement', async (status) => {
    harness.receiver.answer(status, 200)
    await createOrder('ORD1')
    await harness.sandbox.control.idle()
    expect((await deliveries())[0]).toMatchObject({ state: 'due', attempts: 1, lastStatus: status })
    await harness.sandbox.control.advance(60 * SECOND)
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered', attempts: 2, lastStatus: 200 })
  })

  it('keeps the queue and the ladder over a restart', async () => {
    harness.receiver.answer(500)
    await createOrder('ORD1')
    await harness.sandbox.control.idle()
    const before = harness.receiver.received[0]?.body
    await harness.restart()
    harness.receiver.answer(200)
    await harness.sandbox.control.advance(60 * SECOND - 1)
    expect(harness.receiver.received).toHaveLength(1)
    await harness.sandbox.control.advance(1)
    expect(harness.receiver.received.map((delivery) => delivery.body)).toEqual([before, before])
  })

  it('waits for a target that is not up yet without spending attempts', async () => {
    await harness.restart({ webhookUrl: 'http://127.0.0.1:9/webhooks/juspay/demo', patienceMs: 60_000 })
    await createOrder('ORD1')
    await harness.sandbox.control.idle()
    expect((await deliveries('&orderId=ORD1'))[0]).toMatchObject({ state: 'due', attempts: 0 })
  })
})

describe('injectors', () => {
  const inject = (fault: Json) => harness.control('POST', '/control/faults', fault)

  it('duplicates with the same id and bytes', async () => {
    await inject({ kind: 'webhook_duplicate', count: 1 })
    await createOrder('ORD1')
    await harness.sandbox.control.idle()
    const bodies = harness.receiver.received.map((delivery) => delivery.body)
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toBe(bodies[1])
  })

  it('drops, and the log says so', async () => {
    await inject({ kind: 'webhook_drop', event: 'ORDER_SUCCEEDED' })
    await harness.charged('ORD1')
    expect(harness.receiver.names()).toEqual(['ORDER_CREATED', 'TXN_CREATED', 'TXN_CHARGED'])
    expect((await deliveries())[0]).toMatchObject({
      eventName: 'ORDER_SUCCEEDED',
      state: 'dropped',
      attempts: 0,
    })
  })

  it('reorders by holding one event back', async () => {
    await inject({ kind: 'webhook_reorder', event: 'TXN_CREATED', delaySeconds: 5 })
    await harness.charged('ORD1')
    await harness.sandbox.control.advance(5 * SECOND)
    expect(harness.receiver.names()).toEqual([
      'ORDER_CREATED',
      'TXN_CHARGED',
      'ORDER_SUCCEEDED',
      'TXN_CREATED',
    ])
  })

  it('delivers before the call is answered', async () => {
    await harness.charged('ORD1')
    await inject({ kind: 'webhook_before_response' })
    await harness.refund('ORD1', 'RF1', '5')
    expect(harness.receiver.names().at(-1)).toBe('REFUND_INITIATED')
  })

  it('redelivers on demand with the same id, and sends named and raw test events', async () => {
    await createOrder('ORD1')
    await harness.sandbox.control.idle()
    const [first] = await deliveries()
    await harness.control('POST', `/control/deliveries/${String(first?.['id'])}/redeliver`)
    await harness.control('POST', '/control/webhooks/send', { event: 'REFUND_FAILED', orderId: 'ORD1' })
    await harness.control('POST', '/control/webhooks/send', { rawBody: '{"id":' })
    await harness.sandbox.control.idle()
    const { received } = harness.receiver
    expect(received[1]?.body).toBe(received[0]?.body)
    expect(received.map((delivery) => delivery.body)).toContain('{"id":')
    expect(harness.receiver.names()).toContain('REFUND_FAILED')
  })
})
