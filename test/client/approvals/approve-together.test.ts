import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { countOf, runTogether, totalText } from '../../../client/features/approvals/approve-together.ts'
import type { ApprovalRow } from '../../../client/features/approvals/approval-types.ts'
import type { AppRouter } from '../../../server/trpc/router.ts'

function row(orderRef: string, amountMinor: bigint, currency = 'INR'): ApprovalRow {
  return {
    requestId: orderRef,
    orderId: orderRef,
    orderRef,
    amountMinor,
    currency,
    paidMinor: amountMinor,
    leftAfterMinor: 0n,
    attempt: null,
    destination: 'UPI',
    reason: 'Item returned',
    note: null,
    requestedBy: { id: 'u', name: 'Asha Menon' },
    requestedAt: new Date(0),
    expiresAt: new Date(1),
    status: 'pending_approval',
    approvalHash: 'a'.repeat(64),
    orderVersion: 1,
    canDecide: true,
    blockedReason: null,
    policyReason: '',
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
    commentCount: 0,
  }
}

const refused = (message: string) =>
  Object.assign(new TRPCClientError<AppRouter>(message), {
    data: { code: 'CONFLICT', refusal: { code: 'conflict', message, hint: null }, requestId: 'r' },
  })

test('one that fails is named with its reason, and the others are approved all the same', async () => {
  const rows = [row('ord_1', 100_000n), row('ord_2', 200_000n), row('ord_3', 300_000n)]
  const asked: string[] = []
  const outcome = await runTogether(rows, ({ orderRef }) => {
    asked.push(orderRef)
    return orderRef === 'ord_2' ? Promise.reject(refused('Decided already.')) : Promise.resolve()
  })
  expect(asked).toEqual(['ord_1', 'ord_2', 'ord_3'])
  expect(outcome).toEqual({
    kind: 'refused',
    title: '2 of 3 approved.',
    message: '₹2,000.00 of order ord_2: Decided already.',
  })
})

test('the total is told per currency', () => {
  expect(totalText([row('a', 100_000n), row('b', 250_000n)])).toBe('₹3,500.00')
  expect(totalText([row('a', 100_000n), row('b', 250_000n, 'USD')])).toBe('₹1,000.00 and $2,500.00')
  expect(countOf([row('a', 1n)])).toBe('1 refund')
})
