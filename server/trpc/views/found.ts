/** What the search box is told it found: enough to recognise a record and to open it. */
import type { BulkStatus } from '../../domain/bulk-batch.ts'
import type { DisplayStatus, RefundState } from '../../domain/payment-status.ts'
import type { Role } from '../../domain/permission.ts'
import { endsUnconfirmed, refundDisplay, type RefundDisplay } from '../../domain/refund-display.ts'
import type { Unrefundable } from '../../domain/refund-block.ts'
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
  unrefundable: Unrefundable | null
  /** What of the text it matched: "Phone ends 3210", "RRN or UTR". */
  matched: string[]
}

export type FoundRefundView = {
  id: string
  uniqueRequestId: string
  amountMinor: bigint
  currency: string
  status: RefundDisplay
  /** A webhook says that it ended so, and Juspay has not been heard about it yet. */
  confirming: boolean
  orderRef: string
  changedAt: Date
}
export type FoundEventView = {
  id: string
  eventName: string | null
  orderRef: string | null
  receivedAt: Date
  status: FoundEvent['status']
  outcome: string | null
}
export type FoundRequestView = {
  id: string
  amountMinor: bigint
  currency: string
  status: RefundDisplay
  orderRef: string
  requestedAt: Date
}
export type FoundBatchView = {
  id: string
  no: number
  name: string
  status: BulkStatus
  total: number
  createdAt: Date
}
export type FoundPersonView = { id: string; name: string; email: string; role: Role }

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
    unrefundable: view.unrefundable,
    matched: by.flatMap((place) => labels[place] ?? []),
  }
}

export function foundRefundView(row: FoundRefund): FoundRefundView {
  const { id, uniqueRequestId, amountMinor, currency, status: refundStatus, orderRef, changedAt } = row
  return {
    id,
    uniqueRequestId,
    amountMinor,
    currency,
    status: refundDisplay({ requestStatus: null, refundStatus }),
    confirming: endsUnconfirmed({ ...row, refundStatus }),
    orderRef,
    changedAt,
  }
}

export function foundEventView(row: FoundEvent): FoundEventView {
  const { id, eventName, orderRef, receivedAt, status, outcome } = row
  return { id, eventName, orderRef, receivedAt, status, outcome }
}

export function foundRequestView(row: FoundRequest): FoundRequestView {
  const { id, amountMinor, currency, status: requestStatus, orderRef, requestedAt } = row
  const status = refundDisplay({ requestStatus, refundStatus: null })
  return { id, amountMinor, currency, status, orderRef, requestedAt }
}

export function foundBatchView({ id, no, name, status, total, createdAt }: FoundBatch): FoundBatchView {
  return { id, no, name, status, total, createdAt }
}

export function foundPersonView({ id, name, email, role }: FoundPerson): FoundPersonView {
  return { id, name, email, role }
}
