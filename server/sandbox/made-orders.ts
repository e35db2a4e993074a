/** Orders that are made by hand, by a scenario or by a simulation, and not by a merchant's call. */
import type { z } from 'zod'
import type { Context } from './context.ts'
import { ControlError } from './control-route.ts'
import type { newOrderSchema } from './control-schemas.ts'
import { instrumentFrom } from './instruments.ts'
import { parseDecimal } from './money.ts'
import { createOrder } from './orders.ts'
import { alphanumeric } from './random.ts'
import { scenarioOrder, scenarioSteps } from './scenario-steps.ts'
import { scheduleSteps } from './scenarios.ts'
import type { Merchant } from './settings.ts'
import type { OrderRecord, Trouble } from './types.ts'

type NewOrder = z.infer<typeof newOrderSchema>

/** Seconds between the steps of a back-dated order, so that its history looks lived. */
const BACKDATED_PACE = 8

export function merchantOr404(context: Context, merchantId: string): Merchant {
  const merchant = context.configuration.merchant(merchantId)
  if (!merchant) throw new ControlError(404, `No merchant ${merchantId}.`)
  return merchant
}

export function wishOf(
  input: Pick<NewOrder, 'paymentMethodType' | 'paymentMethod' | 'gateway' | 'vpa' | 'lastFour' | 'payerApp'>,
) {
  const { paymentMethodType: type, paymentMethod: method, gateway, vpa, lastFour, payerApp: app } = input
  return instrumentFrom({ type, method, gateway, vpa, lastFour, app })
}

function udfList(udf: Record<string, string> | undefined): string[] {
  return Array.from({ length: 10 }, (_, i) => udf?.[`udf${i + 1}`] ?? '')
}

/** An id that is free, and is seen to be the sandbox's. */
export function madeOrderId(): string {
  return `SB${alphanumeric(10).toUpperCase()}`
}

/** An order and how long its plan takes. */
export type MadeOrder = { order: OrderRecord; lastsSeconds: number }

/** Makes an order and plans what happens to it; back-dated orders get a history that looks lived. */
export function insertOrder(
  context: Context,
  merchant: Merchant,
  input: NewOrder,
  orderId: string,
  at: number,
  troubles: readonly Trouble[] = [],
): MadeOrder {
  const amountMinor = parseDecimal(input.amount, input.currency)
  if (amountMinor === null || amountMinor <= 0n)
    throw new ControlError(400, `amount: not a positive decimal: ${input.amount}`)
  if (context.records.orderOf(merchant.merchantId, orderId))
    throw new ControlError(409, `Order ${orderId} exists already.`)
  const start = scenarioOrder(input.scenario)
  const fields = {
    orderId,
    amountMinor,
    currency: input.currency,
    customerId: input.customerId ?? 'cust_sandbox',
    customerEmail: input.customerEmail ?? 'meera.krishnan@example.com',
    customerPhone: input.customerPhone ?? '9876543210',
    firstName: input.firstName ?? 'Meera',
    lastName: input.lastName ?? 'Krishnan',
    returnUrl: input.returnUrl ?? '',
    productId: '',
    description: input.description ?? '',
    udf: udfList(input.udf),
    metadata: { ...input.metadata, ...start.metadata },
    autoCapture: start.autoCapture,
    ...(start.mandate ? { mandate: start.mandate } : {}),
    ...(start.terms ? { terms: start.terms } : {}),
    ...(troubles.length > 0 ? { troubles } : {}),
  }
  const order = createOrder(context, merchant, fields, at)
  const pace = input.paceSeconds ?? (input.createdAt ? BACKDATED_PACE : 0)
  const settings = context.configuration.settings()
  const steps = scenarioSteps(
    input.scenario,
    wishOf(input),
    pace,
    settings,
    merchant.conflictThresholdMinutes,
  )
  scheduleSteps(context, order, steps, at)
  return { order, lastsSeconds: Math.max(0, ...steps.map(({ after }) => after)) }
}
