import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { balanceOf, NOTHING_TOLD, REFUND_STATUSES, type RefundRecord } from '../../server/domain/refund.ts'
import {
  leftMinorOf,
  overdrawnProblem,
  refundBlockOf,
  unrefundableOf,
  formBlockOf,
  waitingText,
} from '../../server/domain/refund-block.ts'
import { REFUND_REQUEST_STATUSES } from '../../server/domain/refund-request.ts'

const refund: fc.Arbitrary<RefundRecord> = fc
  .record({
    origin: fc.constantFrom('paydesk' as const, 'external' as const, 'auto' as const),
    status: fc.constantFrom(...REFUND_STATUSES),
    amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
  })
  .map((some) => ({
    id: 'r',
    refundRequestId: null,
    uniqueRequestId: 'K',
    currency: 'INR',
    ...NOTHING_TOLD,
    ...some,
  }))

const books = fc.record({
  chargedMinor: fc.bigInt({ min: 0n, max: 50_000n }),
  autoRefundedMinor: fc.constant(0n),
  refunds: fc.array(refund, { maxLength: 8 }),
  requests: fc.array(
    fc.record({
      id: fc.uuid(),
      amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
      status: fc.constantFrom(...REFUND_REQUEST_STATUSES),
      txnRef: fc.constant(null),
    }),
    { maxLength: 5 },
  ),
})

describe('the balance of an order', () => {
  test('never lets out more than was charged: what is left plus what is out is the charge, or the excess says by how much', () => {
    fc.assert(
      fc.property(books, (input) => {
        const { reservedMinor, refundedMinor, externalRefundedMinor, excessMinor, leftMinor } =
          balanceOf(input)
        expect(reservedMinor + refundedMinor + externalRefundedMinor + leftMinor).toBe(
          input.chargedMinor + excessMinor,
        )
        expect(leftMinor === 0n || excessMinor === 0n).toBe(true)
        expect(leftMinor >= 0n && excessMinor >= 0n).toBe(true)
      }),
    )
  })

  test('settling ours moves its amount and creates none', () => {
    fc.assert(
      fc.property(books, refund, (input, ours) => {
        const at = (status: RefundRecord['status']) =>
          balanceOf({ ...input, refunds: [...input.refunds, { ...ours, origin: 'paydesk', status }] })
        const [open, doubt, paid, lost] = [at('sending'), at('unknown'), at('succeeded'), at('rejected')]
        expect(doubt).toEqual(open)
        expect(paid.leftMinor).toBe(open.leftMinor)
        expect(paid.refundedMinor - open.refundedMinor).toBe(ours.amountMinor)
        expect(open.reservedMinor - lost.reservedMinor).toBe(ours.amountMinor)
        expect(lost.leftMinor >= open.leftMinor).toBe(true)
      }),
    )
  })

  test('asking is open exactly while something is left', () => {
    fc.assert(
      fc.property(books, (input) => {
        const balance = balanceOf(input)
        const told = {
          paymentStatus: 'charged' as const,
          currency: 'INR',
          disputed: false,
          disputedMinor: 0n,
        }
        const order = { ...balance, ...told }
        expect(leftMinorOf(order)).toBe(balance.leftMinor)
        expect(refundBlockOf(order) === null).toBe(balance.leftMinor > 0n)
      }),
    )
  })
})

