import fc from 'fast-check'
import { HELD_WHYS, heldOf, type HeldWhy } from '../../server/domain/refund-held.ts'
import { describe, expect, test } from 'vitest'
import { destinationFacts, destinationText, knownBefore } from '../../server/domain/refund-destination.ts'
import {
  refundRow,
  refundSteps,
  tellCustomer,
  tellStateOf,
  type RefundFacts,
} from '../../server/domain/refund-display.ts'
import { smsParts } from '../../server/domain/order-tell.ts'
import { TELL_LANGUAGES, TELL_STATES, tellSentence } from '../../server/domain/refund-tell.ts'
import { approvalText, crockford, refundKeyText, requestText } from '../../server/domain/refund-key.ts'
import { plainRefund as facts } from '../support/explain-facts.ts'
import { deriveRefundKey } from '../../server/services/refunds/refund-key.ts'

const now = new Date('2026-11-22T10:00:00Z')

/** What happened to it last is what webhooks alone vouch for. */
const claimed = { unconfirmedSince: facts.changedAt }

const heldBy = (why: HeldWhy) => ({ why, until: null, batchNo: 7 })

describe('how a refund is told', () => {
  test.each<[Partial<RefundFacts>, string, string]>([
    [
      { refundStatus: null, requestStatus: 'pending_approval' },
      'waiting_approval',
      'Waiting for a second person',
    ],
    [{ refundStatus: 'ready', sentAt: null }, 'approved', 'Approved, about to be sent to Juspay'],
    [{ refundStatus: 'sending' }, 'sending', 'On its way to Juspay'],
    [{ refundStatus: 'unknown' }, 'unknown', 'We do not know yet if Juspay has it. We keep asking'],
    [{}, 'pending', 'Queued at Juspay for longer than usual'],
    [{ sentToGateway: true }, 'pending', 'With the gateway, 10 days until review'],
    [{ refundStatus: 'manual_review' }, 'review', 'Needs review: Juspay cannot tell what the gateway did'],
    [{ refundStatus: 'succeeded', arn: '74' }, 'succeeded', 'Paid back by the bank'],
    [{ refundStatus: 'failed' }, 'failed', 'The gateway could not pay it back'],
    [{ refundStatus: 'rejected' }, 'failed', 'Juspay refused it, no money moved'],
    [
      { refundStatus: 'succeeded', arn: '74', ...claimed },
      'succeeded',
      'A webhook says that it was paid back. Confirming with Juspay',
    ],
    [
      { refundStatus: 'failed', ...claimed },
      'failed',
      'A webhook says that it failed. Confirming with Juspay',
    ],
    [{ sentToGateway: true, ...claimed }, 'pending', 'With the gateway, 10 days until review'],
    [{ refundStatus: null, requestStatus: 'rejected' }, 'rejected', 'Rejected by the approver'],
    [{ refundStatus: null, requestStatus: 'expired' }, 'expired', 'Nobody decided in time'],
    [{ refundStatus: null, requestStatus: 'withdrawn' }, 'withdrawn', 'Withdrawn by the person who asked'],
  ])('%o is %s', (change, status, where) => {
    expect(refundRow({ ...facts, ...change }, [], now)).toMatchObject({ status, where })
  })

  test('days with the gateway count down to the review, then it is late', () => {
    const after = (days: number): string =>
      refundRow({ ...facts, sentToGateway: true }, [], new Date(now.getTime() + days * 86_400_000)).where
    expect(after(3)).toBe('With the gateway, 7 days until review')
    // Sunday to Tuesday of the week after next: seven working days.
    expect(after(9)).toBe('With the gateway, 1 day until review')
    expect(after(10)).toBe('Late: 8 working days. With the gateway')
  })

  test('steps carry who and when, and nothing that has not happened', () => {
    const steps = refundSteps({ ...facts, refundStatus: 'succeeded', settledAt: now })
    expect(steps.map((step) => [step.name, step.by, step.at?.toISOString()])).toEqual([
      ['Asked', 'Asha Menon', '2026-11-22T09:00:00.000Z'],
      ['Approved', 'Rohan Das', '2026-11-22T09:05:00.000Z'],
      ['Sent', 'Paydesk', '2026-11-22T09:06:00.000Z'],
      ['With customer', 'RAZORPAY', '2026-11-22T10:00:00.000Z'],
    ])
    expect(refundSteps({ ...facts, origin: 'auto', requestStatus: null, requestedBy: null })[0]?.by).toBe(
      'Juspay',
    )
  })

  test.each<[string, Partial<RefundFacts>, boolean]>([
    ['only webhooks say it', claimed, true],
    ['what they say came after', { unconfirmedSince: now }, false],
    ['people found it out', { ...claimed, settledByPeople: true }, false],
    ['Juspay confirmed it', { unconfirmedSince: null }, false],
  ])('an end is no end until Juspay confirms it: %s', (_why, change, confirming) => {
    const ended = { ...facts, refundStatus: 'succeeded', settledAt: now, ...change } as const
    expect(refundRow(ended, [], now)).toMatchObject({ status: 'succeeded', confirming })
    expect(refundSteps(ended)[3]?.at).toEqual(confirming ? null : now)
    expect(tellStateOf(ended, [], now)).toBe(confirming ? 'confirming' : 'done')
    expect(/We refunded/.test(tellCustomer(ended, [], now)?.en ?? '')).toBe(!confirming)
  })

  test('the customer is told what is known, in two languages', () => {
    const told = tellCustomer(
      { ...facts, refundStatus: 'succeeded', arn: '432198765012', settledAt: now },
      [],
      now,
    )
    expect(told).toEqual({
      en: 'We refunded ₹2,500.00 on 22 Nov. Your bank reference is 432198765012. It can take 5 to 7 working days to show.',
      hi: 'हमने 22 नवंबर को ₹2,500.00 का रिफ़ंड कर दिया है। आपका बैंक संदर्भ क्रमांक 432198765012 है। खाते में दिखने में 5 से 7 कार्य दिवस लग सकते हैं।',
    })
    expect(tellCustomer({ ...facts, refundStatus: 'unknown' }, [], now)?.en).not.toContain('failed')
  })

  test('when the promised days are over, the customer is not told to wait for them', () => {
    // Seven working days after Sunday, 22 November: until the end of 1 December in India.
    const paid = { ...facts, refundStatus: 'succeeded', settledAt: now } as const
    const told = (at: string, change: Partial<RefundFacts> = {}) =>
      tellCustomer({ ...paid, ...change }, [], new Date(at))?.en
    expect(told('2026-12-01T18:29:59Z')).toBe(
      'We refunded ₹2,500.00 on 22 Nov. It can take 5 to 7 working days to show.',
    )
    expect(told('2026-12-01T18:30:00Z')).toBe(
      'We refunded ₹2,500.00 on 22 Nov. If you do not see it, tell us.',
    )
    expect(told('2026-12-01T18:30:00Z', { arn: '432198765012' })).toBe(
      'We refunded ₹2,500.00 on 22 Nov. Your bank reference is 432198765012. If you do not see it, ask your bank with this reference.',
    )
  })

  test('with its reference and an order it is one SMS, early and late', () => {
    const paid = { ...facts, refundStatus: 'succeeded', settledAt: now, arn: '432198765012' } as const
    for (const at of [now, new Date('2026-12-30T10:00:00Z')]) {
      const text = (tellCustomer(paid, [], at)?.en ?? '').replace('₹', 'Rs ')
      expect(smsParts(`${text} Order OD194W186WAC.`)).toBe(1)
    }
  })

  test('a day that Juspay named and that is over is not promised again', () => {
    const pending = { ...facts, sentToGateway: true, expectedCreditAt: new Date('2026-11-23T12:00:00Z') }
    expect(tellStateOf(pending, [], new Date('2026-11-23T18:29:59Z'))).toBe('pending')
    expect(tellStateOf(pending, [], new Date('2026-11-23T18:30:00Z'))).toBe('late')
  })

  test.each<[Partial<RefundFacts>, string | null]>([
    [{ refundStatus: null, requestStatus: 'pending_approval' }, 'waiting'],
    [{ refundStatus: 'ready', sentAt: null }, 'queued'],
    [{ refundStatus: 'ready', sentAt: null, held: heldBy('batch_hold') }, 'held'],
    [{ refundStatus: 'ready', sentAt: null, held: heldBy('day_limit') }, 'held'],
    [{ refundStatus: 'ready', sentAt: null, held: heldBy('spacing') }, 'queued'],
    [{ refundStatus: 'sending', held: null }, 'queued'],
    [{ refundStatus: 'sending' }, 'queued'],
    [{}, 'queued'],
    [{ sentToGateway: true }, 'pending'],
    [{ sentToGateway: true, sentAt: new Date('2026-11-02T09:06:00Z') }, 'late'],
    [{ refundStatus: 'succeeded', ref: 'rfnd_1' }, 'done_with_reference'],
    [{ refundStatus: 'succeeded' }, 'done'],
    [{ refundStatus: 'failed' }, 'failed'],
    [{ refundStatus: 'rejected' }, 'failed'],
    [{ refundStatus: 'manual_review' }, 'review'],
    [{ refundStatus: 'unknown' }, 'unknown'],
    [{ refundStatus: null, requestStatus: 'rejected' }, null],
    [{ refundStatus: null, requestStatus: 'expired' }, null],
    [{ refundStatus: null, requestStatus: 'withdrawn' }, null],
  ])('of %o the customer is told that it is %s', (change, state) => {
    expect(tellStateOf({ ...facts, ...change }, [], now)).toBe(state)
    expect(tellCustomer({ ...facts, ...change }, [], now) === null).toBe(state === null)
  })
})

