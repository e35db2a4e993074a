import type { OrderRow } from '../../../client/features/orders/order-types.ts'

const AT = new Date('2026-11-22T09:00:00Z')

/** The row of the order `ord_<n>`: ₹100 by UPI, charged; n from 0 to 9. */
export function orderRow(n: number, change: Partial<OrderRow> = {}): OrderRow {
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    orderRef: `ord_${n}`,
    createdAt: AT,
    amountMinor: 10_000n,
    currency: 'INR',
    displayStatus: 'charged',
    paymentStatus: 'charged',
    providerStatus: 'CHARGED',
    refundState: 'none',
    methodType: null,
    method: null,
    methodLabel: 'UPI',
    gateway: null,
    attemptCount: 1,
    customerName: null,
    customerRef: null,
    customerEmailMasked: null,
    chargedMinor: 10_000n,
    refundedMinor: 0n,
    reservedMinor: 0n,
    leftMinor: 10_000n,
    unrefundable: null,
    errorMessage: null,
    changedAt: AT,
    stuckSince: null,
    ...change,
  }
}
