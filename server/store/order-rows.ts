/** How orders, attempts and refunds are read from their tables; the shapes are the domain's own. */
import { z } from 'zod'
import type { OrderRecord } from '../domain/order.ts'
import { DISPLAY_STATUSES, PAYMENT_STATUSES, REFUND_STATES } from '../domain/payment-status.ts'
import { REFUND_STATUSES, type RefundRecord } from '../domain/refund.ts'
import type { TransactionRecord } from '../domain/transaction.ts'

const text = z.string().nullable()
const stamps = z.record(z.string(), z.number())

const orderShape = {
  orderRef: z.string(),
  providerOrderRef: text,
  currency: z.string(),
  amountMinor: z.bigint(),
  effectiveAmountMinor: z.bigint().nullable(),
  chargedMinor: z.bigint(),
  reservedMinor: z.bigint(),
  refundedMinor: z.bigint(),
  externalRefundedMinor: z.bigint(),
  externalPendingMinor: z.bigint(),
  excessMinor: z.bigint(),
  providerStatus: z.string(),
  baseProviderStatus: text,
  paymentStatus: z.enum(PAYMENT_STATUSES),
  refundState: z.enum(REFUND_STATES),
  displayStatus: z.enum(DISPLAY_STATUSES),
  inReview: z.boolean(),
  disputed: z.boolean(),
  disputedMinor: z.bigint(),
  gateway: text,
  methodType: text,
  method: text,
  cardBrand: text,
  cardLast4: text,
  payerVpa: text,
  gatewayRef: text,
  rrn: text,
  errorCode: text,
  errorMessage: text,
  attemptCount: z.number(),
  customerRef: text,
  customerName: text,
  customerEmail: text,
  customerPhone: text,
  description: text,
  returnUrl: text,
  udf: z.record(z.string(), z.string()),
  statedAt: stamps,
  createdAt: z.date(),
  createdAtStated: z.boolean(),
  chargedAt: z.date().nullable(),
} satisfies Record<keyof OrderRecord, z.ZodType>

const orderRecord = z.object(orderShape)

/** Columns of the domain's order, and those that only the store and the sweep keep. */
export const ORDER_FIELDS = orderRecord.keyof().options
export const STORED_ORDER_FIELDS = [
  'id',
  'merchantAccountId',
  'firstSeenAt',
  'changedAt',
  'lastCheckedAt',
  'nextCheckAt',
  'unconfirmedSince',
  'checkCount',
  'version',
  ...ORDER_FIELDS,
]

export const orderRow = z.object({
  id: z.string(),
  merchantAccountId: z.string(),
  firstSeenAt: z.date(),
  changedAt: z.date(),
  lastCheckedAt: z.date().nullable(),
  nextCheckAt: z.date().nullable(),
  unconfirmedSince: z.date().nullable(),
  checkCount: z.number(),
  version: z.number(),
  ...orderShape,
})

/** An order as stored: the domain's record, its id and what the sweep remembers. */
export type StoredOrder = z.infer<typeof orderRow>

/** The domain's part of a stored order. */
export function orderOf(row: StoredOrder): OrderRecord {
  return orderRecord.parse(row)
}

export const transactionRow = z.object({
  txnRef: z.string(),
  txnUuid: text,
  providerStatus: z.string(),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  amountMinor: z.bigint().nullable(),
  netAmountMinor: z.bigint().nullable(),
  gateway: text,
  gatewayId: z.number().nullable(),
  methodType: text,
  method: text,
  cardBrand: text,
  cardLast4: text,
  payerVpa: text,
  gatewayRef: text,
  rrn: text,
  authCode: text,
  errorCode: text,
  errorMessage: text,
  createdAt: z.date().nullable(),
  statedAt: stamps,
} satisfies Record<keyof TransactionRecord, z.ZodType>)

export const TRANSACTION_FIELDS = transactionRow.keyof().options

/** An attempt with its id and when we first heard of it. */
export const storedTransactionRow = z.object({
  id: z.string(),
  firstSeenAt: z.date(),
  ...transactionRow.shape,
})
export type StoredTransaction = z.infer<typeof storedTransactionRow>

/** Parts of a refund as kept in JSON. */
export const partsRow = z.array(
  z.object({
    key: z.string(),
    txnRef: text,
    amountMinor: text,
    providerStatus: z.string(),
    ref: text,
    arn: text,
  }),
)

export const refundRow = z.object({
  id: z.string().nullable(),
  refundRequestId: text,
  uniqueRequestId: z.string(),
  origin: z.enum(['paydesk', 'external', 'auto']),
  amountMinor: z.bigint(),
  currency: z.string(),
  status: z.enum(REFUND_STATUSES),
  providerStatus: text,
  sentToGateway: z.boolean(),
  gateway: text,
  ref: text,
  arn: text,
  errorCode: text,
  errorMessage: text,
  initiatedBy: text,
  expectedCreditAt: z.date().nullable(),
  providerCreatedAt: z.date().nullable(),
  settledAt: z.date().nullable(),
  settledByPeople: z.boolean(),
  txnRef: text,
  parts: partsRow,
} satisfies Record<keyof RefundRecord, z.ZodType>)

export const REFUND_FIELDS = Object.keys(refundRow.shape)

export const requestHoldRow = z.object({
  id: z.string(),
  amountMinor: z.bigint(),
  status: z.string(),
  txnRef: text,
})
