/** How often Juspay is asked: per account over all processes, and per order, whoever prompts it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ACCOUNT_BUDGET,
  DAILY_LOOK_BUDGET,
  DOWN_PAUSE_MS,
  ORDER_CALLS_PER_HOUR,
  RESERVED_CALLS,
} from '../../../server/domain/status-budget.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { checkStatus } from '../../../server/services/orders/check-status.ts'
import { sweepOrders } from '../../../server/services/orders/sweep-orders.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, createStaff, orderBody, webhookBody } from '../../support/factories.ts'
import {
  buildDeps,
  deliver,
  fakeJuspay,
  openDatabase,
  type OrderAnswerGiver,
  type TestDeps,
} from '../../support/harness.ts'

const { perSecond, burst } = ACCOUNT_BUDGET
const SWEPT_AT_ONCE = burst - RESERVED_CALLS

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let juspay: ReturnType<typeof fakeJuspay>
let answer: OrderAnswerGiver

beforeEach(async () => {
  opened = await openDatabase()
  answer = (ref) => body(ref, 'PENDING_VBV')
  juspay = fakeJuspay((ref) => answer(ref))
  deps = buildDeps({ database: opened.database, juspay })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

function body(orderId: string, status: string): Record<string, unknown> {
  const at = '2026-11-20T06:10:00Z'
  return orderBody({ orderId, status, amount: 99, at, attempt: { txnId: `m-${orderId}-1`, status } })
}

/** Orders that are due now, as webhooks told of them. */
async function due(prefix: string, count: number, status = 'PENDING_VBV', of = account): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const orderId = `${prefix}${number}`
    const event = { id: `evt_${orderId}`, name: 'ORDER_UPDATED', at: '2026-11-20T06:10:00Z' }
    await deliver(deps, of.id, webhookBody({ ...event, order: body(orderId, status) }))
  }
  await drainEvents(deps)
  await opened.database.pool.query('update orders set next_check_at = $1 where order_ref like $2', [
    deps.clock.now(),
    `${prefix}%`,
  ])
}

const orderId = async (ref: string): Promise<string> =>
  (await deps.store.orders.byRef(account.id, ref))?.id ?? ''

describe('an account', () => {
  test('is swept as fast as its budget allows, by all processes together, and nothing due is lost', async () => {
    await due('O', 70)
    const first = await Promise.all([sweepOrders(deps), sweepOrders(deps), sweepOrders(deps)])
    expect(first.reduce((sum, asked) => sum + asked, 0)).toBe(SWEPT_AT_ONCE)
    expect(await sweepOrders(deps)).toBe(0)
    deps.clock.advance(1_000)
    expect(await sweepOrders(deps)).toBe(perSecond)
    deps.clock.advance(3_000)
    // Until now nobody was asked about twice.
    await sweepOrders(deps)
    expect(new Set(juspay.asked).size).toBe(70)
    expect(juspay.asked).toHaveLength(70)
  })

  test('asks about unconfirmed money before anything that has been due for longer', async () => {
    await due('OLD', 40)
    await due('CLAIM', 5, 'CHARGED')
    deps.clock.advance(1_000)
    await sweepOrders(deps)
    const claims = juspay.asked.filter((ref) => ref.startsWith('CLAIM'))
    expect(claims).toHaveLength(5)
    expect(juspay.asked).toHaveLength(SWEPT_AT_ONCE)
  })

  test('asks about charged orders last and slowly, however many are due', async () => {
    await due('DONE', 60, 'CHARGED')
    await opened.database.pool.query('update orders set unconfirmed_since = null')
    await due('OPEN', 5)
    answer = (ref) => body(ref, ref.startsWith('DONE') ? 'CHARGED' : 'PENDING_VBV')
    await sweepOrders(deps)
    expect(juspay.asked.filter((ref) => ref.startsWith('OPEN'))).toHaveLength(5)
    expect(juspay.asked.filter((ref) => ref.startsWith('DONE'))).toHaveLength(DAILY_LOOK_BUDGET.burst)
    deps.clock.advance(3_000)
    await sweepOrders(deps)
    const later = DAILY_LOOK_BUDGET.burst + 3 * DAILY_LOOK_BUDGET.perSecond
    expect(juspay.asked.filter((ref) => ref.startsWith('DONE'))).toHaveLength(later)
    expect(new Set(juspay.asked).size).toBe(juspay.asked.length)
  })

  test('does not use up what another may ask', async () => {
    const other = await createAccount(opened.database, { slug: 'other' })
    await due('O', 40)
    await due('P', 3, 'PENDING_VBV', other)
    await sweepOrders(deps)
    expect(juspay.asked.filter((ref) => ref.startsWith('P'))).toHaveLength(3)
  })

  test('leaves people their share when the sweep has used its own, and in the end refuses with a reason', async () => {
    await due('O', 40)
    await sweepOrders(deps)
    const actor = await createStaff(opened.database, account, 'support')
    const ask = async (number: number) =>
      checkStatus(deps, actor, { orderId: await orderId(`O${number % 40}`) })
    for (let number = 0; number < RESERVED_CALLS + burst; number += 1)
      expect((await ask(number)).outcome).toBe('no_change')
    await expect(ask(0)).rejects.toMatchObject({ code: 'rate_limited' })
    // The sweep pays the debt back before it asks again.
    deps.clock.advance(4_000)
    expect(await sweepOrders(deps)).toBe(0)
    deps.clock.advance(60_000)
    expect(await sweepOrders(deps)).toBe(SWEPT_AT_ONCE)
  })

  test('whose provider is away is left alone for a while; people may still try', async () => {
    await due('O', 40)
    answer = () => 'unavailable'
    await sweepOrders(deps)
    const tried = juspay.asked.length
    expect(tried).toBeLessThanOrEqual(8)
    deps.clock.advance(DOWN_PAUSE_MS - 1)
    expect(await sweepOrders(deps)).toBe(0)
    const actor = await createStaff(opened.database, account, 'support')
    expect((await checkStatus(deps, actor, { orderId: await orderId('O39') })).outcome).toBe('unavailable')
    deps.clock.advance(10 * 60_000)
    answer = (ref) => body(ref, 'CHARGED')
    let asked = 0
    for (let round = 0; round < 5; round += 1) {
      asked += await sweepOrders(deps)
      deps.clock.advance(1_000)
    }
    expect(asked).toBe(40)
  })
})

