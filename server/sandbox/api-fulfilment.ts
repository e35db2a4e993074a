import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import { mandatoryMissing, orderNotFound, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { winningAttempt } from './status.ts'
import type { OrderRecord } from './types.ts'

const STATUSES = new Set(['SUCCESS', 'FAILURE', 'PENDING'])
const COMMANDS = new Set(['NO_ACTION', 'RELEASE_HOLD', 'HOLD', 'POST_TXN_SPLIT_SETTLEMENT'])

function noCharge(): ApiAnswer {
  return structuredError({
    status: 'ERROR',
    errorCode: 'No txn Found',
    message: 'No successfull txn found for given order_id ',
    code: 'RESOURCE_NOT_FOUND',
  })
}

/** Sample error/21: what was done once is not done again. */
function alreadyDone(): ApiAnswer {
  return structuredError({
    status: 'ERROR',
    errorCode: 'invalid_request',
    message: 'The request is redundant,command has been previously executed successfully',
    userMessage: 'Request has already been executed successfully.',
    code: 'ALREADY_EXISTS',
  })
}

/** `POST /orders/:id/fulfillment` (reference 9.3): the shop says what became of the goods, and what to do with the money. */
export function fulfilOrder(context: Context, call: ApiCall): ApiAnswer {
  const status = text(call.params, 'fulfillment_status') ?? ''
  const command = text(call.params, 'fulfillment_command') || 'NO_ACTION'
  if (status === '') return mandatoryMissing()
  if (!STATUSES.has(status) || !COMMANDS.has(command)) {
    const field = STATUSES.has(status) ? 'fulfillment_command' : 'fulfillment_status'
    const fields = [{ field_name: field, reason: 'Invalid Value' }]
    return structuredError({
      errorCode: 'invalid_request',
      message: `Invalid ${field}`,
      code: 'INVALID_INPUT',
      fields,
    })
  }
  const order = context.records.orderOf(call.merchant.merchantId, call.target)
  if (!order) return orderNotFound(context.configuration.settings().unknownOrderOnStatus, call.target)
  if (winningAttempt(context.records.attempts(order.id))?.status !== 'CHARGED') return noCharge()
  const done = order.fulfilments ?? []
  if (command !== 'NO_ACTION' && done.some((one) => one.command === command)) return alreadyDone()
  const fulfilled = { ...order, fulfilments: [...done, { command, status, at: call.at }] }
  context.records.saveOrder(fulfilled)
  context.ledger.append('fulfilment', call.at, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    command,
    status,
  })
  return { status: 200, body: answer(fulfilled) }
}

function answer(order: OrderRecord) {
  return {
    status: 'SUCCESS',
    merchant_id: order.merchantId,
    order_id: order.orderId,
    commands: (order.fulfilments ?? []).map(({ command, at }) => ({
      status: 'SUCCESS',
      metadata: {},
      date_created: utcSeconds(at),
      command,
    })),
  }
}
