/** How replay jobs are worked on: crashes, second workers, poison, and the promise that a replay never sends a refund. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { TRIES_MAX } from '../../../server/domain/webhook-retry.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { drainReplays } from '../../../server/jobs/run-replays.ts'
import { applyReplay, resumeReplay } from '../../../server/services/webhooks/replay-control.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import { runReplayTurn, withoutRefunds } from '../../../server/services/webhooks/replay-run.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
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

const DAY_MS = 24 * 60 * 60 * 1_000
const LEASE_MS = 30_000
const { job, items, shadow, apply } = replaySteps(() => ({ deps, actor }))

/** Orders that failed to be written and are given up; afterwards nothing stands in their way. */
async function givenUp(count: number, prefix = 'BAD'): Promise<string[]> {
  const cure = await poison(opened.database.pool, `${prefix}%`)
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) {
    ids.push(await deliver(deps, account.id, chargedEvent(`${prefix}-${n}`)))
    deps.clock.advance(10)
  }
  await opened.database.pool.query('update webhook_event set tries = $1 where id = any($2)', [
    TRIES_MAX - 1,
    ids,
  ])
  await drainEvents(deps)
  await cure()
  const { rows } = await opened.database.pool.query(
    "select count(*)::int as dead from webhook_event where status = 'dead'",
  )
  expect(rows).toEqual([{ dead: count }])
  return ids
}

describe('a worker that does not come back', () => {
  test('only delays the job: another one goes on when its lease is over', async () => {
    const ids = await givenUp(3)
    const ready = await shadow({ kind: 'events', ids })
    await applyReplay(deps, actor, { jobId: ready.id, again: null })
    const now = deps.clock.now()
    const lost = await deps.store.replays.claim(now, new Date(now.getTime() + LEASE_MS))
    expect(lost).toMatchObject({ id: ready.id, phase: 'applying' })
    expect(await runReplayTurn(deps)).toBeNull()
    deps.clock.advance(LEASE_MS)
    await drainReplays(deps)
    expect(await job(ready.id)).toMatchObject({ status: 'done', applied: 3, changed: 3 })
    if (lost === null) throw new Error('the job was claimed')
    // Should it come back after all, it can write nothing.
    const late = { state: 'failed', outcome: 'error', error: 'late', changes: [] } as const
    const times = { now, leaseUntil: now }
    expect(await deps.store.replays.recordApply(lost, 1, late, times)).toBeNull()
    expect(await deps.store.replays.begin(lost, 1, { now, holdUntil: now })).toBeNull()
    expect(await job(ready.id)).toMatchObject({ applied: 3, failed: 0 })
    expect((await items(ready.id)).map(({ state }) => state)).toEqual(['changed', 'changed', 'changed'])
  })

  test('after applying an item: its effect is told by whoever finishes the job', async () => {
    const [id = ''] = await givenUp(1)
    const ready = await shadow({ kind: 'events', ids: [id] })
    await applyReplay(deps, actor, { jobId: ready.id, again: null })
    const now = deps.clock.now()
    const lost = await deps.store.replays.claim(now, new Date(now.getTime() + LEASE_MS))
    if (lost === null) throw new Error('the job was claimed')
    await deps.store.replays.begin(lost, 1, { now, holdUntil: new Date(now.getTime() + DAY_MS) })
    await processEvent(deps, id, { by: 'replay' })
    deps.clock.advance(LEASE_MS)
    await drainReplays(deps)
    const [item] = await items(ready.id)
    expect(item).toMatchObject({ state: 'changed' })
    expect(item?.applyChanges).toEqual(item?.shadowChanges)
  })
})

test('two processes share one job without doing an item twice', async () => {
  const ids = await givenUp(40)
  const ready = await shadow({ kind: 'events', ids })
  await applyReplay(deps, actor, { jobId: ready.id, again: null })
  await Promise.all([drainReplays(deps), drainReplays(deps), drainReplays(deps)])
  expect(await job(ready.id)).toMatchObject({ status: 'done', applied: 40, changed: 40, failed: 0 })
  const { rows } = await opened.database.pool.query(
    `select count(*)::int as passes from webhook_event, jsonb_array_elements(attempts) as pass where pass->>'by' = 'replay'`,
  )
  expect(rows).toEqual([{ passes: 40 }])
})

