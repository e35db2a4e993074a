import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProviderRefund } from '../../server/domain/provider-order.ts'
import { isPartOf, mergeParts, PARTS_MISSING, statusOfParts } from '../../server/domain/refund-parts.ts'
import { refundStatusOf } from '../../server/domain/refund.ts'

const part = (key: string, providerStatus: string, amountMinor: bigint | null): ProviderRefund => ({
  uniqueRequestId: key,
  txnRef: null,
  providerStatus,
  amountMinor,
  ref: null,
  arn: null,
  sentToGateway: true,
  initiatedBy: 'API',
  refundSource: null,
  refundType: null,
  errorCode: null,
  errorMessage: null,
  expectedCreditAt: null,
  createdAt: null,
})
const word = fc.constantFrom('PENDING', 'SUCCESS', 'FAILURE', 'MANUAL_REVIEW', 'ODD')
const told = fc.record({
  no: fc.integer({ min: 0, max: 3 }),
  status: word,
  amount: fc.option(fc.constant(2_500n)),
})
const partOf = ({ no, status, amount }: { no: number; status: string; amount: bigint | null }) =>
  part(no === 0 ? 'KEY' : `KEY-${no}`, status, amount)

test('the family of a key: itself and its numbered parts, nothing else', () => {
  expect(['KEY', 'KEY-1', 'KEY-12'].every((key) => isPartOf(key, 'KEY'))).toBe(true)
  expect(
    ['KEY1', 'KEY-', 'KEY-1a', 'KEY-1-1', 'AKEY-1', 'KEY-1234', 'key'].some((key) => isPartOf(key, 'KEY')),
  ).toBe(false)
})

describe('parts of a refund', () => {
  test('are the same in whatever order, however often and in however many messages they were told', () => {
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), fc.integer(), (all, seed) => {
        const once = mergeParts([], all.map(partOf))
        const shuffled = [...all].sort((a, b) => ((a.no * 7 + seed) % 5) - ((b.no * 7 + seed) % 5)).reverse()
        const inTurn = [...shuffled, ...all].reduce(
          (parts, one) => mergeParts(parts, [partOf(one)]),
          mergeParts([], []),
        )
        expect(inTurn).toEqual(once)
      }),
    )
  })

  test('make a success or a failure of the whole only when all say so and add up', () => {
    fc.assert(
      fc.property(
        fc.array(told, { minLength: 1, maxLength: 6 }),
        fc.bigInt({ min: 1n, max: 10_000n }),
        (all, amount) => {
          const parts = mergeParts([], all.map(partOf))
          const status = refundStatusOf(statusOfParts(parts, amount))
          const words = new Set(parts.map((one) => one.providerStatus))
          const total = parts.reduce(
            (sum, one) => (one.amountMinor === null ? -1n : sum + BigInt(one.amountMinor)),
            0n,
          )
          if (status === 'succeeded' || status === 'failed') {
            expect(words.size).toBe(1)
            expect(total).toBeGreaterThanOrEqual(amount)
          }
        },
      ),
    )
  })

  test('are missing while they do not add up', () => {
    expect(statusOfParts(mergeParts([], [part('KEY', 'SUCCESS', 2_500n)]), 5_000n)).toBe(PARTS_MISSING)
    expect(refundStatusOf(PARTS_MISSING)).toBe('unknown')
  })
})
