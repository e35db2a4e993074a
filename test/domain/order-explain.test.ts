/** What is said about an order: something in every state, never more than is confirmed, and it fits an SMS. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DISCREPANCY_KINDS } from '../../server/domain/discrepancy.ts'
import { DISPUTE_STATUSES } from '../../server/domain/dispute.ts'
import { failureReason, FAILURE_REASONS, failureWords } from '../../server/domain/failure-reason.ts'
import { AMOUNT_MINOR_MAX } from '../../server/domain/money.ts'
import { explainOrder } from '../../server/domain/order-explain.ts'
import {
  situationOf,
  SITUATIONS,
  type ExplainFacts,
  type Situation,
} from '../../server/domain/order-situation.ts'
import { allTexts, SMS_PARTS_MAX, smsParts } from '../../server/domain/order-tell.ts'
import { paymentStatusOf } from '../../server/domain/payment-status.ts'
import type { RefundFacts } from '../../server/domain/refund-display.ts'
import { isDayOver } from '../../server/domain/refund-clock.ts'
import { REFUND_ORIGINS, REFUND_STATUSES } from '../../server/domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../../server/domain/refund-request.ts'
import { TELL_LANGUAGES } from '../../server/domain/refund-tell.ts'
import { NOW, plainOrder } from '../support/explain-facts.ts'

const NAME = 'Meera Krishnan'
const EMAIL = 'meera.krishnan@example.com'
const PHONE = '9876543210'

const instant = fc
  .integer({ min: -30 * 24 * 60, max: 10 * 24 * 60 })
  .map((minutes) => new Date(NOW.getTime() + minutes * 60_000))
const amount = fc.oneof(fc.bigInt({ min: 1n, max: 9_999_999n }), fc.constant(AMOUNT_MINOR_MAX))

const refund: fc.Arbitrary<RefundFacts> = fc
  .record({
    amountMinor: amount,
    requestStatus: fc.option(fc.constantFrom(...REFUND_REQUEST_STATUSES)),
    refundStatus: fc.option(fc.constantFrom(...REFUND_STATUSES)),
    sentToGateway: fc.boolean(),
    origin: fc.constantFrom(...REFUND_ORIGINS),
    sentAt: fc.option(instant),
    settledAt: fc.option(instant),
    expectedCreditAt: fc.option(instant),
    arn: fc.option(fc.constantFrom('74332744201234567890123', 'x'.repeat(200)), { freq: 2 }),
    ref: fc.option(fc.constant('432198765012'), { freq: 2 }),
    retriedBy: fc.option(fc.uuid()),
    held: fc.option(fc.constant({ why: 'batch_paused' as const, until: null, batchNo: 7 }), { freq: 2 }),
  })
  .map((some) => ({
    id: 'r1',
    requestId: 'q1',
    refundId: 'r1',
    orderId: 'o1',
    orderRef: 'ORD1',
    currency: 'INR',
    reason: 'item_returned',
    note: `${NAME} called from ${PHONE}`,
    requestedBy: { id: 'u1', name: 'Asha Menon' },
    requestedAt: new Date('2026-11-20T09:00:00Z'),
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
    gateway: 'RAZORPAY',
    uniqueRequestId: 'KEY1',
    errorMessage: `failed for ${EMAIL}`,
    expiresAt: null,
    settledByPeople: false,
    proof: null,
    changedAt: NOW,
    retryOf: null,
    txnRef: null,
    attemptNumber: null,
    parts: [],
    unconfirmedSince: null,
    ...some,
  }))

const stop = fc.record({
  gateway: fc.option(fc.constantFrom('RAZORPAY', 'PAYU')),
  reason: fc.constant(`${NAME} is being looked into.`),
  setByName: fc.constant('Asha Menon'),
  expiresAt: fc.option(instant.filter((at) => at > NOW)),
})

const STATUSES =
  'NEW STARTED PENDING_VBV AUTHORIZING COD_INITIATED AUTHORIZED CAPTURE_FAILED VOID_INITIATED VOIDED AUTHENTICATION_FAILED AUTHORIZATION_FAILED JUSPAY_DECLINED CHARGED PARTIAL_CHARGED AUTO_REFUNDED SOMETHING_NEW'.split(
    ' ',
  )

const facts: fc.Arbitrary<ExplainFacts> = fc
  .record({
    orderRef: fc.constantFrom('ord_8F2K1QX3', 'ऑर्डर-1', `O${'9'.repeat(120)}`),
    amountMinor: amount,
    chargedMinor: amount,
    providerStatus: fc.constantFrom(...STATUSES),
    errorCode: fc.option(fc.constantFrom('51', 'U69', 'BAD_REQUEST_ERROR')),
    errorMessage: fc.option(
      fc.constantFrom('Insufficient funds', `Declined for ${NAME}`, 'Payment cancelled', `${EMAIL} unknown`),
    ),
    methodLabel: fc.option(fc.constant('Visa ··4242')),
    stuck: fc.boolean(),
    attemptCount: fc.nat(3),
    chargeCount: fc.nat(2),
    createdAt: instant,
    chargedAt: fc.option(instant),
    unconfirmedSince: fc.option(instant, { freq: 2 }),
    nextCheckAt: fc.option(instant),
    autoRefundDueAt: fc.option(instant),
    openFindings: fc.array(
      fc.constantFrom(...DISCREPANCY_KINDS).map((kind) => ({ kind, detail: 'We hold A; Juspay answers B.' })),
      { maxLength: 1 },
    ),
    disputes: fc.array(
      fc.record({
        status: fc.constantFrom(...DISPUTE_STATUSES),
        amountMinor: fc.option(amount),
        dueAt: fc.option(instant),
      }),
      { maxLength: 1 },
    ),
    refunds: fc.array(refund, { maxLength: 2 }),
    stops: fc.array(stop, { maxLength: 1 }),
  })
  .map((some) => ({ ...some, currency: 'INR', paymentStatus: paymentStatusOf(some.providerStatus) }))
  .map((some) => vouchedFor(some, some.unconfirmedSince))

/** Since when webhooks alone vouch for something: the order says so, and each of its refunds. */
function vouchedFor(some: ExplainFacts, unconfirmedSince: Date | null): ExplainFacts {
  return { ...some, unconfirmedSince, refunds: some.refunds.map((one) => ({ ...one, unconfirmedSince })) }
}

