/** Contents of events that are about something beside an order: mandates, debit notices, chargebacks (reference 6.4). */
import { utcSeconds } from './clock.ts'
import { jsonAmount, oneDecimal, parseDecimal } from './money.ts'
import type { JsonObject } from './serialise.ts'
import { txnObject } from './serialise-attempt.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** `content.mandate.status` by event name, as in the published samples. MANDATE_UPDATED changes none: still active. */
const MANDATE_STATUS: Record<string, string> = {
  MANDATE_CREATED: 'CREATED',
  MANDATE_ACTIVATED: 'ACTIVE',
  MANDATE_UPDATED: 'ACTIVE',
  MANDATE_UNPAUSED: 'ACTIVE',
  MANDATE_PAUSED: 'PAUSED',
  MANDATE_FAILED: 'FAILURE',
  MANDATE_REVOKED: 'REVOKED',
  MANDATE_EXPIRED: 'EXPIRED',
}

const NOTIFICATION_STATUS: Record<string, string> = {
  NOTIFICATION_SUCCEEDED: 'SUCCESS',
  NOTIFICATION_FAILED: 'FAILURE',
}

const CHARGEBACK = 'CHARGEBACK_'
const DAY = 86_400_000

/** Days in which the merchant must answer the bank; networks give ten to thirty. */
const ANSWER_DAYS = 10
const DEBIT_DAYS = 2
const MANDATE_DAYS = 365

/** What is told about: the order, its newest attempt, and the virtual instant. */
export type SideView = { order: OrderRecord; attempt: AttemptRecord | null; at: number }

/**
 * The content of a mandate, notification or chargeback event about an order; null for every other name. The ids follow
 * from the order, so that a mandate created and then activated is the same mandate.
 */
export function sideContent(eventName: string, view: SideView): JsonObject | null {
  const mandate = MANDATE_STATUS[eventName]
  if (mandate !== undefined) return { mandate: mandateObject(mandate, view) }
  const notification = NOTIFICATION_STATUS[eventName]
  if (notification !== undefined) return { notification: notificationObject(notification, view) }
  if (!eventName.startsWith(CHARGEBACK)) return null
  return { chargeback: chargebackObject(eventName.slice(CHARGEBACK.length), view) }
}

/** What is agreed, as the order asked for it; an order that asked for none gets the commonest terms. */
function agreed({ mandate, ...order }: OrderRecord): JsonObject {
  const most = mandate && parseDecimal(mandate.maxAmount, order.currency)
  return {
    mandate_id: mandateId(order.id),
    mandate_type: 'EMANDATE',
    mandate_token: order.token,
    frequency: mandate?.frequency ?? 'ASPRESENTED',
    amount_rule: mandate?.amountRule ?? 'VARIABLE',
    max_amount: jsonAmount(most ?? order.amountMinor, order.currency),
    start_date: mandate?.startDate ?? epochSeconds(order.createdAt),
    end_date: mandate?.endDate ?? epochSeconds(order.createdAt + MANDATE_DAYS * DAY),
    block_fund: mandate?.blockFunds ?? false,
    revokable_by_customer: mandate?.revocable ?? true,
    ...(mandate?.ruleType ? { rule_type: mandate.ruleType } : {}),
    ...(mandate?.ruleValue == null ? {} : { rule_value: mandate.ruleValue }),
  }
}

/** `mandate` of an order answer (reference 3.5); null while there is none. */
export function mandateBlock(order: OrderRecord, attempt: AttemptRecord | null): JsonObject | null {
  const status = order.mandate?.status
  if (!status) return null
  const isCard = attempt?.instrument.type === 'CARD'
  return { ...agreed(order), ...(isCard ? { mandate_type: 'MANDATE' } : {}), mandate_status: status }
}

/** Reference 6.4 `content.mandate`; start and end are text of epoch seconds there. */
export function mandateObject(status: string, { order, attempt, at }: SideView): JsonObject {
  const instrument = attempt?.instrument ?? null
  const used = status !== 'CREATED' && status !== 'FAILURE'
  return {
    ...agreed(order),
    status,
    order_id: order.orderId,
    currency: order.currency,
    customer_id: order.customerId,
    payment_info: {
      payment_method_type: instrument?.type ?? 'UPI',
      payment_method: instrument?.method ?? 'UPI',
      ...(instrument?.vpa ? { upi: { payer_vpa: instrument.vpa } } : {}),
    },
    last_updated: utcSeconds(at),
    ...(used ? { activated_at: utcSeconds(order.updatedAt) } : {}),
  }
}

/** Reference 6.4 `content.notification`; every instant in it is text of epoch seconds. */
function notificationObject(status: string, { order, at }: SideView): JsonObject {
  const delivered = status === 'SUCCESS'
  return {
    id: epochSeconds(at),
    status,
    object: 'notification',
    object_reference_id: `${order.orderId}-notice`,
    description: 'Notification for upcoming mandate',
    source_object: 'MANDATE',
    source_info: {
      amount: oneDecimal(order.amountMinor, order.currency),
      txn_date: epochSeconds(at + DEBIT_DAYS * DAY),
    },
    provider_name: 'HYPERPG',
    notification_type: 'SMS',
    response_code: delivered ? '00' : 'U99',
    response_message: delivered ? 'Notified' : 'Customer could not be reached',
    mandate: { mandate_id: mandateId(order.id) },
    date_created: epochSeconds(at),
    last_updated: epochSeconds(at),
  }
}

/** Reference 9.5, in the spelling of Juspay's other webhooks: no chargeback body was ever published. */
function chargebackObject(word: string, { order, attempt, at }: SideView): JsonObject {
  const over = !['RECEIVED', 'UNDER_REVIEW', 'EVIDENCE_REQUIRED'].includes(word)
  return {
    id: `chb_${order.id.slice(-24)}`,
    amount: jsonAmount(attempt?.amountMinor ?? order.amountMinor, order.currency),
    currency: order.currency,
    order_id: order.orderId,
    object: 'chargeback',
    object_reference_id: attempt?.epgTxnId ?? order.id,
    txn: attempt === null ? { order_id: order.orderId } : txnObject(order, attempt),
    chargeback_status: word,
    reason: 'Goods or services not received',
    date_created: utcSeconds(order.updatedAt),
    date_resolved: over ? utcSeconds(at) : null,
    last_updated: utcSeconds(at),
    metadata: word === 'EVIDENCE_REQUIRED' ? { respond_by: utcSeconds(at + ANSWER_DAYS * DAY) } : {},
  }
}

function mandateId(orderKey: string): string {
  return `mdt${orderKey.slice(-19)}`
}

function epochSeconds(at: number): string {
  return String(Math.floor(at / 1_000))
}
