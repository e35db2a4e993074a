/** The sandbox's own records. Times are epoch milliseconds of the virtual clock; money is bigint minor units. */
import type { Offer, Terms } from './settings.ts'

export type AttemptStatus =
  | 'STARTED'
  | 'PENDING_VBV'
  | 'VBV_SUCCESSFUL'
  | 'AUTHORIZING'
  | 'AUTHORIZED'
  | 'CAPTURE_INITIATED'
  | 'CAPTURE_FAILED'
  | 'VOID_INITIATED'
  | 'VOID_FAILED'
  | 'CHARGED'
  | 'AUTHENTICATION_FAILED'
  | 'AUTHORIZATION_FAILED'
  | 'JUSPAY_DECLINED'
  | 'COD_INITIATED'
  | 'VOIDED'
  | 'AUTO_REFUNDED'

export type OrderStatus = 'NEW' | 'PARTIAL_CHARGED' | AttemptStatus

export type RefundStatus = 'PENDING' | 'SUCCESS' | 'FAILURE' | 'MANUAL_REVIEW'

export type MethodType = 'UPI' | 'CARD' | 'NB' | 'WALLET' | 'CASH'

export type Gateway = 'RAZORPAY' | 'PAYU' | 'GOCASHFREE' | 'HDFC' | 'DUMMY' | 'CASH'

export type Instrument = {
  type: MethodType
  /** Juspay's `payment_method`: UPI, VISA, MASTERCARD, RUPAY, NB_HDFC, PAYTM … */
  method: string
  gateway: Gateway
  /** UPI only. */
  vpa: string | null
  /** Cards only. */
  lastFour: string | null
  /** UPI only: the app that pays, by its package name; without one the customer typed an address. */
  app?: string
}

export type OrderRecord = {
  /** Juspay's own id, `ordeh_<32 hex>`. */
  id: string
  merchantId: string
  /** The merchant's order_id, spelled as first sent. */
  orderId: string
  amountMinor: bigint
  currency: string
  customerId: string | null
  customerEmail: string | null
  customerPhone: string | null
  firstName: string
  lastName: string
  returnUrl: string
  productId: string
  description: string
  udf: string[]
  metadata: Record<string, unknown>
  autoCapture: boolean
  /** Of the session that made it. */
  clientId?: string
  /** What is bought, as the caller listed it. */
  basket?: readonly unknown[]
  /** Asked for with the order. */
  mandate?: Mandate
  /** Minutes after which a success is of no use to the shop (reference 2.1 `order_fullfillment_threshold_in_mins`). */
  fulfilmentMinutes?: number
  fulfilments?: readonly { command: string; status: string; at: number }[]
  /** Instead of the merchant's own rules; of a scenario only. */
  terms?: Terms
  /** What befalls the webhooks of this order on their way; of a simulated order only. */
  troubles?: readonly Trouble[]
  token: string
  tokenExpiresAt: number
  expiresAt: number
  createdAt: number
  updatedAt: number
}

/** Reference 4.2. */
export type MandateStatus = 'CREATED' | 'ACTIVE' | 'PAUSED' | 'REVOKED' | 'FAILURE' | 'EXPIRED'

export type Mandate = {
  /** Null until the customer has started to pay. */
  status: MandateStatus | null
  frequency: string
  amountRule: string
  /** Decimal text in major units, as asked for. */
  maxAmount: string
  /** Epoch seconds as text, as asked for; null for "from now" and "for a year". */
  startDate: string | null
  endDate: string | null
  ruleType: string | null
  ruleValue: number | null
  revocable: boolean
  blockFunds: boolean
  /** When the customer was last told of a debit. */
  noticeAt: number | null
}

/** Injected trouble that belongs to one order (the injectors of reference 12): it outlives a restart, as the order does. */
export type Trouble = 'late' | 'duplicate' | 'reorder' | 'lose' | 'mask' | 'legacy'

export type CustomerRecord = {
  /** Juspay's own id, `cth_<16 hex>`. */
  id: string
  merchantId: string
  /** The merchant's `object_reference_id`. */
  reference: string
  email: string
  phone: string
  countryCode: string
  firstName: string
  lastName: string
  createdAt: number
  updatedAt: number
}

/** What an attempt is to take, and how it comes about. */
export type Price = {
  baseMinor: bigint
  surchargeMinor: bigint
  /** What the offer takes off the price. */
  discountMinor: bigint
  /** What the offer is worth to the customer, cashback included. */
  benefitMinor: bigint
  offer: Offer | null
}

/** A part of a hold that was captured or voided by itself; its amount is decimal text in major units. */
export type HoldPart = {
  kind: 'PARTIAL_CAPTURE' | 'PARTIAL_VOID'
  txnId: string
  txnUuid: string
  amount: string
  at: number
}

export type AttemptRecord = {
  txnUuid: string
  orderKey: string
  n: number
  txnId: string
  status: AttemptStatus
  amountMinor: bigint
  /** With a surcharge or an offer. */
  price?: Price
  instrument: Instrument
  channel: 'WEB' | 'MWEB' | 'ANDROID' | 'IOS'
  rrn: string
  epgTxnId: string
  authId: string
  errorCode: string
  errorMessage: string
  respCode: string | null
  respMessage: string | null
  respCategory: string | null
  /** Captures and voids of a part (reference 3.5 `PARTIAL_CAPTURE`; sample 129). */
  parts?: readonly HoldPart[]
  /** The `idempotence_key` of the capture or void last taken on. */
  holdKey?: string
  createdAt: number
  updatedAt: number
}

export type RefundRecord = {
  seq: number
  orderKey: string
  txnUuid: string
  uniqueRequestId: string
  amountMinor: bigint
  status: RefundStatus
  sentToGateway: boolean
  initiatedBy: string
  refundType: string
  /** Who pays it: the gateway of the attempt, or of instant refunds. */
  source: string
  plannedOutcome: RefundOutcome
  ref: string | null
  rrn: string | null
  arn: string | null
  errorCode: string | null
  errorMessage: string
  webhookUrl: string | null
  /** The vendors' shares of it. */
  settlement?: Record<string, unknown>
  createdAt: number
  updatedAt: number
  processedAt: number | null
}

export type RefundOutcome = 'success' | 'failure' | 'stuck'

export type EventName =
  | 'ORDER_CREATED'
  | 'TXN_CREATED'
  | 'TXN_CHARGED'
  | 'TXN_FAILED'
  | 'ORDER_SUCCEEDED'
  | 'ORDER_FAILED'
  | 'ORDER_AUTHORIZED'
  | 'ORDER_CAPTURE_FAILED'
  | 'ORDER_COD_INITIATED'
  | 'ORDER_VOIDED'
  | 'ORDER_VOID_FAILED'
  | 'ORDER_PARTIAL_CHARGED'
  | 'REFUND_INITIATED'
  | 'ORDER_REFUNDED'
  | 'ORDER_REFUND_FAILED'
  | 'REFUND_MANUAL_REVIEW_NEEDED'
  | 'REFUND_ARN_CAPTURED'
  | 'AUTO_REFUND_INITIATED'
  | 'AUTO_REFUND_SUCCEEDED'
  | 'AUTO_REFUND_FAILED'
