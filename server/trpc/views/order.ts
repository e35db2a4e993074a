/** What lists are told about orders, field by field. A column added to a table does not appear here by itself. */
import type { DisplayStatus, PaymentStatus, RefundState } from '../../domain/payment-status.ts'
import { methodLabel } from '../../domain/payment-method.ts'
import { roleCan, type Role } from '../../domain/permission.ts'
import { leftMinorOf, refundedMinorOf, unrefundableOf, type Unrefundable } from '../../domain/refund-block.ts'
import type { FacetField } from '../../domain/search-fields.ts'
import { stuckSince } from '../../domain/stuck.ts'
import type { OrderListRow } from '../../store/orders-search.ts'
import { isPersonal, maskEmail, maskName, maskText } from '../../domain/masked-text.ts'

export type OrderRowView = {
  id: string
  orderRef: string
  createdAt: Date
  amountMinor: bigint
  currency: string
  displayStatus: DisplayStatus
  paymentStatus: PaymentStatus
  providerStatus: string
  refundState: RefundState
  methodType: string | null
  method: string | null
  methodLabel: string
  gateway: string | null
  attemptCount: number
  /**
   * The merchant's ID of the customer; a name is masked for some roles, and two people may have the same. Null when the
   * merchant takes an address or a number for one.
   */
  customerRef: string | null
  customerName: string | null
  customerEmailMasked: string | null
  chargedMinor: bigint
  /** Ours that succeeded and those made elsewhere. */
  refundedMinor: bigint
  reservedMinor: bigint
  leftMinor: bigint
  /** Why it takes no refund; its own page has the full answer. */
  unrefundable: Unrefundable | null
  errorMessage: string | null
  changedAt: Date
  stuckSince: Date | null
}

export type OrderPageView = {
  rows: OrderRowView[]
  nextCursor: string | null
  /** Continues before the first row; null at the top. */
  previousCursor: string | null
  asOf: Date
}

/** How many orders match. An estimate is off by at most `within` of itself (0.1 is 10 %), 19 times out of 20. */
export type OrderTotalView = { count: number; exact: boolean; within: number }

export type OrderFacetsView = {
  gateways: string[]
  methodTypes: string[]
  statuses: { status: DisplayStatus; count: number }[]
  /** How the newest matching orders divide; `method` in Juspay's words. */
  counts: { field: FacetField; value: string; count: number }[]
  /** Of how many orders the counts are, and whether those are all that match. */
  counted: number
  all: boolean
}

/** Before the customer has chosen how to pay. */
export const NO_METHOD = '—'

/** One order in a list. */
export function orderRowView(row: OrderListRow, now: Date, role: Role): OrderRowView {
  return {
    id: row.id,
    orderRef: row.orderRef,
    createdAt: row.createdAt,
    amountMinor: row.amountMinor,
    currency: row.currency,
    displayStatus: row.displayStatus,
    paymentStatus: row.paymentStatus,
    providerStatus: row.providerStatus,
    refundState: row.refundState,
    methodType: row.methodType,
    method: row.method,
    methodLabel: methodLabel(row) ?? NO_METHOD,
    gateway: row.gateway,
    attemptCount: row.attemptCount,
    customerRef: isPersonal(row.customerRef) ? null : row.customerRef,
    customerName: roleCan(role, 'order:pii') ? row.customerName : maskName(row.customerName),
    customerEmailMasked: maskEmail(row.customerEmail),
    chargedMinor: row.chargedMinor,
    refundedMinor: refundedMinorOf(row),
    reservedMinor: row.reservedMinor,
    leftMinor: leftMinorOf(row),
    unrefundable: unrefundableOf(row),
    errorMessage: row.errorMessage === null ? null : maskText(row.errorMessage),
    changedAt: row.changedAt,
    stuckSince: stuckSince(row, now),
  }
}
