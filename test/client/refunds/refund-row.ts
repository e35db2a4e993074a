import type { RefundDetail } from '../../../client/features/refunds/refund-types.ts'

export const ID = '00000000-0000-4000-8000-0000000000a1'
export const ASKED = new Date('2026-11-22T09:00:00Z')

/** A refund that the bank paid back, with all that its page shows. */
export function refund(change: Partial<RefundDetail> = {}): RefundDetail {
  return {
    id: ID,
    requestId: '00000000-0000-4000-8000-0000000000a2',
    refundId: ID,
    orderId: '00000000-0000-4000-8000-0000000000b1',
    orderRef: 'ord_8F2K',
    amountMinor: 250_000n,
    currency: 'INR',
    status: 'succeeded',
    where: 'Paid back by the bank',
    reason: 'Item returned',
    note: null,
    requestedBy: { id: '00000000-0000-4000-8000-0000000000c1', name: 'Asha Menon' },
    requestedAt: ASKED,
    decidedBy: { name: 'Rohan Das' },
    decidedAt: ASKED,
    decisionNote: null,
    gateway: 'PAYU',
    uniqueRequestId: 'PD7F3A19',
    ref: null,
    arn: '74321987650123456789012',
    origin: 'paydesk',
    errorMessage: null,
    sentAt: ASKED,
    settledAt: ASKED,
    expectedCreditAt: null,
    expiresAt: null,
    clock: null,
    settledByPeople: false,
    proof: null,
    changedAt: ASKED,
    retryOf: null,
    retriedBy: null,
    txnRef: null,
    attemptNumber: null,
    parts: [],
    heldUntil: null,
    confirming: false,
    retry: null,
    reviews: [],
    steps: [
      { name: 'Asked', at: ASKED, by: 'Asha Menon' },
      { name: 'Approved', at: ASKED, by: 'Rohan Das' },
      { name: 'Sent', at: ASKED, by: 'Paydesk' },
      { name: 'With customer', at: ASKED, by: 'PAYU' },
    ],
    tellCustomer: { en: 'We refunded ₹2,500.00 on 22 Nov.', hi: 'हमने ₹2,500.00 वापस कर दिए हैं।' },
    ...change,
  }
}