describe('the sentences', () => {
  const plain = { amountMinor: 12_34_567_89n, currency: 'INR', at: now, by: now, reference: 'ARN74' }
  const words = { ...plain, shown: false }
  const cases = TELL_LANGUAGES.flatMap((language) =>
    TELL_STATES.flatMap((state) => [true, false].map((shown) => [language, state, shown] as const)),
  )

  test.each(cases)(
    'in %s for %s (shown: %s): whole, with the amount, and of their own language',
    (language, state, shown) => {
      const sentence = tellSentence(state, { ...plain, shown }, language)
      expect(sentence).toContain('₹12,34,567.89')
      expect(sentence).not.toMatch(/undefined|null|\s\s/)
      expect(sentence).toMatch(language === 'hi' ? /।$/ : /\.$/)
      // Devanagari digits are not used (design §5.3), nor is one language inside the other.
      expect(sentence).not.toMatch(/[\u0966-\u096f]/)
      const own = sentence.replace('ARN74', '')
      expect(own).toMatch(language === 'hi' ? /^[^a-zA-Z]*$/ : /^[^\u0900-\u097f]*$/)
    },
  )

  test('no two states read the same, in either language', () => {
    for (const language of TELL_LANGUAGES)
      expect(new Set(TELL_STATES.map((state) => tellSentence(state, words, language))).size).toBe(
        TELL_STATES.length,
      )
  })
})

