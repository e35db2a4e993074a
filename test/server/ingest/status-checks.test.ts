import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { checkStatus } from '../../../server/services/orders/check-status.ts'
import { sweepOrders } from '../../../server/services/orders/sweep-orders.ts'
import { resolveDiscrepancy } from '../../../server/services/reconciliation/resolve-discrepancy.ts'
import { runChecks, RUN_MAX } from '../../../server/services/reconciliation/run-checks.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import type { PageOrder } from '../../../server/store/order-page.ts'
import { orderTimeline } from '../../../server/trpc/order-timeline.ts'
import { orderDetailView } from '../../../server/trpc/views/order-detail.ts'
import { createAccount, createStaff, orderBody, webhookBody } from '../../support/factories.ts'
import {
  buildDeps,
  deliver,
  fakeJuspay,
  openDatabase,
  type OrderAnswerGiver,
  type TestDeps,
} from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let juspay: ReturnType<typeof fakeJuspay>
let answer: OrderAnswerGiver

beforeEach(async () => {
  opened = await openDatabase()
  answer = () => 'unavailable'
  juspay = fakeJuspay((ref) => answer(ref))
  deps = buildDeps({ database: opened.database, juspay })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

function body(orderId: string, status: string, minute: number): Record<string, unknown> {
  const at = `2026-11-20T06:${String(minute).padStart(2, '0')}:00Z`
  return orderBody({ orderId, status, amount: 99, at, attempt: { txnId: `m-${orderId}-1`, status } })
}

async function hear(orderId: string, status: string, minute = 10): Promise<PageOrder> {
  const order = body(orderId, status, minute)
  const at = `2026-11-20T06:${String(minute).padStart(2, '0')}:00Z`
  await deliver(
    deps,
    account.id,
    webhookBody({ id: `evt_${orderId}_${minute}`, name: 'ORDER_UPDATED', at, order }),
  )
  await drainEvents(deps)
  return read(orderId)
}

async function read(orderId: string): Promise<PageOrder> {
  const order = await deps.store.orders.pageOf(account.id, orderId)
  if (order === null) throw new Error(`no order ${orderId}`)
  return order
}

describe('a person’s check', () => {
  test('applies what Juspay answers, says so, and is on the timeline and in the audit log', async () => {
    const { id } = await hear('O-1', 'PENDING_VBV')
    const actor = await createStaff(opened.database, account, 'support', 'Asha Rao')
    answer = (ref) => body(ref, 'CHARGED', 20)
    const result = await checkStatus(deps, actor, { orderId: id })
    expect(result).toMatchObject({ outcome: 'changed', message: 'Now charged. Was pending.' })
    expect(result.changes.length).toBeGreaterThan(0)
    const after = await read('O-1')
    expect(after).toMatchObject({
      paymentStatus: 'charged',
      lastCheckedAt: deps.clock.now(),
      nextCheckAt: new Date(deps.clock.now().getTime() + DAY),
    })
    const again = await checkStatus(deps, actor, { orderId: id })
    expect(again).toMatchObject({ outcome: 'no_change', message: 'No change. Still charged.', changes: [] })
    const audit = await deps.store.audit.bySubject(account.id, 'order', id)
    expect(audit.map((entry) => entry.action)).toEqual(['order.check_status', 'order.check_status'])
    const { entries: timeline } = await orderTimeline(deps.store, await read('O-1'), {
      order: 'newest',
      filter: 'all',
      cursor: null,
      now: deps.clock.now(),
      personal: false,
    })
    expect(timeline.map(({ title, source, actorName }) => [title, source, actorName])).toEqual([
      ['Checked with Juspay: no change', 'status_check', 'Asha Rao'],
      ['Juspay did not tell us of the charge', 'status_check', null],
      ['Attempt 1 charged by Razorpay', 'status_check', 'Asha Rao'],
      ['Attempt 1 started with Razorpay', 'webhook', null],
      ['Order created', 'webhook', null],
    ])
  })

  test('that gets no answer changes nothing', async () => {
    const before = await hear('O-1', 'PENDING_VBV')
    const actor = await createStaff(opened.database, account, 'support')
    const result = await checkStatus(deps, actor, { orderId: before.id })
    expect(result).toMatchObject({ outcome: 'unavailable', changes: [] })
    expect(await read('O-1')).toMatchObject({
      version: before.version,
      paymentStatus: 'pending',
      lastCheckedAt: null,
    })
  })

  test('that Juspay puts off says when the next may be made', async () => {
    const { id } = await hear('O-1', 'PENDING_VBV')
    const actor = await createStaff(opened.database, account, 'support')
    answer = () => 'throttled'
    const { outcome, message, retryAt, checkedAt } = await checkStatus(deps, actor, { orderId: id })
    expect({ outcome, message }).toEqual({
      outcome: 'unavailable',
      message: 'Too many status checks. You can check again in 42 s.',
    })
    expect(retryAt?.getTime()).toBe(checkedAt.getTime() + 42_000)
  })

  test('of an order that Juspay does not know opens a discrepancy, which an answer closes', async () => {
    const { id } = await hear('O-1', 'CHARGED')
    const actor = await createStaff(opened.database, account, 'support')
    answer = () => 'not_found'
    expect((await checkStatus(deps, actor, { orderId: id })).outcome).toBe('not_found')
    await checkStatus(deps, actor, { orderId: id })
    const kinds = async () =>
      (await deps.store.discrepancies.byOrder(account.id, id)).map(({ kind, status }) => `${kind} ${status}`)
    expect(await kinds()).toEqual(['missing_at_juspay open'])
    answer = (ref) => body(ref, 'CHARGED', 20)
    await checkStatus(deps, actor, { orderId: id })
    expect(await kinds()).toEqual(['missing_at_juspay resolved'])
  })

  test('that contradicts a charge keeps the charge and opens a discrepancy', async () => {
    const { id } = await hear('O-1', 'CHARGED')
    const actor = await createStaff(opened.database, account, 'support')
    answer = (ref) => body(ref, 'AUTHORIZATION_FAILED', 30)
    await checkStatus(deps, actor, { orderId: id })
    expect((await read('O-1')).paymentStatus).toBe('charged')
    expect(await deps.store.discrepancies.byOrder(account.id, id)).toMatchObject([
      { kind: 'status_conflict', status: 'open', ours: 'CHARGED', theirs: 'AUTHORIZATION_FAILED' },
    ])
    const statuses = async () =>
      (await deps.store.discrepancies.byOrder(account.id, id)).map(({ status }) => status)
    // An answer that only lags behind neither opens nor ends it; one that agrees does.
    answer = (ref) => body(ref, 'PENDING_VBV', 31)
    await checkStatus(deps, actor, { orderId: id })
    expect(await statuses()).toEqual(['open'])
    answer = (ref) => body(ref, 'CHARGED', 32)
    await checkStatus(deps, actor, { orderId: id })
    expect(await statuses()).toEqual(['resolved'])
  })

  test('of an order of another account is refused as not found', async () => {
    const { id } = await hear('O-1', 'CHARGED')
    const actor = await createStaff(opened.database, await createAccount(opened.database), 'admin')
    await expect(checkStatus(deps, actor, { orderId: id })).rejects.toMatchObject({ code: 'not_found' })
    expect(juspay.asked).toEqual([])
  })
})

describe('the sweep', () => {
  test('asks about a pending order along the ladder and stops when it is settled and confirmed', async () => {
    await hear('O-1', 'PENDING_VBV')
    answer = (ref) => body(ref, 'PENDING_VBV', 10)
    const askedAfter: number[] = []
    const start = deps.clock.now().getTime()
    while (deps.clock.now().getTime() < start + 65 * MINUTE) {
      deps.clock.advance(5_000)
      if ((await sweepOrders(deps)) > 0) askedAfter.push((deps.clock.now().getTime() - start) / 1_000)
    }
    expect(askedAfter).toEqual([15, 30, 45, 60, 75, 90, 120, 300, 600, 1200, 3600])
    answer = (ref) => body(ref, 'CHARGED', 20)
    deps.clock.advance(2 * 60 * MINUTE)
    expect(await sweepOrders(deps)).toBe(1)
    const settledAt = deps.clock.now().getTime()
    expect(await read('O-1')).toMatchObject({
      paymentStatus: 'charged',
      nextCheckAt: new Date(settledAt + DAY),
    })
    // From now on only once a day for ten days, for what others may do with it.
    const dailyAfter: number[] = []
    for (let hour = 0; hour < 24 * 13; hour += 1) {
      deps.clock.advance(60 * MINUTE)
      if ((await sweepOrders(deps)) > 0) dailyAfter.push((deps.clock.now().getTime() - settledAt) / DAY)
    }
    expect(dailyAfter).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await read('O-1')).toMatchObject({ nextCheckAt: null })
  })

  test('confirms a charge that only a webhook told of, once', async () => {
    await hear('O-1', 'CHARGED')
    deps.clock.advance(MINUTE)
    answer = (ref) => body(ref, 'CHARGED', 10)
    expect(await sweepOrders(deps)).toBe(1)
    deps.clock.advance(MINUTE)
    expect(await sweepOrders(deps)).toBe(0)
    expect((await read('O-1')).version).toBe(1)
  })

  test('finds a refund that somebody made in the portal, without any webhook, within a day', async () => {
    await hear('O-1', 'CHARGED')
    answer = (ref) => body(ref, 'CHARGED', 10)
    deps.clock.advance(MINUTE)
    expect(await sweepOrders(deps)).toBe(1)
    const refunds = [{ key: 'PORTAL1', status: 'SUCCESS', amount: 40 }]
    const attempt = { txnId: 'm-O-1-1', status: 'CHARGED' }
    answer = (orderId) =>
      orderBody({ orderId, status: 'CHARGED', amount: 99, at: '2026-11-20T06:50:00Z', attempt, refunds })
    deps.clock.advance(DAY - MINUTE)
    expect(await sweepOrders(deps)).toBe(1)
    expect(await read('O-1')).toMatchObject({ externalRefundedMinor: 4_000n, excessMinor: 0n })
  })

  test('keeps the answer that confirmed a charge, and no further copy of the same', async () => {
    const { id } = await hear('O-1', 'CHARGED')
    answer = (ref) => body(ref, 'CHARGED', 10)
    for (const wait of [MINUTE, DAY]) {
      deps.clock.advance(wait)
      expect(await sweepOrders(deps)).toBe(1)
    }
    const kept = await deps.store.statusChecks.answered(account.id, id, 10)
    expect(kept).toHaveLength(1)
    expect(await deps.store.statusChecks.byOrder(account.id, id)).toHaveLength(2)
  })

  test('finds a late success of a failed order without any webhook', async () => {
    await hear('O-1', 'AUTHENTICATION_FAILED')
    answer = (ref) => body(ref, 'CHARGED', 40)
    deps.clock.advance(MINUTE)
    await sweepOrders(deps)
    expect(await read('O-1')).toMatchObject({ paymentStatus: 'charged', displayStatus: 'charged' })
  })

  test('leaves orders as they are while Juspay is away, asks few, and asks again later', async () => {
    for (let number = 0; number < 20; number += 1) await hear(`O-${number}`, 'PENDING_VBV')
    deps.clock.advance(MINUTE)
    await sweepOrders(deps)
    // Four are asked at a time; the first silence stops the rest.
    expect(juspay.asked.length).toBeLessThanOrEqual(8)
    expect((await read('O-3')).paymentStatus).toBe('pending')
    expect(await sweepOrders(deps)).toBe(0)
    answer = (ref) => body(ref, 'CHARGED', 20)
    deps.clock.advance(10 * MINUTE)
    expect(await sweepOrders(deps)).toBe(20)
    expect((await read('O-19')).paymentStatus).toBe('charged')
  })

  test('is shared: two processes never ask about one order at the same time', async () => {
    for (let number = 0; number < 30; number += 1) await hear(`O-${number}`, 'PENDING_VBV')
    answer = (ref) => body(ref, 'CHARGED', 20)
    deps.clock.advance(MINUTE)
    const asked = await Promise.all([sweepOrders(deps), sweepOrders(deps), sweepOrders(deps)])
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(juspay.asked).toHaveLength(30)
  })
})

describe('a reconciliation run', () => {
  test('checks the chosen orders in order and is one audited deed', async () => {
    const orders = [await hear('A', 'PENDING_VBV'), await hear('B', 'CHARGED')]
    const stranger = deps.ids.uuid()
    answer = (ref) => (ref === 'A' ? body(ref, 'CHARGED', 20) : body(ref, 'CHARGED', 10))
    const actor = await createStaff(opened.database, account, 'finance')
    const results = await runChecks(deps, actor, {
      orderIds: [...orders.map(({ id }) => id), stranger],
      deed: 'recon.run',
    })
    expect(results.map(({ orderRef, outcome, status }) => [orderRef, outcome, status])).toEqual([
      ['A', 'changed', { was: 'Pending', is: 'Charged' }],
      ['B', 'no_change', { was: 'Charged', is: 'Charged' }],
      [null, 'no_such_order', null],
    ])
    const { rows } = await deps.store.audit.list(account.id, {
      q: '',
      action: null,
      outcome: null,
      cursor: null,
      limit: 10,
    })
    expect(rows.map((entry) => [entry.action, entry.after])).toEqual([
      ['recon.run', { orders: [...orders.map(({ id }) => id), stranger], changed: 1 }],
    ])
  })

  test('refuses more than it can do at once', async () => {
    const actor = await createStaff(opened.database, account, 'finance')
    const orderIds = Array.from({ length: RUN_MAX + 1 }, () => deps.ids.uuid())
    await expect(runChecks(deps, actor, { orderIds, deed: 'recon.run' })).rejects.toMatchObject({
      code: 'limit_exceeded',
    })
    expect(juspay.asked).toEqual([])
  })
})

test('a charge long after its failure is a work item until Juspay has returned the money', async () => {
  const { id } = await hear('O-1', 'AUTHENTICATION_FAILED', 10)
  await hear('O-1', 'CHARGED', 25)
  const kinds = async () =>
    (await deps.store.discrepancies.byOrder(account.id, id)).map(({ kind, status }) => `${kind} ${status}`)
  expect(await kinds()).toEqual(['late_success open'])
  const actor = await createStaff(opened.database, account, 'finance')
  expect(await lateView(id, actor)).toMatchObject({
    displayStatus: 'charged',
    autoRefundDueAt: new Date('2026-11-20T06:35:00.000Z'),
  })
  await hear('O-1', 'AUTO_REFUNDED', 26)
  expect(await kinds()).toEqual(['late_success resolved'])
})

test('a late charge that a person keeps as a sale is told as a payment like any other', async () => {
  const { id } = await hear('O-1', 'AUTHENTICATION_FAILED', 10)
  await hear('O-1', 'CHARGED', 25)
  const actor = await createStaff(opened.database, account, 'finance')
  answer = (ref) => body(ref, 'CHARGED', 25)
  await checkStatus(deps, actor, { orderId: id })
  const [found] = await deps.store.discrepancies.byOrder(account.id, id)
  const decision = { discrepancyId: found?.id ?? '', resolution: 'Kept as a sale; the goods were sent.' }
  await resolveDiscrepancy(deps, actor, decision)
  const due = new Date('2026-11-20T06:35:00.000Z')
  // Juspay may still return it by itself.
  const early = await lateView(id, actor, new Date(due.getTime() - 1))
  expect(early).toMatchObject({ autoRefundDueAt: due, explanation: { situation: 'late_success' } })
  const later = await lateView(id, actor, due)
  expect(later).toMatchObject({ autoRefundDueAt: null, explanation: { situation: 'charged' } })
})

/** The order as its page shows it. */
async function lateView(orderId: string, actor: StaffActor, now = deps.clock.now()) {
  return orderDetailView(await read('O-1'), {
    actor,
    attempts: await deps.store.orders.attempts(account.id, orderId),
    refunds: [],
    stops: [],
    disputes: [],
    locks: [],
    discrepancies: await deps.store.discrepancies.byOrder(account.id, orderId),
    now,
  })
}
