/** Alerts of views: when they are told, to whom, and what is told of a view that cannot be looked at. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { BARE_LIST } from '../../../server/domain/list-view.ts'
import { ALERTS_MAX, newsAt, type AlertRule } from '../../../server/domain/view-alert.ts'
import { setAlert } from '../../../server/services/views/set-alert.ts'
import { LOOK_EVERY_MS, TAKEN_MAX, watchViews } from '../../../server/services/views/watch-views.ts'
import { connect, type Database } from '../../../server/store/database.ts'
import { createStore } from '../../../server/store/store.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const START = new Date('2026-11-22T09:05:00Z')
const MINUTE_MS = 60_000
const ANY_ROW: AlertRule = { kind: 'more_than', threshold: 0 }
const countRow = z.object({ count: z.bigint() })

let made: TestDatabase
let database: Database
let app: TestApp
let finance: SignedIn
let support: SignedIn
let viewer: SignedIn
let admin: SignedIn
let now = START

beforeAll(async () => {
  made = await createTestDatabase()
  app = await createTestApp({ database: made, clock: { now: () => now } })
  database = connect(made.url)
  finance = await app.as('finance')
  support = await app.as('support')
  viewer = await app.as('viewer')
  admin = await app.as('admin')
})

afterAll(async () => {
  await database.close()
  await app.close()
  await made.drop()
})

beforeEach(async () => {
  now = START
  for (const table of ['view_alert', 'saved_view', 'live_change', 'orders'])
    await database.sql.run(`delete from ${table}`)
})

let orders = 0

/** A failed order of somebody, created so many minutes before {@link START}. */
async function addOrder(minutesBefore = 0, customerEmail: string | null = null): Promise<void> {
  orders += 1
  await database.sql.run(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, provider_status,
       payment_status, display_status, customer_email, created_at)
     values ($1, $2, lower($2), 'INR', 100, 'AUTHENTICATION_FAILED', 'failed', 'failed', $3, $4)`,
    [app.accountId, `WATCHED${orders}`, customerEmail, new Date(START.getTime() - minutesBefore * MINUTE_MS)],
  )
}

const takeOrdersAway = () => database.sql.run('delete from orders')

async function makeView(person: SignedIn, part: { q?: string; t?: string; shared?: boolean } = {}) {
  const { q = 'status:failed', t = 'all', shared = false } = part
  const state = { ...BARE_LIST, q, t, cols: null, widths: {}, density: null }
  const name = `View of ${q} ${t} ${orders}`
  const { id } = await person.trpc.views.create.mutate({ name, shared, state })
  return id
}

/** The next look of the job, a minute on. Returns how many alerts it took. */
async function look(): Promise<number> {
  now = new Date(now.getTime() + LOOK_EVERY_MS)
  return watchViews(app.paydesk.deps)
}

async function alertOf(person: SignedIn, view: string | null) {
  const alerts = await person.trpc.views.alerts.query()
  const found = alerts.find((alert) => alert.view === view)
  if (!found) throw new Error(`no alert of ${view}`)
  return found
}

async function told(person: SignedIn): Promise<number> {
  const row = await database.sql.first(
    countRow,
    `select count(*) as count from live_change where subject = 'view_alert' and subject_id = $1`,
    [person.userId],
  )
  return Number(row?.count)
}

describe('more than so many rows', () => {
  test('is told when it becomes true, once, and again after it had been false', async () => {
    const view = await makeView(finance)
    await finance.trpc.views.setAlert.mutate({ view, rule: { kind: 'more_than', threshold: 1 } })
    expect(await alertOf(finance, view)).toMatchObject({ holds: false, checkedAt: null })
    await addOrder()
    await look()
    expect(await alertOf(finance, view)).toMatchObject({ holds: false, roseAt: null, checkedAt: now })
    expect(await told(finance)).toBe(0)

    await addOrder()
    await addOrder()
    await look()
    const roseAt = now
    expect(await alertOf(finance, view)).toMatchObject({ holds: true, roseAt, roseRows: 3 })
    expect(await told(finance)).toBe(1)
    await addOrder()
    await look()
    expect(await alertOf(finance, view)).toMatchObject({ holds: true, roseAt, roseRows: 3 })
    expect(await told(finance)).toBe(1)

    await takeOrdersAway()
    await look()
    // Nobody looked meanwhile: whoever comes now is told that it was so, and from when to when.
    const over = await alertOf(finance, view)
    expect(over).toMatchObject({ holds: false, roseAt, roseRows: 3, fellAt: now, seenAt: null })
    expect(newsAt(over, over.seenAt)).toEqual(roseAt)
    await addOrder()
    await addOrder()
    await look()
    expect(await alertOf(finance, view)).toMatchObject({
      holds: true,
      roseAt: now,
      roseRows: 2,
      fellAt: null,
    })
  })

  test('is nobody’s news but of who set it, and known when it was seen', async () => {
    const view = await makeView(finance, { shared: true })
    await finance.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await addOrder()
    await look()
    expect(await viewer.trpc.views.alerts.query()).toEqual([])
    expect(await told(viewer)).toBe(0)
    const { id, roseAt } = await alertOf(finance, view)
    // Another person's word about it counts for nothing.
    await viewer.trpc.views.seeAlerts.mutate({ seen: [{ id, upTo: now }] })
    expect(await alertOf(finance, view)).toMatchObject({ seenAt: null })
    await finance.trpc.views.seeAlerts.mutate({ seen: [{ id, upTo: new Date(now.getTime() + 86_400_000) }] })
    const seen = await alertOf(finance, view)
    // Nobody has seen what is still to come.
    expect(seen.seenAt).toEqual(now)
    expect(newsAt(seen, seen.seenAt)).toBeNull()
    await finance.trpc.views.seeAlerts.mutate({ seen: [{ id, upTo: new Date(0) }] })
    expect(await alertOf(finance, view)).toMatchObject({ seenAt: roseAt })
  })
})

describe('the oldest row', () => {
  const rule: AlertRule = { kind: 'oldest_over', threshold: 120 }

  test('is over its age a moment after it is as old', async () => {
    const view = await makeView(finance)
    await finance.trpc.views.setAlert.mutate({ view, rule })
    await addOrder(119)
    await addOrder(5)
    await look()
    expect(await alertOf(finance, view)).toMatchObject({ holds: false })
    await look()
    expect(await alertOf(finance, view)).toMatchObject({ holds: true, roseAt: now, roseRows: null })
    await takeOrdersAway()
    await look()
    expect(await alertOf(finance, view)).toMatchObject({ holds: false })
  })

  test('is one that the view has in its time range', async () => {
    const short = await makeView(finance, { t: '-1h' })
    const named = await makeView(finance, { q: 'status:failed created:-3h' })
    for (const view of [short, named]) await finance.trpc.views.setAlert.mutate({ view, rule })
    await addOrder(4 * 60)
    await look()
    expect(await alertOf(finance, short)).toMatchObject({ holds: false })
    expect(await alertOf(finance, named)).toMatchObject({ holds: false })
    await addOrder(150)
    await look()
    expect(await alertOf(finance, short)).toMatchObject({ holds: false })
    expect(await alertOf(finance, named)).toMatchObject({ holds: true })
  })
})

test('a built-in view can be watched, also by its age, and a new rule begins anew', async () => {
  await viewer.trpc.views.setAlert.mutate({ view: 'failed', rule: ANY_ROW })
  await addOrder()
  await look()
  expect(await alertOf(viewer, 'failed')).toMatchObject({ name: 'Failed today', holds: true, rule: ANY_ROW })
  const rule: AlertRule = { kind: 'oldest_over', threshold: 60 }
  await viewer.trpc.views.setAlert.mutate({ view: 'failed', rule })
  expect(await viewer.trpc.views.alerts.query()).toMatchObject([{ rule, holds: false, roseAt: null }])
  await viewer.trpc.views.stopAlert.mutate({ view: 'failed' })
  expect(await viewer.trpc.views.alerts.query()).toEqual([])
  await expect(viewer.trpc.views.stopAlert.mutate({ view: 'failed' })).rejects.toThrow(/no alert/)
})

describe('several servers', () => {
  test('look at each alert once between them', async () => {
    for (let i = 0; i < ALERTS_MAX - 1; i += 1)
      await finance.trpc.views.setAlert.mutate({
        view: await makeView(finance, { q: `attempts:<${i + 2}` }),
        rule: ANY_ROW,
      })
    for (const view of ['all', 'failed'] as const)
      await viewer.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await addOrder()
    const other = { ...app.paydesk.deps, store: createStore(database) }
    now = new Date(now.getTime() + LOOK_EVERY_MS)
    const counts = await Promise.all([watchViews(app.paydesk.deps), watchViews(other)])
    // Neither takes more than its share of a pass.
    const again = await watchViews(other)
    expect(counts.every((count) => count <= TAKEN_MAX)).toBe(true)
    expect(counts[0] + counts[1] + again).toBe(ALERTS_MAX + 1)
    expect(await told(finance)).toBe(ALERTS_MAX - 1)
    expect(await told(viewer)).toBe(2)
    expect(await watchViews(app.paydesk.deps)).toBe(0)
  })

  test('write nothing of a look that another has taken over, or of a rule that was changed', async () => {
    await viewer.trpc.views.setAlert.mutate({ view: 'failed', rule: ANY_ROW })
    const { viewAlerts } = app.paydesk.deps.store
    const [slow] = await viewAlerts.take(now, new Date(now.getTime() + LOOK_EVERY_MS), 1)
    if (!slow) throw new Error('it was due')
    now = new Date(now.getTime() + LOOK_EVERY_MS)
    await viewAlerts.take(now, new Date(now.getTime() + LOOK_EVERY_MS), 1)
    const late = { ...slow, holds: true, roseAt: now }
    expect(await viewAlerts.save(slow, late, { checkedAt: now, nextDueAt: now })).toBe(false)
    expect(await alertOf(viewer, 'failed')).toMatchObject({ holds: false, checkedAt: null })
  })
})

test('a look that cannot be written down does not keep the next from it', async () => {
  await finance.trpc.views.setAlert.mutate({ view: 'all', rule: ANY_ROW })
  await viewer.trpc.views.setAlert.mutate({ view: 'all', rule: ANY_ROW })
  await addOrder()
  const { store, ...deps } = app.paydesk.deps
  let failed = false
  const transaction: typeof store.transaction = (work) => {
    if (failed) return store.transaction(work)
    failed = true
    return Promise.reject(new Error('no connection'))
  }
  expect(await watchViews({ ...deps, store: { ...store, transaction } })).toBe(2)
  expect((await told(finance)) + (await told(viewer))).toBe(1)
})

describe('a view that cannot be looked at', () => {
  test('because it takes too long is told as such, and its alert stays as it was', async () => {
    await viewer.trpc.views.setAlert.mutate({ view: 'failed', rule: ANY_ROW })
    await addOrder()
    await look()
    const { roseAt } = await alertOf(viewer, 'failed')
    const client = await database.pool.connect()
    try {
      await client.query('begin')
      await client.query('lock table orders in access exclusive mode')
      await look()
    } finally {
      await client.query('rollback')
      client.release()
    }
    const slow = await alertOf(viewer, 'failed')
    expect(slow).toMatchObject({ holds: true, roseAt, problem: 'too_slow', problemAt: now })
    expect(newsAt(slow, roseAt)).toEqual(now)
    expect(await told(viewer)).toBe(2)
    // What took long is not looked at again the very next minute.
    expect(await look()).toBe(0)
    await look()
    expect(await alertOf(viewer, 'failed')).toMatchObject({ holds: true, roseAt, problem: null })
  })

  test('because its filter is not understood any more', async () => {
    const view = await makeView(finance)
    await finance.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await database.sql.run(`update saved_view set state = state || '{"q":"amout:5"}' where id = $1`, [view])
    await look()
    expect(await alertOf(finance, view)).toMatchObject({ holds: false, problem: 'unreadable' })
    await expect(finance.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })).rejects.toThrow(/amout/)
  })

  test('because its owner does not share it any more, or deleted it, until its person knows', async () => {
    const [kept, deleted] = [
      await makeView(finance, { shared: true }),
      await makeView(finance, { t: 'today', shared: true }),
    ]
    for (const view of [kept, deleted]) await viewer.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await finance.trpc.views.change.mutate({ viewId: kept, basedOn: 1, shared: false, name: 'Secret' })
    await finance.trpc.views.delete.mutate({ viewId: deleted })
    await look()
    const names = (await viewer.trpc.views.alerts.query()).map(({ name, problem }) => [name, problem])
    expect(names.every(([name, problem]) => name !== 'Secret' && problem === 'gone')).toBe(true)
    expect(names).toHaveLength(2)
    const seen = (await viewer.trpc.views.alerts.query()).map(({ id }) => ({ id, upTo: now }))
    await viewer.trpc.views.seeAlerts.mutate({ seen })
    expect(await viewer.trpc.views.alerts.query()).toEqual([])
  })

  test('because it looks for a person and its person may not any more: it is not run', async () => {
    const view = await makeView(support, { q: 'email:asha@example.test' })
    await support.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await addOrder(0, 'asha@example.test')
    const setRole = (role: 'support' | 'developer') =>
      app.paydesk.deps.store.staff.setRole(app.accountId, support.userId, role)
    await setRole('developer')
    await look()
    expect(await alertOf(support, view)).toMatchObject({ holds: false, roseAt: null, problem: 'not_allowed' })
    await setRole('support')
    await look()
    expect(await alertOf(support, view)).toMatchObject({ holds: true, roseRows: 1, problem: null })
    await app.paydesk.deps.store.staff.setDisabled(support.userId, true)
    await look()
    await app.paydesk.deps.store.staff.setDisabled(support.userId, false)
    expect(await alertOf(support, view)).toMatchObject({ holds: true, problem: 'not_allowed' })
  })
})

describe('an alert', () => {
  test('is set on what one may see and look for only, and on so many views', async () => {
    const own = await makeView(finance)
    await expect(viewer.trpc.views.setAlert.mutate({ view: own, rule: ANY_ROW })).rejects.toThrow(
      /no such view/,
    )
    const personal = await makeView(finance, { q: 'phone:9876543210', shared: true })
    await expect(viewer.trpc.views.setAlert.mutate({ view: personal, rule: ANY_ROW })).rejects.toThrow(
      /cannot reveal personal data/,
    )
    await expect(
      viewer.trpc.views.setAlert.mutate({ view: 'all', rule: { kind: 'oldest_over', threshold: 0 } }),
    ).rejects.toThrow()
    const views = await Promise.all(
      Array.from({ length: ALERTS_MAX + 1 }, (_, i) => makeView(viewer, { q: `attempts:${i}` })),
    )
    const [first = '', ...others] = views
    for (const view of others) await viewer.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await expect(viewer.trpc.views.setAlert.mutate({ view: first, rule: ANY_ROW })).rejects.toThrow(
      `You have alerts on ${ALERTS_MAX} views.`,
    )
    // Nor by asking for many at once, or for the same one twice.
    await viewer.trpc.views.stopAlert.mutate({ view: others[1] ?? '' })
    const same = await Promise.allSettled(
      [first, first, 'high' as const].map((view) =>
        viewer.trpc.views.setAlert.mutate({ view, rule: ANY_ROW }),
      ),
    )
    expect(same.map(({ status }) => status).toSorted()).toContain('rejected')
    expect(await viewer.trpc.views.alerts.query()).toHaveLength(ALERTS_MAX)
    // Those that one has can be changed all the same.
    const [last = ''] = others
    await viewer.trpc.views.setAlert.mutate({ view: last, rule: { kind: 'more_than', threshold: 5 } })
  })

  test('leaves an audit entry when it is set and stopped, and one of whom it looks for', async () => {
    const view = await makeView(finance, { q: 'email:rao@example.test' })
    await finance.trpc.views.setAlert.mutate({ view, rule: ANY_ROW })
    await finance.trpc.views.stopAlert.mutate({ view })
    const { rows } = await admin.trpc.audit.list.query({ limit: 5 })
    expect(rows.map(({ action }) => action)).toEqual([
      'view.alert.stop',
      'view.alert',
      'search.personal',
      'view.create',
      expect.anything(),
    ])
    expect(rows[0]?.before).toMatchObject(ANY_ROW)
  })

  test('says each time whom it looks for, on the one connection of its transaction, and nothing when it is refused', async () => {
    const looked = async (): Promise<number> => {
      const { rows } = await admin.trpc.audit.list.query({ action: 'search.personal', limit: 100 })
      return rows.length
    }
    const view = await makeView(finance, { q: 'email:nair@example.test' })
    await finance.trpc.orders.list.query({ q: 'email:nair@example.test', from: null, to: null })
    const before = await looked()
    const single = connect(made.url, { poolSize: 1, connectTimeoutMs: 500 })
    const person = { kind: 'user', name: 'Asha', email: 'a@example.test', role: 'finance', ip: null } as const
    const { accountId } = app
    const actor = { ...person, accountId, userId: finance.userId, requestId: 'r', currency: 'INR' }
    try {
      const deps = { ...app.paydesk.deps, store: createStore(single) }
      await setAlert(deps, actor, { view, rule: ANY_ROW })
      expect(await looked()).toBe(before + 1)
      for (let i = 0; i < ALERTS_MAX - 1; i += 1)
        await setAlert(deps, actor, { view: await makeView(finance, { q: `attempts:${i}` }), rule: ANY_ROW })
      const more = await makeView(finance, { q: 'email:nair@example.test', t: 'today' })
      await expect(setAlert(deps, actor, { view: more, rule: ANY_ROW })).rejects.toThrow(/alerts on/)
      expect(await looked()).toBe(before + 1)
    } finally {
      await single.close()
    }
  })
})
