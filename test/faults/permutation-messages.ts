/** Messages about the one order of a scene: what Juspay posts about it, and what it answers when asked. */
import { orderBody, type BodyAttempt, type BodyRefund } from '../support/factories.ts'

/** One message. A webhook is what Juspay posts; an answer is what the order status API said when it was asked. */
export type Message = { kind: 'webhook' | 'answer'; label: string; json: Readonly<Record<string, unknown>> }

/** The order's reference in the bodies: a placeholder, for real orders have references of the same length. */
export const SCENE_ORDER = 'scene-0000000'

const MANDATE = `mandate-${SCENE_ORDER}`
/** In rupees. */
export const AMOUNT = 1_000
const DAY = '2026-11-20T'

type Told = {
  attempt?: BodyAttempt
  refunds?: readonly BodyRefund[]
  extra?: Readonly<Record<string, unknown>>
}
export type Fields = Readonly<Record<string, unknown>>

export function at(minute: number): string {
  return `${DAY}${String(6 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00Z`
}

/** Everything Juspay masks in webhooks (API reference §6.4), at once. */
export const MASKED = {
  customer_email: 'FILTERED',
  customer_phone: 'FILTERED',
  customer_id: 'FILTERED',
  effective_amount: 'FILTERED',
  card: 'FILTERED',
  payment_gateway_response: 'FILTERED',
  udf1: 'FILTERED',
} as const

/** The first attempt and the second. */
export function first(status: string, more: Partial<BodyAttempt> = {}): BodyAttempt {
  return { txnId: `m-${SCENE_ORDER}-1`, status, ...more }
}
export function second(status: string, more: Partial<BodyAttempt> = {}): BodyAttempt {
  return { txnId: `m-${SCENE_ORDER}-2`, status, gateway: 'PAYU', created: at(5), ...more }
}
export function refund(
  key: string,
  status: string,
  amount: number,
  more: Partial<BodyRefund> = {},
): BodyRefund {
  return { key, status, amount, ...(status === 'SUCCESS' ? { ref: `utr-${key}` } : {}), ...more }
}

function order(status: string, minute: number, { attempt, refunds, extra }: Told = {}): Fields {
  return orderBody({
    orderId: SCENE_ORDER,
    status,
    amount: AMOUNT,
    at: at(minute),
    ...(attempt === undefined ? {} : { attempt }),
    ...(refunds === undefined ? {} : { refunds }),
    extra: { id: 'ordeh_scene', ...extra },
  })
}

function webhook(name: string, minute: number, content: Fields, id = `evt_${name}_${minute}`): Message {
  return {
    kind: 'webhook',
    label: `${name}@${minute}`,
    json: { id, event_name: name, date_created: at(minute), content },
  }
}

export function says(name: string, status: string, minute: number, told: Told = {}): Message {
  return webhook(name, minute, { order: order(status, minute, told) })
}

export function answers(status: string, minute: number, told: Told = {}): Message {
  return { kind: 'answer', label: `answer ${status}@${minute}`, json: order(status, minute, told) }
}

/** An event that tells one attempt only (`content.txn`). */
export function attemptOnly(name: string, minute: number, attempt: BodyAttempt): Message {
  const txn = {
    txn_id: attempt.txnId,
    order_id: SCENE_ORDER,
    status: attempt.status,
    txn_amount: attempt.amount ?? AMOUNT,
    net_amount: attempt.amount ?? AMOUNT,
    currency: 'INR',
    gateway: attempt.gateway ?? 'RAZORPAY',
    payment_method_type: 'CARD',
    created: attempt.created ?? at(1),
  }
  return webhook(name, minute, { txn })
}

export function refundOnly(name: string, minute: number, part: BodyRefund): Message {
  const { key, status, amount, ref = null } = part
  const body = {
    order_id: SCENE_ORDER,
    unique_request_id: key,
    status,
    amount,
    ref,
    initiated_by: 'Portal User',
  }
  return webhook(name, minute, { refund: body })
}

export function dispute(word: string, minute: number, more: Fields = {}): Message {
  const body = {
    id: `cb_1-${SCENE_ORDER}`,
    amount: '400.50',
    order_id: SCENE_ORDER,
    reason: 'Not received',
    ...more,
  }
  return webhook(`CHARGEBACK_${word}`, minute, { chargeback: body })
}

export function mandate(name: string, status: string, minute: number, more: Fields = {}): Message {
  const body = { mandate_id: MANDATE, order_id: SCENE_ORDER, status, max_amount: '399', ...more }
  return webhook(name, minute, { mandate: body })
}

export function notice(name: string, minute: number, more: Fields = {}): Message {
  const body = {
    id: `n${minute}`,
    mandate: { mandate_id: MANDATE },
    source_info: { amount: '399' },
    ...more,
  }
  return webhook(name, minute, { notification: body })
}

/** The same event in other bytes, as a sender that rebuilds its message sends it. */
export function variantOf(message: Message, told: Fields): Message {
  const content = { ...Object(message.json['content']) }
  const body = { ...Object(content.order), ...told }
  return { ...message, label: `${message.label}'`, json: { ...message.json, content: { order: body } } }
}
