import { afterEach, describe, expect, test } from 'vitest'
import type { RequestListener } from 'node:http'
import { InvariantError } from '../../../server/domain/assert.ts'
import { createJuspayClient } from '../../../server/juspay/client.ts'
import type { JuspayClient, RefundCall } from '../../../server/juspay/client.ts'
import { fixtureText } from '../../support/juspay-fixtures/fixtures.ts'
import { httpHost } from './local-host.ts'
import type { LocalHost } from './local-host.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function clientOf(baseUrl: string): JuspayClient {
  const client = createJuspayClient({
    baseUrl,
    merchantId: 'paydeskdemo',
    clientId: 'paydeskdemo',
    apiKey: 'sk_test_key',
    apiVersion: '2024-01-01',
  })
  closing.push(() => client.close())
  return client
}

async function answering(
  body: string,
  status = 200,
  headers: Record<string, string> = {},
): Promise<{ client: JuspayClient; host: LocalHost }> {
  return handledBy((_request, response) => {
    response.writeHead(status, {
      'content-type': 'application/json;charset=utf-8',
      'x-request-id': 'req-1',
      ...headers,
    })
    response.end(body)
  })
}

async function handledBy(listener: RequestListener): Promise<{ client: JuspayClient; host: LocalHost }> {
  const host = await httpHost(listener)
  closing.push(() => host.close())
  return { host, client: clientOf(host.url) }
}

const REFUND: RefundCall = {
  orderRef: 'PDORDER0001',
  uniqueRequestId: 'PDREFUND2',
  amountMinor: 10000n,
  currency: 'INR',
  routingId: 'buyer-7',
}

describe('getOrder', () => {
  test('asks with every documented header and returns the order, the raw bytes and the facts of the call', async () => {
    const { client, host } = await answering(fixtureText('order-charged-upi'))
    const result = await client.getOrder('PDORDER0001', { routingId: 'buyer 7/ü' })
    expect(result).toMatchObject({ ok: true, httpStatus: 200, requestId: 'req-1' })
    expect(result.ok && result.order.orderRef).toBe('PDORDER0001')
    expect(result.ok && Buffer.from(result.raw).toString('utf8')).toBe(fixtureText('order-charged-upi'))
    expect(result.tookMs).toBeGreaterThanOrEqual(0)
    expect(host.seen[0]).toMatchObject({
      method: 'GET',
      url: '/orders/PDORDER0001',
      headers: {
        authorization: 'Basic c2tfdGVzdF9rZXk6',
        'x-merchantid': 'paydeskdemo',
        'x-routing-id': 'buyer%207%2F%C3%BC',
        version: '2024-01-01',
        'accept-encoding': 'identity',
      },
    })
  })

  test('stays under the path prefix of the base URL and on its host, whatever the order is called', async () => {
    const { host } = await answering('{}')
    const client = clientOf(`${host.url}/tenant/`)
    await client.getOrder('//evil.test/../x?y#z', { routingId: 'r' })
    expect(host.seen[0]?.url).toBe('/tenant/orders/%2F%2Fevil.test%2F..%2Fx%3Fy%23z')
  })

  test.each(['', '.', '..', 'x'.repeat(300), '\ud800'])(
    'refuses the reference %j without a call',
    async (ref) => {
      const { client, host } = await answering('{}')
      expect(await client.getOrder(ref, { routingId: 'r' })).toMatchObject({
        ok: false,
        error: { kind: 'rejected', reason: 'other', httpStatus: null },
      })
      expect(host.seen).toHaveLength(0)
    },
  )

  test.each([
    ['another order', '{"order_id":"PDORDER0002","status":"CHARGED"}', 'other_order'],
    ['not an order', '{"hello":"world"}', 'not_an_order'],
    [
      'an error body with status 200',
      '{"status":"NOT_FOUND","status_id":40,"order_id":"PDORDER0001"}',
      'not_an_order',
    ],
    [
      'masked refunds',
      '{"order_id":"PDORDER0001","status":"CHARGED","refunds":"FILTERED"}',
      'refunds_unreadable',
    ],
  ])('%s is malformed', async (_title, body, cause) => {
    const { client } = await answering(body)
    const result = await client.getOrder('PDORDER0001', { routingId: 'r' })
    expect(result).toMatchObject({ ok: false, error: { kind: 'malformed', cause, httpStatus: 200 } })
    expect(!result.ok && result.raw !== null && Buffer.from(result.raw).toString('utf8')).toBe(body)
  })

  test('an order echoed in another case is the same order', async () => {
    const { client } = await answering('{"order_id":"pdorder0001","status":"CHARGED"}')
    expect((await client.getOrder('PDORDER0001', { routingId: 'r' })).ok).toBe(true)
  })
})

