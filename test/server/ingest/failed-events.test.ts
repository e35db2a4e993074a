import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { retriesStopAt } from '../../../server/domain/webhook-retry.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { ignoreFailed, retryFailedNow } from '../../../server/services/webhooks/failed-events.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { NEEDS_LOOK } from '../../../server/store/event-selection.ts'
import { createAccount, createStaff } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, type TestDeps } from '../../support/harness.ts'
import { chargedEvent, filterScope, poison, replaySteps } from '../../support/replay-steps.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let actor: StaffActor

beforeEach(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
  actor = await createStaff(opened.database, account, 'ops')
})
afterEach(() => opened.close())

const { shadow, apply } = replaySteps(() => ({ deps, actor }))
const event = (id: string) => deps.store.webhookEvents.byId(account.id, id)
const groups = async () => (await deps.store.failedEvents.groups(account.id)).groups
const list = async (among: 'open' | 'set_aside' = 'open') =>
  (await deps.store.failedEvents.list(account.id, { among, reason: null }, { cursor: null, limit: 100 })).rows

const UNKNOWN = Buffer.from('{"id":"evt_u","event_name":"COFFEE_READY","content":{}}')
const MANDATE = Buffer.from(
  '{"id":"evt_m","event_name":"NOTIFICATION_SUCCEEDED","content":{"notification":{"id":"1"}}}',
)

/** One event of each kind that needs a look, and others that do not. */
async function failSome(): Promise<void> {
  await poison(opened.database.pool, 'BAD%')
  for (const body of [
    Buffer.from('{'),
    Buffer.from('{ '),
    UNKNOWN,
    MANDATE,
    chargedEvent('FINE'),
    chargedEvent('BAD-1'),
  ])
    await deliver(deps, account.id, body)
  await drainEvents(deps)
}

describe('the failed list', () => {
  test('groups what needs a look by reason, with what comes next', async () => {
    await failSome()
    const waiting = (await list()).find(({ status }) => status === 'failed')
    // The number in the sidebar is that of the list it leads to.
    expect(await deps.store.webhookEvents.countFailed(account.id)).toBe((await list()).length)
    expect(await groups()).toMatchObject([
      { reason: 'bad_body', count: 2, waiting: 0, nextTryAt: null, stopsAt: null },
      { reason: 'code_error', count: 1, waiting: 1 },
      { reason: 'unknown_event', count: 1, waiting: 0, names: ['COFFEE_READY'] },
    ])
    const [group] = (await groups()).filter(({ reason }) => reason === 'code_error')
    expect(group?.nextTryAt).toEqual(waiting?.nextTryAt)
    expect(group?.stopsAt).toEqual(retriesStopAt(1, waiting?.nextTryAt ?? null))
  })

  test('pages newest first, by reason too, and shows nothing of another account', async () => {
    await failSome()
    expect(await list()).toHaveLength(4)
    const { failedEvents } = deps.store
    const first = await failedEvents.list(
      account.id,
      { among: 'open', reason: null },
      { cursor: null, limit: 3 },
    )
    const second = await failedEvents.list(
      account.id,
      { among: 'open', reason: null },
      { cursor: first.nextCursor, limit: 3 },
    )
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual((await list()).map(({ id }) => id))
    const bad = await failedEvents.list(
      account.id,
      { among: 'open', reason: 'bad_body' },
      { cursor: null, limit: 3 },
    )
    expect(bad.rows.map(({ outcome }) => outcome)).toEqual(['parse_failed', 'parse_failed'])
    const other = await createAccount(opened.database)
    expect((await failedEvents.groups(other.id)).groups).toEqual([])
  })

  test('reads the index of events that need a look, however many others there are', async () => {
    await failSome()
    const { pool } = opened.database
    await pool.query(
      `
      insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers, remote_address,
        status, outcome, next_try_at)
      select gen_random_uuid(), 0, $1, 'k' || n, '\\x00', '\\x7b7d', '{}', '::1', 'processed', 'applied', null
      from generate_series(1, 20000) as n`,
      [account.id],
    )
    await pool.query('analyze webhook_event')
    const plan = await pool.query<{ 'QUERY PLAN': string }>(
      `explain select 1 from webhook_event where merchant_account_id = $1 and ${NEEDS_LOOK}
       order by received_at desc, id desc limit 100`,
      [account.id],
    )
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
    // Each partition has its own copy of the index, found by its predicate.
    const { rows } = await pool.query<{ name: string }>(
      `select indexrelid::regclass::text as name from pg_index
       where pg_get_expr(indpred, indrelid) like '%unknown_event%' and indrelid = 'webhook_event_0'::regclass`,
    )
    expect(text).toContain(rows[0]?.name)
    expect(text).not.toContain('Seq Scan on webhook_event_0')
  })
})

