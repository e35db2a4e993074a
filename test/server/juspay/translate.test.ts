import { describe, expect, test } from 'vitest'
import type { ProviderEvent } from '../../../server/domain/provider-order.ts'
import { parseJson } from '../../../server/juspay/json.ts'
import type { Json } from '../../../server/juspay/json.ts'
import { refundsAreReadable, translateRefund } from '../../../server/juspay/translate-refund.ts'
import { familyOf, isParseFailure, translateEvent, translateOrder } from '../../../server/juspay/translate.ts'
import { object } from '../../../server/juspay/wire.ts'
import { fixtureJson, fixtureText } from '../../support/juspay-fixtures/fixtures.ts'

function event(raw: string): ProviderEvent {
  const translated = translateEvent(raw)
  if (isParseFailure(translated)) throw new Error(translated.message)
  return translated
}

function json(text: string): Json {
  const parsed = parseJson(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.json
}

describe('translateOrder', () => {
  test('reads a charged UPI order with a settled and a pending refund', () => {
    expect(translateOrder(fixtureJson('order-charged-upi'))).toEqual({
      orderRef: 'PDORDER0001',
      providerOrderRef: 'ordeh_00000000000000000000000000000a01',
      merchantRef: 'paydeskdemo',
      providerStatus: 'CHARGED',
      amountMinor: 129950n,
      effectiveAmountMinor: 131005n,
      currency: 'INR',
      customer: { ref: 'buyer-7', name: 'Asha Rao', email: 'buyer@shop.test', phone: '9000000001' },
      description: 'Two chairs',
      returnUrl: 'https://shop.test/done',
      udf: { udf1: 'store-12', udf10: 'summer' },
      transactions: [
        {
          txnRef: 'paydeskdemo-PDORDER0001-1',
          txnUuid: 'mozPD000000000000001',
          providerStatus: 'CHARGED',
          amountMinor: 129950n,
          netAmountMinor: 131005n,
          gateway: 'RAZORPAY',
          gatewayId: 23,
          methodType: 'UPI',
          method: 'UPI',
          cardBrand: null,
          cardLast4: null,
          payerVpa: 'asha@upi',
          gatewayRef: 'pay_PD0001',
          rrn: '600509100001',
          authCode: null,
          errorCode: null,
          errorMessage: null,
          createdAt: new Date('2026-03-02T09:07:10Z'),
        },
      ],
      refunds: [
        {
          uniqueRequestId: 'PDREFUND2',
          txnRef: null,
          providerStatus: 'PENDING',
          amountMinor: 10000n,
          ref: null,
          arn: null,
          sentToGateway: false,
          initiatedBy: 'API',
          refundSource: 'RAZORPAY',
          refundType: 'STANDARD',
          errorCode: null,
          errorMessage: null,
          expectedCreditAt: null,
          createdAt: new Date('2026-03-03T07:22:01Z'),
        },
        {
          uniqueRequestId: 'PDREFUND1',
          txnRef: null,
          providerStatus: 'SUCCESS',
          amountMinor: 20000n,
          ref: '20230517020968656340245367275527523',
          arn: '74000000000000000000001',
          sentToGateway: true,
          initiatedBy: 'API',
          refundSource: 'RAZORPAY',
          refundType: 'STANDARD',
          errorCode: '00',
          errorMessage: 'Refund Success',
          expectedCreditAt: new Date('2026-03-12T06:00:00Z'),
          createdAt: new Date('2026-03-02T10:00:00Z'),
        },
      ],
      createdAt: new Date('2026-03-02T09:06:53Z'),
      statedAt: new Date('2026-03-02T09:07:39Z'),
    })
  })

  test('finds the attempts of a split payment and the refunds inside them', () => {
    const order = translateOrder(fixtureJson('order-split-refunds'))
    expect(order?.transactions.map((txn) => [txn.txnRef, txn.providerStatus, txn.amountMinor])).toEqual([
      ['pd-PDSPLIT01-1-1', 'CHARGED', 99800n],
      ['pd-PDSPLIT01-1-2', 'TO_BE_CHARGED', 200n],
    ])
    expect(order?.refunds.map((refund) => [refund.uniqueRequestId, refund.amountMinor])).toEqual([
      ['PDSR1', 99800n],
    ])
  })

  test.each([
    '{"status_id":40,"status":"NOT_FOUND","order_id":"PDX"}',
    '{"status_id":-1,"status":"ERROR","order_id":"PDX","error_code":"x"}',
    '{"status":"CHARGED"}',
    '{"order_id":"FILTERED","status":"CHARGED"}',
    '{"order_id":{},"status":"CHARGED"}',
    '[]',
    'null',
    '"order"',
  ])('%s is not an order', (text) => expect(translateOrder(json(text))).toBeNull())

  describe('an effective amount of nought', () => {
    const offer = (status: string, type: string, amount: unknown) => ({
      offers: [{ offer_id: 'of-1', status, benefits: [{ type, amount }] }],
    })
    const effectiveOf = (body: Record<string, unknown>) =>
      translateOrder(
        json(
          JSON.stringify({ order_id: 'O1', status: 'CHARGED', amount: 1000, effective_amount: 0, ...body }),
        ),
      )?.effectiveAmountMinor

    test.each([
      ['without an offer', {}],
      ['with none', { offers: [] }],
      ['with offers that are masked', { offers: 'FILTERED' }],
      ['as text', { effective_amount: '0.00' }],
      ['with an offer of a part', offer('AVAILED', 'DISCOUNT', 150)],
      ['with an offer that failed', offer('FAILED', 'DISCOUNT', 1000)],
      ['with cash back, which is paid first', offer('AVAILED', 'CASHBACK', 1000)],
      [
        'with an offer and no amount to compare',
        { ...offer('AVAILED', 'DISCOUNT', 1000), amount: 'FILTERED' },
      ],
      ['with a deduction of a part', { txn_detail: { offer_deduction_amount: 999.99 } }],
    ])('%s is not said', (_name, body) => expect(effectiveOf(body)).toBeNull())

    test.each([
      ['an offer', offer('AVAILED', 'DISCOUNT', 1000)],
      ['an offer of instalments', offer('AVAILED', 'EMI_DISCOUNT', '1000.00')],
      ['an offer that went back with a refund', offer('REFUNDED', 'DISCOUNT', 1000)],
      ['offers as text', { offers: JSON.stringify(offer('AVAILED', 'DISCOUNT', 1000).offers) }],
      ['a deduction', { txn_detail: { offer_deduction_amount: 1000 } }],
    ])('is what is left when %s takes all of it', (_name, body) => expect(effectiveOf(body)).toBe(0n))

    test('is no other amount', () => expect(effectiveOf({ effective_amount: 0.01 })).toBe(1n))
  })

  test('keeps unknown status words and never more than four card digits', () => {
    const order = translateOrder(
      json(
        '{"order_id":"PDX","status":"on_hold","txn_id":"t1","card":{"last_four_digits":"4111111111111111","card_brand":"VISA"},"amount":10}',
      ),
    )
    expect(order?.providerStatus).toBe('ON_HOLD')
    expect(order?.transactions[0]).toMatchObject({
      providerStatus: 'ON_HOLD',
      cardLast4: null,
      cardBrand: 'VISA',
    })
  })

  test('the unit of amounts is the body’s currency, then the caller’s, then rupees', () => {
    expect(translateOrder(json('{"order_id":"P","amount":9150,"currency":"JPY"}'))?.amountMinor).toBe(9150n)
    expect(translateOrder(json('{"order_id":"P","amount":9150}'), { currency: 'JPY' })).toMatchObject({
      amountMinor: 9150n,
      currency: null,
    })
    expect(translateOrder(json('{"order_id":"P","amount":9150}'))?.amountMinor).toBe(915000n)
  })

  test('statedAt prefers last_updated, then the event, then date_created', () => {
    const occurredAt = new Date('2026-01-02T00:00:00Z')
    const both = json(
      '{"order_id":"P","last_updated":"2026-01-03T00:00:00Z","date_created":"2026-01-01T00:00:00Z"}',
    )
    const created = json('{"order_id":"P","date_created":"2026-01-01T00:00:00Z"}')
    expect(translateOrder(both, { occurredAt })?.statedAt?.toISOString()).toBe('2026-01-03T00:00:00.000Z')
    expect(translateOrder(created, { occurredAt })?.statedAt).toEqual(occurredAt)
    expect(translateOrder(created)?.statedAt?.toISOString()).toBe('2026-01-01T00:00:00.000Z')
  })

  test('a refund without a readable status is kept: its key proves that it exists', () => {
    const order = translateOrder(json('{"order_id":"P","refunds":[{"unique_request_id":"K","amount":1}]}'))
    expect(order?.refunds[0]).toMatchObject({
      uniqueRequestId: 'K',
      providerStatus: 'UNKNOWN',
      amountMinor: 100n,
    })
  })
})

describe('refundsAreReadable', () => {
  test.each([
    ['{"order_id":"P"}', true],
    ['{"order_id":"P","refunds":null}', true],
    ['{"order_id":"P","refunds":{}}', true],
    ['{"order_id":"P","refunds":[]}', true],
    ['{"order_id":"P","refunds":[{"unique_request_id":"K"}]}', true],
    ['{"order_id":"P","refunds":"FILTERED"}', false],
    ['{"order_id":"P","refunds":[{"unique_request_id":"FILTERED"}]}', false],
    ['{"order_id":"P","refunds":[{"amount":1}]}', false],
    ['{"order_id":"P","txn_list":"FILTERED"}', false],
    ['{"order_id":"P","txn_list":[{"refunds":"FILTERED"}]}', false],
    ['{"order_id":"P","txn_list":[{"refunds":[{"unique_request_id":"K"}]}]}', true],
  ])('%s: %s', (text, expected) => expect(refundsAreReadable(object(json(text)) ?? {})).toBe(expected))
})

describe('translateRefund', () => {
  test('reads a flat transaction-level refund', () => {
    expect(translateRefund(fixtureJson('refund-flat'), 'INR')).toMatchObject({
      orderRef: 'PDFLATORD',
      txnRef: 'pd-PDFLATORD-2',
      refund: {
        uniqueRequestId: 'PDFLAT1',
        providerStatus: 'PENDING',
        amountMinor: 125n,
        ref: 'ref-1',
        arn: 'arn-1',
        sentToGateway: false,
      },
    })
    expect(translateRefund(json('{"order_id":"P"}'), 'INR')).toBeNull()
  })
})

describe('translateEvent', () => {
  test('reads a masked, string-typed refund event without inventing anything', () => {
    const { order, ...rest } = event(fixtureText('webhook-masked'))
    expect(rest).toEqual({
      eventRef: 'evt_V2_00000000000000000000000000000b01',
      name: 'ORDER_REFUND_FAILED',
      family: 'refund',
      occurredAt: new Date('2026-03-04T10:00:00Z'),
      orderRef: 'PDMASK01',
      mandate: null,
      notification: null,
      dispute: null,
    })
    expect(order).toMatchObject({
      providerStatus: 'CHARGED',
      amountMinor: 155100n,
      effectiveAmountMinor: null,
      customer: { ref: null, name: null, email: null, phone: null },
      udf: { udf2: 'kept' },
      createdAt: null,
      statedAt: new Date('2026-03-04T10:00:00Z'),
      transactions: [
        {
          gatewayId: 19,
          payerVpa: null,
          cardBrand: null,
          gatewayRef: '2.02203161112128e+34',
          rrn: null,
          authCode: null,
          errorCode: null,
          createdAt: new Date('2026-03-04T09:54:23Z'),
        },
      ],
      refunds: [
        { uniqueRequestId: 'PDMR1', providerStatus: 'FAILURE', amountMinor: 147600n, sentToGateway: true },
        {
          uniqueRequestId: 'PDMR2',
          providerStatus: 'ON_HOLD_BY_BANK',
          amountMinor: 7550n,
          sentToGateway: false,
          initiatedBy: 'AUTO_REFUNDED',
          createdAt: new Date('2022-03-04T09:58:00Z'),
        },
      ],
    })
  })

  test('a transaction event is one attempt; the order’s own status and amount stay unsaid', () => {
    const { family, orderRef, order } = event(fixtureText('webhook-txn-failed'))
    expect({ family, orderRef }).toEqual({ family: 'txn', orderRef: 'PDTXN01' })
    expect(order).toMatchObject({
      providerStatus: null,
      amountMinor: null,
      currency: 'INR',
      refunds: [],
      statedAt: new Date('2026-03-05T07:00:48Z'),
      transactions: [
        {
          txnRef: 'pd-PDTXN01-2',
          providerStatus: 'AUTHORIZATION_FAILED',
          amountMinor: 4999n,
          cardLast4: '4242',
          authCode: 'ybbjy9',
          errorCode: '05',
          errorMessage: 'Do not honour',
        },
      ],
    })
  })

  test('fields spilled beside content.order complete it and never replace what it says', () => {
    const { eventRef, occurredAt, order } = event(fixtureText('webhook-spilled-no-id'))
    expect({ eventRef, occurredAt }).toEqual({ eventRef: null, occurredAt: null })
    expect(order?.providerStatus).toBe('AUTHENTICATION_FAILED')
    expect(order?.statedAt).toEqual(new Date('2026-02-13T07:53:57Z'))
    expect(order?.transactions[0]).toMatchObject({ errorCode: 'dropped', errorMessage: 'Customer left' })
  })

  test('order fields directly in content, and a refund object, are read as well', () => {
    expect(
      event('{"event_name":"ORDER_UPDATED","content":{"order_id":"P","status":"NEW"}}').order,
    ).toMatchObject({
      orderRef: 'P',
      providerStatus: 'NEW',
    })
    expect(
      event(
        '{"event_name":"REFUND_SUCCEEDED","content":{"refund":{"order_id":"P","unique_request_id":"K","status":"SUCCESS","amount":2}}}',
      ).order,
    ).toMatchObject({
      orderRef: 'P',
      providerStatus: null,
      refunds: [{ uniqueRequestId: 'K', amountMinor: 200n }],
    })
  })

  test('mandate and notification events carry no order', () => {
    expect(event(fixtureText('webhook-mandate'))).toMatchObject({
      family: 'mandate',
      orderRef: 'PDMANDATE1',
      order: null,
    })
    expect(event(fixtureText('webhook-notification'))).toEqual({
      eventRef: 'evt_V2_00000000000000000000000000000b03',
      name: 'NOTIFICATION_FAILED',
      family: 'notification',
      occurredAt: new Date('2026-03-06T05:00:48.023Z'),
      orderRef: null,
      order: null,
      mandate: null,
      notification: expect.objectContaining({ notificationRef: '19', providerStatus: 'FAILURE' }),
      dispute: null,
    })
  })

  test.each([
    ['ORDER_SUCCEEDED', 'order'],
    ['ORDER_REFUNDED', 'refund'],
    ['ORDER_REFUND_FAILED', 'refund'],
    ['REFUND_ARN_CAPTURED', 'refund'],
    ['AUTO_REFUND_SUCCEEDED', 'auto_refund'],
    ['ORDER_AUTO_REFUNDED', 'auto_refund'],
    ['TXN_CREATED', 'txn'],
    ['TRANSACTION_AUTHORIZED', 'txn'],
    ['MANDATE_PAUSED', 'mandate'],
    ['NOTIFICATION_SUCCEEDED', 'notification'],
    ['CHARGEBACK_RECEIVED', 'chargeback'],
    ['TOKEN_STATUS_CREATED', 'unknown'],
    ['SOMETHING_NEW', 'unknown'],
    [null, 'unknown'],
  ])('%s is of the family %s', (name, family) => expect(familyOf(name)).toBe(family))

  test.each([
    ['', 'empty'],
    ['{', 'not_json'],
    ['[1]', 'not_object'],
    ['{}', 'not_object'],
    ['"x"', 'not_object'],
    ['['.repeat(100), 'too_deep'],
  ])('%j cannot be read: %s', (raw, failure) => expect(translateEvent(raw)).toMatchObject({ failure }))
})