/** Without most of what hides the rest, so that plain states are met as often as strange ones. */
const plainFacts = facts.map((some) => vouchedFor({ ...some, openFindings: [], disputes: [] }, null))
const someFacts = fc.oneof(
  facts,
  plainFacts,
  plainFacts.map((some) => ({ ...some, refunds: [], autoRefundDueAt: null })),
  fc.tuple(plainFacts, instant).map(([some, since]) => vouchedFor(some, since)),
  facts.map((some) => ({ ...some, amountMinor: 0n, chargedMinor: 0n })),
)

/** Situations in which money is known to have gone back, or to be on its way back with somebody's approval. */
const CONFIRMED_BACK: ReadonlySet<Situation> = new Set([
  'auto_refund_running',
  'auto_refunded',
  'refund_queued',
  'refund_pending',
  'refund_done',
  'refund_done_with_reference',
])
/** "In your account by", "we refunded", "was returned to you": promises and statements that money comes or came back. */
const PROMISES_BACK =
  /in your account by|we refunded|was returned to you|is being returned|खाते में आ जाना|रिफ़ंड कर दिया|लौटा दिया|लौटाया जा रहा/i
/** Statements that a payment arrived. */
const SAYS_RECEIVED = /we received your payment|we received .* of your payment|हमें मिल गया|हमें मिले हैं/i
const RECEIVED: ReadonlySet<Situation> = new Set(['charged', 'partly_charged'])

/** A refund was sent, a webhook claimed something, and time went on. */
const BEFORE = new Date(NOW.getTime() - 120_000)
const SINCE = new Date(NOW.getTime() - 60_000)
const AFTER = new Date(NOW.getTime() - 30_000)

