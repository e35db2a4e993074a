/** What Juspay may say about one order, in the domain's words: by hand, and at random. */
import fc from 'fast-check'
import type {
  ProviderOrder,
  ProviderRefund,
  ProviderTransaction,
} from '../../server/domain/provider-order.ts'

const START = Date.UTC(2026, 10, 22, 9, 0, 0)
/** Minutes after the order was made. */
export const at = (minutes: number): Date => new Date(START + minutes * 60_000)

/** One attempt on its way. */
export function transaction(part: Partial<ProviderTransaction> = {}): ProviderTransaction {
  return {
    txnRef: 'm-O1-1',
    txnUuid: null,
    providerStatus: 'PENDING_VBV',
    amountMinor: 100000n,
    netAmountMinor: 100000n,
    gateway: 'RAZORPAY',
    gatewayId: 23,
    methodType: 'UPI',
    method: 'UPI',
    cardBrand: null,
    cardLast4: null,
    payerVpa: null,
    gatewayRef: null,
    rrn: null,
    authCode: null,
    errorCode: null,
    errorMessage: null,
    createdAt: at(1),
    ...part,
  }
}

/** A refund made elsewhere, on its way. */
export function refund(part: Partial<ProviderRefund> = {}): ProviderRefund {
  return {
    uniqueRequestId: 'RF1',
    txnRef: null,
    providerStatus: 'PENDING',
    amountMinor: 30000n,
    ref: null,
    arn: null,
    sentToGateway: false,
    initiatedBy: 'API',
    refundSource: null,
    refundType: null,
    errorCode: null,
    errorMessage: null,
    expectedCreditAt: null,
    createdAt: at(60),
    ...part,
  }
}

/** An order that exists and nothing more. */
export function told(part: Partial<ProviderOrder> = {}): ProviderOrder {
  return {
    orderRef: 'O1',
    providerOrderRef: 'ordeh_1',
    merchantRef: 'm',
    providerStatus: 'NEW',
    amountMinor: 100000n,
    effectiveAmountMinor: null,
    currency: 'INR',
    customer: { ref: 'c1', name: null, email: 'a@b.test', phone: null },
    description: null,
    returnUrl: null,
    udf: {},
    transactions: [],
    refunds: [],
    createdAt: at(0),
    statedAt: at(0),
    ...part,
  }
}

/** The same order, charged. */
export const charged = told({
  providerStatus: 'CHARGED',
  statedAt: at(3),
  transactions: [transaction({ providerStatus: 'CHARGED', rrn: '6005' })],
})

const words = fc.constantFrom(
  'NEW',
  'STARTED',
  'PENDING_VBV',
  'AUTHORIZING',
  'AUTHENTICATION_FAILED',
  'AUTHORIZATION_FAILED',
  'AUTHORIZED',
  'CAPTURE_FAILED',
  'VOID_INITIATED',
  'VOIDED',
  'CHARGED',
  'AUTO_REFUNDED',
  'PARTIAL_CHARGED',
  'TELEPORTED',
)
const maybeText = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null })
const instant = fc.integer({ min: 0, max: 5 }).map(at)
const arbitraryTransaction = fc
  .record({
    txnRef: fc.constantFrom('m-O1-1', 'm-O1-2', 'm-O1-10'),
    providerStatus: words,
    gateway: maybeText,
    rrn: maybeText,
    errorCode: maybeText,
    createdAt: fc.option(instant, { nil: null }),
    amountMinor: fc.option(fc.constantFrom(100000n, 100500n), { nil: null }),
  })
  .map(transaction)
const arbitraryRefund = fc
  .record({
    uniqueRequestId: fc.constantFrom('RF1', 'RF2', 'AR9'),
    providerStatus: fc.constantFrom('PENDING', 'SUCCESS', 'FAILURE', 'MANUAL_REVIEW', 'ODD'),
    ref: maybeText,
    arn: maybeText,
    errorCode: maybeText,
    amountMinor: fc.constantFrom(10000n, 20000n),
    initiatedBy: maybeText,
  })
  .map(refund)
/** Any message about it. */
export const message = fc
  .record({
    providerStatus: fc.option(words, { nil: null }),
    statedAt: instant,
    description: maybeText,
    effectiveAmountMinor: fc.option(fc.constantFrom(90000n, 108000n), { nil: null }),
    transactions: fc
      .array(arbitraryTransaction, { maxLength: 2 })
      .map((list) =>
        list.filter((item, index) => list.findIndex((other) => other.txnRef === item.txnRef) === index),
      ),
    refunds: fc
      .array(arbitraryRefund, { maxLength: 2 })
      .map((list) =>
        list.filter(
          (item, index) =>
            list.findIndex((other) => other.uniqueRequestId === item.uniqueRequestId) === index,
        ),
      ),
  })
  .map(told)
