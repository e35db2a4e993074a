/** The roll-up of events into slots: every event once, in the group it has now, however often it runs. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { delayOf, HOUR_MS } from '../../../server/domain/event-rate.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import { rollUpRates } from '../../../server/services/webhooks/roll-up-rates.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, testClock, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let count = 0

beforeAll(async () => {
  opened = await openDatabase()
})
beforeEach(async () => {
  await opened.database.pool.query(
    'update event_roll_up set rolled_to = null, rolled_at = null, wide_at = null',
  )
  await opened.database.pool.query('truncate webhook_event, event_rate, event_slot')
  deps = buildDeps({ database: opened.database, clock: testClock('2026-11-20T06:30:00.000Z') })
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

/** An event that Juspay dates `lagMs` before now; it waits until `apply` is called on it. */
async function receive(name = 'ORDER_CREATED', lagMs = 800): Promise<string> {
  count += 1
  const at = new Date(deps.clock.now().getTime() - lagMs).toISOString()
  const order = orderBody({ orderId: `R-${count}`, status: 'NEW', amount: 10, at })
  return deliver(deps, account.id, webhookBody({ id: `evt_r${count}`, name, at, order }))
}

const apply = (id: string) => processEvent(deps, id)
const eventRates = () => deps.store.eventRates

async function rollUp(): Promise<void> {
  for (let more = 1; more > 0;) more = await rollUpRates(deps)
}

const strip = () => eventRates().strip(account.id, new Date(deps.clock.now().getTime() - 15 * 60_000))

describe('slots', () => {
  test('hold each event once, by what became of it', async () => {
    await apply(await receive())
    await apply(await receive())
    await receive()
    deps.clock.advance(10_000)
    await apply(await receive('SOMETHING_NEW'))
    await deliver(deps, account.id, Buffer.from('not json'))
    await rollUp()
    const [first, second] = [new Date('2026-11-20T06:30:00.000Z'), new Date('2026-11-20T06:30:10.000Z')]
    expect(await strip()).toEqual(
      expect.arrayContaining([
        { at: first, outcome: 'applied', count: 2 },
        { at: first, outcome: 'waiting', count: 1 },
        { at: second, outcome: 'waiting', count: 1 },
      ]),
    )
    expect((await strip()).reduce((sum, slot) => sum + slot.count, 0)).toBe(5)
  })

  test('follow an event from one group to the next, and keep nothing of the old one', async () => {
    const id = await receive()
    await rollUp()
    expect(await strip()).toMatchObject([{ outcome: 'waiting', count: 1 }])
    await apply(id)
    deps.clock.advance(5_000)
    await rollUp()
    expect(await strip()).toMatchObject([{ outcome: 'applied', count: 1 }])
  })

  test('follow it also when it waited for longer than they are looked at', async () => {
    const id = await receive()
    await rollUp()
    deps.clock.advance(40 * 60_000)
    await apply(id)
    await rollUp()
    const hours = await eventRates().hours(account.id, new Date('2026-11-20T06:00:00.000Z'))
    expect(hours).toMatchObject([{ outcome: 'applied', count: 1 }])
  })

  test('count repeats apart, and are the same after any number of runs', async () => {
    const body = webhookBody({
      id: 'evt_repeat',
      name: 'ORDER_CREATED',
      at: deps.clock.now().toISOString(),
      order: orderBody({
        orderId: 'R-repeat',
        status: 'NEW',
        amount: 10,
        at: deps.clock.now().toISOString(),
      }),
    })
    await deliver(deps, account.id, body)
    await deliver(deps, account.id, body)
    const rows = async () =>
      (await opened.database.pool.query('select xmin::text, * from event_rate order by span_seconds')).rows
    await rollUp()
    const before = await rows()
    expect(before).toMatchObject([
      { span_seconds: 10, count: 1, deliveries: 2 },
      { span_seconds: 3600, count: 1, deliveries: 2 },
    ])
    deps.clock.advance(60_000)
    await rollUp()
    // Not even rewritten: xmin would tell.
    expect(await rows()).toEqual(before)
  })

  test('of a reception that nobody counted are caught up with, hours and all', async () => {
    for (let hour = 0; hour < 5; hour += 1) {
      await apply(await receive())
      deps.clock.advance(HOUR_MS)
    }
    await rollUp()
    const hours = await eventRates().hours(account.id, new Date('2026-11-20T00:00:00.000Z'))
    expect(hours.map(({ at, count: n }) => [at.getUTCHours(), n])).toEqual([
      [6, 1],
      [7, 1],
      [8, 1],
      [9, 1],
      [10, 1],
    ])
  })

  test('older than two days are gone, their hours are not', async () => {
    await apply(await receive())
    await rollUp()
    deps.clock.advance(49 * HOUR_MS)
    await rollUp()
    const old = new Date('2026-11-20T00:00:00.000Z')
    expect(await eventRates().strip(account.id, old)).toEqual([])
    expect(await eventRates().hours(account.id, old)).toMatchObject([{ count: 1 }])
  })
})

test('only one process rolls up at a time', async () => {
  await receive()
  await deps.store.transaction(async (tx) => {
    expect(await tx.eventRates.takeMark()).not.toBeNull()
    expect(await rollUpRates(deps)).toBe(0)
    expect(await strip()).toEqual([])
  })
  await rollUp()
  expect(await strip()).toHaveLength(1)
})

test('delays are kept as histograms', async () => {
  for (let i = 0; i < 20; i += 1) {
    const id = await receive('ORDER_CREATED', 1_200)
    deps.clock.advance(60)
    await apply(id)
  }
  await rollUp()
  const delays = await eventRates().delays(account.id, new Date('2026-11-20T06:00:00.000Z'))
  const lag = delayOf(delays.lag)
  const applied = delayOf(delays.apply)
  expect(lag?.count).toBe(20)
  expect(lag?.p95).toBeGreaterThanOrEqual(1_000)
  expect(lag?.p95).toBeLessThanOrEqual(1_500)
  expect(applied?.p50).toBeGreaterThanOrEqual(50)
  expect(applied?.p50).toBeLessThanOrEqual(75)
})

test('names are counted for the day, the last minutes and the same hour of other days', async () => {
  deps.clock.set(new Date('2026-11-18T06:30:00.000Z'))
  for (let i = 0; i < 3; i += 1) await apply(await receive('ORDER_SUCCEEDED'))
  deps.clock.set(new Date('2026-11-20T02:10:00.000Z'))
  await apply(await receive('ORDER_SUCCEEDED'))
  deps.clock.set(new Date('2026-11-20T06:03:00.000Z'))
  await apply(await receive('ORDER_SUCCEEDED'))
  await apply(await receive('ORDER_FAILED'))
  deps.clock.advance(60_000)
  await rollUp()
  const names = await eventRates().names(account.id, new Date('2026-11-19T18:30:00.000Z'), deps.clock.now())
  expect(names).toEqual([
    expect.objectContaining({ eventName: 'ORDER_FAILED', today: 1, recent: 1, sameHours: 0 }),
    {
      eventName: 'ORDER_SUCCEEDED',
      lastAt: new Date('2026-11-20T06:03:00.000Z'),
      today: 2,
      recent: 1,
      sameHours: 3,
    },
  ])
})
