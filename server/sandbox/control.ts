import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { currentOrder } from './current-order.ts'
import type { Context } from './context.ts'
import { registerOrderControls } from './control-orders.ts'
import { registerSimulations } from './control-simulate.ts'
import { controlPage } from './control-page.ts'
import { ControlError, checked, controlRoute, pathParam, queryParam } from './control-route.ts'
import {
  clockSchema,
  merchantChangeSchema,
  sendWebhookSchema,
  settingsChangeSchema,
  trafficSchema,
  uploadKeySchema,
} from './control-schemas.ts'
import type { Delivery } from './deliveries.ts'
import { queueEvent } from './events.ts'
import { faultSchema } from './faults.ts'
import { uploadJwtKey, uploadSigningKey } from './uploaded-keys.ts'
import { hex } from './random.ts'
import type { JsonObject } from './serialise.ts'
import { merchantSchema, settingsSchema } from './settings.ts'
import { sideContent } from './side-events.ts'
import type { Traffic } from './traffic.ts'

/** What only the composed sandbox can do. */
export type ControlParts = {
  context: Context
  traffic: Traffic
  /** Moves virtual time, running timers and deliveries at their own instants. */
  advance: (milliseconds: number) => Promise<void>
}

const LONGEST_LIST = 500

function limitOf(request: FastifyRequest): number {
  const asked = Number(queryParam(request, 'limit') ?? 100)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, LONGEST_LIST) : 100
}

function state({ context, traffic }: ControlParts): JsonObject {
  const { clock, configuration, deliveries, faults, ledger, records, scheduler } = context
  return {
    now: new Date(clock.now()).toISOString(),
    clockFactor: clock.factor(),
    publicUrl: context.publicUrl(),
    orders: records.countOrders(),
    timers: scheduler.count(),
    deliveries: deliveries.counts(),
    ledgerSeq: ledger.lastSeq(),
    faults: faults.list(),
    traffic: traffic.state(),
    settings: configuration.settings(),
    merchants: configuration.merchants(),
    recentOrders: records.recentOrders(20).map((order) => {
      const shown = currentOrder(context, order)
      return {
        orderId: order.orderId,
        merchantId: order.merchantId,
        status: shown['status'],
        amount: shown['amount'],
      }
    }),
  }
}

/** A delivery for the log; the body only on demand. */
function deliveryView(context: Context, delivery: Delivery, withBody: boolean): JsonObject {
  const { body, nextAt, createdAt, ...rest } = delivery
  return {
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    nextAt: delivery.state === 'due' ? new Date(nextAt).toISOString() : null,
    log: context.deliveries.attempts(delivery.id),
    ...(withBody ? { body } : {}),
  }
}

function listDeliveries(context: Context, request: FastifyRequest): JsonObject {
  const orderId = queryParam(request, 'orderId')
  const limit = limitOf(request)
  const found = orderId ? context.deliveries.ofOrder(orderId, limit) : context.deliveries.recent(limit)
  const withBody = queryParam(request, 'body') === 'true'
  return { deliveries: found.map((delivery) => deliveryView(context, delivery, withBody)) }
}

/** Sends the same bytes with the same event id once more, now. */
function redeliver(context: Context, request: FastifyRequest): JsonObject {
  const original = context.deliveries.get(Number(pathParam(request, 'id')))
  if (!original) throw new ControlError(404, `No delivery ${pathParam(request, 'id')}.`)
  const now = context.clock.now()
  const again = {
    ...original,
    state: 'due' as const,
    nextAt: now,
    createdAt: now,
    note: `redelivery of ${original.id}`,
  }
  const id = context.deliveries.insert(again)
  context.wakePump()
  return { deliveryId: id }
}

function contentFor(context: Context, input: z.infer<typeof sendWebhookSchema>): JsonObject {
  if (input.content) return input.content
  const recent = context.records.recentOrders(1)[0]
  const order = input.orderId ? context.records.orderOf(input.merchantId, input.orderId) : recent
  if (!order) throw new ControlError(404, 'No such order; give content, rawBody or an existing orderId.')
  const attempt = context.records.attempts(order.id).at(-1) ?? null
  const view = { order, attempt, at: context.clock.now() }
  return sideContent(input.event, view) ?? { order: currentOrder(context, order) }
}

