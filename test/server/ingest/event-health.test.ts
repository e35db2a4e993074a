/** Figures of reception: what they count, and for how long. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import { rollUpRates } from '../../../server/services/webhooks/roll-up-rates.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { feedHealth, webhookHealth } from '../../../server/trpc/webhook-health.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let count = 0

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
})
beforeEach(async () => {
  await opened.database.pool.query('update event_roll_up set rolled_to = null')
  await opened.database.pool.query(
    'truncate webhook_event, event_rate, event_slot, webhook_rejection, webhook_rejection_count',
  )
  deps.clock.set(new Date('2026-11-20T06:30:00.000Z'))
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

/** Delivers an event that Juspay dates `lagMs` before now. */
async function receive(lagMs: number): Promise<string> {
  count += 1
  const at = new Date(deps.clock.now().getTime() - lagMs).toISOString()
  const order = orderBody({ orderId: `H-${count}`, status: 'NEW', amount: 10, at })
  const body = webhookBody({ id: `evt_h${count}`, name: 'ORDER_CREATED', at, order })
  const id = await deliver(deps, account.id, body)
  await processEvent(deps, id)
  return id
}

async function rollUp(): Promise<void> {
  for (let more = 1; more > 0;) more = await rollUpRates(deps)
}

async function health() {
  // The clock stands still between two looks; the roll-up would find nothing due.
  await opened.database.pool.query('update event_roll_up set wide_at = null, rolled_at = null')
  await rollUp()
  return feedHealth(deps, account.id)
}

const whole = async () => {
  await opened.database.pool.query('update event_roll_up set wide_at = null, rolled_at = null')
  await rollUp()
  return webhookHealth(deps, account.id, new Date('2026-11-19T18:30:00.000Z'))
}

test('nothing received is no rate and no lag', async () => {
  expect(await health()).toEqual({
    lastReceivedAt: null,
    ratePerMinute: 0,
    p50LagMs: null,
    p95LagMs: null,
    p50TookMs: null,
    p95TookMs: null,
    backlog: 0,
    oldestBacklogAt: null,
    rejected: [],
  })
  expect(await whole()).toMatchObject({
    lastReceivedAt: null,
    silence: { silent: false, usualGapMs: null },
    rate: { kind: 'unknown', count: 0, expected: null, basis: null },
    names: [],
    lag: null,
    apply: null,
    backlog: { count: 0, oldestAt: null, atLeast: false },
    failed: 0,
    dead: 0,
    unconfirmed: { count: 0, oldestAt: null },
    rejections: { causes: [], samples: [] },
  })
})

test('the lag is that of the last quarter of an hour: late events show, and are over when they are over', async () => {
  for (let i = 0; i < 5; i += 1) await receive(3_000_000)
  const late = await health()
  expect(late.ratePerMinute).toBe(1)
  // Read from a histogram, whose buckets are wide up there.
  expect(late.p95LagMs).toBeGreaterThan(1_800_000)
  expect(late.p95LagMs).toBeLessThanOrEqual(3_600_000)
  deps.clock.advance(10 * 60_000)
  for (let i = 0; i < 6; i += 1) await receive(2_100)
  const mixed = await health()
  expect(mixed.ratePerMinute).toBe(1.2)
  expect(mixed.p50LagMs).toBeLessThanOrEqual(3_000)
  expect(mixed.p95LagMs).toBeGreaterThan(1_800_000)
  deps.clock.advance(5 * 60_000 + 10_001)
  const over = await health()
  expect(over.ratePerMinute).toBe(0)
  expect(over.p95LagMs).toBeGreaterThan(2_000)
  expect(over.p95LagMs).toBeLessThanOrEqual(3_000)
})

test('what waits to be processed is the backlog, with its oldest', async () => {
  const first = deps.clock.now()
  await deliver(deps, account.id, Buffer.from('{"id":"evt_wait_1"}'))
  deps.clock.advance(1_000)
  await deliver(deps, account.id, Buffer.from('{"id":"evt_wait_2"}'))
  expect(await health()).toMatchObject({ backlog: 2, oldestBacklogAt: first })
  expect(await whole()).toMatchObject({ backlog: { count: 2, oldestAt: first, atLeast: false } })
})

