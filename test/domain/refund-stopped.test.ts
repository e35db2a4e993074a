/** What is said of a refund that a stop of refunds keeps from being sent: that it waits, and no day. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HELD_WHYS } from '../../server/domain/refund-held.ts'
import { explainOrder } from '../../server/domain/order-explain.ts'
import { allTexts } from '../../server/domain/order-tell.ts'
import { tellCustomer, tellStateOf, type RefundFacts } from '../../server/domain/refund-display.ts'
import { REFUND_STATUSES } from '../../server/domain/refund.ts'
import { stopHolding, type StopScope } from '../../server/domain/refund-stop.ts'
import { dayText } from '../../server/domain/refund-tell.ts'
import { NOW, plainOrder, plainRefund } from '../support/explain-facts.ts'

const WHY = 'Somebody seems to refund to his own card'
const ready: RefundFacts = { ...plainRefund, refundStatus: 'ready', sentAt: null, gateway: 'RAZORPAY' }
const stopOf = (gateway: string | null): StopScope => ({
  gateway,
  reason: WHY,
  setByName: 'Asha Menon',
  expiresAt: null,
})

/** "Started", "sent on" and a day, in both languages. */
const STARTED = /started|we sent|in your account by|शुरू|भेज दिया है|खाते में आ जाना/i

const gateway = fc.option(fc.constantFrom('RAZORPAY', 'PAYU', 'GOCASHFREE'))
const stops = fc.array(gateway.map(stopOf), { maxLength: 3 })
const instant = fc.integer({ min: -40, max: 20 }).map((days) => new Date(NOW.getTime() + days * 86_400_000))
/** One that is yet to be sent, for the first time or again, with whatever it waited for before. */
const unsent = fc
  .record({
    gateway,
    sentAt: fc.option(instant.filter((at) => at <= NOW)),
    expectedCreditAt: fc.option(instant),
    held: fc.option(
      fc.record({
        why: fc.constantFrom(...HELD_WHYS),
        until: fc.option(instant),
        batchNo: fc.constant(7),
      }),
    ),
  })
  .map((some): RefundFacts => ({ ...ready, ...some }))

describe('a refund that a stop holds back', () => {
  test('is told as waiting, whatever the stop is of, and never as started or with a day', () => {
    let held = 0
    fc.assert(
      fc.property(unsent, stops, (refund, inForce) => {
        const { situation, customer, next, promise } = explainOrder(
          { ...plainOrder(), refunds: [refund], stops: inForce },
          NOW,
        )
        if (stopHolding(inForce, refund.gateway) === null) return
        held += 1
        expect(tellStateOf(refund, inForce, NOW)).toBe('held')
        expect(situation).toBe('refund_held')
        expect(next.at).toBeNull()
        expect(promise).not.toMatch(/started/)
        const texts = [...allTexts(customer), ...Object.values(tellCustomer(refund, inForce, NOW) ?? {})]
        expect(texts).toHaveLength(10)
        for (const text of texts) {
          expect(text).not.toMatch(STARTED)
          expect(text).not.toContain(WHY)
        }
      }),
      { numRuns: 500 },
    )
    expect(held).toBeGreaterThan(50)
  })

  test('a stop of another gateway changes nothing of what is said', () => {
    fc.assert(
      fc.property(unsent, stops, (refund, inForce) => {
        if (stopHolding(inForce, refund.gateway) !== null) return
        const facts = { ...plainOrder(), refunds: [refund] }
        expect(explainOrder({ ...facts, stops: inForce }, NOW)).toEqual(explainOrder(facts, NOW))
      }),
      { numRuns: 500 },
    )
  })

  test('no stop changes what is said of one that was sent, or of one that has ended', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REFUND_STATUSES), stops, (refundStatus, inForce) => {
        if (refundStatus === 'ready') return
        const facts = { ...plainOrder(), refunds: [{ ...plainRefund, refundStatus }] }
        expect(explainOrder({ ...facts, stops: inForce }, NOW)).toEqual(explainOrder(facts, NOW))
      }),
    )
  })

  test.each([
    [stopOf(null), 'Refunds are stopped.'],
    [stopOf('RAZORPAY'), 'Refunds through Razorpay are stopped.'],
  ])('names the stop and leaves its reason to the banner: %o', (stop, named) => {
    const explained = explainOrder({ ...plainOrder(), refunds: [ready], stops: [stop] }, NOW)
    expect(explained).toMatchObject({
      sentence: `A refund of ₹2,500.00 is approved and has not been sent. ${named}`,
      next: { text: 'It is sent by itself when nothing keeps it back.', at: null },
      promise: 'That it is approved and not sent yet.',
      avoid: 'A date, or that it has been started.',
    })
    expect(explained.customer.en.sms.text).toBe(
      'Your refund of Rs 2,500.00 is approved and has not been sent yet. We will tell you as soon as it is. Order ORD1.',
    )
    expect(explained.customer.hi.sms.text).toMatch(
      /^आपका ₹2,500\.00 का रिफ़ंड मंज़ूर हो गया है, पर अभी भेजा नहीं गया है।/,
    )
  })

  test('is told as started again once the stop is lifted', () => {
    const facts = { ...plainOrder(), refunds: [ready] }
    const { situation, customer } = explainOrder(facts, NOW)
    expect(situation).toBe('refund_queued')
    expect(customer.en.whatsapp.text).toContain(dayText(new Date('2026-12-01T10:00:00Z'), 'en'))
  })
})
