/** Fulfilment, instant and split refunds, rules by amount, late status, links and baskets (reference 5.2, 6.5, 9.3, 9.9). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, SECOND, nested, refundsOf, startHarness, type Harness, type Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const settings = (change: Json) => harness.control('POST', '/control/settings', change)
const made = (scenario: string, more: Json = {}) =>
  harness.control('POST', '/control/orders', { orderId: 'ORD1', amount: '100.00', scenario, ...more })

describe('fulfilment (reference 9.3)', () => {
  const fulfil = (params: Json, orderId = 'ORD1') =>
    harness.call('POST', `/orders/${orderId}/fulfillment`, params)

  it('lists the commands that were done; the same one is not done twice (sample error/21)', async () => {
    await made('charged')
    const hold = { fulfillment_status: 'PENDING', fulfillment_command: 'HOLD' }
    expect((await fulfil(hold)).body).toMatchObject({
      status: 'SUCCESS',
      merchant_id: 'paydeskdemo',
      order_id: 'ORD1',
      commands: [{ status: 'SUCCESS', command: 'HOLD', date_created: '2026-01-05T09:06:53Z' }],
    })
    expect((await fulfil(hold)).body).toMatchObject({
      status: 'ERROR',
      error_info: { code: 'ALREADY_EXISTS', user_message: 'Request has already been executed successfully.' },
    })
    const release = await fulfil({ fulfillment_status: 'SUCCESS', fulfillment_command: 'RELEASE_HOLD' })
    expect(release.body['commands']).toHaveLength(2)
    const { body } = await harness.control('GET', '/control/ledger')
    expect(JSON.stringify(body['lines'])).toContain('"kind":"fulfilment"')
  })

  it('needs a charge, a known order, and words that exist', async () => {
    await made('failed')
    expect((await fulfil({ fulfillment_status: 'SUCCESS' })).body).toMatchObject({
      error_code: 'No txn Found',
      error_info: { code: 'RESOURCE_NOT_FOUND' },
    })
    expect((await fulfil({ fulfillment_status: 'SUCCESS' }, 'NOSUCH')).body['status']).toBe('NOT_FOUND')
    expect((await fulfil({})).body['error_code']).toBe('Mandatory fields are missing')
    expect((await fulfil({ fulfillment_status: 'DONE' })).body['error_message']).toBe(
      'Invalid fulfillment_status',
    )
  })

  it('has a window: a success after it is refunded by rule (reference 2.1, 4.3)', async () => {
    const order = { order_id: 'ORD1', amount: '5', order_fullfillment_threshold_in_mins: '3' }
    await harness.call('POST', '/orders', order)
    await harness.control('POST', '/control/orders/ORD1/attempts', { outcome: 'pending' })
    await harness.sandbox.control.advance(4 * MINUTE)
    await harness.control('POST', '/control/orders/ORD1/attempts', { attempt: 1, outcome: 'success' })
    expect((await harness.status('ORD1'))['status']).toBe('AUTO_REFUNDED')
  })
})

describe('an order’s own word on automatic refunds (reference 2.1)', () => {
  const late = async (metadata: Json) => {
    await made('failed', { metadata })
    await harness.sandbox.control.advance(5 * MINUTE)
    await harness.control('POST', '/control/orders/ORD1/attempts', { attempt: 1, outcome: 'success' })
    return (await harness.status('ORD1'))['status']
  }

  it.each([
    [{}, 'CHARGED'],
    [{ auto_refund_conflict_threshold_minutes: '3' }, 'AUTO_REFUNDED'],
    [{ auto_refund_conflict_threshold_minutes: '3', auto_refund_post_success: 'false' }, 'CHARGED'],
  ])('%j leaves a success after five minutes %s', async (metadata, status) => {
    expect(await late(metadata)).toBe(status)
  })

  it('refunds although the merchant has the rule off', async () => {
    await harness.control('POST', '/control/merchants', {
      merchantId: 'paydeskdemo',
      autoRefundConflict: false,
    })
    expect(await late({ auto_refund_post_success: true, auto_refund_conflict_threshold_minutes: 1 })).toBe(
      'AUTO_REFUNDED',
    )
  })
})

describe('POST /refunds (reference 5.2)', () => {
  const refund = (params: Json) =>
    harness.call('POST', '/refunds', { order_id: 'ORD1', unique_request_id: 'RF1', amount: '10', ...params })

  it('pays a card at once through another gateway, when the merchant has that switched on', async () => {
    await made('charged', { paymentMethodType: 'CARD' })
    const off = await refund({ refund_type: 'INSTANT' })
    expect([off.status, off.body['error_message']]).toEqual([400, 'instant refund flag is not enabled'])
    await harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', instantRefunds: true })
    expect((await refund({ refund_type: 'INSTANT' })).body).toMatchObject({
      refund_type: 'INSTANT',
      gateway: 'MORPHEUS',
      refund_source: 'YESBANK_VISADIRECT',
      sent_to_gateway: true,
      status: 'PENDING',
    })
  })

  it('falls back to the ordinary way when asked to, and refuses to otherwise', async () => {
    await harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', instantRefunds: true })
    await made('charged', { paymentMethodType: 'UPI' })
    expect((await refund({ refund_type: 'INSTANT' })).status).toBe(400)
    const fallback = await refund({ refund_type: 'INSTANT_WITH_FALLBACK' })
    expect(fallback.body).toMatchObject({ refund_type: 'STANDARD', sent_to_gateway: false, gateway: 'DUMMY' })
  })

  it('lists the parts of a payment with several instruments (samples refund/23, 26)', async () => {
    await settings({ refundQueueSeconds: 0, refundSettleSeconds: 0 })
    await made('split_tender')
    const { body } = await refund({ amount: '70' })
    expect(body).toMatchObject({
      status: 'SUCCESS',
      amount: 70,
      unique_request_id: 'RF1',
      sent_to_gateway: true,
    })
    expect(body['reference_id']).toMatch(/^\d+$/)
    expect(body['split_refund_details']).toMatchObject([
      { unique_request_id: 'RF1', amount: 40, txn_id: 'paydeskdemo-ORD1-1', status: 'SUCCESS' },
      { unique_request_id: 'RF1-1', amount: 30, txn_id: 'paydeskdemo-ORD1-2', status: 'SUCCESS' },
    ])
  })

  it('says when the money is expected, how it went back, and Razorpay how fast', async () => {
    await made('charged', { gateway: 'RAZORPAY' })
    await refund({})
    await harness.sandbox.control.advance(MINUTE)
    const [entry] = refundsOf(await harness.status('ORD1'))
    expect(entry).toMatchObject({
      expected_refund_credit_time: '2026-01-16T10:00:00Z',
      reversal_type: 'SETTLED',
      metadata: { speed_requested: 'normal', speed_processed: 'normal' },
    })
    expect(entry?.['bank_processed_at']).toMatch(/^2026-01-05T09:07/)
  })
})

describe('a partly charged order (reference 4.1, 37)', () => {
  it('is PARTIAL_CHARGED until the second instrument is charged too', async () => {
    await made('partly_charged')
    expect(await harness.status('ORD1')).toMatchObject({ status: 'PARTIAL_CHARGED', status_id: 37 })
    await harness.control('POST', '/control/orders/ORD1/attempts', { attempt: 2, outcome: 'success' })
    expect(await harness.status('ORD1')).toMatchObject({ status: 'CHARGED', status_id: 21 })
    await harness.sandbox.control.idle()
    const names = harness.receiver.names().filter((name) => /CHARGED|SUCCEEDED/.test(String(name)))
    expect(names).toEqual(['TXN_CHARGED', 'ORDER_PARTIAL_CHARGED', 'TXN_CHARGED', 'ORDER_SUCCEEDED'])
  })
})

describe('status that lags (reference 6.5)', () => {
  it('shows the order as it was; events and the answers of writes show it as it is', async () => {
    await settings({ statusLagSeconds: 2 })
    await made('charged')
    expect((await harness.status('ORD1'))['status']).toBe('NEW')
    await harness.sandbox.control.idle()
    const event = harness.receiver.received.at(-1)?.event
    expect(nested(event, 'content', 'order')['status']).toBe('CHARGED')
    await harness.sandbox.control.advance(2 * SECOND)
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
    const refund = await harness.refund('ORD1', 'RF1', '5')
    expect(refundsOf(refund.body)).toHaveLength(1)
    expect(refundsOf(await harness.status('ORD1'))).toHaveLength(0)
    await harness.sandbox.control.advance(MINUTE)
    expect(refundsOf(await harness.status('ORD1'))).toMatchObject([{ status: 'SUCCESS' }])
  })
})

describe('attempts of /txns by amount (reference 9.9)', () => {
  it.each([
    ['499.99', 'CHARGED', 'CHARGED'],
    ['500.00', 'AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED'],
    ['699.99', 'AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED'],
    ['700.00', 'PENDING_VBV', 'CHARGED'],
  ])('%s is %s soon and %s in the end', async (amount, soon, end) => {
    await settings({ amountRules: true })
    const attempt = { 'order.order_id': 'ORD1', 'order.amount': amount, payment_method_type: 'UPI' }
    expect((await harness.call('POST', '/txns', attempt)).body['status']).toBe('PENDING_VBV')
    await harness.sandbox.control.advance(5 * SECOND)
    expect((await harness.status('ORD1'))['status']).toBe(soon)
    await harness.sandbox.control.advance(MINUTE)
    expect((await harness.status('ORD1'))['status']).toBe(end)
  })
})

describe('what the caller sends comes back', () => {
  it('a basket item by item, and nothing for what is no basket', async () => {
    const basket = JSON.stringify([{ id: 'SKU1', quantity: 2, unitPrice: 2.5 }])
    await harness.call('POST', '/orders', { order_id: 'ORD1', amount: '5', basket })
    expect((await harness.status('ORD1'))['basket']).toMatchObject([
      { id: 'SKU1', quantity: 2, unitPrice: 2.5, productName: null },
    ])
    await harness.call('POST', '/orders', { order_id: 'ORD2', amount: '5', basket: 'milk' })
    expect(await harness.status('ORD2')).not.toHaveProperty('basket')
  })

  it('options of the page in a session, and a link that opens a UPI app', async () => {
    const session = await harness.postJson('/session', {
      order_id: 'ORD1',
      amount: '5.00',
      action: 'paymentPage',
      payment_page_client_id: 'paydeskdemo',
      payment_filter: { allowDefaultOptions: false, options: [{ paymentMethodType: 'UPI', enable: true }] },
      udf6: 'store-12',
      'options.get_upi_deep_links': 'true',
      'metadata.expiryInMins': '30',
    })
    expect(nested(session.body, 'sdk_payload', 'payload')).toMatchObject({
      paymentFilter: { allowDefaultOptions: false },
      udf6: 'store-12',
      'options.getUpiDeepLinks': 'true',
      'metadata.expiryinmins': '30',
    })
    expect(nested(session.body, 'payment_links')['deep_link']).toMatch(
      /^upi:\/\/pay\?tr=ordeh_\w+&.*am=5&cu=INR$/,
    )
    expect(nested(await harness.status('ORD1'), 'metadata')['payment_page_client_id']).toBe('paydeskdemo')
  })
})
