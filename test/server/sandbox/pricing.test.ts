/** Surcharges, offers and split settlement: what the customer pays, and who gets it (reference 2.1, 3.5, 5.3). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, nested, startHarness, type Harness, type Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const merchant = (change: Json) =>
  harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', ...change })

async function paid(scenario = 'charged', amount = '10.00', more: Json = {}): Promise<Json> {
  await harness.control('POST', '/control/orders', { orderId: 'ORD1', amount, scenario, ...more })
  return harness.status('ORD1')
}

function first(list: unknown): Json {
  return Array.isArray(list) ? { ...list[0] } : {}
}

describe('a surcharge', () => {
  it('is on top of the order’s amount, told apart, and refundable (sample order-status/094)', async () => {
    await merchant({ surchargePercent: 8 })
    const order = await paid()
    expect(order).toMatchObject({ amount: 10, effective_amount: 10.8, maximum_eligible_refund_amount: 10.8 })
    expect(nested(order, 'txn_detail')).toMatchObject({
      net_amount: 10,
      txn_amount: 10.8,
      surcharge_amount: 0.8,
      tax_amount: 0,
      offer_deduction_amount: null,
      txn_amount_breakup: [
        { name: 'BASE', amount: 10, method: 'ADD' },
        { name: 'SURCHARGE', amount: 0.8, method: 'ADD' },
      ],
    })
    expect((await harness.refund('ORD1', 'RF1', '10.81')).body['error_code']).toBe('invalid.amount.exceeded')
    expect((await harness.refund('ORD1', 'RF2', '10.80')).body).toMatchObject({ refunded: true })
  })
})

describe('an offer', () => {
  const offer = { code: 'FIRST15', value: 15, maxAmount: 100 }

  it('takes its share off, up to its limit (samples order-status/058, webhook/034)', async () => {
    await merchant({ offer })
    const order = await paid('charged', '1000.00')
    expect(order).toMatchObject({ amount: 1000, effective_amount: 900 })
    expect(nested(order, 'txn_detail')).toMatchObject({
      net_amount: 1000,
      txn_amount: 1000,
      offer_deduction_amount: 100,
    })
    expect(first(order['offers'])).toMatchObject({
      offer_code: 'FIRST15',
      status: 'AVAILED',
      benefits: [
        {
          type: 'DISCOUNT',
          amount: 100,
          calculation_info: { value: 15, calculation_rule: 'PERCENTAGE', max_amount: 100 },
        },
      ],
    })
  })

  it('as cashback leaves what is charged alone', async () => {
    await merchant({ offer: { ...offer, type: 'CASHBACK', rule: 'ABSOLUTE', value: 20 } })
    const order = await paid('charged', '1000.00')
    expect(order).toMatchObject({ effective_amount: 1000 })
    expect(first(first(order['offers'])['benefits'])).toMatchObject({ type: 'CASHBACK', amount: 20 })
  })

  it.each([
    ['failed', 'FAILED'],
    ['stuck', 'INITIATED'],
    ['refunded', 'REFUNDED'],
    ['partially_refunded', 'PARTIALLY_REFUNDED'],
  ])('of an order that is %s is %s', async (scenario, status) => {
    await merchant({ offer })
    await paid(scenario, '1000.00')
    await harness.sandbox.control.advance(MINUTE)
    const told = first((await harness.status('ORD1'))['offers'])
    expect(told['status']).toBe(status)
    expect(told['error_code']).toBe(status === 'FAILED' ? 'JP706' : undefined)
  })

  it('survives a restart of the sandbox exactly', async () => {
    await merchant({ surchargePercent: 2.5, offer })
    const before = await paid('authorized', '999.99')
    await harness.restart()
    expect(await harness.status('ORD1')).toEqual(
      JSON.parse(JSON.stringify(before).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, harness.address)),
    )
  })
})

describe('split settlement', () => {
  const details = (marketplace: number, ...vendors: number[]) =>
    JSON.stringify({
      marketplace: { amount: marketplace },
      vendor: {
        split: vendors.map((amount, i) => ({ sub_mid: `Vendor${i + 1}`, amount, merchant_commission: 0 })),
      },
    })
  const create = (split: string) =>
    harness.call('POST', '/orders', {
      order_id: 'ORD1',
      amount: '5.00',
      'metadata.split_settlement_details': split,
    })

  it('must add up to the amount (sample error/20)', async () => {
    for (const wrong of [details(0, 3, 1), details(1, 3, 2), '{"vendor":3}', 'no json']) {
      const refused = await create(wrong)
      expect(refused.status, wrong).toBe(400)
      expect(refused.body).toMatchObject({
        status: 'ERROR',
        error_message: 'Split settlement amount is not equal to order amount',
      })
    }
  })

  it('is told with the order, and what each vendor has given back (sample order-status/092)', async () => {
    expect((await create(details(0, 3, 2))).status).toBe(200)
    await harness.control('POST', '/control/orders/ORD1/attempts', {})
    const settled = (order: Json) => order['split_settlement_response']
    expect(settled(await harness.status('ORD1'))).toEqual({
      split_applied: true,
      split_details: [
        { sub_vendor_id: 'Vendor1', amount: 3, merchant_commission: 0 },
        { sub_vendor_id: 'Vendor2', amount: 2, merchant_commission: 0 },
      ],
    })
    const refund = await harness.call('POST', '/orders/ORD1/refunds', {
      unique_request_id: 'RF1',
      amount: '1.50',
      'metadata.split_settlement_details': JSON.stringify({
        vendor: { split: [{ sub_mid: 'Vendor2', refund_amount: 1.5 }] },
      }),
    })
    expect(settled(refund.body)).toMatchObject({
      split_details: [{ sub_vendor_id: 'Vendor1' }, { sub_vendor_id: 'Vendor2', refunded_amount: 1.5 }],
    })
    expect(JSON.stringify(settled(refund.body))).not.toMatch(/Vendor1"[^}]*refunded_amount/)
  })
})
