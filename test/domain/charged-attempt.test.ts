import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attemptChoice,
  attemptOverdrawn,
  attemptProblem,
  chargedAttempts,
  commitmentsOf,
  commitmentsOfFacts,
  paidTwice,
} from '../../server/domain/charged-attempt.ts'
import {
  balanceOf,
  NOTHING_TOLD,
  REFUND_STATUSES,
  type RefundRecord,
  type RequestHold,
} from '../../server/domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../../server/domain/refund-request.ts'
import { blankTransaction, chargedOf, type TransactionRecord } from '../../server/domain/transaction.ts'

const AMOUNT = 10_000n
const order = { amountMinor: AMOUNT, effectiveAmountMinor: null, providerStatus: 'CHARGED' }

const attempt = (
  number: number,
  providerStatus = 'CHARGED',
  more: Partial<TransactionRecord> = {},
): TransactionRecord => ({
  ...blankTransaction(`T${number}`),
  providerStatus,
  paymentStatus: 'charged',
  amountMinor: AMOUNT,
  gateway: number === 1 ? 'RAZORPAY' : 'PAYU',
  methodType: 'UPI',
  method: 'UPI',
  createdAt: new Date(number * 60_000),
  ...more,
})

const refund = (more: Partial<RefundRecord>): RefundRecord => ({
  id: 'r',
  refundRequestId: null,
  uniqueRequestId: 'K',
  origin: 'paydesk',
  amountMinor: 1_000n,
  currency: 'INR',
  status: 'succeeded',
  ...NOTHING_TOLD,
  ...more,
})

const twice = [attempt(1), attempt(2)]
const booked = (transactions: TransactionRecord[], refunds: RefundRecord[], requests: RequestHold[] = []) =>
  chargedAttempts(order, transactions, commitmentsOf(refunds, requests))
const left = (attempts: ReturnType<typeof booked>) => attempts.map(({ leftMinor }) => leftMinor)

const minor = fc.bigInt({ min: 1n, max: 6_000n })
const names = fc.constantFrom(null, 'T1', 'T2', 'T3', 'T9')
const transactions = fc
  .array(fc.constantFrom('CHARGED', 'AUTO_REFUNDED', 'AUTHORIZATION_FAILED'), { minLength: 1, maxLength: 3 })
  .map((words) => words.map((word, index) => attempt(index + 1, word)))
const requests = fc.array(
  fc.record({
    id: fc.constantFrom('q1', 'q2', 'q3'),
    amountMinor: minor,
    status: fc.constantFrom(...REFUND_REQUEST_STATUSES),
    txnRef: names,
  }),
  { maxLength: 3 },
)
/** Auto refunds name an attempt that Juspay returned, of which they are at most the whole, or none (§4.3). */
const refunds = (made: readonly TransactionRecord[]) =>
  fc
    .array(
      fc.record({
        origin: fc.constantFrom('paydesk' as const, 'external' as const, 'auto' as const),
        status: fc.constantFrom(...REFUND_STATUSES),
        amountMinor: minor,
        txnRef: names,
        refundRequestId: fc.constantFrom(null, 'q1', 'q2'),
      }),
      { maxLength: 6 },
    )
    .map((some) =>
      some.map(({ refundRequestId, ...one }) => {
        const returned = made.find(({ providerStatus }) => providerStatus === 'AUTO_REFUNDED')
        const named = one.txnRef === null ? null : (returned?.txnRef ?? null)
        if (one.origin === 'paydesk') return refund({ ...one, refundRequestId })
        return refund(
          one.origin === 'auto' ? { ...one, amountMinor: one.amountMinor / 6n + 1n, txnRef: named } : one,
        )
      }),
    )
const books = transactions.chain((made) =>
  fc.record({ made: fc.constant(made), refunds: refunds(made), requests }),
)

