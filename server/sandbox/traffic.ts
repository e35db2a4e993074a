import type { Context } from './context.ts'
import { createOrder } from './orders.ts'
import { scheduleSteps } from './scenarios.ts'
import { trafficPlan } from './traffic-plan.ts'
import type { TrafficPlan } from './traffic-plan.ts'

const FILL_ORDERS = 60
const FILL_MS = 24 * 60 * 60_000

export type TrafficOptions = {
  merchantId: string
  seed: number
  perMinute: number
  fill: boolean
  returnUrl: string
}

export type TrafficState = { perMinute: number; paused: boolean; made: number; seed: number }

/** Gentle, believable orders at a steady rate of virtual time. */
export type Traffic = {
  start(): void
  state(): TrafficState
  change(change: { perMinute?: number | undefined; paused?: boolean | undefined }): TrafficState
  /** Long jumps of the clock must not fill the database with orders. */
  suspend(): void
  resume(): void
}

function placeOrder(context: Context, options: TrafficOptions, plan: TrafficPlan, at: number): void {
  const merchant = context.configuration.merchant(options.merchantId)
  if (!merchant || context.records.orderOf(merchant.merchantId, plan.orderId)) return
  const fields = {
    orderId: plan.orderId,
    amountMinor: plan.amountMinor,
    currency: 'INR',
    customerId: plan.customerId,
    customerEmail: plan.email,
    customerPhone: plan.phone,
    firstName: plan.firstName,
    lastName: plan.lastName,
    returnUrl: options.returnUrl,
    productId: '',
    description: plan.description,
    udf: [plan.city, '', '', '', '', '', '', '', '', ''],
    metadata: {},
    autoCapture: true,
  }
  scheduleSteps(context, createOrder(context, merchant, fields, at), plan.steps, at)
}

export function createTraffic(context: Context, options: TrafficOptions): Traffic {
  const { clock, configuration, records, scheduler } = context
  let perMinute = options.perMinute
  let paused = false
  const made = () => Number(configuration.meta('traffic_made') ?? 0)

  const nextPlan = (): TrafficPlan => {
    const n = made()
    configuration.setMeta('traffic_made', String(n + 1))
    return trafficPlan(options.seed, n)
  }
  const isOn = () => perMinute > 0 && !paused
  const restart = () => {
    scheduler.cancel('traffic.tick')
    if (isOn()) scheduler.add('traffic.tick', clock.now(), null)
  }

  scheduler.handle('traffic.order', (_payload, at) => placeOrder(context, options, nextPlan(), at))
  scheduler.handle('traffic.tick', (_payload, at) => {
    if (!isOn()) return
    const plan = nextPlan()
    placeOrder(context, options, plan, at)
    scheduler.add('traffic.tick', Math.max(at, clock.now() - 60_000) + (60_000 / perMinute) * plan.gap, null)
  })

  /** The first day of a fresh sandbox: back-dated orders whose steps and events follow at their own instants. */
  const fill = () => {
    const now = clock.now()
    for (let i = 0; i < FILL_ORDERS; i += 1) {
      scheduler.add('traffic.order', now - FILL_MS + (FILL_MS / FILL_ORDERS) * (i + 0.5), null)
    }
  }
  const state = () => ({ perMinute, paused, made: made(), seed: options.seed })

  return {
    start() {
      if (options.fill && isOn() && records.countOrders() === 0) fill()
      restart()
    },
    state,
    change(change) {
      perMinute = change.perMinute ?? perMinute
      paused = change.paused ?? paused
      restart()
      return state()
    },
    suspend: () => scheduler.cancel('traffic.tick'),
    resume: restart,
  }
}
