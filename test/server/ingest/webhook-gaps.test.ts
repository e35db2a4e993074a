import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { checkStatus } from '../../../server/services/orders/check-status.ts'
import { noteLateEvents } from '../../../server/services/orders/note-late-events.ts'
import { sweepOrders } from '../../../server/services/orders/sweep-orders.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import type { GapFilter } from '../../../server/store/webhook-gaps.ts'
import { orderTimeline } from '../../../server/trpc/order-timeline.ts'
import {
  createAccount,
  createStaff,
  orderBody,
  webhookBody,
  type BodyRefund,
} from '../../support/factories.ts'
import {
  buildDeps,
  deliver,
  fakeJuspay,
  openDatabase,
  type OrderAnswerGiver,
  type TestDeps,
} from '../../support/harness.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-20T06:30:00.000Z')

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let answer: OrderAnswerGiver

beforeEach(async () => {
  opened = await openDatabase()
  answer = () => 'unavailable'
  deps = buildDeps({ database: opened.database, juspay: fakeJuspay((ref) => answer(ref)) })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

const iso = (ms: number): string => new Date(ms).toISOString()
const now = (): number => deps.clock.now().getTime()

/** An order of Juspay's as of `at` (milliseconds). */
function body(orderId: string, status: string, at: number, refunds?: BodyRefund[]): Record<string, unknown> {
  return orderBody({
    orderId,
    status,
    amount: 99,
    at: iso(at),
    attempt: { txnId: `m-${orderId}-1`, status },
    ...(refunds === undefined ? {} : { refunds }),
  })
}

async function hear(orderId: string, status: string, at = now(), refunds?: BodyRefund[]): Promise<string> {
  const order = body(orderId, status, at, refunds)
  const id = `evt_${orderId}_${status}_${at}_${refunds?.[0]?.status ?? ''}`
  return deliver(deps, account.id, webhookBody({ id, name: 'ORDER_UPDATED', at: iso(at), order }))
}

async function orderId(orderRef: string): Promise<string> {
  const order = await deps.store.orders.pageOf(account.id, orderRef)
  if (order === null) throw new Error(`no order ${orderRef}`)
  return order.id
}

const ALL: GapFilter = { causes: [], healed: null, dueBefore: new Date('2100-01-01') }

async function gaps(filter: Partial<GapFilter> = {}) {
  const { rows } = await deps.store.webhookGaps.list(
    account.id,
    { ...ALL, ...filter },
    { cursor: null, limit: 100 },
  )
  return rows
}

async function told(filter: Partial<GapFilter> = {}): Promise<string[]> {
  return (await gaps(filter)).map(({ orderRef, kind, cause }) => `${orderRef} ${kind} ${cause}`)
}

/** A pending order, and Juspay saying `status` from a second ago; then the sweep comes by. */
async function missed(orderRef: string, status = 'CHARGED', refunds?: BodyRefund[]): Promise<void> {
  await hear(orderRef, 'PENDING_VBV')
  await drainEvents(deps)
  deps.clock.advance(MINUTE)
  const at = now() - 1_000
  answer = (ref) => body(ref, status, at, refunds)
  await sweepOrders(deps)
}

const lateEvents = (): Promise<number> => noteLateEvents(deps, new AbortController().signal)

describe('what a status check finds and no webhook told', () => {
  test.each([
    ['CHARGED', 'charged'],
    ['AUTHORIZATION_FAILED', 'failed'],
    ['AUTHORIZED', 'authorised'],
    ['VOIDED', 'voided'],
  ])('%s is one gap: Juspay is late', async (status, kind) => {
    await missed('O-1', status)
    expect(await gaps()).toMatchObject([
      {
        kind,
        cause: 'juspay_late',
        dueSince: new Date(now() - 1_000),
        foundAt: deps.clock.now(),
        healedAt: deps.clock.now(),
        arrivedAt: null,
        eventId: null,
      },
    ])
  })

  test('a refund made elsewhere, and how it ended, are gaps of their own', async () => {
    await missed('O-1', 'CHARGED', [
      { key: 'R1', status: 'PENDING', amount: 10 },
      { key: 'R2', status: 'SUCCESS', amount: 10 },
      { key: 'R3', status: 'FAILURE', amount: 10 },
    ])
    const found = (await gaps()).map(({ kind, subject }) => `${kind} ${subject ?? ''}`.trim())
    expect(found.sort()).toEqual(['charged', 'refund_external R1', 'refund_failed R3', 'refund_succeeded R2'])
  })

  test('is no gap when a webhook told it, or when nothing changed', async () => {
    await hear('O-1', 'PENDING_VBV')
    await hear('O-2', 'CHARGED')
    await drainEvents(deps)
    deps.clock.advance(MINUTE)
    answer = (ref) => body(ref, ref === 'O-1' ? 'PENDING_VBV' : 'CHARGED', START)
    expect(await sweepOrders(deps)).toBe(2)
    expect(await gaps()).toEqual([])
  })

  test('is our own failure when a stored event tells it and was not applied', async () => {
    const { pool } = opened.database
    await hear('O-1', 'PENDING_VBV')
    await drainEvents(deps)
    const eventId = await hear('O-1', 'CHARGED')
    const other = await hear('O-1', 'AUTHORIZING')
    await pool.query("update webhook_event set status = 'dead', next_try_at = null where id = any($1)", [
      [eventId, other],
    ])
    deps.clock.advance(10 * MINUTE)
    const at = START
    answer = (ref) => body(ref, 'CHARGED', at)
    await sweepOrders(deps)
    expect(await gaps()).toMatchObject([
      { kind: 'charged', cause: 'we_failed', eventId, arrivedAt: new Date(at) },
    ])
  })

  test('is nothing while its event waits its turn, and our failure once that took too long', async () => {
    for (const ref of ['O-1', 'O-2']) await hear(ref, 'PENDING_VBV')
    await drainEvents(deps)
    await hear('O-1', 'CHARGED')
    deps.clock.advance(59_000)
    answer = (ref) => body(ref, 'CHARGED', START)
    const actor = await createStaff(opened.database, account, 'support')
    await checkStatus(deps, actor, { orderId: await orderId('O-1') })
    expect(await told()).toEqual([])
    await hear('O-2', 'CHARGED')
    deps.clock.advance(61_000)
    await checkStatus(deps, actor, { orderId: await orderId('O-2') })
    expect(await told()).toEqual(['O-2 charged we_failed'])
  })
})

test('a person who is faster than the webhook has found no gap; one who asks later has', async () => {
  const actor = await createStaff(opened.database, account, 'support')
  for (const ref of ['FAST', 'SLOW']) await hear(ref, 'PENDING_VBV')
  await drainEvents(deps)
  answer = (ref) => body(ref, 'CHARGED', START)
  deps.clock.advance(30_000)
  await checkStatus(deps, actor, { orderId: await orderId('FAST') })
  deps.clock.advance(30_000)
  await checkStatus(deps, actor, { orderId: await orderId('SLOW') })
  expect(await told()).toEqual(['SLOW charged juspay_late'])
})

describe('the event that comes after all', () => {
  test('is noted with its time, once it is another than what overtook it', async () => {
    await missed('O-1')
    deps.clock.advance(10 * MINUTE)
    await hear('O-1', 'AUTHORIZING')
    await drainEvents(deps)
    expect(await lateEvents()).toBe(0)
    deps.clock.advance(MINUTE)
    const eventId = await hear('O-1', 'CHARGED')
    await drainEvents(deps)
    expect(await lateEvents()).toBe(1)
    expect(await gaps()).toMatchObject([{ arrivedAt: deps.clock.now(), eventId }])
    expect(await lateEvents()).toBe(0)
  })

  test('within the grace shows that nothing was missed: the check was only faster', async () => {
    await missed('O-1')
    expect(await told()).toHaveLength(1)
    deps.clock.advance(30_000)
    await hear('O-1', 'CHARGED', now() - 31_000)
    await drainEvents(deps)
    expect(await lateEvents()).toBe(1)
    expect(await told()).toEqual([])
  })

  test('is found for every one of many gaps, in steps', async () => {
    const { pool } = opened.database
    await missed('O-1')
    await pool.query(
      `insert into webhook_gap (merchant_account_id, order_id, kind, subject, cause, status_check_id, found_at, due_since, healed_at)
       select merchant_account_id, order_id, 'refund_succeeded', 'R' || n, cause, status_check_id, found_at, due_since, healed_at
       from webhook_gap, generate_series(1, 450) as n`,
    )
    deps.clock.advance(10 * MINUTE)
    await hear('O-1', 'CHARGED', now(), [{ key: 'R449', status: 'SUCCESS', amount: 1 }])
    await drainEvents(deps)
    expect(await lateEvents()).toBe(2)
  })
})

test('a payment past its usual time is one open gap until it is decided, by a webhook or a check', async () => {
  for (const ref of ['ASKED', 'TOLD']) await hear(ref, 'PENDING_VBV')
  await drainEvents(deps)
  answer = (ref) => body(ref, 'PENDING_VBV', START)
  const asked = async (minutes: number): Promise<void> => {
    deps.clock.advance(minutes * MINUTE)
    await sweepOrders(deps)
  }
  await asked(19)
  expect(await gaps()).toEqual([])
  await asked(1)
  await asked(60)
  expect((await told({ healed: false })).sort()).toEqual([
    'ASKED outcome gateway_pending',
    'TOLD outcome gateway_pending',
  ])
  await hear('TOLD', 'CHARGED')
  await drainEvents(deps)
  await lateEvents()
  expect(await told({ healed: false })).toEqual(['ASKED outcome gateway_pending'])
  answer = (ref) => body(ref, 'CHARGED', now() - MINUTE)
  await asked(120)
  expect(await told({ healed: false })).toEqual([])
  expect(await told({ causes: ['juspay_late'] })).toEqual(['ASKED charged juspay_late'])
})

describe('the list', () => {
  test('comes in pages, newest first, by cause and by whether it is healed, and is counted', async () => {
    for (const ref of ['A', 'B', 'C', 'D']) await missed(ref)
    await hear('P', 'PENDING_VBV')
    await drainEvents(deps)
    answer = (ref) => body(ref, 'PENDING_VBV', START)
    deps.clock.advance(21 * MINUTE)
    await sweepOrders(deps)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await deps.store.webhookGaps.list(account.id, ALL, { cursor, limit: 2 })
      expect(page.rows.length).toBeLessThanOrEqual(2)
      seen.push(...page.rows.map(({ orderRef }) => orderRef))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(['P', 'D', 'C', 'B', 'A'])
    expect(await told({ causes: ['gateway_pending'] })).toEqual(['P outcome gateway_pending'])
    expect(await told({ healed: true })).toHaveLength(4)
    expect(await told({ dueBefore: new Date(START) })).toEqual([])
    const range = { from: new Date(START), to: new Date(now() + 1), dueBefore: ALL.dueBefore }
    expect(await deps.store.webhookGaps.gapCounts(account.id, range)).toEqual([
      { cause: 'juspay_late', count: 4, healed: 4, arrived: 0 },
      { cause: 'we_failed', count: 0, healed: 0, arrived: 0 },
      { cause: 'gateway_pending', count: 1, healed: 0, arrived: 0 },
    ])
    const stranger = await createAccount(opened.database)
    expect(await deps.store.webhookGaps.list(stranger.id, ALL, { cursor: null, limit: 10 })).toEqual({
      rows: [],
      nextCursor: null,
    })
  })
})

test('a gap is a line of the order, with how long it went unnoticed', async () => {
  await missed('O-1')
  deps.clock.advance(10 * MINUTE)
  await hear('O-1', 'CHARGED')
  await drainEvents(deps)
  await lateEvents()
  const order = await deps.store.orders.pageOf(account.id, 'O-1')
  if (order === null) throw new Error('no order')
  const ask = { order: 'newest', filter: 'all', cursor: null, personal: false } as const
  const { entries: lines } = await orderTimeline(deps.store, order, { ...ask, now: deps.clock.now() })
  expect(lines.find(({ kind }) => kind === 'discrepancy')).toMatchObject({
    title: 'Juspay did not tell us of the charge',
    detail: 'Found by a status check 1 s later. The webhook came after 10 min.',
  })
})