describe('what is said about an order', () => {
  test('every situation is reached, and each has its words in both languages', () => {
    const reached = new Set<Situation>()
    fc.assert(
      fc.property(someFacts, (some) => {
        const explained = explainOrder(some, NOW)
        reached.add(explained.situation)
        expect(explained.sentence).toMatch(/\S.{8,}/)
        expect(explained.next.text).not.toBe('')
        // "by" a day: never without one, and no hour of it.
        if (explained.next.text.endsWith(' by'))
          expect(explained.next).toMatchObject({ at: expect.any(Date), day: true })
        expect(explained.promise).not.toBe('')
        for (const text of allTexts(explained.customer)) expect(text.length).toBeGreaterThan(8)
        expect(allTexts(explained.customer).join(' ')).not.toMatch(/undefined|null|NaN|Invalid/)
        expect([explained.sentence, explained.promise, explained.avoid].join(' ')).not.toMatch(
          /undefined|null|NaN/,
        )
      }),
      { numRuns: 8_000, seed: 20_261_122 },
    )
    expect([...reached].toSorted()).toEqual([...SITUATIONS].toSorted())
  })

  test('no text says that money is back or coming unless that is known', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const { situation, customer } = explainOrder(some, NOW)
        const said = allTexts(customer).join(' ')
        if (!CONFIRMED_BACK.has(situation)) expect(said).not.toMatch(PROMISES_BACK)
        if (!RECEIVED.has(situation)) expect(said).not.toMatch(SAYS_RECEIVED)
      }),
      { numRuns: 3_000 },
    )
  })

  test('an amount that nobody has told is not told as nought', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const { sentence, promise, customer, situation } = explainOrder(some, NOW)
        const said = [sentence, promise, ...allTexts(customer)].join(' ')
        if (some.amountMinor === 0n) expect(situation).toBe('amount_unknown')
        expect(said).not.toMatch(/(₹|Rs )0\.00/)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a doubt outranks whatever else is recorded', () => {
    fc.assert(
      fc.property(someFacts, instant, (some, since) => {
        const { situation } = situationOf(vouchedFor(some, since), NOW)
        expect(RECEIVED.has(situation) || CONFIRMED_BACK.has(situation)).toBe(false)
      }),
    )
  })

  test('no day that is over is told as one to come', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const { situation, next } = explainOrder(some, NOW)
        // What Juspay is asked next may be due; the day to answer a dispute says itself that it has passed.
        if (next.day && next.at) expect(isDayOver(next.at, NOW)).toBe(false)
        if (situation === 'refund_late' && next.at) expect(next.at > NOW).toBe(true)
      }),
      { numRuns: 3_000 },
    )
    const failed = { paymentStatus: 'failed', providerStatus: 'AUTHORIZATION_FAILED' } as const
    const old = { ...plainOrder(), ...failed, createdAt: new Date(NOW.getTime() - 6 * 86_400_000) }
    const { next, customer } = explainOrder(old, NOW)
    expect(next).toMatchObject({ at: null, text: expect.stringMatching(/should have been reversed by now/) })
    expect(customer.en.whatsapp.text).toMatch(/If your account still shows a debit for it, ask your bank/)
  })

  test('an SMS stays within its parts, however long the references and large the amounts', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const { customer } = explainOrder(some, NOW)
        for (const language of TELL_LANGUAGES) {
          const { text, parts } = customer[language].sms
          expect(parts).toBe(smsParts(text))
          expect(parts).toBeLessThanOrEqual(SMS_PARTS_MAX[language])
        }
      }),
      { numRuns: 3_000 },
    )
  })

  test('the usual English SMS is in the GSM alphabet, where a part holds 160 characters', () => {
    const some = { ...plainOrder(), orderRef: 'ord_8F2K1QX3' }
    const { sms } = explainOrder(some, NOW).customer.en
    expect(sms).toEqual({
      text: 'We received your payment of Rs 12,999.00 on 22 Nov. There is nothing more to do. Order ord_8F2K1QX3.',
      parts: 1,
    })
    expect(smsParts('₹')).toBe(1)
    expect(smsParts(`₹${'a'.repeat(70)}`)).toBe(2)
    expect(smsParts('a'.repeat(161))).toBe(2)
    expect(smsParts('a'.repeat(307))).toBe(3)
  })

  test('nothing of the customer or of the provider’s own words is repeated', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const said = allTexts(explainOrder(some, NOW).customer).join(' ')
        for (const secret of [NAME, EMAIL, PHONE, 'BAD_REQUEST_ERROR', 'Asha Menon'])
          expect(said).not.toContain(secret)
      }),
    )
  })

  test.for<[Partial<ExplainFacts>, Situation, RegExp]>([
    [{}, 'charged', /^The payment of ₹12,999\.00 succeeded on 22 Nov with Visa/],
    [
      {
        providerStatus: 'AUTHORIZATION_FAILED',
        paymentStatus: 'failed',
        errorMessage: 'Not sufficient funds',
      },
      'failed',
      /there was not enough money in the account\. No money reached us/,
    ],
    [
      { providerStatus: 'PENDING_VBV', paymentStatus: 'pending', stuck: true },
      'stuck',
      /no outcome for too long: customer is at the bank page/,
    ],
    [{ unconfirmedSince: NOW }, 'confirming', /Juspay has not confirmed it yet/],
    [
      { unconfirmedSince: NOW, chargedMinor: 1_403_892n },
      'confirming',
      /^A webhook says that ₹14,038\.92 was paid; /,
    ],
    [
      { unconfirmedSince: NOW, chargedMinor: 0n, paymentStatus: 'voided', providerStatus: 'VOIDED' },
      'confirming',
      /^A webhook says that the hold of ₹12,999\.00 was released; /,
    ],
    [
      { disputes: [{ status: 'received', amountMinor: 50_000n, dueAt: NOW }] },
      'disputed',
      /disputes ₹500\.00/,
    ],
    [
      { chargeCount: 2, openFindings: [{ kind: 'double_charge', detail: 'x' }] },
      'double_charge',
      /charged 2 times/,
    ],
    [{ autoRefundDueAt: new Date(NOW.getTime() + 60_000) }, 'late_success', /charged long after/],
  ])('a plain order that differs by one thing: case %#', ([changed, situation, sentence]) => {
    const explained = explainOrder({ ...plainOrder(), ...changed }, NOW)
    expect(explained.situation).toBe(situation)
    expect(explained.sentence).toMatch(sentence)
  })

  test('of several disputes, those that decide are told, each with its own amount and day', () => {
    const [won, first, second] = [1, 5, 9].map((days) => new Date(NOW.getTime() + days * 86_400_000))
    const disputes: ExplainFacts['disputes'] = [
      { status: 'resolved_merchant', amountMinor: 70_000n, dueAt: won ?? null },
      { status: 'received', amountMinor: 50_000n, dueAt: second ?? null },
      { status: 'under_review', amountMinor: 20_000n, dueAt: first ?? null },
    ]
    const open = explainOrder({ ...plainOrder(), disputes }, NOW)
    expect(open.sentence).toBe('The customer’s bank disputes ₹700.00 of this payment.')
    expect(open.next).toEqual({ text: 'Answer the bank with evidence; it decides.', at: first })
    const late = explainOrder({ ...plainOrder(), disputes }, first ?? NOW)
    expect(late.next).toEqual({
      text: 'The bank decides; the time to send it evidence has passed:',
      at: first,
    })
    const lost = disputes.map((one, index) =>
      index === 0 ? one : { ...one, status: 'resolved_customer' as const },
    )
    expect(explainOrder({ ...plainOrder(), disputes: lost.slice(0, 2) }, NOW).sentence).toMatch(
      /^The bank decided the dispute about ₹500\.00 for the customer/,
    )
    const whole = [{ status: 'received' as const, amountMinor: null, dueAt: null }, ...disputes.slice(1)]
    expect(explainOrder({ ...plainOrder(), disputes: whole }, NOW).sentence).toMatch(/disputes ₹12,999\.00/)
  })

  test.for<[string, Partial<RefundFacts>, Situation]>([
    ['the end of our refund', {}, 'confirming_refund'],
    ['that it failed', { refundStatus: 'failed' }, 'confirming_refund'],
    ['the payment, before it was sent', { sentAt: AFTER }, 'confirming'],
    ['something after it ended', { changedAt: BEFORE }, 'confirming'],
    ['a refund of Juspay’s own', { origin: 'auto' }, 'confirming'],
    ['a refund that has not ended', { refundStatus: 'pending', settledAt: null }, 'confirming'],
  ])('what webhooks alone vouch for is named: %s', ([_what, changed, situation]) => {
    const [some] = fc.sample(refund, { numRuns: 1, seed: 1 })
    if (some === undefined) throw new Error('there is no refund')
    const ended = { ...some, refundStatus: 'succeeded', origin: 'paydesk', sentAt: BEFORE } as const
    const told = { amountMinor: 125_000n, settledAt: NOW, changedAt: NOW, unconfirmedSince: SINCE }
    const refunds = [{ ...ended, ...told, ...changed }]
    const explained = explainOrder({ ...plainOrder(), unconfirmedSince: SINCE, refunds }, NOW)
    expect(explained.situation).toBe(situation)
    if (situation !== 'confirming_refund') return
    expect(explained.sentence).toMatch(/refund of ₹1,250\.00 (went through|failed); Juspay has not confirmed/)
    expect(explained.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'now'])
    expect(explained.customer.en.sms.text).toMatch(
      /^We have sent your refund of Rs 1,250\.00 and are confirming/,
    )
  })
})

