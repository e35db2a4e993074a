import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import type { WebhookFault } from './faults.ts'
import { legacyTyped, masked } from './masking.ts'
import { hex } from './random.ts'
import { sideContent } from './side-events.ts'
import { splitOf } from './split-tender.ts'
import { orderObject, visibleRefunds } from './serialise.ts'
import type { JsonObject } from './serialise.ts'
import { txnObject } from './serialise-attempt.ts'
import { rememberView } from './status-lag.ts'
import type { AttemptRecord, EventName, OrderRecord, Trouble } from './types.ts'

/** The envelope of reference 6.3. */
function envelope(eventName: string, at: number, content: JsonObject): { id: string; body: string } {
  const id = `evt_V2_${hex(32)}`
  return { id, body: JSON.stringify({ id, event_name: eventName, date_created: utcSeconds(at), content }) }
}

/** How late every webhook of an order with the trouble `late` is, and every second one of an order with `reorder`. */
const LATE_SECONDS = 20
const REORDER_SECONDS = 6

/** What an order with the trouble `lose` still tells: that it exists and was tried, never how it ended. */
const NOT_LOST: ReadonlySet<string> = new Set(['ORDER_CREATED', 'TXN_CREATED'])

function shaped(context: Context, { content, troubles = [] }: Outgoing): JsonObject {
  const mode = context.configuration.settings().webhookPayload
  if (mode === 'masked' || troubles.includes('mask')) return masked(content)
  return mode === 'legacy' || troubles.includes('legacy') ? legacyTyped(content) : content
}

function delaySeconds(
  context: Context,
  { orderId, troubles = [] }: Outgoing,
  faults: readonly WebhookFault[],
): number {
  const injected = faults.reduce((sum, fault) => {
    const late = fault.kind === 'webhook_delay' || fault.kind === 'webhook_reorder'
    return late ? sum + fault.delaySeconds : sum
  }, 0)
  const isHeldBack = troubles.includes('reorder') && context.deliveries.countOfOrder(orderId) % 2 === 0
  return injected + (troubles.includes('late') ? LATE_SECONDS : 0) + (isHeldBack ? REORDER_SECONDS : 0)
}

export type Outgoing = {
  merchantId: string
  orderId: string
  eventName: string
  at: number
  content: JsonObject
  /** Overrides the merchant's address: metadata.webhook_url of the order, webhook_url of a refund. */
  url: string | null
  /** Of the order it tells about. */
  troubles?: readonly Trouble[] | undefined
}

/**
 * Freezes an event's bytes and queues it. Every later attempt and duplicate sends the same bytes with the same id.
 * @returns the delivery ids; empty when the merchant has no address or did not subscribe (a silent gate, reference 1.6)
 */
export function queueEvent(context: Context, outgoing: Outgoing): number[] {
  const { eventName, merchantId, orderId, at, troubles = [] } = outgoing
  const merchant = context.configuration.merchant(merchantId)
  const url = outgoing.url ?? merchant?.webhookUrl ?? null
  const subscribed = merchant?.webhookEvents?.includes(eventName) ?? true
  if (url === null || !subscribed) return []
  const { id, body } = envelope(eventName, at, shaped(context, outgoing))
  const faults = context.faults.forEvent(eventName)
  const has = (kind: WebhookFault['kind']) => faults.some((fault) => fault.kind === kind)
  const nextAt = at + delaySeconds(context, outgoing, faults) * 1_000
  const delivery = { eventId: id, eventName, merchantId, orderId, url, body, nextAt, createdAt: at }
  const isLost = has('webhook_drop') || (troubles.includes('lose') && !NOT_LOST.has(eventName))
  const state = isLost ? 'dropped' : 'due'
  const ids = [context.deliveries.insert({ ...delivery, state, note: null })]
  if (state === 'due' && (has('webhook_duplicate') || troubles.includes('duplicate'))) {
    ids.push(context.deliveries.insert({ ...delivery, state, note: 'injected duplicate' }))
  }
  context.wakePump()
  return ids
}

function orderWebhookUrl(order: OrderRecord): string | null {
  const url = order.metadata['webhook_url']
  return typeof url === 'string' && url !== '' ? url : null
}

/** An order event, seen through one attempt: its status, its refunds (reference 6.4). */
export function emitOrderEvent(
  context: Context,
  eventName: EventName,
  order: OrderRecord,
  attempt: AttemptRecord | null,
  at: number,
  url: string | null = null,
): void {
  rememberView(context, order, at)
  const refunds = visibleRefunds(context.records.refunds(order.id), attempt)
  const split = splitOf(context, order)
  const view = { order, attempt, refunds, publicUrl: context.publicUrl(), fullGatewayResponse: false, split }
  queueEvent(context, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    eventName,
    at,
    content: { order: orderObject(view) },
    url: url ?? orderWebhookUrl(order),
    troubles: order.troubles,
  })
}

/** TXN_CHARGED and TXN_FAILED carry `content.txn`. */
export function emitTxnEvent(
  context: Context,
  eventName: 'TXN_CHARGED' | 'TXN_FAILED',
  order: OrderRecord,
  attempt: AttemptRecord,
  at: number,
): void {
  queueEvent(context, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    eventName,
    at,
    content: { txn: txnObject(order, attempt) },
    url: orderWebhookUrl(order),
    troubles: order.troubles,
  })
}

/** A mandate, notification or chargeback event about an order, as its newest attempt is. Other names say nothing. */
export function emitSideEvent(context: Context, eventName: string, order: OrderRecord, at: number): void {
  const attempt = context.records.attempts(order.id).at(-1) ?? null
  const content = sideContent(eventName, { order, attempt, at })
  if (content === null) return
  queueEvent(context, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    eventName,
    at,
    content,
    url: orderWebhookUrl(order),
    troubles: order.troubles,
  })
}