describe('what is left of each charged attempt', () => {
  test('adds up to the balance of the order, whatever names an attempt and whatever does not', () => {
    fc.assert(
      fc.property(books, ({ made, refunds: given, requests: asked }) => {
        const attempts = booked(made, given, asked)
        const charged = chargedOf(order, made, 'CHARGED')
        fc.pre(attempts.length > 0)
        const balance = balanceOf({ ...charged, refunds: given, requests: asked })
        const sum = (of: (one: (typeof attempts)[number]) => bigint) =>
          attempts.reduce((total, one) => total + of(one), 0n)
        expect(sum((one) => one.chargedMinor)).toBe(balance.chargedMinor)
        expect(sum((one) => one.committedMinor)).toBe(
          balance.reservedMinor + balance.refundedMinor + balance.externalRefundedMinor,
        )
        for (const one of attempts) {
          expect(one.chargedMinor - one.committedMinor).toBe(one.leftMinor - one.excessMinor)
          expect(one.leftMinor === 0n || one.excessMinor === 0n).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('is never overdrawn by requests that were let in, and then adds up to what the order has left', () => {
    const asks = fc.array(fc.record({ txnRef: names, amountMinor: minor }), { maxLength: 20 })
    fc.assert(
      fc.property(asks, fc.array(minor, { maxLength: 3 }), (asked, elsewhere) => {
        const external = elsewhere.map((amountMinor) => refund({ origin: 'external', amountMinor }))
        const held: RequestHold[] = []
        for (const [index, { txnRef, amountMinor }] of asked.entries()) {
          const attempts = booked(twice, external, held)
          const choice = attemptChoice(order, twice, attempts)
          if (attemptProblem(choice, attempts, { txnRef, amountMinor, currency: 'INR' }) !== null) continue
          held.push({ id: `q${index}`, amountMinor, txnRef, status: 'pending_approval' })
        }
        expect(held.every(({ txnRef }) => txnRef === 'T1' || txnRef === 'T2')).toBe(true)
        const attempts = booked(twice, external, held)
        for (const one of attempts) expect(one.committedMinor).toBeLessThanOrEqual(one.chargedMinor)
        const { leftMinor } = balanceOf({
          ...chargedOf(order, twice, 'CHARGED'),
          refunds: external,
          requests: held,
        })
        expect(left(attempts).reduce((sum, one) => sum + one, 0n)).toBe(leftMinor)
      }),
      { numRuns: 1_000 },
    )
  })

  test('is the order’s own balance when one attempt is charged, and nobody has to choose', () => {
    fc.assert(
      fc.property(refunds([attempt(1)]), requests, (given, asked) => {
        const made = [attempt(1), attempt(2, 'AUTHORIZATION_FAILED')]
        const attempts = booked(made, given, asked)
        const balance = balanceOf({ ...chargedOf(order, made, 'CHARGED'), refunds: given, requests: asked })
        expect(left(attempts)).toEqual([balance.leftMinor])
        expect(attemptChoice(order, made, attempts)).toBeNull()
        expect(attemptProblem(null, attempts, { txnRef: null, amountMinor: 1n, currency: 'INR' })).toBeNull()
      }),
    )
  })

  test('counts a refund by Juspay’s word before ours, by what was asked where Juspay says nothing', () => {
    const asked = { id: 'q1', amountMinor: 1_000n, status: 'approved', txnRef: 'T2' }
    expect(left(booked(twice, [refund({ refundRequestId: 'q1' })], [asked]))).toEqual([AMOUNT, 9_000n])
    expect(left(booked(twice, [refund({ refundRequestId: 'q1', txnRef: 'T1' })], [asked]))).toEqual([
      9_000n,
      AMOUNT,
    ])
  })

  test('counts what names no attempt against the deciding one first, then the latest', () => {
    expect(left(booked(twice, [refund({ amountMinor: 4_000n })]))).toEqual([6_000n, AMOUNT])
    expect(left(booked(twice, [refund({ amountMinor: 12_000n })]))).toEqual([0n, 8_000n])
    const thrice = [...twice, attempt(3)]
    expect(left(booked(thrice, [refund({ amountMinor: 12_000n })]))).toEqual([0n, AMOUNT, 8_000n])
  })

  test('gives an auto refund that names none to the attempt that Juspay returned', () => {
    const made = [attempt(1), attempt(2, 'AUTO_REFUNDED')]
    const auto = refund({ origin: 'auto', amountMinor: AMOUNT, uniqueRequestId: 'AR1' })
    expect(left(booked(made, [auto]))).toEqual([AMOUNT, 0n])
    expect(left(booked(made, []))).toEqual([AMOUNT, 0n])
  })

  test('follows the parts of a divided refund; what they leave out names no attempt', () => {
    const part = (key: string, txnRef: string, amountMinor: string) => ({
      key,
      txnRef,
      amountMinor,
      providerStatus: 'PENDING',
      ref: null,
      arn: null,
    })
    const parts = [part('K', 'T1', '500'), part('K-1', 'T2', '2500')]
    expect(left(booked(twice, [refund({ amountMinor: 4_000n, parts })]))).toEqual([8_500n, 7_500n])
  })

  test('is the same from the rows that screens list, of which a request that came back still waits', () => {
    const row = {
      requestId: 'q1',
      requestStatus: 'pending_approval' as const,
      refundStatus: 'rejected' as const,
      origin: 'paydesk' as const,
      amountMinor: 1_000n,
      txnRef: 'T2',
      parts: [],
    }
    const waiting = chargedAttempts(order, twice, commitmentsOfFacts([row, row]))
    expect(left(waiting)).toEqual([AMOUNT, 9_000n])
  })
})

describe('the choice of an attempt', () => {
  const choose = (made: TransactionRecord[], given: RefundRecord[] = []) =>
    attemptChoice(order, made, booked(made, given))

  test('is there when the customer paid twice, and is usually the later charge', () => {
    expect(choose(twice)).toMatchObject({
      usual: 'T2',
      why: 'The order was charged twice. Attempt 2 is the later charge, so it is the surplus one.',
    })
    expect(choose(twice, [refund({ txnRef: 'T2', amountMinor: AMOUNT })])).toMatchObject({
      usual: 'T1',
      why: 'The order was charged twice. Nothing is left of attempt 2.',
    })
  })

  test('is not there for one charge, one that Juspay returned, or several instruments that pay once', () => {
    expect(choose([attempt(1), attempt(2, 'AUTHORIZATION_FAILED')])).toBeNull()
    expect(choose([attempt(1), attempt(2, 'AUTO_REFUNDED')])).toBeNull()
    const split = [
      attempt(1, 'CHARGED', { amountMinor: 4_000n }),
      attempt(2, 'CHARGED', { amountMinor: 6_000n }),
    ]
    expect(choose(split)).toBeNull()
    expect(paidTwice(AMOUNT, split)).toBeNull()
  })

  test('has to be made, of an attempt that has the money', () => {
    const attempts = booked(twice, [refund({ txnRef: 'T2', amountMinor: 9_000n })])
    const choice = attemptChoice(order, twice, attempts)
    const ask = (txnRef: string | null, amountMinor: bigint) =>
      attemptProblem(choice, attempts, { txnRef, amountMinor, currency: 'INR' })
    expect(ask(null, 1n)).toMatchObject({ code: 'attempt_needed' })
    expect(ask('T9', 1n)).toMatchObject({ code: 'invalid_input' })
    expect(ask('T2', 1_000n)).toBeNull()
    expect(ask('T2', 1_001n)).toMatchObject({
      code: 'amount_exceeds_left',
      message: 'Amount must be ₹10.00 or less.',
      hint: 'That is what is left of attempt 2.',
    })
  })

  test('cannot be made where Juspay divides the refund', () => {
    const split = [
      attempt(1, 'CHARGED', { amountMinor: 4_000n }),
      attempt(2, 'CHARGED', { amountMinor: 6_000n }),
    ]
    const attempts = booked(split, [])
    expect(attemptProblem(null, attempts, { txnRef: 'T2', amountMinor: 1n, currency: 'INR' })).toMatchObject({
      code: 'invalid_input',
    })
    expect(attemptProblem(null, attempts, { txnRef: null, amountMinor: 1n, currency: 'INR' })).toBeNull()
  })
})

test('an attempt that other refunds have used up, or that Juspay returned, holds back what names it', () => {
  const over = (made: TransactionRecord[], given: RefundRecord[], txnRef: string | null) =>
    attemptOverdrawn(booked(made, given), txnRef, 'INR')
  const taken = [refund({ txnRef: 'T2', amountMinor: AMOUNT }), refund({ txnRef: 'T2', amountMinor: 500n })]
  expect(over(twice, taken, 'T2')).toBe('Other refunds leave ₹5.00 less of attempt 2 than is asked for.')
  expect(over(twice, taken, 'T1')).toBeNull()
  expect(over(twice, taken, null)).toBeNull()
  expect(over([attempt(1), attempt(2, 'AUTO_REFUNDED')], [], 'T2')).toBe(
    'Juspay has returned attempt 2 by itself.',
  )
  expect(over([attempt(1)], [], 'T2')).toBe(
    'The attempt that was to be given back no longer counts as charged.',
  )
})