describe('why a payment failed', () => {
  const failed = (errorMessage: string | null, errorCode: string | null = null, providerStatus = 'FAILURE') =>
    failureReason({ errorMessage, errorCode, providerStatus })

  test.each([
    [failed('Not sufficient funds'), 'too_little_money'],
    [failed(null, '51'), 'too_little_money'],
    [failed('Transaction was declined'), 'bank_refused'],
    [failed('Transaction declined by user'), 'cancelled'],
    [failed('Payment was cancelled by the customer'), 'cancelled'],
    [failed('Collect request expired'), 'expired'],
    [failed('Incorrect UPI PIN entered'), 'wrong_secret'],
    [failed('Customer did not complete authentication'), 'not_finished'],
    [failed('Issuer bank is down'), 'bank_unreachable'],
    [failed(null, null, 'AUTHENTICATION_FAILED'), 'not_finished'],
    [failed(null, null, 'JUSPAY_DECLINED'), 'refused_before_bank'],
    [failed('', ''), 'not_said'],
  ])('%s', (reason, expected) => {
    expect(reason).toBe(expected)
  })

  test('has words in both languages', () => {
    for (const language of TELL_LANGUAGES)
      expect(new Set(FAILURE_REASONS.map((reason) => failureWords(reason, language))).size).toBe(
        FAILURE_REASONS.length,
      )
  })
})
