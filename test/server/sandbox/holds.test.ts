/** Pre-authorisation: capture and void of held money, whole and in part (reference 4.3, 9.2). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, SECOND, nested, startHarness, type Answer, type Harness, type Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

async function hold(orderId = 'HOLD1'): Promise<string> {
  await harness.control('POST', '/control/orders', { orderId, amount: '100.00', scenario: 'authorized' })
  const order = await harness.status(orderId)
  expect(order).toMatchObject({
    status: 'AUTHORIZED',
    status_id: 25,
    captured_amount: 0,
    refundable_amount: 0,
  })
  return String(order['txn_uuid'])
}

const end = (verb: 'capture' | 'void', uuid: string, params: Json = {}): Promise<Answer> =>
  harness.call('POST', `/v2/txns/${uuid}/${verb}`, params)
const settings = (change: Json) => harness.control('POST', '/control/settings', change)
const names = () => harness.receiver.names().filter((name) => String(name).startsWith('ORDER_'))

function subDetails(body: Json): Json[] {
  const found = body['txn_sub_details']
  return Array.isArray(found) ? found : []
}

describe('capture', () => {
  it('of a part charges that part, and tells it as a transaction of its own', async () => {
    const captured = await end('capture', await hold(), { amount: '60' })
    expect(captured.body).toMatchObject({
      status: 'CHARGED',
      amount: 100,
      effective_amount: 60,
      captured_amount: 60,
      refundable_amount: 60,
      maximum_eligible_refund_amount: 60,
    })
    expect(subDetails(captured.body)).toMatchObject([
      { txn_object_type: 'PARTIAL_CAPTURE', txn_amount: 60, order_amount: 100, status: 'CHARGED' },
    ])
    expect((await harness.refund('HOLD1', 'RF1', '60.01')).body['error_code']).toBe('invalid.amount.exceeded')
    expect((await harness.refund('HOLD1', 'RF2', '60')).status).toBe(200)
  })

  it.each(['0', '-1', '100.01', 'all'])('of %s is refused', async (amount) => {
    const refused = await end('capture', await hold(), { amount })
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ error_code: 'Invalid', error_message: 'Invalid capture amount' })
  })

  it('that takes its time is CAPTURE_INITIATED until it is through', async () => {
    await settings({ captureOutcome: 'pending', holdSettleSeconds: 5 })
    const uuid = await hold()
    expect((await end('capture', uuid)).body).toMatchObject({ status: 'CAPTURE_INITIATED', status_id: 33 })
    expect((await end('capture', uuid)).body['error_message']).toBe(
      'Cannot Capture CAPTURE_INITIATED Transaction',
    )
    await harness.sandbox.control.advance(5 * SECOND)
    expect(await harness.status('HOLD1')).toMatchObject({ status: 'CHARGED', captured_amount: 100 })
    expect(names()).toEqual(['ORDER_CREATED', 'ORDER_AUTHORIZED', 'ORDER_SUCCEEDED'])
  })

  it('that fails leaves the hold, which can be captured again or voided', async () => {
    await settings({ captureOutcome: 'failure' })
    const uuid = await hold()
    const failed = await end('capture', uuid)
    expect(failed.body).toMatchObject({ status: 'CAPTURE_FAILED', status_id: 34, captured_amount: 0 })
    expect(nested(failed.body, 'payment_gateway_response')['resp_code']).toBe('CAPTURE_DECLINED')
    await settings({ captureOutcome: 'success' })
    expect((await end('capture', uuid)).body).toMatchObject({ status: 'CHARGED', bank_error_code: '' })
    await harness.sandbox.control.idle()
    expect(names()).toContain('ORDER_CAPTURE_FAILED')
  })

  it('that times out at the gateway leaves AUTHORIZED, and no event says anything', async () => {
    await settings({ captureOutcome: 'timeout' })
    expect((await end('capture', await hold())).body['status']).toBe('AUTHORIZED')
    await harness.sandbox.control.advance(MINUTE)
    expect(names()).toEqual(['ORDER_CREATED', 'ORDER_AUTHORIZED'])
  })

  it('repeated under its idempotence_key is answered and not done again', async () => {
    const uuid = await hold()
    const first = await end('capture', uuid, { amount: '60', idempotence_key: 'k1' })
    const again = await end('capture', uuid, { amount: '60', idempotence_key: 'k1' })
    expect([again.status, again.body['captured_amount']]).toEqual([200, first.body['captured_amount']])
    expect(subDetails(again.body)).toHaveLength(1)
    expect((await end('capture', uuid, { idempotence_key: 'k2' })).status).toBe(400)
  })
})

describe('void', () => {
  it('of a part leaves the rest held; of the rest it ends as VOIDED', async () => {
    const uuid = await hold()
    const part = await end('void', uuid, { amount: '40' })
    expect(part.body).toMatchObject({ status: 'AUTHORIZED', effective_amount: 60 })
    expect(subDetails(part.body)).toMatchObject([
      { txn_object_type: 'PARTIAL_VOID', txn_amount: 40, status: 'VOIDED' },
    ])
    expect((await end('capture', uuid, { amount: '60.01' })).status).toBe(400)
    const rest = await end('void', uuid)
    expect(rest.body).toMatchObject({ status: 'VOIDED', status_id: 31, refunded: false, amount_refunded: 0 })
    expect((await harness.refund('HOLD1', 'RF1', '1')).body['error_code']).toBe(
      'invalid.order.not_successful',
    )
  })

  it('that takes its time is VOID_INITIATED, and that fails VOID_FAILED with the hold kept', async () => {
    await settings({ voidOutcome: 'pending', holdSettleSeconds: 5 })
    const uuid = await hold()
    expect((await end('void', uuid)).body).toMatchObject({ status: 'VOID_INITIATED', status_id: 32 })
    await harness.sandbox.control.advance(5 * SECOND)
    expect((await harness.status('HOLD1'))['status']).toBe('VOIDED')
    await settings({ voidOutcome: 'failure' })
    const other = await hold('HOLD2')
    expect((await end('void', other)).body).toMatchObject({ status: 'VOID_FAILED', status_id: 35 })
    expect((await end('capture', other)).body['status']).toBe('CHARGED')
    await harness.sandbox.control.idle()
    expect(names()).toEqual(expect.arrayContaining(['ORDER_VOIDED', 'ORDER_VOID_FAILED']))
  })

  it('an order that holds or has given back money can be neither paid again nor changed', async () => {
    await end('void', await hold())
    const attempt = { 'order.order_id': 'HOLD1', payment_method_type: 'UPI' }
    expect((await harness.call('POST', '/txns', attempt)).status).toBe(400)
    expect((await harness.call('POST', '/orders/HOLD1', { amount: '5' })).status).toBe(400)
  })
})
