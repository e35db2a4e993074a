import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { returnSignature } from '../../../server/sandbox/return-url.ts'
import { openSession, press } from './page-steps.ts'
import { MINUTE, SECOND, nested, startHarness } from './support.ts'
import type { Harness, Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const session = (orderId: string) => openSession(harness, orderId)

const location = (response: Response) => new URL(response.headers.get('location') ?? '')

describe('the return signature (reference 7)', () => {
  it.each([
    [
      '92206A0A4A75499C9B11206C2B3B9A53',
      {
        order_id: 'order_1727694028',
        status: 'AUTHORIZATION_FAILED',
        status_id: '27',
        myQP: 'aGVsbG9Xb3JsZA==',
      },
      '8Esx2nrz3KE059rdsTkffYKu6AXXk07KzBo3KOexl3I=',
    ],
    [
      'SIMULATOR_RESPONSE_KEY_0001',
      { order_id: 'SIMORDER0001', status: 'CHARGED', status_id: '21' },
      'hHMDeHc95jtq64jpxdzGG9HsqFjrAgTSfVuEUOzdQsA=',
    ],
  ])('equals the vector of %s', (key, params, signature) => {
    expect(returnSignature(key, Object.entries(params))).toBe(signature)
  })
})

describe('the hosted page', () => {
  it('shows merchant, order and amount as accessible HTML without any script', async () => {
    const { page } = await session('ORD1')
    const response = await fetch(page)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('Paydesk Demo Store')
    expect(html).toContain('₹1,49,999.50')
    expect(html).toContain('ORD1')
    expect(html).toContain('&lt;Meera&gt;')
    expect(html).not.toContain('<script')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('charges with the chosen instrument and comes back with signed parameters', async () => {
    const { page } = await session('ORD1')
    const choice = { type: 'CARD', brand: 'MASTERCARD', last_four: '0277', gateway: 'RAZORPAY' }
    const response = await press(page, 'success', choice)
    expect(response.status).toBe(302)
    const back = location(response)
    expect(back.origin + back.pathname).toBe('http://localhost:4000/back')
    const params = new Map(back.searchParams)
    const signature = params.get('signature')
    expect(params.get('signature_algorithm')).toBe('HMAC-SHA256')
    params.delete('signature')
    params.delete('signature_algorithm')
    expect(Object.fromEntries(params)).toEqual({
      cart: '7',
      order_id: 'ORD1',
      status: 'CHARGED',
      status_id: '21',
    })
    expect(signature).toBe(returnSignature('sandbox-response-key', params))
    const order = await harness.status('ORD1')
    expect(order).toMatchObject({ payment_method_type: 'CARD', payment_method: 'MASTERCARD', gateway_id: 23 })
    expect(nested(order, 'card')['last_four_digits']).toBe('0277')
    expect(nested(order, 'txn_detail')['gateway']).toBe('RAZORPAY')
  })

  it.each([
    ['authentication_failed', 'AUTHENTICATION_FAILED', '26'],
    ['authorization_failed', 'AUTHORIZATION_FAILED', '27'],
    ['declined', 'JUSPAY_DECLINED', '22'],
    ['pending', 'PENDING_VBV', '23'],
    ['authorizing', 'AUTHORIZING', '28'],
    ['cash_on_delivery', 'COD_INITIATED', '29'],
    ['leave_at_bank', 'PENDING_VBV', '23'],
    ['abandon', 'NEW', '10'],
    ['double_charge', 'CHARGED', '21'],
  ])('%s comes back as %s', async (outcome, status, statusId) => {
    const { page } = await session('ORD1')
    const { searchParams } = location(await press(page, outcome))
    expect([searchParams.get('status'), searchParams.get('status_id')]).toEqual([status, statusId])
    expect((await harness.status('ORD1'))['status']).toBe(status)
  })

  it('lets pending and late payments succeed afterwards', async () => {
    const pending = await session('ORD1')
    await press(pending.page, 'pending')
    const late = await session('ORD2')
    await press(late.page, 'late_success')
    expect((await harness.status('ORD2'))['status']).toBe('AUTHORIZATION_FAILED')
    await harness.sandbox.control.advance(45 * SECOND)
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
    expect((await harness.status('ORD2'))['status']).toBe('CHARGED')
    expect(harness.receiver.names().filter((name) => name === 'ORDER_SUCCEEDED')).toHaveLength(2)
  })

  it('fails an attempt that the customer has left, a little later', async () => {
    await press((await session('ORD1')).page, 'leave_at_bank')
    await harness.sandbox.control.advance(20 * SECOND)
    expect((await harness.status('ORD1'))['status']).toBe('AUTHENTICATION_FAILED')
  })

  it('tells the merchant of cash on delivery by its event', async () => {
    await press((await session('ORD1')).page, 'cash_on_delivery')
    await harness.sandbox.control.advance(SECOND)
    expect(harness.receiver.names()).toContain('ORDER_COD_INITIATED')
    expect(await harness.status('ORD1')).toMatchObject({ payment_method_type: 'CASH' })
  })

  it('lets a session expire, and leads back to the shop from there', async () => {
    const { page, token } = await session('ORD1')
    const expired = await press(page, 'expire')
    expect(expired.status).toBe(410)
    expect(await expired.text()).toContain(
      'href="http://localhost:4000/back?cart=7&amp;order_id=ORD1&amp;status=NEW&amp;status_id=10&amp;signature=',
    )
    expect((await fetch(`${harness.address}/payment-page/sdk?token=${token}`)).status).toBe(401)
    expect((await press(page, 'success')).status).toBe(410)
    const again = await session('ORD1')
    expect((await press(again.page, 'success')).status).toBe(302)
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
  })

  it('offers another try after a failure, and numbers the attempts', async () => {
    const { page } = await session('ORD1')
    await press(page, 'authorization_failed')
    expect(await (await fetch(page)).text()).toContain('1 earlier attempt on this order did not succeed')
    await press(page, 'success')
    expect((await harness.status('ORD1'))['txn_id']).toBe('paydeskdemo-ORD1-2')
    expect(await (await fetch(page)).text()).toContain('Already paid')
    await press(page, 'success')
    expect(
      harness.sandbox.control.context.records.attempts(
        harness.sandbox.control.context.records.recentOrders(1)[0]?.id ?? '',
      ),
    ).toHaveLength(2)
  })

  it('allows 25 attempts', async () => {
    const { page } = await session('ORD1')
    for (let i = 0; i < 25; i += 1) expect((await press(page, 'authorization_failed')).status).toBe(302)
    expect((await press(page, 'success')).status).toBe(409)
    expect((await harness.status('ORD1'))['txn_id']).toBe('paydeskdemo-ORD1-25')
  })

  it('expires after fifteen minutes, is 404 for strangers and 400 for unknown buttons', async () => {
    const { page } = await session('ORD1')
    expect((await press(page, 'nonsense')).status).toBe(400)
    harness.clock.jumpTo(harness.clock.now() + 15 * MINUTE)
    expect((await fetch(page)).status).toBe(410)
    expect((await press(page, 'success')).status).toBe(410)
    expect((await fetch(`${harness.address}/payment-page/order/ordeh_none`)).status).toBe(404)
    expect((await harness.status('ORD1'))['status']).toBe('NEW')
  })

  it('honours the unsigned, double-encoded and POST switches', async () => {
    const change = (fields: Json) =>
      harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', ...fields })
    await change({ returnSignature: 'unsigned' })
    const unsigned = location(await press((await session('ORD1')).page, 'success'))
    expect(unsigned.searchParams.has('signature')).toBe(false)
    await change({ returnSignature: 'double_encoded' })
    const twice = location(await press((await session('ORD2')).page, 'success'))
    expect(twice.search).toContain('%253D')
    await change({ returnSignature: 'signed', returnMethod: 'POST' })
    const posted = await press((await session('ORD3')).page, 'success')
    const html = await posted.text()
    expect(posted.status).toBe(200)
    expect(html).toContain('<form method="post" action="http://localhost:4000/back"')
    expect(html).toContain('name="signature"')
  })
})
