/** An amount that cannot be read is never one of nought: it changes nothing that is known, and what is not known is said. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeOrder, type OrderAggregate } from '../../server/domain/order.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import { isChargeUnknown, unknownChargeFinding } from '../../server/domain/unknown-amount.ts'
import { isParseFailure, translateEvent } from '../../server/juspay/translate.ts'
import { charged, message, told } from '../support/provider-messages.ts'

const CONTEXT = { currency: 'INR', now: new Date('2026-11-22T10:00:00Z') }

/** Everything that stands in bodies where an amount should: nothing, masks, and what is no amount of an order. */
const unreadable = fc.constantFrom<unknown[]>(
  undefined,
  null,
  '',
  'null',
  'FILTERED',
  'free',
  '1,250.00',
  {},
  [100],
  true,
  -1,
  '-100.00',
  '0.00',
  0,
  10.005,
  '9'.repeat(60),
  1e300,
)

/** One instrument of several may take nothing. */
const isNoNumber = (value: unknown): boolean => value !== 0 && value !== '0.00'

const STATUSES = ['CHARGED', 'PARTIAL_CHARGED', 'AUTHORIZED', 'AUTHORIZATION_FAILED', 'NEW', 'SUCCESS']

/** A webhook about the order in which no amount can be read, with or without its attempt, newer than all else. */
const silent = fc
  .record({
    name: fc.constantFrom('ORDER_SUCCEEDED', 'TXN_CHARGED', 'ORDER_FAILED'),
    status: fc.constantFrom(...STATUSES),
    amount: unreadable,
    effective: unreadable,
    ofAttempt: unreadable.filter(isNoNumber),
    attempt: fc.boolean(),
    kind: fc.constantFrom('order', 'txn'),
  })
  .map(({ name, status, amount, effective, ofAttempt, attempt, kind }): ProviderOrder => {
    const txn = { txn_id: 'm-O1-1', status, txn_amount: ofAttempt, gateway: 'RAZORPAY' }
    const order = {
      order_id: 'O1',
      status,
      amount,
      effective_amount: effective,
      last_updated: '2026-11-22T11:00:00Z',
      ...(attempt ? { ...txn, txn_detail: txn } : {}),
    }
    const content = kind === 'order' ? { order } : { txn: { ...txn, order_id: 'O1' } }
    const event = translateEvent(JSON.stringify({ id: 'e1', event_name: name, content }))
    if (isParseFailure(event) || event.order === null) throw new Error('the body is one of an order')
    return event.order
  })

const hear = (held: OrderAggregate | null, one: ProviderOrder) => mergeOrder(held, one, CONTEXT).next

describe('a webhook in which no amount can be read', () => {
  test('leaves every amount that is known', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), fc.array(silent), (known, webhooks) => {
        const before = [told(), ...known].reduce(hear, null)
        const after = webhooks.reduce(hear, before)
        expect(after?.order.amountMinor).toBe(before?.order.amountMinor)
        expect(after?.order.effectiveAmountMinor).toBe(before?.order.effectiveAmountMinor)
        for (const { txnRef, amountMinor, netAmountMinor } of before?.transactions ?? [])
          expect(after?.transactions.find((one) => one.txnRef === txnRef)).toMatchObject({
            amountMinor,
            netAmountMinor,
          })
      }),
    )
  })

  test('lowers nothing that was charged, and a charge that it tells of is the amount that is known', () => {
    fc.assert(
      fc.property(fc.array(silent, { minLength: 1 }), fc.boolean(), (webhooks, paid) => {
        const { order } = webhooks.reduce(hear, hear(null, paid ? charged : told()))
        expect(order.amountMinor).toBe(100_000n)
        expect([0n, 100_000n]).toContain(order.chargedMinor)
        if (paid || order.paymentStatus === 'charged') expect(order.chargedMinor).toBe(100_000n)
      }),
    )
  })

  test('invents none for an order that nobody has told of, and a person is told of its charge', () => {
    const seen = new Set<boolean>()
    fc.assert(
      fc.property(silent, (webhook) => {
        const next = hear(null, webhook)
        const isCharged = next.order.paymentStatus === 'charged'
        seen.add(isCharged)
        expect(isChargeUnknown(next)).toBe(isCharged)
        const finding = unknownChargeFinding(null, next, 'webhook')
        expect(finding?.kind).toBe(isCharged ? 'unconfirmed_claim' : undefined)
        // Once; repeats of the webhook add nothing, and an answer that says no more tells it again.
        expect(unknownChargeFinding(next, next, 'webhook')).toBeNull()
        expect(unknownChargeFinding(next, next, 'status_check') === null).toBe(!isCharged)
        // Whoever names the amount ends it.
        expect(isChargeUnknown(hear(next, charged))).toBe(false)
      }),
    )
    expect(seen.size).toBe(2)
  })

  test('is told in words', () => {
    const { next } = mergeOrder(null, told({ providerStatus: 'CHARGED', amountMinor: null }), CONTEXT)
    expect(unknownChargeFinding(null, next, 'webhook')).toEqual({
      kind: 'unconfirmed_claim',
      detail: 'A webhook says Charged, and no amount that can be read.',
      ours: 'CHARGED',
      theirs: null,
    })
  })
})