describe('retry now', () => {
  test('makes what waits due at once, and says how many', async () => {
    await failSome()
    expect(await drainEvents(deps)).toBe(0)
    expect(await retryFailedNow(deps, actor, { scope: filterScope() })).toEqual({ count: 1 })
    expect(deps.woken).toContain('events')
    expect(await drainEvents(deps)).toBe(1)
    const [entry] = (
      await deps.store.audit.list(account.id, {
        q: '',
        action: 'webhook_event.retry',
        outcome: null,
        cursor: null,
        limit: 10,
      })
    ).rows
    expect(entry).toMatchObject({ actorName: actor.name, after: { count: 1 } })
  })

  test('says so when nothing waits', async () => {
    await deliver(deps, account.id, Buffer.from('{'))
    await drainEvents(deps)
    await expect(retryFailedNow(deps, actor, { scope: filterScope() })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('ignore', () => {
  test('sets aside with a reason what failed and what was held, keeps the outcome, and ends its tries', async () => {
    await failSome()
    const before = await list()
    expect(await ignoreFailed(deps, actor, { scope: filterScope(), reason: 'Known test traffic' })).toEqual({
      count: 4,
    })
    expect(await list()).toEqual([])
    expect(await groups()).toEqual([])
    const aside = await list('set_aside')
    expect(aside.map(({ id, outcome }) => [id, outcome])).toEqual(
      before.map(({ id, outcome }) => [id, outcome]),
    )
    for (const row of aside) {
      expect(row).toMatchObject({ status: 'ignored', nextTryAt: null })
      expect(row.setAside).toEqual({
        by: actor.name,
        reason: 'Known test traffic',
        at: deps.clock.now().toISOString(),
      })
    }
    deps.clock.advance(24 * 60 * 60 * 1_000)
    expect(await drainEvents(deps)).toBe(0)
    expect(await deps.store.webhookEvents.countFailed(account.id)).toBe(0)
  })

  test('is written down with its reason, and refused when there is nothing left to ignore', async () => {
    const id = await deliver(deps, account.id, Buffer.from('{'))
    await drainEvents(deps)
    const scope = { kind: 'events', ids: [id] } as const
    await ignoreFailed(deps, actor, { scope, reason: 'Not ours' })
    const [entry] = await deps.store.audit.bySubject(account.id, 'webhook_event', id)
    expect(entry).toMatchObject({ action: 'webhook_event.ignore', reason: 'Not ours', actorName: actor.name })
    await expect(ignoreFailed(deps, actor, { scope, reason: 'Again' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('never touches an event that was applied', async () => {
    const id = await deliver(deps, account.id, chargedEvent('FINE'))
    await drainEvents(deps)
    const scope = { kind: 'events', ids: [id] } as const
    await expect(ignoreFailed(deps, actor, { scope, reason: 'No' })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await event(id)).toMatchObject({ status: 'processed', outcome: 'applied' })
  })

  test('is taken back by a replay', async () => {
    const cure = await poison(opened.database.pool, 'BAD%')
    const id = await deliver(deps, account.id, chargedEvent('BAD-1'))
    await drainEvents(deps)
    await ignoreFailed(deps, actor, { scope: { kind: 'events', ids: [id] }, reason: 'Too early' })
    await cure()
    const ready = await shadow(filterScope({ among: 'set_aside' }))
    expect(ready).toMatchObject({ total: 1, appliedBefore: 0, wouldChange: 1 })
    expect(await list('set_aside')).toHaveLength(1)
    expect(await apply(ready.id)).toMatchObject({ status: 'done', changed: 1 })
    expect(await list('set_aside')).toEqual([])
    expect(await event(id)).toMatchObject({ status: 'processed', outcome: 'applied' })
  })
})
