/** Seeded orders are what the server itself would hold: rules of the database, invariants, webhooks and screens agree. */
import { hash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { strip } from '../../../prisma/seed/bare-tables.ts'
import type { World } from '../../../prisma/seed/life.ts'
import { AlreadySeededError, load, type Written } from '../../../prisma/seed/load.ts'
import { orderLife } from '../../../prisma/seed/orders.ts'
import { addLife, emptyPart } from '../../../prisma/seed/rows.ts'
import { arrivalTimes } from '../../../prisma/seed/times.ts'
import { SeedError, worldOf, type Wanted } from '../../../prisma/seed/world.ts'
import { isParseFailure, translateEvent } from '../../../server/juspay/translate.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import type { AccountDay } from '../../../server/store/figures.ts'
import { refundInvariants } from '../../../server/store/refund-invariants.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { createAccount } from '../../support/factories.ts'

/** More than are kept up row by row, so that indexes are taken off and put back. */
const ORDERS = 8_000
const DAYS = 30
const LOAD_MS = 240_000
const end = new Date(Math.floor(Date.now() / 60_000) * 60_000)
const wanted: Wanted = { account: 'demo', orders: ORDERS, days: DAYS, seed: 5, end, allowProduction: false }

let app: TestApp
let world: World
let written: Written
let finance: SignedIn
let indexesBefore: string[]

async function indexes(): Promise<string[]> {
  const { rows } = await app.paydesk.database.pool.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes where schemaname = 'public'
     union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
     where connamespace = 'public'::regnamespace order by 1`,
  )
  return rows.map(({ definition }) => definition)
}

async function words(statement: string): Promise<string[]> {
  const { rows } = await app.paydesk.database.pool.query<{ word: string }>(statement)
  return rows.map(({ word }) => word)
}

beforeAll(async () => {
  app = await createTestApp()
  world = await worldOf(app.paydesk.deps.store, wanted)
  indexesBefore = await indexes()
  written = await load(app.paydesk.database.url, world, DAYS, () => undefined)
  finance = await app.as('finance')
}, LOAD_MS)
afterAll(() => app.close())

describe('a run', () => {
  test('writes as many orders as were asked for, and keeps every index and key', async () => {
    expect(written.orders).toBe(ORDERS)
    expect(await indexes()).toEqual(indexesBefore)
  })

  test('is the same for the same seed, and another for another', () => {
    const few = { ...world, orders: 300 }
    const digest = (of: World): string => {
      const timeOf = arrivalTimes(of.orders, DAYS, of.end.getTime())
      const part = emptyPart()
      for (let n = 0; n < of.orders; n += 1) addLife(part, of, orderLife(of, n, timeOf), new Set([0]))
      return hash('sha256', JSON.stringify(part))
    }
    expect(digest(few)).toBe(digest(few))
    expect(digest({ ...few, seed: 6 })).not.toBe(digest(few))
  })

  test('cannot be written twice, and then leaves nothing', async () => {
    const again = load(app.paydesk.database.url, { ...world, orders: 50 }, DAYS, () => undefined)
    await expect(again).rejects.toBeInstanceOf(AlreadySeededError)
    const [count] = await words('select count(*)::text as word from orders')
    expect(count).toBe(String(ORDERS))
  })

  test('bares no table that has rows', async () => {
    const client = await app.paydesk.database.pool.connect()
    try {
      await client.query('begin')
      const bare = await strip(client, ['orders', 'order_note'])
      expect([...bare.tables]).toEqual(['order_note'])
      const { rows } = await client.query<{ count: string }>('select count(*)::text as count from orders')
      expect(rows).toEqual([{ count: String(ORDERS) }])
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('does not touch an account that takes real money, unless that is meant', async () => {
    await createAccount(app.paydesk.database, { slug: 'live', environment: 'production' })
    const { store } = app.paydesk.deps
    await expect(worldOf(store, { ...wanted, account: 'live' })).rejects.toBeInstanceOf(SeedError)
    const meant = await worldOf(store, { ...wanted, account: 'live', allowProduction: true })
    expect(meant.accountId).not.toBe(world.accountId)
    await expect(worldOf(store, { ...wanted, account: 'nobody' })).rejects.toThrow(
      'There is no account nobody',
    )
  })
})

describe('its orders', () => {
  test('break no invariant', async () => {
    const { database } = app.paydesk
    const check = refundInvariants((work) => database.transaction(work))
    const ids = await words('select id::text as word from orders')
    for (let at = 0; at < ids.length; at += 5_000) {
      const { found, failed } = await check.ofOrders(ids.slice(at, at + 5_000))
      expect(found).toEqual([])
      expect(failed).toEqual([])
    }
    expect((await check.ofQueues(new Date())).found).toEqual([])
  })

  test('have every status and refunds in every state that lasts', async () => {
    const statuses = await words('select distinct display_status as word from orders order by 1')
    expect(statuses).toEqual([
      'authorised',
      'charged',
      'disputed',
      'failed',
      'partial',
      'pending',
      'refunded',
      'review',
      'voided',
    ])
    const refunds = await words('select distinct status as word from refund order by 1')
    expect(refunds).toEqual(
      expect.arrayContaining(['failed', 'manual_review', 'pending', 'rejected', 'succeeded']),
    )
    const requests = await words('select distinct status as word from refund_request order by 1')
    expect(requests).toEqual(['approved', 'expired', 'pending_approval', 'rejected', 'withdrawn'])
    expect(await words('select distinct kind as word from discrepancy order by 1')).toEqual([
      'double_charge',
      'late_success',
    ])
  })

  test('have tags on a few, each audited in the words that the timeline tells', async () => {
    const tagged = await words('select distinct order_id::text as word from order_tag')
    expect(tagged.length / ORDERS).toBeGreaterThan(0.01)
    expect(tagged.length / ORDERS).toBeLessThan(0.02)
    expect(await words('select distinct tag as word from order_tag order by 1')).toEqual(
      expect.arrayContaining(['call-back', 'fraud-check', 'vip']),
    )
    const untold = await words(`select t.tag as word from order_tag t where not exists (
      select from audit_entry a where a.merchant_account_id = t.merchant_account_id and a.subject_kind = 'order'
        and a.subject_id = t.order_id::text and a.action = 'order_tag.add' and a.at = t.added_at
        and a.actor_id = t.added_by::text and a.after -> 'tags' ? t.tag)`)
    expect(untold).toEqual([])
    const [orderId = ''] = tagged
    const { entries } = await finance.trpc.orders.timeline.query({ orderId, filter: 'people' })
    const tags = await finance.trpc.tags.list.query({ orderId })
    expect(entries.map(({ title }) => title)).toContain(
      `${tags[0]?.addedBy.name} added the ${tags.length === 1 ? 'tag' : 'tags'} ${tags.map(({ tag }) => tag).join(', ')}`,
    )
  })

  test('leave the totals that triggers keep equal to their rows', async () => {
    const differing = await words(`
      select t.day::text as word from refund_day_total t
      left join lateral (select coalesce(sum(amount_minor), 0) as minor, count(*) as n from refund_request q
        where q.merchant_account_id = t.merchant_account_id and day_in_india(q.requested_at) = t.day
          and refund_request_lives(q.status, (select array_agg(refund_is_over_unpaid(r.status)) from refund r
            where r.refund_request_id = q.id))) as asked on true
      left join lateral (select coalesce(sum(r.amount_minor), 0) as minor, count(*) as n from refund r
        where r.merchant_account_id = t.merchant_account_id and day_in_india(r.first_sent_at) = t.day
          and not refund_is_over_unpaid(r.status)) as sent on true
      where t.person = '00000000-0000-0000-0000-000000000000'
        and (t.asked_minor, t.asked_count, t.sent_minor, t.sent_count) is distinct from (asked.minor, asked.n, sent.minor, sent.n)`)
    expect(differing).toEqual([])
    expect(await words('select day::text as word from refund_day_total')).not.toEqual([])
  })

  test('are all counted in the figures of the overview', async () => {
    const { figures } = app.paydesk.deps.store
    let days = 0
    let day: AccountDay | null = await figures.nextDay(null)
    while (day !== null) {
      expect(await figures.recount(day)).toEqual([])
      days += 1
      day = await figures.nextDay(day)
    }
    expect(days).toBeGreaterThanOrEqual(DAYS)
    expect(await words('select id::text as word from figure_change')).toEqual([])
  })

  test('have webhooks whose bytes say what was merged: processed again, they change nothing', async () => {
    const { database, deps } = app.paydesk
    const ids = await words(`(select id::text as word from webhook_event order by received_at limit 40)
      union all (select id::text from webhook_event where family = 'refund' order by received_at limit 40)`)
    expect(ids).toHaveLength(80)
    for (const id of ids) {
      const result = await processEvent(deps, id, { shadow: true })
      expect(result).toMatchObject({ status: 'processed', changes: [], error: null })
    }
    const { rows } = await database.pool.query<{ body: Buffer; order_ref: string }>(
      'select body, order_ref from webhook_event limit 200',
    )
    for (const { body, order_ref } of rows) {
      const told = translateEvent(body)
      expect(isParseFailure(told) ? told : told.order?.orderRef).toBe(order_ref)
    }
  })
})

describe('its screens', () => {
  test('list, narrow, find and page', async () => {
    const first = await finance.trpc.orders.list.query({ limit: 50 })
    expect(first.rows).toHaveLength(50)
    expect((await finance.trpc.orders.total.query({})).count).toBe(ORDERS)
    const second = await finance.trpc.orders.list.query({ limit: 50, cursor: first.nextCursor })
    expect(second.rows.map(({ id }) => id)).not.toContain(first.rows[49]?.id)
    const failed = await finance.trpc.orders.list.query({ q: 'status:failed method:upi', limit: 10 })
    expect(failed.rows.every((row) => row.displayStatus === 'failed')).toBe(true)
    const [some] = first.rows
    const found = await finance.trpc.orders.list.query({ q: `order:${some?.orderRef.toLowerCase() ?? ''}` })
    expect(found.rows.map(({ id }) => id)).toEqual([some?.id])
  })

  test('know with each order what there is about it', async () => {
    const { accountId } = app
    const { pages } = app.paydesk.deps.store
    const refs =
      await words(`select order_ref as word from orders where id in (select order_id from refund limit 40)
      union select order_ref from orders where id in (select order_id from refund_request limit 40)
      union select order_ref from orders where id in (select order_id from discrepancy limit 40)
      union (select order_ref from orders order by id limit 80)`)
    for (const ref of refs) {
      const order = await pages.orders.pageOf(accountId, ref)
      const id = order?.id ?? ''
      const kept = {
        refunds: await pages.refunds.byOrder(accountId, id),
        discrepancies: await pages.discrepancies.byOrder(accountId, id),
        disputes: await pages.disputes.byOrder(accountId, id),
        events: await pages.webhookEvents.byOrder(accountId, id),
        gaps: await pages.webhookGaps.byOrder(accountId, id, end),
        checks: await pages.statusChecks.byOrder(accountId, id),
        notes: await pages.orderNotes.byOrder(accountId, id),
        deeds: await pages.audit.bySubject(accountId, 'order', id),
      }
      const has = Object.fromEntries(Object.entries(kept).map(([kind, rows]) => [kind, rows.length > 0]))
      expect({ ref, ...order?.has }).toEqual({ ref, ...has })
    }
  })

  test('tell the story of an order that two people refunded', async () => {
    const [orderId] =
      await words(`select q.order_id::text as word from refund_request q join refund r on r.refund_request_id = q.id
      where q.needs_approval and r.status = 'succeeded' limit 1`)
    const order = await finance.trpc.orders.get.query({ orderRefOrId: orderId ?? '' })
    expect(BigInt(order.refundedMinor)).toBeGreaterThan(0n)
    const { entries: timeline } = await finance.trpc.orders.timeline.query({ orderId: orderId ?? '' })
    expect(timeline.length).toBeGreaterThanOrEqual(5)
    expect(timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['order', 'attempt', 'refund']))
  })
})