test('a job that mostly fails pauses itself, says why, and goes on when it is resumed', async () => {
  const cure = await poison(opened.database.pool, 'BAD%')
  await cure()
  const ids = await givenUp(60)
  const ready = await shadow({ kind: 'events', ids })
  const again = await poison(opened.database.pool, 'BAD%')
  await applyReplay(deps, actor, { jobId: ready.id, again: null })
  await drainReplays(deps)
  const paused = await job(ready.id)
  expect(paused).toMatchObject({ status: 'paused', pausedFrom: 'applying' })
  expect(paused.note).toBe('50 of the last 50 events failed. Look at their reasons, then resume or stop.')
  expect(paused.applied).toBeGreaterThanOrEqual(50)
  expect(paused.applied).toBeLessThan(60)
  await again()
  await resumeReplay(deps, actor, { jobId: ready.id })
  await drainReplays(deps)
  expect(await job(ready.id)).toMatchObject({
    status: 'done',
    applied: 60,
    failed: paused.applied,
    note: null,
  })
})

test('a job at which we stumble again and again has failed, with the reason, and others go on', async () => {
  const [a = '', b = ''] = await givenUp(2)
  const stuck = await shadow({ kind: 'events', ids: [a] })
  await opened.database.pool.query(`
    create function refuse_item() returns trigger language plpgsql as $$
    begin if new.job_id = '${stuck.id}' then raise exception 'no room'; end if; return new; end $$;
    create trigger refuse_item before update on replay_item for each row execute function refuse_item()`)
  await applyReplay(deps, actor, { jobId: stuck.id, again: null })
  for (let round = 1; round <= 5; round += 1) await expect(drainReplays(deps)).rejects.toThrow('no room')
  expect(await job(stuck.id)).toMatchObject({ status: 'failed', note: 'no room', applied: 0 })
  const next = await shadow({ kind: 'events', ids: [b] })
  expect(await apply(next.id)).toMatchObject({ status: 'done', changed: 1 })
})

test('the feed hears of the job when it is made, when it moves and when it is done', async () => {
  const cursor = await deps.store.liveChanges.currentCursor()
  const ids = await givenUp(2)
  const ready = await shadow({ kind: 'events', ids })
  await apply(ready.id)
  const feed = await deps.store.liveChanges.readFeed(account.id, cursor, 100)
  const told = feed.filter((item) => item.kind === 'change' && item.subject === 'replay_job')
  expect(told.every((item) => item.kind === 'change' && item.subjectId === ready.id)).toBe(true)
  // Made, shadow run ready, applied by a person, done; and at most one more in each run.
  expect(told.length).toBeGreaterThanOrEqual(4)
  expect(told.length).toBeLessThanOrEqual(6)
})

test('a scope by filter takes what matches it and nothing else', async () => {
  await givenUp(2)
  await deliver(deps, account.id, Buffer.from('{'))
  await drainEvents(deps)
  const { replays } = deps.store
  expect(await replays.preview(account.id, filterScope())).toMatchObject({
    count: 3,
    appliedBefore: 0,
    groups: [
      { reason: 'code_error', count: 2 },
      { reason: 'bad_body', count: 1 },
    ],
  })
  expect(await replays.preview(account.id, filterScope({ reasons: ['bad_body'] }))).toMatchObject({
    count: 1,
  })
  expect(
    await replays.preview(account.id, filterScope({ reasons: ['database_busy', 'other'] })),
  ).toMatchObject({ count: 0 })
  expect(await replays.preview(account.id, filterScope({ orderRef: 'bad-1' }))).toMatchObject({ count: 1 })
  expect(await replays.preview(account.id, filterScope({ names: ['ORDER_SUCCEEDED'] }))).toMatchObject({
    count: 2,
  })
})

test('what a replay works with cannot send a refund, make its key, or wake who sends', async () => {
  const safe = withoutRefunds(deps)
  const client = await safe.juspay(account.id)
  const call = { orderRef: 'X', uniqueRequestId: 'K', amountMinor: 1n, currency: 'INR', routingId: 'X' }
  expect(() => client.refund(call)).toThrow('never sends a refund')
  expect(() => safe.refundKeySecret).toThrow('makes no refund key')
  deps.woken.length = 0
  safe.wake('refunds')
  safe.wake('live')
  expect(deps.woken).toEqual(['live'])
})