describe('where the money goes back to', () => {
  const card = {
    gateway: 'CASHFREE',
    methodType: 'CARD',
    method: 'MASTERCARD',
    cardBrand: 'MASTERCARD',
    cardLast4: '8210',
    payerVpa: null,
  }
  test('in words', () => {
    expect(destinationText(card)).toBe('Mastercard ··8210 through Cashfree')
    const upi = { ...card, methodType: 'UPI', method: 'UPI_COLLECT', cardBrand: null, cardLast4: null }
    expect(destinationText(upi)).toBe('UPI through Cashfree')
    const bank = { ...upi, methodType: 'NB', method: 'NB_HDFC', gateway: null }
    expect(destinationText(bank)).toBe('Net banking, HDFC')
  })

  test('as facts: another card or gateway is another destination, a masked brand or payer is not', () => {
    for (const change of [
      { cardLast4: '8211' },
      { gateway: 'RAZORPAY' },
      { method: 'VISA' },
      { methodType: 'UPI' },
    ])
      expect(destinationFacts({ ...card, ...change })).not.toBe(destinationFacts(card))
    expect(destinationFacts({ ...card, payerVpa: 'a@b', cardBrand: null })).toBe(destinationFacts(card))
  })

  test('knowing more is the same destination, knowing otherwise is not', () => {
    const field = fc.option(fc.constantFrom('A', 'B'))
    const paid = fc.record({
      gateway: field,
      methodType: field,
      method: field,
      cardLast4: field,
      cardBrand: field,
      payerVpa: field,
    })
    fc.assert(
      fc.property(paid, paid, (before, now) => {
        const learned = (['gateway', 'methodType', 'method', 'cardLast4'] as const).every(
          (name) => before[name] === null || before[name] === now[name],
        )
        expect(knownBefore(now).includes(destinationFacts(before))).toBe(learned)
      }),
    )
  })
})