describe('refund', () => {
  test('sends the key and the decimal amount as a form, and returns our refund of the order', async () => {
    const { client, host } = await answering(fixtureText('order-charged-upi'))
    const result = await client.refund(REFUND)
    expect(result.ok && result.refund).toMatchObject({
      uniqueRequestId: 'PDREFUND2',
      providerStatus: 'PENDING',
    })
    expect(host.seen[0]).toMatchObject({
      method: 'POST',
      url: '/orders/PDORDER0001/refunds',
      body: 'unique_request_id=PDREFUND2&amount=100.00',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  })

  test.each([
    ['the key is missing', { uniqueRequestId: 'PDREFUND9' }, 'refund_missing'],
    ['the amount differs', { amountMinor: 10001n }, 'amount_differs'],
    ['the order differs', { orderRef: 'PDORDER0002' }, 'other_order'],
    ['the currency differs', { currency: 'USD' }, 'currency_differs'],
  ])('a 200 is malformed when %s', async (_title, change, cause) => {
    const { client } = await answering(fixtureText('order-charged-upi'))
    expect(await client.refund({ ...REFUND, ...change })).toMatchObject({
      ok: false,
      error: { kind: 'malformed', cause },
    })
  })

  test('an amount that cannot be read is not our amount', async () => {
    const { client } = await answering(
      '{"order_id":"PDORDER0001","refunds":[{"unique_request_id":"PDREFUND2","status":"PENDING","amount":"FILTERED"}]}',
    )
    expect(await client.refund(REFUND)).toMatchObject({
      error: { kind: 'malformed', cause: 'amount_differs' },
    })
  })

  test('a status word nobody knows is returned verbatim', async () => {
    const { client } = await answering(
      '{"order_id":"PDORDER0001","refunds":[{"unique_request_id":"PDREFUND2","status":"queued","amount":100}]}',
    )
    const result = await client.refund(REFUND)
    expect(result.ok && result.refund.providerStatus).toBe('QUEUED')
  })

  test.each([
    { uniqueRequestId: '' },
    { uniqueRequestId: 'x'.repeat(21) },
    { uniqueRequestId: 'a_b' },
    { amountMinor: 0n },
    { amountMinor: -1n },
  ])('never sends %o', async (change) => {
    const { client, host } = await answering('{}')
    await expect(client.refund({ ...REFUND, ...change })).rejects.toThrow(InvariantError)
    expect(host.seen).toHaveLength(0)
  })
})

describe('createSession', () => {
  const input = {
    orderRef: 'PDSESSION1',
    amountMinor: 1000n,
    currency: 'INR',
    customerRef: 'buyer-7',
    routingId: 'buyer-7',
    customerEmail: undefined,
    udf: { udf6: 'store-12' },
    extra: { 'metadata.expiryInMins': '15', amount: '1.00', order_id: 'other' },
  }

  test('sends documented fields, which extras cannot replace, and returns the payload untouched', async () => {
    const { client, host } = await answering(fixtureText('session'))
    const result = await client.createSession(input)
    expect(result.ok && result.session).toMatchObject({
      orderRef: 'PDSESSION1',
      providerStatus: 'NEW',
      paymentLinks: { web: 'https://sandbox.test/payment-page/order/ordeh_a04' },
      expiresAt: new Date('2026-03-08T08:27:07Z'),
    })
    expect(result.ok && result.session.sdkPayloadJson).toContain('"bigNumber":12345678901234567890')
    expect(JSON.parse(host.seen[0]?.body ?? '')).toEqual({
      order_id: 'PDSESSION1',
      amount: '10.00',
      currency: 'INR',
      customer_id: 'buyer-7',
      payment_page_client_id: 'paydeskdemo',
      action: 'paymentPage',
      udf6: 'store-12',
      'metadata.expiryInMins': '15',
    })
  })

  test.each([
    ['another amount', { amountMinor: 1001n }, 'amount_differs'],
    ['another order', { orderRef: 'PDSESSION2' }, 'other_order'],
  ])('a session for %s is malformed', async (_title, change, cause) => {
    const { client } = await answering(fixtureText('session'))
    expect(await client.createSession({ ...input, ...change })).toMatchObject({
      error: { kind: 'malformed', cause },
    })
  })

  test('a session with nothing to open is malformed', async () => {
    const { client } = await answering('{"order_id":"PDSESSION1","status":"NEW"}')
    expect(await client.createSession(input)).toMatchObject({
      error: { kind: 'malformed', cause: 'no_session' },
    })
  })
})

describe('configuration', () => {
  const valid = {
    baseUrl: 'http://127.0.0.1:1',
    merchantId: 'm',
    clientId: 'c',
    apiKey: 'k',
    apiVersion: '2024-01-01',
  }

  test.each([
    { apiKey: '' },
    { merchantId: 'a\r\nb: c' },
    { apiVersion: 'latest' },
    { baseUrl: 'ftp://x' },
    { baseUrl: 'https://user:pw@x' },
    { baseUrl: 'https://x/?q=1' },
    { baseUrl: 'not a url' },
  ])('%o is refused', (change) => {
    expect(() => createJuspayClient({ ...valid, ...change })).toThrow()
  })

  test('the key is nowhere in the client object', () => {
    const client = createJuspayClient({ ...valid, apiKey: 'very-secret' })
    closing.push(() => client.close())
    expect(JSON.stringify(client)).not.toContain('very-secret')
  })
})