describe('why one cannot ask', () => {
  const order = {
    currency: 'INR',
    chargedMinor: 100n,
    reservedMinor: 0n,
    refundedMinor: 0n,
    externalRefundedMinor: 0n,
    excessMinor: 0n,
    disputed: false,
    disputedMinor: 0n,
  }
  const asked = { amountMinor: 40n, currency: 'INR', requestStatus: null, refundStatus: null }
  test('not charged, nothing left, too much gone, another one in doubt', () => {
    expect(refundBlockOf({ ...order, chargedMinor: 0n })?.code).toBe('order_not_charged')
    expect(refundBlockOf({ ...order, refundedMinor: 100n })?.message).toBe('Nothing left to refund.')
    expect(refundBlockOf({ ...order, reservedMinor: 100n })?.message).toContain('asked for or on its way')
    expect(refundBlockOf({ ...order, excessMinor: 5n })?.message).toContain('₹0.05 more')
    expect(refundBlockOf({ ...order, chargedMinor: 0n })?.message).toBe('Order is not charged.')
    expect(formBlockOf(order, [{ ...asked, refundStatus: 'unknown' }])?.code).toBe('refund_in_doubt')
    expect(formBlockOf(order, [{ ...asked, refundStatus: 'pending' }])).toBeNull()
  })

  test('a refund that waits for approval is named, and blocks only what it takes', () => {
    const waiting = { ...asked, requestStatus: 'pending_approval' as const }
    expect(waitingText([waiting])).toBe('A refund of ₹0.40 is waiting for approval.')
    expect(waitingText([waiting, waiting])).toBe('2 refunds of ₹0.80 in all are waiting for approval.')
    expect(waitingText([{ ...waiting, requestStatus: 'rejected' }])).toBeNull()
    expect(waitingText([{ ...waiting, requestStatus: 'approved', refundStatus: 'pending' }])).toBeNull()
    expect(formBlockOf({ ...order, reservedMinor: 40n }, [waiting])).toBeNull()
    expect(formBlockOf({ ...order, refundedMinor: 60n, reservedMinor: 40n }, [waiting])?.message).toBe(
      'Nothing left to refund. A refund of ₹0.40 is waiting for approval.',
    )
  })

  test('a refund that waits for approval does not hide that too much went back or that the money is disputed', () => {
    const waiting = { ...asked, requestStatus: 'pending_approval' as const }
    const set = { ...order, reservedMinor: 40n }
    expect(formBlockOf({ ...set, externalRefundedMinor: 100n, excessMinor: 40n }, [waiting])).toEqual({
      code: 'nothing_left',
      message:
        '₹0.40 more than was charged is refunded or on its way. A refund of ₹0.40 is waiting for approval.',
    })
    expect(formBlockOf({ ...set, disputed: true, disputedMinor: 60n }, [waiting])?.message).toBe(
      "₹0.60 of this order is disputed by the customer's bank. A refund of ₹0.40 is waiting for approval.",
    )
    expect(formBlockOf({ ...set, disputedMinor: 100n }, [waiting])?.message).toBe(
      "₹1.00 of this order was taken back after a dispute by the customer's bank. A refund of ₹0.40 is waiting for approval.",
    )
  })

  test('of many, by kind: the same rule, and that only webhooks vouch for the money comes last', () => {
    const many = { ...order, unconfirmedSince: null }
    const doubted = { ...order, unconfirmedSince: new Date(0) }
    expect(unrefundableOf(many)).toBeNull()
    expect(unrefundableOf(doubted)).toBe('unconfirmed')
    expect(unrefundableOf({ ...doubted, chargedMinor: 0n })).toBe('not_charged')
    expect(unrefundableOf({ ...doubted, excessMinor: 5n })).toBe('overrun')
    expect(unrefundableOf({ ...many, disputedMinor: 400n })).toBe('nothing_left')
  })

  test('disputed money is not there to refund, and the words name no more than was charged', () => {
    expect(leftMinorOf({ ...order, disputedMinor: 40n })).toBe(60n)
    expect(refundBlockOf({ ...order, disputedMinor: 40n })).toBeNull()
    expect(leftMinorOf({ ...order, disputedMinor: 400n })).toBe(0n)
    expect(refundBlockOf({ ...order, disputed: true, disputedMinor: 400n })).toEqual({
      code: 'nothing_left',
      message: "₹1.00 of this order is disputed by the customer's bank.",
    })
    expect(refundBlockOf({ ...order, disputed: false, disputedMinor: 400n })).toEqual({
      code: 'nothing_left',
      message: "₹1.00 of this order was taken back after a dispute by the customer's bank.",
    })
  })

  test('what is set aside may go out unless a dispute or a refund made elsewhere took its money', () => {
    const set = { ...order, reservedMinor: 30n, disputed: true }
    expect(overdrawnProblem({ ...set, disputedMinor: 70n })).toBeNull()
    expect(overdrawnProblem({ ...set, disputedMinor: 71n })).toContain('₹0.71 of this order is disputed')
    expect(overdrawnProblem({ ...set, excessMinor: 5n })).toContain('leave ₹0.05 less')
    // Nothing of ours is left to stop: a bank may dispute money that went back long ago.
    expect(overdrawnProblem({ ...order, refundedMinor: 100n, disputedMinor: 100n })).toBeNull()
  })
})