describe('beside the usual', () => {
  test('a rate of this hour is held against the same hour of the days before', async () => {
    deps.clock.set(new Date('2026-11-16T05:00:00.000Z'))
    await receive(100)
    for (const day of [17, 18, 19]) {
      deps.clock.set(new Date(`2026-11-${day}T06:10:00.000Z`))
      for (let i = 0; i < 24; i += 1) await receive(100)
    }
    deps.clock.set(new Date('2026-11-20T06:30:00.000Z'))
    for (let i = 0; i < 30; i += 1) await receive(100)
    const { rate, names, hours } = await whole()
    // 72 events in four days of that hour (the first had none): 18 an hour, 1.5 in five minutes.
    expect(rate).toMatchObject({ kind: 'more', count: 30, expected: 1.5, percent: 2_000, basis: 'same_hour' })
    expect(names).toEqual([
      expect.objectContaining({ eventName: 'ORDER_CREATED', label: 'Order created', today: 30, count: 30 }),
    ])
    expect(hours.slots).toHaveLength(24)
    expect(hours.slots.at(-1)).toMatchObject({
      at: new Date('2026-11-20T06:00:00.000Z'),
      counts: { applied: 30 },
    })
    expect(hours.usual.at(-1)).toBe(18)
  })

  test('that of a new account against the hour before', async () => {
    for (let minute = 0; minute < 150; minute += 5) {
      await receive(100)
      deps.clock.advance(5 * 60_000)
    }
    const { rate } = await whole()
    expect(rate).toMatchObject({ basis: 'last_hour', expected: 1 })
  })
})

test('silence is told by the gap, and by what the hour before was like', async () => {
  for (let i = 0; i < 60; i += 1) {
    await receive(100)
    deps.clock.advance(10_000)
  }
  const since = new Date(deps.clock.now().getTime() - 10_000)
  expect((await whole()).silence).toEqual({ since, silent: false, usualGapMs: 10_000 })
  deps.clock.advance(6 * 60_000)
  expect((await whole()).silence).toEqual({ since, silent: true, usualGapMs: 10_000 })
})

test('what is refused is told in words, with what to do', async () => {
  const at = deps.clock.now()
  const detail = { scheme: 'basic' as const, userMatched: true, contentLength: 2, userAgent: 'Juspay' }
  const refused = {
    accountId: account.id,
    cause: 'wrong_credentials' as const,
    slug: account.slug,
    at,
    detail,
  }
  await deps.store.webhookEvents.reject({ ...refused, remoteAddress: '203.0.113.9' })
  await deps.store.webhookEvents.countRejections([
    { accountId: account.id, cause: 'wrong_credentials', slot: at, count: 7, lastAt: at },
    { accountId: null, cause: 'unknown_account', slot: at, count: 2, lastAt: at },
  ])
  const { rejections, hours } = await whole()
  expect(rejections.causes).toEqual(
    expect.arrayContaining([
      {
        cause: 'wrong_credentials',
        count: 7,
        lastAt: at,
        advice: expect.stringContaining('set the webhook password'),
        last: {
          cause: 'wrong_credentials',
          words: 'Wrong password for user hook',
          at,
          remoteAddress: '203.0.113.9',
          userAgent: 'Juspay',
        },
      },
      expect.objectContaining({ cause: 'unknown_account', count: 2, last: null, advice: null }),
    ]),
  )
  expect(hours.slots.at(-1)?.counts.refused).toBe(7)
})

test('events given up and money in doubt are counted', async () => {
  const { pool } = opened.database
  const dead = await deliver(deps, account.id, Buffer.from('not json'))
  await processEvent(deps, dead)
  await receive(100)
  await pool.query('update orders set unconfirmed_since = $2 where merchant_account_id = $1', [
    account.id,
    deps.clock.now(),
  ])
  expect(await whole()).toMatchObject({
    dead: 1,
    failed: 0,
    unconfirmed: { count: 1, oldestAt: deps.clock.now() },
  })
})

test('the page knows how much is kept, for how long, and whether it would survive a crash', async () => {
  const { storage } = await whole()
  expect(storage.retentionDays).toBe(deps.webhookRetentionDays)
  expect(storage.partitions.map(({ bucket }) => bucket)).toContain(0)
  expect(storage.partitions.every(({ bytes }) => bytes > 0)).toBe(true)
  // The test database is a throw-away one.
  expect(storage.unsafeSettings.toSorted()).toEqual(['fsync', 'full_page_writes', 'synchronous_commit'])
})