describe('an order', () => {
  test('that was asked about too often waits until its hour is over, and costs nobody a call', async () => {
    await due('O', 1)
    const id = await orderId('O0')
    const since = new Date(deps.clock.now().getTime() - 50 * 60_000)
    await opened.database.pool.query(
      `insert into status_check (id, merchant_account_id, order_id, asked_by, asked_at, took_ms, outcome)
       select gen_random_uuid(), $1, $2, 'status-sweep', $3::timestamptz + n * interval '1 second', 5, 'no_change'
       from generate_series(0, $4::int - 1) as n`,
      [account.id, id, since, ORDER_CALLS_PER_HOUR],
    )
    expect(await sweepOrders(deps)).toBe(0)
    const { rows } = await opened.database.pool.query(`select tokens from status_budget where scope = ''`)
    expect(rows).toEqual([{ tokens: burst }])
    const order = await deps.store.orders.byId(account.id, id)
    expect(order?.nextCheckAt).toEqual(new Date(since.getTime() + 60 * 60_000))
    deps.clock.set(new Date(since.getTime() + 60 * 60_000))
    expect(await sweepOrders(deps)).toBe(1)
  })

  test('that changes with every forged webhook is asked about within seconds and then a bounded number of times', async () => {
    answer = (ref) => body(ref, 'NEW')
    const start = deps.clock.now().getTime()
    for (let number = 0; deps.clock.now().getTime() < start + 30 * 60_000; number += 1) {
      const at = deps.clock.now().toISOString()
      const told = { orderId: 'F', status: 'CHARGED', amount: 100 + number, at }
      const event = { id: `evt_F_${number}`, name: 'ORDER_SUCCEEDED', at }
      await deliver(deps, account.id, webhookBody({ ...event, order: orderBody(told) }))
      await drainEvents(deps)
      // Faster than the first question after a change, then slower to get through half an hour.
      deps.clock.advance(number < 10 ? 3_000 : 20_000)
      await sweepOrders(deps)
      if (number === 2) expect(juspay.asked.length).toBeGreaterThan(0)
    }
    expect(juspay.asked.length).toBeLessThanOrEqual(ORDER_CALLS_PER_HOUR)
    const order = await deps.store.orders.byRef(account.id, 'F')
    expect(order).toMatchObject({ displayStatus: 'review', unconfirmedSince: new Date(start) })
  })

  test('that events about it only claim to exist is asked about a dozen times, not once for each event', async () => {
    answer = () => 'not_found'
    for (let number = 0; number < 30; number += 1) {
      const at = deps.clock.now().toISOString()
      const refund = { unique_request_id: `R${number}`, order_id: 'GHOST', status: 'SUCCESS', amount: 5 }
      const event = {
        event_name: 'REFUND_SUCCEEDED',
        id: `evt_g${number}`,
        date_created: at,
        content: { refund },
      }
      await deliver(deps, account.id, Buffer.from(JSON.stringify(event)))
      await drainEvents(deps)
    }
    expect(juspay.asked).toHaveLength(12)
    const { rows } = await opened.database.pool.query(
      'select status, outcome, count(*)::int from webhook_event group by 1, 2',
    )
    expect(rows).toEqual([{ status: 'failed', outcome: 'no_order_yet', count: 30 }])
  })

  test('that we do not know is asked about a dozen times an hour, and its budget is forgotten', async () => {
    const take = (key: string): Promise<boolean> =>
      deps.store.transaction((tx) =>
        tx.statusBudget.takeCall(account.id, 'unknown_order', deps.clock.now(), key),
      )
    let granted = 0
    for (let number = 0; number < 20; number += 1) if (await take('ghost')) granted += 1
    expect(granted).toBe(12)
    expect(await take('other-ghost')).toBe(true)
    deps.clock.advance(5 * 60_000)
    expect(await take('ghost')).toBe(true)
    expect(await take('ghost')).toBe(false)
    // A budget that is full again is forgotten, the account's own never.
    deps.clock.advance(2 * 60 * 60_000)
    expect(await deps.store.statusBudget.prune(deps.clock.now(), 100)).toBe(2)
    expect(await take('ghost')).toBe(true)
  })
})
