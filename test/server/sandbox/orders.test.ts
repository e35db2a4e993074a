import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CREDENTIALS, MINUTE, nested, startHarness } from './support.ts'
import type { Harness } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const SESSION = {
  order_id: 'SES1',
  amount: '10.00',
  customer_id: 'cust_1',
  customer_email: 'a@example.com',
  customer_phone: '9999999999',
  payment_page_client_id: 'paydeskdemo',
  action: 'paymentPage',
  return_url: 'http://localhost:4000/back',
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

describe('authentication (reference 1.2, 1.3, 9.6)', () => {
  it.each(['sandbox-api-key:', 'sandbox-api-key'])('accepts base64("%s")', async (text) => {
    const answer = await harness.call(
      'POST',
      '/orders',
      { order_id: 'A1', amount: '1' },
      { authorization: basic(text) },
    )
    expect(answer.status).toBe(200)
  })

  it.each(['x-merchantid', 'X-Merchant-Id', 'x-jp-merchant-id'])(
    'reads the merchant from %s',
    async (name) => {
      const { authorization } = CREDENTIALS
      const response = await fetch(`${harness.address}/orders/NONE`, {
        headers: { authorization, [name]: 'paydeskdemo' },
      })
      expect(response.status).toBe(404)
      expect(response.headers.get('x-jp-merchant-id')).toBe('paydeskdemo')
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
      expect(response.headers.get('x-response-id')).toMatch(/^[0-9a-f]{32}$/)
    },
  )

  it.each([
    ['a wrong key', { authorization: basic('other:') }],
    ['a password', { authorization: basic('sandbox-api-key:x') }],
    ['no Basic', { authorization: 'Bearer sandbox-api-key' }],
    ['another merchant', { 'x-merchantid': 'someone' }],
    ['another spelling', { 'x-merchantid': 'PaydeskDemo' }],
    ['no merchant', { 'x-merchantid': '' }],
  ])('answers 401 to %s', async (_what, headers: Record<string, string>) => {
    const answer = await harness.call('GET', '/orders/X1', undefined, headers)
    expect(answer.status).toBe(401)
    expect(answer.body).toEqual({
      status: 'error',
      error_code: 'access_denied',
      error_info: {
        category: 'USER_ERROR',
        code: 'UNAUTHORIZED',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        user_message: 'Unauthorized.',
        developer_message: 'Invalid API Key. Please pass a valid and active api key.',
      },
    })
  })

  it('answers 403 BAD_ORIGIN to a caller that is not allow-listed', async () => {
    await harness.control('POST', '/control/merchants', {
      merchantId: 'paydeskdemo',
      allowedIps: ['10.0.0.1'],
    })
    const answer = await harness.call('GET', '/orders/X1')
    expect([answer.status, nested(answer.body, 'error_info')['code']]).toEqual([403, 'BAD_ORIGIN'])
  })

  it('keeps merchants apart', async () => {
    const other = { merchantId: 'other', apiKey: 'other-key', clientId: 'other' }
    expect((await harness.control('POST', '/control/merchants', other)).status).toBe(200)
    await harness.charged('ORD1')
    const headers = { authorization: basic('other-key:'), 'x-merchantid': 'other' }
    expect((await harness.call('GET', '/orders/ORD1', undefined, headers)).status).toBe(404)
    expect((await harness.call('POST', '/orders', { order_id: 'ORD1', amount: '1' }, headers)).status).toBe(
      200,
    )
  })
})

describe('POST /session (reference 2)', () => {
  it('creates the order and answers with page and SDK payload', async () => {
    const answer = await harness.postJson('/session', SESSION)
    const order = answer.body
    expect(answer.status).toBe(200)
    expect(order).toMatchObject({ status: 'NEW', order_id: 'SES1', order_expiry: '2026-01-05T09:21:53Z' })
    expect(order['id']).toMatch(/^ordeh_[0-9a-f]{32}$/)
    expect(nested(order, 'payment_links')['web']).toBe(
      `${harness.address}/payment-page/order/${String(order['id'])}`,
    )
    const sdk = nested(order, 'sdk_payload')
    expect(sdk).toMatchObject({ service: 'in.juspay.hyperpay', currTime: '2026-01-05T09:06:53Z' })
    expect(sdk['requestId']).toMatch(/^[0-9a-f]{32}$/)
    expect(nested(sdk, 'payload')).toMatchObject({
      clientId: 'paydeskdemo',
      amount: '10.0',
      merchantId: 'paydeskdemo',
      clientAuthToken: expect.stringMatching(/^tkn_[0-9a-f]{32}$/),
      clientAuthTokenExpiry: '2026-01-05T09:21:53Z',
      environment: 'sandbox',
      action: 'paymentPage',
      customerId: 'cust_1',
      returnUrl: 'http://localhost:4000/back',
      currency: 'INR',
      orderId: 'SES1',
    })
  })

  it('attaches to an unpaid order with a fresh token, and refuses a paid one', async () => {
    const first = await harness.postJson('/session', SESSION)
    harness.clock.jumpTo(harness.clock.now() + MINUTE)
    const second = await harness.postJson('/session', { ...SESSION, order_id: 'ses1' })
    expect(second.body['id']).toBe(first.body['id'])
    const token = (body: typeof first.body) => nested(body, 'sdk_payload', 'payload')['clientAuthToken']
    expect(token(second.body)).not.toBe(token(first.body))
    await harness.control('POST', '/control/orders/SES1/attempts', { outcome: 'success' })
    const third = await harness.postJson('/session', SESSION)
    expect([third.status, nested(third.body, 'error_info')['code']]).toEqual([400, 'INVALID_ACTION'])
  })

  it.each([
    ['order_id', '', 'Mandatory fields are missing'],
    ['amount', '', 'Mandatory fields are missing'],
    ['action', '', 'Mandatory fields are missing'],
    ['amount', 'ten', 'invalid.amount'],
    ['amount', '0', 'invalid.amount'],
    ['amount', '1.234', 'invalid.amount'],
    ['payment_page_client_id', '', 'PAYMENT_PAGE_CLIENT_ID_NOT_FOUND'],
    ['payment_page_client_id', 'stranger', 'invalid.client.id'],
    ['order_id', 'A23456789012345678901', 'invalid_request'],
    ['order_id', 'with_underscore', 'invalid_request'],
    ['order_id', 'sp ace', 'invalid_request'],
  ])('refuses %s = "%s" with %s', async (field, value, code) => {
    const answer = await harness.postJson('/session', { ...SESSION, [field]: value })
    expect([answer.status, answer.body['error_code']]).toEqual([400, code])
    expect(harness.sandbox.control.context.records.countOrders()).toBe(0)
  })

  it('allows - and _ in order ids when switched', async () => {
    await harness.control('POST', '/control/settings', { orderIdCharacters: 'relaxed' })
    expect((await harness.postJson('/session', { ...SESSION, order_id: 'a-b_c' })).status).toBe(200)
  })

  it('answers 400 to a body that is not JSON', async () => {
    const headers = { ...CREDENTIALS, 'content-type': 'application/json' }
    const answer = await fetch(`${harness.address}/session`, {
      method: 'POST',
      headers,
      body: '{"order_id":',
    })
    expect(answer.status).toBe(400)
  })
})

describe('orders (reference 3)', () => {
  it('creates with the minimum; absent customer fields are null, text fields ""', async () => {
    const created = await harness.call('POST', '/orders', { order_id: 'ORD1', amount: '10.80' })
    expect(created.body).toMatchObject({
      status: 'NEW',
      status_id: 10,
      amount: 10.8,
      effective_amount: 10.8,
      currency: 'INR',
      customer_id: null,
      customer_email: null,
      customer_phone: null,
      product_id: '',
      description: '',
      udf1: '',
      udf10: '',
      refunded: false,
      amount_refunded: 0,
      date_created: '2026-01-05T09:06:53Z',
      order_expiry: '2026-01-05T09:21:53Z',
      offers: [],
    })
    expect(created.body).not.toHaveProperty('refunds')
    expect(created.body).not.toHaveProperty('txn_id')
    expect(created.body).not.toHaveProperty('juspay')
  })

  it('gives a client token when asked', async () => {
    const fields = { order_id: 'ORD1', amount: '1', 'options.get_client_auth_token': 'true' }
    const created = await harness.call('POST', '/orders', fields)
    expect(nested(created.body, 'juspay')).toEqual({
      client_auth_token: expect.stringMatching(/^tkn_/),
      client_auth_token_expiry: '2026-01-05T09:21:53Z',
    })
  })

  it('answers in the oldest words without a version header', async () => {
    const { authorization } = CREDENTIALS
    const headers = {
      authorization,
      'x-merchantid': 'paydeskdemo',
      'content-type': 'application/x-www-form-urlencoded',
    }
    const init = { method: 'POST', headers, body: 'order_id=OLD1&amount=1' }
    const created: unknown = await (await fetch(`${harness.address}/orders`, init)).json()
    expect(created).toMatchObject({ status: 'CREATED', status_id: 1, order_id: 'OLD1' })
    expect(created).not.toHaveProperty('udf1')
  })

  it('treats ids that differ only in case as one', async () => {
    await harness.call('POST', '/orders', { order_id: 'Abc1', amount: '1' })
    const again = await harness.call('POST', '/orders', { order_id: 'ABC1', amount: '2' })
    expect([again.status, nested(again.body, 'error_info')['code']]).toEqual([400, 'ALREADY_EXISTS'])
    expect(await harness.status('aBC1')).toMatchObject({ order_id: 'Abc1', amount: 1 })
  })

  it.each([
    ['1', '1'],
    ['1.00', '1'],
    ['10.80', '10.8'],
    ['0.07', '0.07'],
    ['1000000.10', '1000000.1'],
    ['999999999999.99', '999999999999.99'],
  ])('prints the amount %s as %s', async (sent, printed) => {
    await harness.call('POST', '/orders', { order_id: 'ORD1', amount: sent })
    expect((await harness.call('GET', '/orders/ORD1')).text).toContain(`"amount":${printed},`)
  })

  it('updates before payment only', async () => {
    await harness.call('POST', '/orders', { order_id: 'ORD1', amount: '1' })
    const updated = await harness.call('POST', '/orders/ORD1', { amount: '2.50', udf6: 'x' })
    expect(updated.body).toMatchObject({ amount: 2.5, udf6: 'x' })
    await harness.control('POST', '/control/orders/ORD1/attempts', { outcome: 'success' })
    const refused = await harness.call('POST', '/orders/ORD1', { amount: '3' })
    expect([refused.status, nested(refused.body, 'error_info')['code']]).toEqual([400, 'INVALID_ACTION'])
    expect((await harness.call('POST', '/orders/ORD1')).body['amount']).toBe(2.5)
  })

  it('does not know an unknown order: 404 by default, 400 when switched', async () => {
    const unknown = await harness.call('GET', '/orders/NOPE')
    expect([unknown.status, unknown.text]).toEqual([
      404,
      '{"status_id":40,"status":"NOT_FOUND","order_id":"NOPE"}',
    ])
    await harness.control('POST', '/control/settings', { unknownOrderOnStatus: 400 })
    expect((await harness.call('GET', '/orders/NOPE')).status).toBe(400)
  })

  it('adds the raw gateway answer, in paise, only when asked', async () => {
    await harness.charged('ORD1', '8.00')
    const plain = await harness.status('ORD1')
    expect(nested(plain, 'payment_gateway_response')).not.toHaveProperty('gateway_response')
    const full = await harness.call('GET', '/orders/ORD1?options.add_full_gateway_response=true')
    expect(nested(full.body, 'payment_gateway_response', 'gateway_response')['amount']).toBe('800')
  })
})

describe('transactions (reference 3.3, 9.2)', () => {
  it('starts order and attempt in one call', async () => {
    const fields = {
      'order.order_id': 'TX1',
      'order.amount': '5',
      payment_method_type: 'CARD',
      payment_method: 'RUPAY',
    }
    const started = await harness.call('POST', '/txns', fields)
    expect(started.body).toMatchObject({
      order_id: 'TX1',
      txn_id: 'paydeskdemo-TX1-1',
      status: 'PENDING_VBV',
    })
    expect(await harness.status('TX1')).toMatchObject({
      status: 'PENDING_VBV',
      status_id: 23,
      payment_method: 'RUPAY',
    })
  })

  it('captures and voids holds, and refuses both afterwards', async () => {
    const hold = async (orderId: string) => {
      await harness.control('POST', '/control/orders', { orderId, amount: '100.00', scenario: 'authorized' })
      const order = await harness.status(orderId)
      expect(order).toMatchObject({ status: 'AUTHORIZED', status_id: 25 })
      return String(order['txn_uuid'])
    }
    const captured = await harness.call('POST', `/v2/txns/${await hold('HOLD1')}/capture`, { amount: '60' })
    expect(captured.body).toMatchObject({
      status: 'CHARGED',
      effective_amount: 60,
      maximum_eligible_refund_amount: 60,
    })
    const uuid = await hold('HOLD2')
    const voided = await harness.call('POST', `/v2/txns/${uuid}/void`)
    expect(voided.body).toMatchObject({
      status: 'VOIDED',
      status_id: 31,
      refunded: false,
      amount_refunded: 0,
    })
    const again = await harness.call('POST', `/v2/txns/${uuid}/void`)
    expect(again.body).toMatchObject({
      status: 'Bad Request',
      error_code: 'Invalid',
      error_message: 'Cannot Void VOIDED Transaction',
    })
  })
})
