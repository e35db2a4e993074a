/** What messages about an order can be laid beside: each other, or what we hold of it. */
import { ExactNumber } from '../domain/exact-number.ts'
import { toDecimal } from '../domain/money.ts'
import type { AppDeps } from '../services/deps.ts'
import type { StoredOrder, StoredTransaction } from '../store/order-rows.ts'
import type { WebhookEventRow } from '../store/webhook-events-read.ts'
import { eventRowView } from './views/event.ts'
import type { EventRelatedView, EventSideView } from './views/event-detail.ts'
import { maskJson, showBody } from './views/masking.ts'

/** Messages offered of each kind, the newest. */
const RELATED_MAX = 100

export type Side = { kind: 'event' | 'check'; id: string } | { kind: 'record' }

type Asked = { deps: AppDeps; accountId: string; event: WebhookEventRow }

/** The messages about the event's order; an event of no known order has only itself. */
export async function relatedOf({ deps, accountId, event }: Asked): Promise<EventRelatedView> {
  const { store } = deps
  if (event.orderId === null) return { events: [eventRowView(event)], checks: [] }
  const [events, checks] = await Promise.all([
    store.webhookEvents.byOrder(accountId, event.orderId, RELATED_MAX),
    store.statusChecks.answered(accountId, event.orderId, RELATED_MAX),
  ])
  return {
    events: events.map(eventRowView),
    checks: checks.map(({ id, askedAt, outcome }) => ({ id, askedAt, outcome })),
  }
}

/** One side, masked as payloads are. Null when there is no such message about the order of `event`. */
export async function sideOf({ deps, accountId, event }: Asked, side: Side): Promise<EventSideView | null> {
  if (side.kind === 'event' && side.id === event.id) return bodyOf(deps, accountId, side.id)
  return event.orderId === null ? null : orderSide({ deps, accountId, orderId: event.orderId }, side)
}

/** The same of an order: one of its messages, or what we hold. */
export async function orderSide(
  { deps, accountId, orderId }: { deps: AppDeps; accountId: string; orderId: string },
  side: Side,
): Promise<EventSideView | null> {
  const { store } = deps
  switch (side.kind) {
    case 'event': {
      const other = await store.webhookEvents.byId(accountId, side.id)
      return other?.orderId === orderId ? bodyOf(deps, accountId, side.id) : null
    }
    case 'check': {
      const body = await store.statusChecks.bodyOf(accountId, { id: side.id, orderId })
      return body === null ? null : showBody(body)
    }
    case 'record':
      return recordSide(deps, accountId, orderId)
  }
}

async function bodyOf(deps: AppDeps, accountId: string, id: string): Promise<EventSideView | null> {
  const found = await deps.store.webhookEvents.bodyOf(accountId, id)
  return found === null ? null : showBody(found.body)
}

async function recordSide(deps: AppDeps, accountId: string, orderId: string): Promise<EventSideView | null> {
  const { store } = deps
  const order = await store.orders.byId(accountId, orderId)
  if (order === null) return null
  const [attempts, refunds] = await Promise.all([
    store.orders.attempts(accountId, orderId),
    store.refunds.byOrder(accountId, orderId),
  ])
  const told = refunds.filter((refund) => refund.uniqueRequestId !== null)
  return { text: null, json: maskJson({ ...orderFields(order, attempts), refunds: told.map(refundFields) }) }
}

/** Our order under the names Juspay uses for the same things (API reference §3.5), so that fields meet. */
function orderFields(order: StoredOrder, attempts: readonly StoredTransaction[]) {
  const money = (minor: bigint | null) => exactMoney(minor, order.currency)
  const attempt = attempts.at(-1)
  return {
    order_id: order.orderRef,
    id: order.providerOrderRef,
    status: order.providerStatus,
    amount: money(order.amountMinor),
    effective_amount: money(order.effectiveAmountMinor),
    amount_refunded: money(order.refundedMinor + order.externalRefundedMinor),
    currency: order.currency,
    customer_id: order.customerRef,
    customer_email: order.customerEmail,
    customer_phone: order.customerPhone,
    description: order.description,
    return_url: order.returnUrl,
    payment_method_type: order.methodType,
    payment_method: order.method,
    date_created: order.createdAtStated ? order.createdAt.toISOString() : null,
    ...order.udf,
    ...(attempt && {
      txn_id: attempt.txnRef,
      txn_uuid: attempt.txnUuid,
      txn_detail: {
        txn_id: attempt.txnRef,
        status: attempt.providerStatus,
        txn_amount: money(attempt.amountMinor),
        net_amount: money(attempt.netAmountMinor),
        gateway: attempt.gateway,
        error_code: attempt.errorCode,
        error_message: attempt.errorMessage,
      },
    }),
  }
}

type ToldRefund = {
  uniqueRequestId: string | null
  refundStatus: string | null
  amountMinor: bigint
  currency: string
  ref: string | null
  arn: string | null
}

const REFUND_WORDS: Readonly<Record<string, string>> = {
  succeeded: 'SUCCESS',
  failed: 'FAILURE',
  pending: 'PENDING',
}

function refundFields(refund: ToldRefund) {
  return {
    unique_request_id: refund.uniqueRequestId,
    status: REFUND_WORDS[refund.refundStatus ?? ''] ?? refund.refundStatus,
    amount: exactMoney(refund.amountMinor, refund.currency),
    ref: refund.ref,
    arn: refund.arn,
  }
}

function exactMoney(minor: bigint | null, currency: string): ExactNumber | null {
  return minor === null ? null : new ExactNumber(toDecimal({ minor, currency }))
}
