/** What the search box is told it found: enough to recognise a record and to open it. */
import type { BulkStatus } from '../../domain/bulk-batch.ts'
import type { DisplayStatus, RefundState } from '../../domain/payment-status.ts'
import type { Role } from '../../domain/permission.ts'
import type { RefundRequestStatus } from '../../domain/refund-request.ts'
import type { RefundStatus } from '../../domain/refund.ts'
import type { FoundOrder } from '../../store/orders-search.ts'
import type {
  FoundBatch,
  FoundEvent,
  FoundPerson,
  FoundRefund,
  FoundRequest,
} from '../../store/record-search.ts'
import { orderRowView } from './order.ts'

export type FoundOrderView = {
  id: string
  orderRef: string
  createdAt: Date
  amountMinor: bigint
  currency: string
  displayStatus: DisplayStatus
  refundState: RefundState
  providerStatus: string
  methodLabel: string
  gateway: string | null
  attemptCount: number
  customerName: string | null
  customerEmailMasked: string | null
  /** What of the text it matched: "Phone ends 3210", "RRN or UTR". */
  matched: string[]
}

export type FoundRefundView = {
  id: string
  uniqueRequestId: string
  amountMinor: bigint
  currency: string
  status: RefundStatus
  orderRef: string
}
export type FoundEventView = {
  id: string
  eventName: string | null
  orderRef: string | null
  receivedAt: Date
}
export type FoundRequestView = {
  id: string
  amountMinor: bigint
  currency: string
  status: RefundRequestStatus
  orderRef: string
}
export type FoundBatchView = { id: string; no: number; name: string; status: BulkStatus; total: number }
export type FoundPersonView = { id: string; name: string; email: string; role: string }

/** One way the text was read, as a list that can be opened. */
export type ReadingView = { q: string; t: string; label: string }

export type FoundView = {
  /** The time that the text names, to which orders were narrowed, and the text without it; null: of any time. */
  within: { label: string; rest: string } | null
  readings: ReadingView[]
  orders: FoundOrderView[]
  refunds: FoundRefundView[]
  events: FoundEventView[]
  requests: FoundRequestView[]
  batches: FoundBatchView[]
  people: FoundPersonView[]
  /** An id that no record here has and that Juspay may know as an order; null when there is none. */
  ask: string | null
}

export function foundOrderView(
  { row, by }: FoundOrder,
  labels: readonly string[],
  reader: { role: Role; now: Date },
): FoundOrderView {
  const view = orderRowView(row, reader.now, reader.role)
  return {
    id: view.id,
    orderRef: view.orderRef,
    createdAt: view.createdAt,
    amountMinor: view.amountMinor,
    currency: view.currency,
    displayStatus: view.displayStatus,
    refundState: view.refundState,
    providerStatus: view.providerStatus,
    methodLabel: view.methodLabel,
    gateway: view.gateway,
    attemptCount: view.attemptCount,
    customerName: view.customerName,
    customerEmailMasked: view.customerEmailMasked,
    matched: by.flatMap((place) => labels[place] ?? []),
  }
}

export function foundRefundView(row: FoundRefund): FoundRefundView {
  const { id, uniqueRequestId, amountMinor, currency, status, orderRef } = row
  return { id, uniqueRequestId, amountMinor, currency, status, orderRef }
}

export function foundEventView({ id, eventName, orderRef, receivedAt }: FoundEvent): FoundEventView {
  return { id, eventName, orderRef, receivedAt }
}

export function foundRequestView(row: FoundRequest): FoundRequestView {
  const { id, amountMinor, currency, status, orderRef } = row
  return { id, amountMinor, currency, status, orderRef }
}

export function foundBatchView({ id, no, name, status, total }: FoundBatch): FoundBatchView {
  return { id, no, name, status, total }
}

export function foundPersonView({ id, name, email, role }: FoundPerson): FoundPersonView {
  return { id, name, email, role }
}
