import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confirms } from '../../server/domain/confirmation.ts'
import { derive, isStale, mergeOrder, type OrderAggregate } from '../../server/domain/order.ts'
import { leftMinorOf } from '../../server/domain/refund-block.ts'
import { statusLevel } from '../../server/domain/payment-status.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import { at, charged, message, refund, told, transaction } from '../support/provider-messages.ts'

const CONTEXT = { currency: 'INR', now: at(999) }

function mergeAll(messages: readonly ProviderOrder[]): OrderAggregate {
  let state: OrderAggregate | null = null
  for (const message of messages) state = mergeOrder(state, message, CONTEXT).next
  if (state === null) throw new Error('no messages')
  return state
}

/** Rows without the order they came in. */
function sorted(state: OrderAggregate): unknown {
  return {
    ...state,
    refunds: [...state.refunds].sort((a, b) => a.uniqueRequestId.localeCompare(b.uniqueRequestId)),
  }
}

describe('one order, told in pieces', () => {
  test('a charge sets what may be refunded', () => {
    const { order } = mergeAll([told(), charged])
    expect(order).toMatchObject({
      paymentStatus: 'charged',
      displayStatus: 'charged',
      chargedMinor: 100000n,
      reservedMinor: 0n,
      rrn: '6005',
    })
  })

  test('the effective amount is what was charged, surcharge included', () => {
    const { order } = mergeAll([{ ...charged, effectiveAmountMinor: 108000n }])
    expect(order.chargedMinor).toBe(108000n)
    // The surcharge goes back too: a refund may exceed `amount` (API reference §5.3).
    expect(order.amountMinor).toBe(100000n)
    expect(leftMinorOf(order)).toBe(108000n)
  })

  describe('paid with several instruments', () => {
    const instrument = (number: number, providerStatus: string, minor: bigint) =>
      transaction({
        txnRef: `m-O1-1-${number}`,
        providerStatus,
        amountMinor: minor,
        netAmountMinor: minor,
        createdAt: at(number),
      })
    const cost = { amountMinor: 100000n, effectiveAmountMinor: 100000n }
    const part = told({
      ...cost,
      providerStatus: 'PARTIAL_CHARGED',
      statedAt: at(5),
      transactions: [instrument(1, 'CHARGED', 60000n), instrument(2, 'TO_BE_CHARGED', 40000n)],
    })
    const whole = told({
      ...cost,
      providerStatus: 'CHARGED',
      statedAt: at(9),
      transactions: [instrument(1, 'CHARGED', 60000n), instrument(2, 'CHARGED', 40000n)],
    })

    test('only what the charged ones took is there to refund while the others are awaited', () => {
      const { order } = mergeAll([part])
      expect(order).toMatchObject({ providerStatus: 'PARTIAL_CHARGED', chargedMinor: 60000n })
      expect(leftMinorOf(order)).toBe(60000n)
    })

    test('an answer of Juspay confirms the part', () => {
      expect(confirms(mergeAll([part]), part)).toBe(true)
    })

    test.each([
      ['part, then whole', [part, whole]],
      ['whole, then part', [whole, part]],
      ['the second one by itself', [part, told({ transactions: [instrument(2, 'CHARGED', 40000n)] })]],
    ])('with all of them charged the order is: %s', (_, messages) => {
      expect(mergeAll(messages).order).toMatchObject({ providerStatus: 'CHARGED', chargedMinor: 100000n })
    })

    test('of the part that Juspay returned by itself nothing is left', () => {
      const back = told({
        providerStatus: 'AUTO_REFUNDED',
        statedAt: at(20),
        transactions: [instrument(1, 'AUTO_REFUNDED', 60000n)],
      })
      const { order } = mergeAll([part, back])
      expect(order.providerStatus).toBe('AUTO_REFUNDED')
      expect(leftMinorOf(order)).toBe(0n)
    })
  })

  describe('a hold goes either way until it is over', () => {
    const says = (providerStatus: string, second: number, attempt = true) =>
      told({
        providerStatus,
        statedAt: at(second),
        transactions: attempt ? [transaction({ providerStatus })] : [],
      })

    test.each([
      [
        'a release that the gateway did not answer',
        ['AUTHORIZED', 'VOID_INITIATED', 'AUTHORIZED'],
        'authorised',
      ],
      ['a release after a capture that failed', ['AUTHORIZED', 'CAPTURE_FAILED', 'VOID_INITIATED'], 'voided'],
      ['a release that failed, tried again', ['VOID_INITIATED', 'VOID_FAILED', 'VOID_INITIATED'], 'voided'],
      ['a capture that was not answered', ['AUTHORIZED', 'CAPTURE_INITIATED', 'AUTHORIZED'], 'authorised'],
      ['a release that went through', ['VOIDED', 'VOID_INITIATED', 'AUTHORIZED'], 'voided'],
      ['a capture that went through', ['CHARGED', 'CAPTURE_FAILED', 'AUTHORIZED'], 'charged'],
    ])('%s', (_, words, paymentStatus) => {
      for (const attempt of [true, false]) {
        const messages = words.map((word, second) => says(word, second, attempt))
        const { order } = mergeAll(messages)
        expect(order.paymentStatus).toBe(paymentStatus)
        expect(mergeAll(messages.toReversed()).order).toEqual(order)
      }
    })

    test('what the order says and what its attempt says: the later counts', () => {
      const { order } = mergeAll([says('VOID_INITIATED', 4, false), says('AUTHORIZED', 9)])
      expect(order.providerStatus).toBe('AUTHORIZED')
    })

    test('words of the same second go by their usual order', () => {
      expect(mergeAll([says('VOID_INITIATED', 4), says('AUTHORIZED', 4)]).order.providerStatus).toBe(
        'VOID_INITIATED',
      )
    })
  })

  test('an offer lowers what was charged, and so what can be refunded', () => {
    const { order } = mergeAll([{ ...charged, effectiveAmountMinor: 90000n }])
    expect(leftMinorOf(order)).toBe(90000n)
  })

  test('of two charges one of which Juspay has returned, the other is left', () => {
    const second = told({
      providerStatus: 'CHARGED',
      statedAt: at(9),
      transactions: [transaction({ txnRef: 'm-O1-2', providerStatus: 'CHARGED', createdAt: at(8) })],
    })
    const returned = told({
      providerStatus: 'CHARGED',
      statedAt: at(20),
      transactions: [
        transaction({ txnRef: 'm-O1-2', providerStatus: 'AUTO_REFUNDED', createdAt: at(8) }),
        transaction({ providerStatus: 'CHARGED' }),
      ],
    })
    expect(leftMinorOf(mergeAll([charged, second]).order)).toBe(200000n)
    expect(leftMinorOf(mergeAll([charged, second, returned]).order)).toBe(100000n)
  })

  test('a refund keeps the order charged and moves the amounts', () => {
    const state = mergeAll([
      charged,
      { ...charged, statedAt: at(61), refunds: [refund({ providerStatus: 'SUCCESS', ref: '4321' })] },
    ])
    expect(state.order).toMatchObject({
      paymentStatus: 'charged',
      providerStatus: 'CHARGED',
      displayStatus: 'partial',
      refundState: 'partial',
      externalRefundedMinor: 30000n,
    })
    expect(state.refunds[0]).toMatchObject({ origin: 'external', status: 'succeeded', ref: '4321' })
  })

  test('a failed refund gives the amount back', () => {
    const pending = { ...charged, statedAt: at(61), refunds: [refund()] }
    const failed = { ...charged, statedAt: at(62), refunds: [refund({ providerStatus: 'FAILURE' })] }
    expect(mergeAll([charged, pending]).order).toMatchObject({
      externalRefundedMinor: 30000n,
      externalPendingMinor: 30000n,
    })
    expect(mergeAll([charged, pending, failed]).order).toMatchObject({
      externalRefundedMinor: 0n,
      externalPendingMinor: 0n,
      displayStatus: 'charged',
    })
  })

  test('a later retry that fails does not take a charge back', () => {
    const retry = told({
      providerStatus: 'AUTHORIZATION_FAILED',
      statedAt: at(9),
      transactions: [
        transaction({ txnRef: 'm-O1-2', providerStatus: 'AUTHORIZATION_FAILED', createdAt: at(8) }),
      ],
    })
    expect(mergeAll([charged, retry]).order).toMatchObject({
      paymentStatus: 'charged',
      attemptCount: 2,
      errorCode: null,
    })
  })

  test('a new attempt after a failed one shows as pending again', () => {
    const failed = told({
      providerStatus: 'AUTHENTICATION_FAILED',
      statedAt: at(2),
      transactions: [transaction({ providerStatus: 'AUTHENTICATION_FAILED' })],
    })
    const second = told({
      providerStatus: 'PENDING_VBV',
      statedAt: at(5),
      transactions: [transaction({ txnRef: 'm-O1-2', createdAt: at(5) })],
    })
    expect(mergeAll([failed]).order.paymentStatus).toBe('failed')
    expect(mergeAll([failed, second]).order.paymentStatus).toBe('pending')
  })

  test('a second charge is kept apart and opens a finding', () => {
    const second = told({
      providerStatus: 'CHARGED',
      statedAt: at(9),
      transactions: [transaction({ txnRef: 'm-O1-2', providerStatus: 'CHARGED', createdAt: at(8) })],
    })
    const merged = mergeOrder(mergeAll([charged]), second, CONTEXT)
    expect(merged.next.order.chargedMinor).toBe(200000n)
    expect(merged.findings.map((finding) => finding.kind)).toEqual(['double_charge'])
  })

  test('an automatically refunded charge leaves nothing to refund, even before its refund is listed', () => {
    const auto = told({
      providerStatus: 'AUTO_REFUNDED',
      statedAt: at(20),
      transactions: [transaction({ providerStatus: 'CHARGED' })],
    })
    const { order } = mergeAll([charged, auto])
    expect(order).toMatchObject({
      displayStatus: 'refunded',
      chargedMinor: 100000n,
      externalRefundedMinor: 100000n,
      excessMinor: 0n,
    })
  })

  test('refunds made elsewhere that overrun the charge are counted and found, not refused', () => {
    const over = {
      ...charged,
      statedAt: at(61),
      refunds: [refund({ amountMinor: 130000n, providerStatus: 'SUCCESS' })],
    }
    const merged = mergeOrder(mergeAll([charged]), over, CONTEXT)
    expect(merged.next.order).toMatchObject({
      externalRefundedMinor: 130000n,
      excessMinor: 30000n,
      displayStatus: 'refunded',
    })
    expect(merged.findings.map((finding) => finding.kind)).toEqual(['over_refunded'])
  })

  test('a field that a message does not state keeps its value', () => {
    const masked = told({ statedAt: at(50), customer: { ref: null, name: null, email: null, phone: null } })
    expect(mergeAll([told(), masked]).order.customerEmail).toBe('a@b.test')
  })

  test('a word we do not know is shown as unknown and never hides an outcome', () => {
    const odd = told({
      providerStatus: 'TELEPORTED',
      statedAt: at(9),
      transactions: [transaction({ providerStatus: 'TELEPORTED' })],
    })
    expect(mergeAll([told(), odd]).order).toMatchObject({
      paymentStatus: 'unknown',
      providerStatus: 'TELEPORTED',
    })
    expect(mergeAll([charged, odd]).order.paymentStatus).toBe('charged')
  })
})