describe('refund keys', () => {
  const secret = new Uint8Array(32).fill(1)
  const attempt = { accountId: 'a', refundRequestId: 'q', attemptNo: 1 }

  test('known bits in Crockford base32', () => {
    expect(crockford(new Uint8Array([0, 0, 0, 0, 0]), 8)).toBe('00000000')
    expect(crockford(new Uint8Array([255, 255, 255, 255, 255]), 8)).toBe('ZZZZZZZZ')
    expect(
      crockford(new Uint8Array([0b00001_000, 0b10_00011_0, 0b0100_0010, 0b1_00110_00, 0b111_01000]), 8),
    ).toBe('12345678')
    expect(() => crockford(new Uint8Array(4), 8)).toThrow(RangeError)
  })

  test('20 characters Juspay takes; the same attempt the same key, another attempt another', () => {
    const key = deriveRefundKey(secret, attempt)
    expect(key).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/)
    expect(deriveRefundKey(secret, attempt)).toBe(key)
    expect(deriveRefundKey(secret, { ...attempt, attemptNo: 2 })).not.toBe(key)
    expect(deriveRefundKey(new Uint8Array(32).fill(2), attempt)).not.toBe(key)
  })

  test('no two different things have the same text', () => {
    const field = fc.string({ maxLength: 6 })
    fc.assert(
      fc.property(field, field, field, field, (a, b, c, d) => {
        fc.pre(a !== c || b !== d)
        const key = (x: string, y: string) =>
          refundKeyText({ accountId: x, refundRequestId: y, attemptNo: 1 })
        expect(key(a, b)).not.toBe(key(c, d))
        const request = { orderId: 'o', requesterId: 'u', amountMinor: 1n, currency: 'INR', txnRef: null }
        expect(requestText({ ...request, reason: a, note: b })).not.toBe(
          requestText({ ...request, reason: c, note: d }),
        )
        const approval = {
          orderId: 'o',
          amountMinor: 1n,
          currency: 'INR',
          reason: 'r',
          note: null,
          txnRef: null,
        }
        expect(approvalText({ ...approval, orderRef: a, destination: b })).not.toBe(
          approvalText({ ...approval, orderRef: c, destination: d }),
        )
      }),
    )
  })
})

describe('what keeps a refund back', () => {
  const until = new Date(now.getTime() + 60_000)
  const stop = { gateway: 'RAZORPAY', reason: 'Gateway is down', setByName: 'Asha', expiresAt: until }
  const held = (why: HeldWhy, batchNo: number | null = null) => ({ why, until, batchNo })
  const ready = { refundStatus: 'ready' as const, gateway: 'RAZORPAY', held: null }

  test('is a stop first, then what the sender wrote down, until when as well', () => {
    expect(heldOf(ready, [stop], now)).toEqual({
      text: 'Refunds through Razorpay are stopped: Gateway is down',
      brief: 'Refunds through Razorpay are stopped',
      until,
    })
    expect(heldOf({ ...ready, gateway: 'PAYU' }, [stop], now)).toBeNull()
    expect(heldOf({ ...ready, held: held('day_limit') }, [], now)).toEqual({
      text: 'Waits for tomorrow: the limit for today is used up',
      brief: 'Waits for tomorrow: the limit for today is used up',
      until,
    })
    // What is sent, or waits for a decision, is not kept back by a stop.
    expect(heldOf({ ...ready, refundStatus: 'pending' }, [stop], now)).toBeNull()
    expect(heldOf({ ...ready, refundStatus: null }, [stop], now)).toBeNull()
  })

  test.each(HELD_WHYS)('%s is told in words of its own while its time has not come', (why) => {
    const words = HELD_WHYS.map((one) => heldOf({ ...ready, held: held(one, 12) }, [], now)?.text)
    expect(new Set(words).size).toBe(HELD_WHYS.length)
    expect(heldOf({ ...ready, held: held(why, 12) }, [], until)).toBeNull()
    expect(refundRow({ ...facts, ...ready, held: held(why, 12) }, [], now)).toMatchObject({
      where: heldOf({ ...ready, held: held(why, 12) }, [], now)?.text,
      heldUntil: until,
    })
  })
})
