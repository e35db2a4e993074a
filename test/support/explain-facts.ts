/** Facts about an order and about a refund from which tests of what is said start. */
import type { ExplainFacts } from '../../server/domain/order-situation.ts'
import type { RefundFacts } from '../../server/domain/refund-display.ts'

/** When people ask about them. */
export const NOW = new Date('2026-11-22T10:00:00Z')

/** A paid order about which there is nothing to say but that. */
export function plainOrder(): ExplainFacts {
  return {
    orderRef: 'ORD1',
    amountMinor: 1_299_900n,
    chargedMinor: 1_299_900n,
    currency: 'INR',
    paymentStatus: 'charged',
    providerStatus: 'CHARGED',
    methodLabel: 'Visa ··4242',
    errorCode: null,
    errorMessage: null,
    stuck: false,
    attemptCount: 1,
    chargeCount: 1,
    createdAt: NOW,
    chargedAt: NOW,
    unconfirmedSince: null,
    nextCheckAt: null,
    autoRefundDueAt: null,
    openFindings: [],
    disputes: [],
    refunds: [],
    stops: [],
  }
}

/** A refund of theirs that Juspay has. */
export const plainRefund: RefundFacts = {
  id: 'r1',
  requestId: 'q1',
  refundId: 'r1',
  orderId: 'o1',
  orderRef: 'ORD1',
  amountMinor: 250_000n,
  currency: 'INR',
  requestStatus: 'approved',
  refundStatus: 'pending',
  sentToGateway: false,
  reason: 'item_returned',
  note: null,
  requestedBy: { id: 'u1', name: 'Asha Menon' },
  requestedAt: new Date('2026-11-22T09:00:00Z'),
  decidedBy: { name: 'Rohan Das' },
  decidedAt: new Date('2026-11-22T09:05:00Z'),
  decisionNote: null,
  gateway: 'RAZORPAY',
  uniqueRequestId: 'KEY1',
  ref: null,
  arn: null,
  origin: 'paydesk',
  errorMessage: null,
  sentAt: new Date('2026-11-22T09:06:00Z'),
  settledAt: null,
  expectedCreditAt: null,
  expiresAt: null,
  settledByPeople: false,
  proof: null,
  changedAt: new Date('2026-11-22T09:06:00Z'),
  retryOf: null,
  retriedBy: null,
  txnRef: null,
  attemptNumber: null,
  parts: [],
  held: null,
  unconfirmedSince: null,
}
