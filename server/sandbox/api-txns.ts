import { currentOrder } from './current-order.ts'
import type { ApiCall } from './api-route.ts'
import { startAttempt } from './attempts.ts'
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import type { Context } from './context.ts'
import { mandatoryMissing, orderNotFound, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { captureHold, voidHold, voidPart } from './holds.ts'
import { instrumentFrom } from './instruments.ts'
import { parseDecimal } from './money.ts'
import { orderFields } from './order-fields.ts'
import { createOrder, isPaid } from './orders.ts'
import { scheduleSteps } from './scenarios.ts'
import type { JsonObject } from './serialise.ts'
import { isHeld } from './status.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** `/txns` names order fields `order.amount`; the shared reader wants them bare. */
function withoutPrefix(params: Params): Params {
  return new Map([...params].map(([key, value]) => [key.replace(/^order\./, ''), value]))
}

function orderFor(context: Context, call: ApiCall): OrderRecord | { refusal: ApiAnswer } {
  const params = withoutPrefix(call.params)
  const orderId = text(params, 'order_id') ?? ''
  if (orderId === '') return { refusal: mandatoryMissing() }
  const existing = context.records.orderOf(call.merchant.merchantId, orderId)
  if (existing) return existing
  const parsed = orderFields(params, context.configuration.settings())
  return 'refusal' in parsed ? parsed : createOrder(context, call.merchant, parsed.fields, call.at)
}

/** Reference 9.9, amounts in minor units: below the first an attempt succeeds, from the second on it takes its time. */
const FAILS_FROM = 50_000n
const WAITS_FROM = 70_000n
/** Seconds in which the customer is at the bank. */
const AT_BANK = 2

/** With the switch on, an attempt ends by its amount and nobody has to press a button. */
function endByAmount(context: Context, order: OrderRecord, attempt: AttemptRecord, at: number): void {
  const { amountRules, pendingSeconds } = context.configuration.settings()
  if (!amountRules) return
  const waits = attempt.amountMinor >= WAITS_FROM
  const fails = attempt.amountMinor >= FAILS_FROM && !waits
  const outcome = fails ? 'authorization_failed' : 'success'
  const after = waits ? pendingSeconds : AT_BANK
  scheduleSteps(context, order, [{ after, do: 'outcome', attempt: attempt.n, outcome }], at)
}

/** `POST /txns` (reference 3.3): starts an attempt; the customer authenticates on the hosted page. */
export function createTxn(context: Context, call: ApiCall): ApiAnswer {
  const order = orderFor(context, call)
  if ('refusal' in order) return order.refusal
  const refuse = (message: string) =>
    structuredError({ errorCode: 'invalid_request', message, code: 'INVALID_ACTION' })
  if (isPaid(context.records.attempts(order.id))) return refuse('Order is already paid')
  const wish = {
    type: text(call.params, 'payment_method_type'),
    method: text(call.params, 'payment_method'),
    app: text(call.params, 'upi_app') || undefined,
  }
  const attempt = startAttempt(context, order, instrumentFrom(wish), call.at)
  if (!attempt) return refuse('Maximum number of transactions reached for the order')
  endByAmount(context, order, attempt, call.at)
  return {
    status: 200,
    body: {
      order_id: order.orderId,
      txn_id: attempt.txnId,
      txn_uuid: attempt.txnUuid,
      status: attempt.status,
      payment: {
        authentication: { url: `${context.publicUrl()}/payment-page/order/${order.id}`, method: 'GET' },
      },
      offer_details: { offers: [] },
    },
  }
}

type Hold = { attempt: AttemptRecord; order: OrderRecord; isRepeat: boolean }

/** The hold a call is about. A repeated `idempotence_key` is answered with the order as it is, and does nothing again. */
function held(context: Context, call: ApiCall, verb: 'Capture' | 'Void'): Hold | { refusal: ApiAnswer } {
  const attempt = context.records.attempt(call.target)
  const order = attempt ? context.records.order(attempt.orderKey) : null
  if (!attempt || !order || order.merchantId !== call.merchant.merchantId) {
    return { refusal: orderNotFound(404, call.target) }
  }
  const key = text(call.params, 'idempotence_key') || undefined
  if (key !== undefined && attempt.holdKey === key) return { attempt, order, isRepeat: true }
  if (isHeld(attempt.status))
    return { attempt: key === undefined ? attempt : { ...attempt, holdKey: key }, order, isRepeat: false }
  const message = `Cannot ${verb} ${attempt.status} Transaction`
  return { refusal: structuredError({ errorCode: 'Invalid', message, code: 'INVALID_INPUT' }) }
}

function shown(context: Context, order: OrderRecord): JsonObject {
  return currentOrder(context, context.records.order(order.id) ?? order)
}

/** `POST /v2/txns/:uuid/capture` (reference 9.2): all of the hold, or less. */
export function captureTxn(context: Context, call: ApiCall): ApiAnswer {
  const found = held(context, call, 'Capture')
  if ('refusal' in found) return found.refusal
  const { attempt, order, isRepeat } = found
  if (isRepeat) return { status: 200, body: shown(context, order) }
  const asked = text(call.params, 'amount')
  const amountMinor = asked === undefined ? attempt.amountMinor : parseDecimal(asked, order.currency)
  if (amountMinor === null || amountMinor <= 0n || amountMinor > attempt.amountMinor) {
    return structuredError({ errorCode: 'Invalid', message: 'Invalid capture amount', code: 'INVALID_INPUT' })
  }
  captureHold(context, order, attempt, amountMinor, call.at)
  return { status: 200, body: shown(context, order) }
}

/** `POST /v2/txns/:uuid/void` (reference 9.2): all of the hold, or a part (sample 129). */
export function voidTxn(context: Context, call: ApiCall): ApiAnswer {
  const found = held(context, call, 'Void')
  if ('refusal' in found) return found.refusal
  const { attempt, order, isRepeat } = found
  if (isRepeat) return { status: 200, body: shown(context, order) }
  const asked = text(call.params, 'amount')
  const amountMinor = asked === undefined ? attempt.amountMinor : parseDecimal(asked, order.currency)
  if (amountMinor === null || amountMinor <= 0n || amountMinor > attempt.amountMinor) {
    return structuredError({ errorCode: 'Invalid', message: 'Invalid void amount', code: 'INVALID_INPUT' })
  }
  if (amountMinor < attempt.amountMinor) voidPart(context, order, attempt, amountMinor, call.at)
  else voidHold(context, order, attempt, call.at)
  return { status: 200, body: shown(context, order) }
}
