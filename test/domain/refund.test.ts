import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProviderRefund } from '../../server/domain/provider-order.ts'
import {
  balanceOf,
  mergeRefund,
  NOTHING_TOLD,
  refundStateOf,
  refundStatusOf,
  REFUND_STATUSES,
  type RefundRecord,
} from '../../server/domain/refund.ts'
import { REFUND_REQUEST_STATUSES } from '../../server/domain/refund-request.ts'

const NOW = new Date('2026-11-22T10:00:00Z')
const CONTEXT = { currency: 'INR', statedAt: NOW }

function ours(part: Partial<RefundRecord> = {}): RefundRecord {
  return {
    id: 'r1',
    refundRequestId: 'q1',
    uniqueRequestId: 'KEY1',
    origin: 'paydesk',
    amountMinor: 5000n,
    currency: 'INR',
    status: 'sending',
    ...NOTHING_TOLD,
    ...part,
  }
}

function told(part: Partial<ProviderRefund> = {}): ProviderRefund {
  return {
    uniqueRequestId: 'KEY1',
    txnRef: null,
    providerStatus: 'PENDING',
    amountMinor: 5000n,
    ref: null,
    arn: null,
    sentToGateway: null,
    initiatedBy: null,
    refundSource: null,
    refundType: null,
    errorCode: null,
    errorMessage: null,
    expectedCreditAt: null,
    createdAt: null,
    ...part,
  }
}

describe('what Juspay says about a refund', () => {
  test.each([
    ['PENDING', 'pending'],
    ['SUCCESS', 'succeeded'],
    ['FAILURE', 'failed'],
    ['MANUAL_REVIEW', 'manual_review'],
    ['REVERSED', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (word, status) => {
    expect(refundStatusOf(word)).toBe(status)
  })

  test.each(['ready', 'sending', 'unknown', 'rejected'] as const)(
    'settles one that we hold as %s',
    (status) => {
      const merged = mergeRefund(
        ours({ status }),
        told({ providerStatus: 'SUCCESS', ref: '4321', arn: '7400' }),
        CONTEXT,
      )
      expect(merged?.next).toMatchObject({ status: 'succeeded', ref: '4321', arn: '7400', settledAt: NOW })
    },
  )

  test('an unknown word leaves a pending refund pending', () => {
    expect(
      mergeRefund(ours({ status: 'pending' }), told({ providerStatus: 'HALFWAY' }), CONTEXT)?.next.status,
    ).toBe('pending')
  })

  test('an amount that differs from what we sent is a finding and never changes our record', () => {
    const merged = mergeRefund(ours(), told({ amountMinor: 9900n }), CONTEXT)
    expect(merged?.next.amountMinor).toBe(5000n)
    expect(merged?.finding?.kind).toBe('refund_amount_differs')
  })

  test('success after failure is recorded and raised', () => {
    const merged = mergeRefund(
      ours({ status: 'failed', providerStatus: 'FAILURE' }),
      told({ providerStatus: 'SUCCESS' }),
      CONTEXT,
    )
    expect(merged?.next.status).toBe('succeeded')
    expect(merged?.finding?.kind).toBe('refund_late_success')
  })

  test('failure after success never takes the success back', () => {
    const merged = mergeRefund(
      ours({ status: 'succeeded', providerStatus: 'SUCCESS' }),
      told({ providerStatus: 'FAILURE' }),
      CONTEXT,
    )
    expect(merged?.next.status).toBe('succeeded')
    expect(merged?.finding?.kind).toBe('refund_reversed')
  })

  test('a refund of somebody else needs an amount before it counts', () => {
    expect(mergeRefund(null, told({ uniqueRequestId: 'erf_1', amountMinor: null }), CONTEXT)).toBeNull()
    expect(mergeRefund(null, told({ uniqueRequestId: 'erf_1' }), CONTEXT)?.next.origin).toBe('external')
    expect(mergeRefund(null, told({ uniqueRequestId: 'AR0x1' }), CONTEXT)?.next.origin).toBe('auto')
  })
})

const anyRefund = fc
  .record({
    uniqueRequestId: fc.uuid(),
    amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
    status: fc.constantFrom(...REFUND_STATUSES),
    origin: fc.constantFrom('paydesk' as const, 'external' as const, 'auto' as const),
  })
  .map(ours)
const anyRequest = fc.record({
  id: fc.uuid(),
  amountMinor: fc.bigInt({ min: 1n, max: 10_000n }),
  status: fc.constantFrom(...REFUND_REQUEST_STATUSES),
  txnRef: fc.constant(null),
})

describe('the balance of an order', () => {
  test('charged = left + reserved + refunded + elsewhere − excess, and left is never more than what nobody has claimed', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 50_000n }),
        fc.array(anyRefund, { maxLength: 6 }),
        fc.array(anyRequest, { maxLength: 4 }),
        (chargedMinor, refunds, requests) => {
          const balance = balanceOf({ chargedMinor, autoRefundedMinor: 0n, refunds, requests })
          const out = balance.reservedMinor + balance.refundedMinor + balance.externalRefundedMinor
          expect(balance.leftMinor + out - balance.excessMinor).toBe(chargedMinor)
          expect(balance.leftMinor >= 0n && balance.excessMinor >= 0n).toBe(true)
          expect(balance.leftMinor === 0n || balance.excessMinor === 0n).toBe(true)
        },
      ),
    )
  })

  test('a refund in doubt keeps its reservation', () => {
    const balance = balanceOf({
      chargedMinor: 9000n,
      autoRefundedMinor: 0n,
      refunds: [ours({ status: 'unknown' })],
      requests: [],
    })
    expect(balance).toMatchObject({ reservedMinor: 5000n, leftMinor: 4000n })
  })

  test('only refunds that succeeded make an order refunded', () => {
    expect(refundStateOf(5000n, [ours({ status: 'pending' })])).toBe('none')
    expect(refundStateOf(9000n, [ours({ status: 'succeeded' })])).toBe('partial')
    expect(refundStateOf(5000n, [ours({ status: 'succeeded' })])).toBe('full')
  })
})
