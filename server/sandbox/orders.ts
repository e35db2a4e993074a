import type { Context } from './context.ts'
import { emitOrderEvent } from './events.ts'
import { hex } from './random.ts'
import type { Merchant } from './settings.ts'
import { tookMoney, winningAttempt } from './status.ts'
import type { AttemptRecord, OrderRecord } from './types.ts'

/** Client tokens and pages live 15 minutes (reference 1.4, 3.1). */
const TOKEN_MS = 15 * 60_000

export type OrderFields = Pick<
  OrderRecord,
  | 'orderId'
  | 'amountMinor'
  | 'currency'
  | 'customerId'
  | 'customerEmail'
  | 'customerPhone'
  | 'firstName'
  | 'lastName'
  | 'returnUrl'
  | 'productId'
  | 'description'
  | 'udf'
  | 'metadata'
  | 'autoCapture'
  | 'troubles'
  | 'mandate'
  | 'clientId'
  | 'basket'
  | 'fulfilmentMinutes'
  | 'terms'
>

function lifetime(fields: Pick<OrderFields, 'metadata'>): number {
  const minutes = Number(fields.metadata['expiryInMins'])
  return Number.isFinite(minutes) && minutes > 0 ? minutes * 60_000 : TOKEN_MS
}

/** Creates the order, writes the ledger and queues ORDER_CREATED. The caller has checked the id is free. */
export function createOrder(
  context: Context,
  merchant: Merchant,
  fields: OrderFields,
  at: number,
): OrderRecord {
  const order: OrderRecord = {
    ...fields,
    id: `ordeh_${hex(32)}`,
    merchantId: merchant.merchantId,
    returnUrl: fields.returnUrl === '' ? merchant.returnUrl : fields.returnUrl,
    token: `tkn_${hex(32)}`,
    tokenExpiresAt: at + TOKEN_MS,
    expiresAt: at + lifetime(fields),
    createdAt: at,
    updatedAt: at,
  }
  context.records.insertOrder(order)
  context.ledger.append('order_created', at, {
    merchantId: order.merchantId,
    orderId: order.orderId,
    orderKey: order.id,
    amountMinor: order.amountMinor.toString(),
    currency: order.currency,
  })
  emitOrderEvent(context, 'ORDER_CREATED', order, null, at)
  return order
}

/** A fresh client token for an unpaid order; its page lives on as long (reference 2.2, last rule). */
export function renewToken(context: Context, order: OrderRecord, at: number): OrderRecord {
  const renewed = {
    ...order,
    token: `tkn_${hex(32)}`,
    tokenExpiresAt: at + TOKEN_MS,
    expiresAt: Math.max(order.expiresAt, at + lifetime(order)),
  }
  context.records.saveOrder(renewed)
  return renewed
}

/** Whether money was taken or held: such an order can be neither changed nor paid again. */
export function isPaid(attempts: readonly AttemptRecord[]): boolean {
  const winner = winningAttempt(attempts)
  return winner !== null && tookMoney(winner.status)
}
