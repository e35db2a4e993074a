import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepEvents } from '../../../server/services/webhooks/keep-events.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { describeUnsafe, unsafeSettings } from '../../../server/store/durability.ts'
import { monthOf } from '../../../server/store/webhook-partitions.ts'
import { createAccount } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, testClock, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
/** Partitions are made for the real present: the migration's clock is the database's. */
const present = new Date()

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database, clock: testClock(present) })
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

const eventOf = (id: string, date: string): Buffer =>
  Buffer.from(JSON.stringify({ id, event_name: 'ORDER_SUCCEEDED', date_created: date, content: {} }))

async function bucketsOf(...ids: string[]): Promise<number[]> {
  const { rows } = await opened.database.pool.query<{ bucket: number }>(
    'select bucket from webhook_event where id = any($1) order by bucket',
    [ids],
  )
  return rows.map(({ bucket }) => bucket)
}

const later = (months: number): Date =>
  new Date(Date.UTC(present.getUTCFullYear(), present.getUTCMonth() + months, 15))

async function finish(...ids: string[]): Promise<void> {
  await opened.database.pool.query('update webhook_event set next_try_at = null where id = any($1)', [ids])
}

describe('partitions of webhook events', () => {
  test('an event goes to the month Juspay dates it in, and without a usable date to the undated', async () => {
    const dated = await deliver(deps, account.id, eventOf('evt_p1', present.toISOString()))
    const ancient = await deliver(deps, account.id, eventOf('evt_p2', '2011-01-01T00:00:00Z'))
    const unreadable = await deliver(deps, account.id, Buffer.from('{"id":'))
    expect(await bucketsOf(dated, ancient, unreadable)).toEqual([0, 0, monthOf(present)])
  })

  test('a repeat finds its first delivery however late it comes, and a variant stands beside it', async () => {
    const body = eventOf('evt_p3', present.toISOString())
    const first = await deliver(deps, account.id, body)
    deps.clock.set(later(2))
    expect(await deliver(deps, account.id, body)).toBe(first)
    const variant = await deliver(deps, account.id, Buffer.concat([body, Buffer.from(' ')]))
    expect(variant).not.toBe(first)
    const { rows } = await opened.database.pool.query(
      `select delivery_count from webhook_event where dedupe_key = 'evt_p3' order by 1`,
    )
    expect(rows).toEqual([{ delivery_count: 1 }, { delivery_count: 2 }])
    deps.clock.set(present)
  })

  test('one event many times in one group is one row with the count', async () => {
    const body = eventOf('evt_p4', present.toISOString())
    const before = await deliver(deps, account.id, body)
    const [one] = await Promise.all(Array.from({ length: 5 }, () => deliver(deps, account.id, body)))
    expect(one).toBe(before)
    const { rows } = await opened.database.pool.query(
      `select delivery_count from webhook_event where dedupe_key = 'evt_p4'`,
    )
    expect(rows).toEqual([{ delivery_count: 6 }])
  })

  test('months to come are made ahead while a sender is in the middle of an insert', async () => {
    const sender = await opened.database.pool.connect()
    try {
      await sender.query('begin')
      await sender.query(
        `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers, remote_address)
         values (gen_random_uuid(), 0, $1, 'open', '', '', '{}', '127.0.0.1')`,
        [account.id],
      )
      const made = await deps.store.partitions.prepare(later(6))
      expect(made).toContain(monthOf(later(6)))
      // And the other way round: the partition is there for the next event.
      const next = await deliver(deps, account.id, eventOf('evt_p5', later(6).toISOString()))
      expect(await bucketsOf(next)).toEqual([monthOf(later(6))])
      expect(await deps.store.partitions.prepare(later(6))).toEqual([])
    } finally {
      await sender.query('rollback')
      sender.release()
    }
  })

  test('a month goes as a whole once everything in it is older than the retention and nothing is open', async () => {
    const month = later(9)
    await deps.store.partitions.prepare(month)
    const old = await deliver(deps, account.id, eventOf('evt_p6', month.toISOString()))
    const cutoff = later(11)
    expect(await deps.store.partitions.drop(cutoff)).not.toContain(monthOf(month))
    await finish(old)
    await opened.database.pool.query('update webhook_event set received_at = $2 where id = $1', [old, cutoff])
    expect(await deps.store.partitions.drop(cutoff)).not.toContain(monthOf(month))
    await opened.database.pool.query('update webhook_event set received_at = $2 where id = $1', [old, month])
    expect(await deps.store.partitions.drop(cutoff)).toContain(monthOf(month))
    expect(await bucketsOf(old)).toEqual([])
  })

  test('an event whose month another process has dropped is stored with the undated', async () => {
    const month = later(14)
    await deps.store.partitions.prepare(month)
    await deliver(deps, account.id, eventOf('evt_p7', month.toISOString()))
    await opened.database.pool.query(`drop table webhook_event_${monthOf(month)}`)
    const next = await deliver(deps, account.id, eventOf('evt_p8', month.toISOString()))
    expect(await bucketsOf(next)).toEqual([0])
  })

  test('old undated events are deleted, open and young ones stay', async () => {
    const old = await deliver(deps, account.id, eventOf('evt_p9', '2011-01-01T00:00:00Z'))
    const open = await deliver(deps, account.id, eventOf('evt_p10', '2011-01-01T00:00:00Z'))
    await finish(old)
    deps.clock.advance((deps.webhookRetentionDays + 1) * 86_400_000)
    const young = await deliver(deps, account.id, eventOf('evt_p11', '2011-01-01T00:00:00Z'))
    await finish(young)
    await keepEvents(deps)
    expect(await bucketsOf(old, open, young)).toEqual([0, 0])
    expect(await bucketsOf(old)).toEqual([])
    const sizes = await deps.store.partitions.sizes()
    expect(sizes.at(-1)).toMatchObject({ bucket: 0 })
    expect(sizes.every(({ bytes }) => bytes > 0n)).toBe(true)
  })
})

describe('durability', () => {
  test('a database that forgets commits is found out', async () => {
    // The databases of the tests are throw-away: all three are off.
    const settings = await unsafeSettings(opened.database.sql)
    expect(settings.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'fsync',
      'full_page_writes',
      'synchronous_commit',
    ])
    expect(describeUnsafe(['fsync'])).toMatch(/fsync is off.*Turn it on.*ALLOW_UNSAFE_DATABASE=yes/)
  })
})
