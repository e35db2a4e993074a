/**
 * What one message from Juspay says about an order, in our words: the result of `juspay/translate` and the input of
 * the merge rules. `null` always means "this message does not say" (absent, null, "", {}, "FILTERED"): it never
 * overwrites what another message said.
 */
import type { ProviderDispute } from './dispute.ts'
import type { ProviderMandate, ProviderNotification } from './mandate.ts'

/** One payment attempt as told by one message (API reference §3.5 `txn_detail`, §6.4 `content.txn`). */
export type ProviderTransaction = {
  txnRef: string
  txnUuid: string | null
  /** Juspay's word, verbatim. */
  providerStatus: string
  amountMinor: bigint | null
  netAmountMinor: bigint | null
  gateway: string | null
  gatewayId: number | null
  methodType: string | null
  method: string | null
  cardBrand: string | null
  cardLast4: string | null
  payerVpa: string | null
  /** Gateway's own id (`epg_txn_id`), bank reference (`rrn`) and authorisation code: what settlement files carry. */
  gatewayRef: string | null
  rrn: string | null
  authCode: string | null
  errorCode: string | null
  errorMessage: string | null
  createdAt: Date | null
}

/** One entry of `refunds[]` (API reference §5.4), keyed by `uniqueRequestId`. */
export type ProviderRefund = {
  uniqueRequestId: string
  /** The attempt whose money goes back; null when the message does not name it. */
  txnRef: string | null
  /** PENDING, SUCCESS, FAILURE, MANUAL_REVIEW, or a word we do not know, verbatim and upper case. */
  providerStatus: string
  amountMinor: bigint | null
  /** The gateway's reference of the refund; opaque text. */
  ref: string | null
  arn: string | null
  sentToGateway: boolean | null
  /** API, AUTO_REFUNDED, or a portal user's name. */
  initiatedBy: string | null
  refundSource: string | null
  refundType: string | null
  errorCode: string | null
  errorMessage: string | null
  expectedCreditAt: Date | null
  createdAt: Date | null
}

export type ProviderCustomer = {
  ref: string | null
  name: string | null
  email: string | null
  phone: string | null
}

/** A whole order as told by one message. */
export type ProviderOrder = {
  /** The merchant's `order_id`, as sent. */
  orderRef: string
  /** Juspay's own id (`ordeh_…`). */
  providerOrderRef: string | null
  /** Juspay's `merchant_id`: must be the account's (W28). */
  merchantRef: string | null
  /** Order-level status word, verbatim; null in messages that carry a transaction only. */
  providerStatus: string | null
  amountMinor: bigint | null
  /** What the customer was charged after offers and surcharge; the cap of refunds when larger than `amountMinor`. */
  effectiveAmountMinor: bigint | null
  currency: string | null
  customer: ProviderCustomer
  description: string | null
  returnUrl: string | null
  udf: Readonly<Record<string, string>>
  transactions: readonly ProviderTransaction[]
  refunds: readonly ProviderRefund[]
  createdAt: Date | null
  /** The instant these facts are from: `last_updated`, else the event's `date_created`, else `date_created`. */
  statedAt: Date | null
}

/** What an event is about (API reference §6.4). `unknown` names are kept and shown as sent. */
export const EVENT_FAMILIES = [
  'order',
  'txn',
  'refund',
  'auto_refund',
  'mandate',
  'notification',
  'chargeback',
  'unknown',
] as const

export type EventFamily = (typeof EVENT_FAMILIES)[number]

/** A webhook body after translation. `order` is null for families that carry no order. */
export type ProviderEvent = {
  /** `id`, when it is a string of 1 to 128 characters. */
  eventRef: string | null
  name: string | null
  family: EventFamily
  occurredAt: Date | null
  orderRef: string | null
  order: ProviderOrder | null
  /** What the families beside the order tell; null in every other message, and when it cannot be read. */
  mandate: ProviderMandate | null
  notification: ProviderNotification | null
  dispute: ProviderDispute | null
}
