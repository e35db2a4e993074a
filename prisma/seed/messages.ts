import type { ProviderOrder, ProviderRefund } from '../../server/domain/provider-order.ts'
import type { Life } from './life.ts'

/** A message about an order that tells of one refund; of the payment it says nothing new. */
export function refundOrder(life: Life, refund: ProviderRefund, statedAt: Date): ProviderOrder {
  const { order } = life.aggregate
  return {
    orderRef: order.orderRef,
    providerOrderRef: order.providerOrderRef,
    merchantRef: null,
    providerStatus: null,
    amountMinor: null,
    effectiveAmountMinor: null,
    currency: order.currency,
    customer: { ref: null, name: null, email: null, phone: null },
    description: null,
    returnUrl: null,
    udf: {},
    transactions: [],
    refunds: [refund],
    createdAt: null,
    statedAt,
  }
}