test('a message is stale when a newer one has been heard, and not when it only repeats', () => {
  const { order } = mergeAll([told(), charged])
  expect(isStale(order, told())).toBe(true)
  expect(isStale(order, charged)).toBe(false)
  expect(isStale(order, told({ statedAt: null }))).toBe(false)
})

test('deriving again does not depend on the order rows were read in', () => {
  const failed = told({
    providerStatus: 'AUTHENTICATION_FAILED',
    statedAt: at(2),
    transactions: [transaction({ providerStatus: 'AUTHENTICATION_FAILED' })],
  })
  const second = told({
    providerStatus: 'PENDING_VBV',
    statedAt: at(5),
    transactions: [transaction({ txnRef: 'm-O1-2', createdAt: at(5) })],
  })
  const state = mergeAll([failed, second])
  const shuffled = { ...state, transactions: [...state.transactions].reverse() }
  expect(derive(shuffled)).toEqual(state)
})

describe('any messages', () => {
  const messagesAndOrder = fc
    .array(message, { minLength: 1, maxLength: 7 })
    .chain((messages) =>
      fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
    )

  test('the result does not depend on their order, nor on duplicates (J3, J4)', () => {
    fc.assert(
      fc.property(messagesAndOrder, ([messages, shuffled]) => {
        const once = sorted(mergeAll(messages))
        expect(sorted(mergeAll(shuffled))).toEqual(once)
        expect(sorted(mergeAll([...shuffled, ...messages]))).toEqual(once)
      }),
      { numRuns: 1000 },
    )
  })

  test("an attempt's status and a refund's status never go backwards (J5)", () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 7 }), (messages) => {
        let state: OrderAggregate | null = null
        for (const next of messages) {
          const before: OrderAggregate | null = state
          state = mergeOrder(before, next, CONTEXT).next
          for (const old of before?.transactions ?? []) {
            const now = state.transactions.find((candidate) => candidate.txnRef === old.txnRef)
            expect(statusLevel(now?.providerStatus ?? 'NEW')).toBeGreaterThanOrEqual(
              statusLevel(old.providerStatus),
            )
          }
          for (const old of before?.refunds ?? []) {
            if (old.status !== 'succeeded') continue
            expect(
              state.refunds.find((candidate) => candidate.uniqueRequestId === old.uniqueRequestId)?.status,
            ).toBe('succeeded')
          }
        }
      }),
    )
  })

  test('the balance always adds up (I1)', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 7 }), (messages) => {
        const { order } = mergeAll(messages)
        const out = order.reservedMinor + order.refundedMinor + order.externalRefundedMinor
        expect(out <= order.chargedMinor + order.excessMinor).toBe(true)
        expect(order.excessMinor === 0n || out === order.chargedMinor + order.excessMinor).toBe(true)
      }),
    )
  })
})
