import { afterEach, describe, expect, it } from 'vitest'
import { trafficPlan } from '../../../server/sandbox/traffic-plan.ts'
import { DAY, MINUTE, START, nested, startHarness } from './support.ts'
import type { Harness } from './support.ts'

let harness: Harness | null = null
afterEach(async () => {
  await harness?.close()
  harness = null
})

const plans = Array.from({ length: 3_000 }, (_, n) => trafficPlan(7, n))

describe('plans', () => {
  it('are the same for a seed and differ between seeds', () => {
    expect(Array.from({ length: 50 }, (_, n) => trafficPlan(7, n))).toEqual(plans.slice(0, 50))
    expect(trafficPlan(8, 0)).not.toEqual(plans[0])
  })

  it('are believable: ids, amounts from 49 to 1,50,000, mostly UPI, some failures', () => {
    expect(new Set(plans.map((plan) => plan.orderId)).size).toBe(plans.length)
    expect(plans.every((plan) => /^PD[0-9A-Z]{8}$/.test(plan.orderId))).toBe(true)
    expect(plans.every((plan) => /^[6-9]\d{9}$/.test(plan.phone) && plan.email.includes('@'))).toBe(true)
    const rupees = plans.map((plan) => Number(plan.amountMinor / 100n)).sort((a, b) => a - b)
    expect(rupees[0]).toBeGreaterThanOrEqual(49)
    expect(rupees.at(-1)).toBeLessThanOrEqual(150_000)
    expect(rupees[1_500]).toBeLessThan(1_500)
    const firsts = plans.flatMap((plan) =>
      plan.steps[0]?.do === 'attempt' ? [plan.steps[0].instrument] : [],
    )
    const share = (test: (type: string) => boolean) =>
      firsts.filter(({ type }) => test(type)).length / firsts.length
    expect(share((type) => type === 'UPI')).toBeCloseTo(0.6, 1)
    expect(new Set(firsts.map(({ gateway }) => gateway))).toEqual(
      new Set(['RAZORPAY', 'PAYU', 'GOCASHFREE', 'HDFC']),
    )
    const failed = plans.filter(
      (plan) =>
        plan.steps.length === 2 &&
        plan.steps.at(-1)?.do === 'outcome' &&
        JSON.stringify(plan.steps).includes('_failed'),
    )
    expect(failed.length / plans.length).toBeCloseTo(0.08, 1)
  })
})

describe('running', () => {
  it('fills a fresh sandbox with a day of orders whose events are sent at once, and only once', async () => {
    harness = await startHarness({ trafficPerMinute: 12, fill: true, seed: 7 })
    await harness.control('POST', '/control/traffic', { paused: true })
    await harness.sandbox.control.idle()
    const { records } = harness.sandbox.control.context
    const orders = records.recentOrders(200)
    expect(orders.length).toBeGreaterThanOrEqual(60)
    expect(orders.length).toBeLessThanOrEqual(61)
    expect(orders.every((order) => order.createdAt > START - DAY && order.createdAt <= START)).toBe(true)
    const created = harness.receiver.received.filter(
      ({ event: { event_name } }) => event_name === 'ORDER_CREATED',
    )
    expect(created).toHaveLength(orders.length)
    expect(nested(created[0]?.event, 'content', 'order')).toMatchObject({
      order_id: plans[0]?.orderId,
      customer_email: plans[0]?.email,
    })
    await harness.restart({ trafficPerMinute: 12 })
    await harness.control('POST', '/control/traffic', { paused: true })
    expect(harness.sandbox.control.context.records.countOrders()).toBeLessThanOrEqual(62)
  })

  it('goes on at about its rate, pauses, and does not fill long jumps of the clock', async () => {
    harness = await startHarness({ trafficPerMinute: 12, seed: 7 })
    for (let i = 0; i < 5; i += 1) await harness.sandbox.control.advance(MINUTE)
    const after = harness.sandbox.control.context.records.countOrders()
    expect(after).toBeGreaterThan(45)
    expect(after).toBeLessThan(75)
    await harness.control('POST', '/control/traffic', { paused: true })
    await harness.sandbox.control.advance(MINUTE)
    expect(harness.sandbox.control.context.records.countOrders()).toBe(after)
    await harness.control('POST', '/control/traffic', { paused: false })
    await harness.sandbox.control.advance(DAY)
    expect(harness.sandbox.control.context.records.countOrders()).toBeLessThanOrEqual(after + 2)
  })
})
