/** A message as the bytes that Juspay sends: reading them back gives the message (a test says so). */
import { toDecimal } from '../../server/domain/money.ts'
import type { ProviderRefund, ProviderTransaction } from '../../server/domain/provider-order.ts'
import type { Letter } from './payments.ts'

/** The body of a webhook (API reference §6.3). */
export function webhookBodyOf(letter: Letter, eventRef: string, merchantRef: string): Buffer {
  const { order } = letter
  const body = {
    id: eventRef,
    event_name: letter.name,
    date_created: instantText(order.statedAt),
    content: {
      order: {
        id: order.providerOrderRef,
        order_id: order.orderRef,
        merchant_id: merchantRef,
        status: order.providerStatus,
        amount: numberOf(order.amountMinor),
        currency: order.currency,
        customer_id: order.customer.ref,
        customer_name: order.customer.name,
        customer_email: order.customer.email,
        customer_phone: order.customer.phone,
        description: order.description,
        return_url: order.returnUrl,
        ...order.udf,
        date_created: instantText(order.createdAt),
        last_updated: instantText(order.statedAt),
        ...attemptFields(order.transactions[0]),
        refunds: order.refunds.map(refundFields),
      },
    },
  }
  return Buffer.from(JSON.stringify(body))
}

function attemptFields(attempt: ProviderTransaction | undefined): Record<string, unknown> {
  if (attempt === undefined) return {}
  const { txnRef, txnUuid, payerVpa } = attempt
  return {
    txn_id: txnRef,
    txn_uuid: txnUuid,
    payment_method_type: attempt.methodType,
    payment_method: attempt.method,
    ...(payerVpa === null ? {} : { payer_vpa: payerVpa, upi: { payer_vpa: payerVpa } }),
    ...(attempt.cardLast4 === null
      ? {}
      : { card: { card_brand: attempt.cardBrand, last_four_digits: attempt.cardLast4 } }),
    txn_detail: {
      txn_id: txnRef,
      txn_uuid: txnUuid,
      status: attempt.providerStatus,
      txn_amount: numberOf(attempt.amountMinor),
      net_amount: numberOf(attempt.netAmountMinor),
      gateway: attempt.gateway,
      gateway_id: attempt.gatewayId,
      error_code: attempt.errorCode,
      error_message: attempt.errorMessage,
      created: instantText(attempt.createdAt),
    },
    payment_gateway_response: {
      epg_txn_id: attempt.gatewayRef,
      rrn: attempt.rrn,
      auth_id_code: attempt.authCode,
      resp_code: attempt.errorCode,
    },
  }
}

function refundFields(refund: ProviderRefund): Record<string, unknown> {
  return {
    unique_request_id: refund.uniqueRequestId,
    txn_id: refund.txnRef,
    status: refund.providerStatus,
    amount: numberOf(refund.amountMinor),
    ref: refund.ref,
    arn: refund.arn,
    sent_to_gateway: refund.sentToGateway,
    initiated_by: refund.initiatedBy,
    refund_source: refund.refundSource,
    refund_type: refund.refundType,
    error_code: refund.errorCode,
    error_message: refund.errorMessage,
    expected_refund_credit_time: instantText(refund.expectedCreditAt),
    created: instantText(refund.createdAt),
  }
}

/** Juspay sends amounts as JSON numbers; at most nine digits of rupees are exact in one. */
function numberOf(minor: bigint | null): number | null {
  return minor === null ? null : Number(toDecimal({ minor, currency: 'INR' }))
}

function instantText(at: Date | null): string | null {
  return at === null ? null : `${at.toISOString().slice(0, 19)}Z`
}