/** A named test event about an order, a custom content, or raw bytes; `times` sends each with its own id. */
function sendWebhook(context: Context, request: FastifyRequest): JsonObject {
  const input = checked(sendWebhookSchema, request)
  const merchant = context.configuration.merchant(input.merchantId)
  if (!merchant) throw new ControlError(404, `No merchant ${input.merchantId}.`)
  const at = context.clock.now()
  const { merchantId, event: eventName, orderId = 'manual' } = input
  const url = input.url ?? merchant.webhookUrl
  if (url === null) throw new ControlError(400, 'The merchant has no webhook URL; give url.')
  const ids = Array.from({ length: input.times }, () => {
    if (input.rawBody === undefined) {
      return queueEvent(context, {
        merchantId,
        orderId,
        eventName,
        at,
        content: contentFor(context, input),
        url,
      })
    }
    const eventId = `raw_${hex(32)}`
    const delivery = {
      eventId,
      eventName,
      merchantId,
      orderId,
      url,
      body: input.rawBody,
      nextAt: at,
      createdAt: at,
    }
    return [context.deliveries.insert({ ...delivery, state: 'due', note: 'raw body' })]
  })
  context.wakePump()
  return { deliveryIds: ids.flat() }
}

function merged<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const reasons = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw new ControlError(400, reasons.join('; '))
}

function registerSettings(app: FastifyInstance, { context, traffic, advance }: ControlParts): void {
  const { clock, configuration, faults } = context
  controlRoute(app, 'POST', '/control/merchants', (request) => {
    const change = checked(merchantChangeSchema, request)
    const merchant = merged(merchantSchema, { ...configuration.merchant(change.merchantId), ...change })
    configuration.saveMerchant(merchant)
    return { merchant }
  })
  const upload = (path: string, keep: typeof uploadJwtKey | typeof uploadSigningKey) =>
    controlRoute(app, 'POST', path, (request) => {
      const { merchantId, publicKey } = checked(uploadKeySchema, request)
      const merchant = configuration.merchant(merchantId)
      if (!merchant) throw new ControlError(404, `No merchant ${merchantId}.`)
      try {
        return keep(configuration, merchant, publicKey)
      } catch {
        throw new ControlError(400, 'publicKey must be an RSA public key in PEM.')
      }
    })
  upload('/control/jwt-keys', uploadJwtKey)
  upload('/control/signing-keys', uploadSigningKey)
  controlRoute(app, 'POST', '/control/settings', (request) => {
    const change = merged(settingsSchema, {
      ...configuration.settings(),
      ...checked(settingsChangeSchema, request),
    })
    return { settings: configuration.changeSettings(change) }
  })
  controlRoute(app, 'POST', '/control/clock', async (request) => {
    const change = checked(clockSchema, request)
    if (change.factor !== undefined) clock.setFactor(change.factor)
    if (change.advanceSeconds !== undefined) await advance(change.advanceSeconds * 1_000)
    return { now: new Date(clock.now()).toISOString(), clockFactor: clock.factor() }
  })
  controlRoute(app, 'POST', '/control/faults', (request) => {
    const input = checked(z.union([faultSchema, z.array(faultSchema).min(1)]), request)
    return { faults: (Array.isArray(input) ? input : [input]).map((fault) => faults.add(fault)) }
  })
  controlRoute(app, 'DELETE', '/control/faults', () => {
    faults.clear()
    return { faults: faults.list() }
  })
  controlRoute(app, 'DELETE', '/control/faults/:id', (request) => {
    faults.clear(Number(pathParam(request, 'id')))
    return { faults: faults.list() }
  })
  controlRoute(app, 'POST', '/control/traffic', (request) => traffic.change(checked(trafficSchema, request)))
}

/** The sandbox's own API (contract.md): scenarios, clock, faults, deliveries, ledger; and its page. */
export function registerControl(app: FastifyInstance, parts: ControlParts): void {
  const { context } = parts
  app.get('/control', async (_request, reply) => reply.type('text/html').send(controlPage()))
  controlRoute(app, 'GET', '/control/state', () => state(parts))
  controlRoute(app, 'GET', '/control/deliveries', (request) => listDeliveries(context, request))
  controlRoute(app, 'POST', '/control/deliveries/:id/redeliver', (request) => redeliver(context, request))
  controlRoute(app, 'POST', '/control/webhooks/send', (request) => sendWebhook(context, request))
  controlRoute(app, 'GET', '/control/ledger', (request) => {
    const lines = context.ledger.read(Number(queryParam(request, 'after') ?? 0), limitOf(request))
    return { lines, lastSeq: context.ledger.lastSeq() }
  })
  registerOrderControls(app, context)
  registerSimulations(app, context)
  registerSettings(app, parts)
}
