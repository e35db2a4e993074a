/** The amounts at the top of an order, over random orders: they add up, or the line says by how much they do not. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AMOUNT_MINOR_MAX } from '../../server/domain/money.ts'
import { orderFigures } from '../../server/domain/order-figures.ts'
import { refundedMinorOf } from '../../server/domain/refund-block.ts'
import {
  balanceOf,
  NOTHING_TOLD,
  REFUND_ORIGINS,
  REFUND_STATUSES,
  type RefundRecord,
} from '../../server/domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../../server/domain/refund-request.ts'
import { blankTransaction, chargedOf, type TransactionRecord } from '../../server/domain/transaction.ts'
import { paymentStatusOf } from '../../server/domain/payment-status.ts'

const amount = fc.bigInt({ min: 1n, max: 500_000n })

const attempt: fc.Arbitrary<TransactionRecord> = fc
  .record({
    providerStatus: fc.constantFrom('CHARGED', 'PARTIAL_CHARGED', 'AUTO_REFUNDED', 'AUTHORIZATION_FAILED'),
    amountMinor: fc.option(amount),
    netAmountMinor: fc.option(amount),
    txnRef: fc.uuid(),
  })
  .map((some) => ({
    ...blankTransaction(some.txnRef),
    paymentStatus: paymentStatusOf(some.providerStatus),
    ...some,
  }))

const given = fc.record({
  origin: fc.constantFrom(...REFUND_ORIGINS),
  status: fc.constantFrom(...REFUND_STATUSES),
  amountMinor: amount,
})
const asked = fc.record({
  id: fc.uuid(),
  amountMinor: amount,
  status: fc.constantFrom(...REFUND_REQUEST_STATUSES),
  txnRef: fc.constant(null),
})

/** An order as it is stored: its balance follows from its attempts, refunds and requests. */
const stored = fc
  .record({
    amountMinor: amount,
    effectiveAmountMinor: fc.option(amount),
    disputedMinor: fc.oneof(fc.constant(0n), amount, fc.constant(AMOUNT_MINOR_MAX)),
    attempts: fc.array(attempt, { maxLength: 4 }),
    given: fc.array(given, { maxLength: 6 }),
    asked: fc.array(asked, { maxLength: 3 }),
  })
  .map(({ attempts, given: refunds, asked: requests, ...money }) => {
    const providerStatus = attempts.find((one) => one.paymentStatus === 'charged')?.providerStatus ?? 'NEW'
    const charged = chargedOf(money, attempts, providerStatus)
    const balance = balanceOf({ ...charged, refunds: refunds.map(asRecord), requests })
    const told = [
      ...refunds.map(({ status, ...rest }) => ({ ...rest, refundStatus: status, requestStatus: null })),
      ...requests.map(({ status, amountMinor }) => ({
        origin: 'paydesk' as const,
        amountMinor,
        refundStatus: null,
        requestStatus: status,
      })),
    ]
    return { order: { ...money, ...balance, providerStatus }, attempts, told }
  })

function asRecord(some: {
  origin: RefundRecord['origin']
  status: RefundRecord['status']
  amountMinor: bigint
}) {
  const names = { id: 'r', refundRequestId: null, uniqueRequestId: 'K', currency: 'INR' }
  return { ...NOTHING_TOLD, ...names, ...some }
}

describe('the figures of an order', () => {
  test('add up to the charge in every state, or differ by exactly what is refunded beyond it', () => {
    fc.assert(
      fc.property(stored, ({ order, attempts, told }) => {
        const figures = orderFigures(order, attempts, told)
        const parts = figures.refundedMinor + figures.pendingMinor + figures.disputedMinor + figures.leftMinor
        expect(parts - figures.gapMinor).toBe(figures.chargedMinor)
        expect(figures.gapMinor).toBe(order.excessMinor)
        for (const minor of [
          figures.refundedMinor,
          figures.pendingMinor,
          figures.disputedMinor,
          figures.leftMinor,
        ])
          expect(minor >= 0n).toBe(true)
      }),
    )
  })

  test('name what others refunded and what waits, and never more of it than there is', () => {
    fc.assert(
      fc.property(stored, ({ order, attempts, told }) => {
        const figures = orderFigures(order, attempts, told)
        expect(figures.refundedElsewhereMinor + figures.returnedByJuspayMinor <= figures.refundedMinor).toBe(
          true,
        )
        expect(figures.waitingMinor + figures.pendingElsewhereMinor <= figures.pendingMinor).toBe(true)
      }),
    )
  })

  test('call the same refunded as lists and files do, which have the stored balance alone', () => {
    fc.assert(
      fc.property(stored, ({ order, attempts, told }) => {
        expect(refundedMinorOf(order)).toBe(orderFigures(order, attempts, told).refundedMinor)
      }),
    )
  })

  test('tell by how much a stored balance is wrong', () => {
    fc.assert(
      fc.property(stored, amount, ({ order, attempts, told }, drift) => {
        // A balance that forgot a refund of ours: the records say more than the order does.
        const figures = orderFigures(order, attempts, [
          ...told,
          { origin: 'paydesk' as const, amountMinor: drift, refundStatus: 'succeeded', requestStatus: null },
        ])
        expect(figures.gapMinor).toBe(order.excessMinor + drift)
      }),
    )
  })

  test('list each attempt that took money, by its number', () => {
    fc.assert(
      fc.property(stored, ({ order, attempts, told }) => {
        const { charges } = orderFigures(order, attempts, told)
        expect(charges.map(({ txnRef }) => txnRef)).toEqual(
          attempts.filter(({ paymentStatus }) => paymentStatus === 'charged').map(({ txnRef }) => txnRef),
        )
        for (const { txnRef, number } of charges) expect(attempts[number - 1]?.txnRef).toBe(txnRef)
      }),
    )
  })

  test('a surcharge is told as more, an offer as less', () => {
    const order = (amountMinor: bigint, effectiveAmountMinor: bigint | null) => ({
      amountMinor,
      effectiveAmountMinor,
      chargedMinor: effectiveAmountMinor ?? amountMinor,
      reservedMinor: 0n,
      refundedMinor: 0n,
      externalRefundedMinor: 0n,
      disputedMinor: 0n,
      providerStatus: 'CHARGED',
    })
    expect(orderFigures(order(1_000n, 1_080n), [], []).extraMinor).toBe(80n)
    expect(orderFigures(order(100_000n, 85_000n), [], []).extraMinor).toBe(-15_000n)
    expect(orderFigures(order(1_000n, null), [], []).extraMinor).toBe(0n)
  })
})
