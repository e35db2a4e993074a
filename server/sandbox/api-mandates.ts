import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import type { Context } from './context.ts'
import { mandateRefusal, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { emitSideEvent } from './events.ts'
import { moveMandate } from './mandates.ts'
import { mandateObject } from './side-events.ts'
import type { Mandate, MandateStatus, OrderRecord } from './types.ts'

/** A debit that was announced this short ago cannot be called off (sample error/01). */
const CANCEL_AFTER_MS = 5 * 60_000

type Move = { from: readonly MandateStatus[]; to: MandateStatus; event: string }

const MOVES: Readonly<Record<string, Move>> = {
  revoke: { from: ['ACTIVE', 'PAUSED'], to: 'REVOKED', event: 'MANDATE_REVOKED' },
  pause: { from: ['ACTIVE'], to: 'PAUSED', event: 'MANDATE_PAUSED' },
  resume: { from: ['PAUSED'], to: 'ACTIVE', event: 'MANDATE_UNPAUSED' },
}

type Registered = OrderRecord & { mandate: Mandate & { status: MandateStatus } }

function registered(order: OrderRecord | null, merchantId: string): Registered | null {
  const { mandate } = order ?? {}
  if (!order || order.merchantId !== merchantId || !mandate?.status) return null
  return { ...order, mandate: { ...mandate, status: mandate.status } }
}

/** `POST /mandates/:id` (reference 9.1): what the merchant does with a mandate, and asking how it stands. */
export function commandMandate(context: Context, call: ApiCall): ApiAnswer {
  const order = registered(context.records.orderOfMandate(call.target), call.merchant.merchantId)
  if (!order) {
    const message = 'Mandate not found'
    return structuredError({ http: 404, errorCode: 'not_found', message, code: 'RESOURCE_NOT_FOUND' })
  }
  const command = text(call.params, 'command') ?? 'check_status'
  const move = MOVES[command]
  if (move) {
    if (!move.from.includes(order.mandate.status)) {
      const message = `Cannot ${command} a mandate that is ${order.mandate.status}`
      return structuredError({ errorCode: 'invalid_request', message, code: 'INVALID_ACTION' })
    }
    moveMandate(context, order, move.to, move.event, call.at)
    return shown(context, order, call.at)
  }
  switch (command) {
    case 'check_status':
      return shown(context, order, call.at)
    case 'pre_debit_notify':
      return notify(context, order, call.at)
    case 'cancel_recurring_transaction':
      return cancelDebit(context, call, order)
    default:
      return structuredError({
        errorCode: 'invalid_request',
        message: `Unknown command ${command}`,
        code: 'INVALID_INPUT',
      })
  }
}

function shown(context: Context, order: OrderRecord, at: number): ApiAnswer {
  const attempt = context.records.attempts(order.id).at(-1) ?? null
  const status = order.mandate?.status ?? 'CREATED'
  return { status: 200, body: mandateObject(status, { order, attempt, at }) }
}

function notify(context: Context, order: Registered, at: number): ApiAnswer {
  const told = { ...order, mandate: { ...order.mandate, noticeAt: at } }
  context.records.saveOrder(told)
  emitSideEvent(context, 'NOTIFICATION_SUCCEEDED', told, at)
  return shown(context, told, at)
}

/** Calls off the debit that was announced (samples error/01, 02 and 25 are its refusals). */
function cancelDebit(context: Context, call: ApiCall, order: Registered): ApiAnswer {
  if ((text(call.params, 'order_id') ?? '') === '') {
    const message = 'Please send order_id'
    return {
      status: 400,
      body: { status: 'Invalid Request', error_code: 'bad_request', error_message: message },
    }
  }
  const { noticeAt } = order.mandate
  if (noticeAt === null) return mandateRefusal('No active recurring transactions are scheduled.')
  if (call.at - noticeAt < CANCEL_AFTER_MS)
    return mandateRefusal('No scheduled recurring transactions are found.')
  const cleared = { ...order, mandate: { ...order.mandate, noticeAt: null } }
  context.records.saveOrder(cleared)
  return shown(context, cleared, call.at)
}
