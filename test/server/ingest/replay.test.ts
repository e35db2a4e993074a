import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { TRIES_MAX } from '../../../server/domain/webhook-retry.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { drainReadyReplays, drainReplays } from '../../../server/jobs/run-replays.ts'
import {
  applyReplay,
  pauseReplay,
  resumeReplay,
  stopReplay,
} from '../../../server/services/webhooks/replay-control.ts'
import { createReplay } from '../../../server/services/webhooks/replay-create.ts'
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
const { make, job, items, shadow, apply } = replaySteps(() => ({ deps, actor }))
const event = (id: string) => deps.store.webhookEvents.byId(account.id, id)
const order = (ref: string) => deps.store.orders.byRef(account.id, ref)

/** Delivers and lets every try fail, until the events are given up. */
async function giveUp(...bodies: readonly Buffer[]): Promise<string[]> {
  const ids: string[] = []
  for (const body of bodies) {
    ids.push(await deliver(deps, account.id, body))
    deps.clock.advance(1_000)
  }
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    await drainEvents(deps)
    deps.clock.advance(DAY_MS)
  }
  for (const id of ids) expect(await event(id)).toMatchObject({ status: 'dead' })
  return ids
}

describe('a replay job', () => {
  test('says in the shadow what would change, changes nothing, and then does exactly that', async () => {
    const cure = await poison(opened.database.pool, 'BAD%')
    const [id = ''] = await giveUp(chargedEvent('BAD-1'))
    await cure()
    const ready = await shadow({ kind: 'events', ids: [id] })
    expect(ready).toMatchObject({ status: 'ready', total: 1, shadowed: 1, wouldChange: 1, applied: 0 })
    expect(await order('BAD-1')).toBeNull()
    expect(await event(id)).toMatchObject({ status: 'dead', tries: TRIES_MAX })
    const [promised] = await items(ready.id)
    expect(promised).toMatchObject({ state: 'would_change', shadowOutcome: 'applied', applyOutcome: null })
    expect(promised?.shadowChanges).toContainEqual({
      subject: 'order',
      field: 'paymentStatus',
      before: null,
      after: 'charged',
    })

    const done = await apply(ready.id)
    expect(done).toMatchObject({ status: 'done', applied: 1, changed: 1, failed: 0, appliedBy: actor.name })
    const [did] = await items(ready.id)
    expect(did).toMatchObject({ state: 'changed', applyOutcome: 'applied' })
    expect(did?.applyChanges).toEqual(promised?.shadowChanges)
    expect(await order('BAD-1')).toMatchObject({ paymentStatus: 'charged' })
    expect(await event(id)).toMatchObject({ status: 'processed', outcome: 'applied', error: null })
  })

  test('is written down: who made it with what, and who applied it', async () => {
    const cure = await poison(opened.database.pool, 'BAD%')
    const [id = ''] = await giveUp(chargedEvent('BAD-1'))
    await cure()
    const { id: jobId } = await shadow({ kind: 'events', ids: [id] })
    await apply(jobId)
    const audit = await deps.store.audit.bySubject(account.id, 'replay_job', jobId)
    expect(audit.map(({ action, actorName }) => [action, actorName])).toEqual([
      ['replay_job.create', actor.name],
      ['replay_job.apply', actor.name],
    ])
    expect(audit[0]?.after).toMatchObject({ scope: { kind: 'events', ids: [id] }, events: 1 })
  })

  test('is the same job when it is asked for twice, and another one is refused under its key', async () => {
    await giveUp(Buffer.from('{'))
    const [first, second] = await Promise.all([
      make(filterScope(), 'key-one'),
      make(filterScope(), 'key-one'),
    ])
    expect(second.id).toBe(first.id)
    expect(await items(first.id)).toHaveLength(1)
    await expect(make(filterScope({ names: ['OTHER'] }), 'key-one')).rejects.toMatchObject({
      code: 'key_reused',
    })
  })

  test('takes what matches when it is made, and nothing that comes later', async () => {
    await giveUp(Buffer.from('{'), Buffer.from('{ '))
    const made = await make(filterScope())
    await giveUp(Buffer.from('{  '))
    await drainReplays(deps)
    expect(await job(made.id)).toMatchObject({ total: 2, shadowed: 2, wouldFail: 2 })
  })

  test('keeps the order of the events of one order, oldest first, whatever comes between', async () => {
    await poison(opened.database.pool, 'BAD%')
    const ids = await giveUp(
      chargedEvent('BAD-1', 'evt_a'),
      chargedEvent('BAD-2', 'evt_b'),
      chargedEvent('BAD-1', 'evt_c'),
    )
    const { id } = await make({ kind: 'events', ids: ids.toReversed() })
    expect((await items(id)).map((item) => item.eventId)).toEqual(ids)
    const claim = await deps.store.replays.claim(deps.clock.now(), deps.clock.now())
    const due = claim === null ? [] : await deps.store.replays.due(claim, 10)
    expect(due.map((item) => item.orderKey)).toEqual(['bad-1', 'bad-2', 'bad-1'])
  })

  test('refuses what it cannot do, each with its reason', async () => {
    await expect(make(filterScope())).rejects.toMatchObject({ code: 'not_replayable' })
    await expect(make(filterScope({ among: 'any' }))).rejects.toMatchObject({ code: 'invalid_input' })
    const to = deps.clock.now()
    const from = new Date(to.getTime() - 32 * DAY_MS)
    await expect(make(filterScope({ among: 'any', from, to }))).rejects.toThrow('at most 31 days')
    const mine = await deliver(deps, account.id, chargedEvent('MINE'))
    await drainEvents(deps)
    const other = await createStaff(opened.database, await createAccount(opened.database), 'admin')
    await expect(
      createReplay(deps, other, { scope: { kind: 'events', ids: [mine] }, reason: null, requestKey: 'k' }),
    ).rejects.toMatchObject({ code: 'not_replayable' })
    const rows = await opened.database.pool.query('select 1 from replay_job')
    expect(rows.rowCount).toBe(0)
  })
})

describe('an event that was applied already', () => {
  test('is applied again only when that is confirmed in words, and then changes nothing', async () => {
    const id = await deliver(deps, account.id, chargedEvent('DONE-1'))
    await drainEvents(deps)
    const ready = await shadow({ kind: 'events', ids: [id] })
    expect(ready).toMatchObject({ status: 'ready', appliedBefore: 1, wouldChange: 0 })
    await expect(apply(ready.id)).rejects.toMatchObject({ code: 'confirmation_needed' })
    await expect(apply(ready.id, 'DONE')).rejects.toThrow('Type DONE-1')
    expect(await job(ready.id)).toMatchObject({ status: 'ready' })
    const before = await order('DONE-1')
    expect(await apply(ready.id, 'DONE-1')).toMatchObject({ status: 'done', applied: 1, unchanged: 1 })
    expect(await order('DONE-1')).toEqual(before)
    // Still "applied", because this event is what changed the order.
    expect(await event(id)).toMatchObject({ status: 'processed', outcome: 'applied' })
  })

  test('is left alone among others', async () => {
    const applied = await deliver(deps, account.id, chargedEvent('DONE-1'))
    const cure = await poison(opened.database.pool, 'BAD%')
    const [failed = ''] = await giveUp(chargedEvent('BAD-1'))
    await cure()
    const ready = await shadow({ kind: 'events', ids: [applied, failed] })
    expect(await apply(ready.id)).toMatchObject({
      total: 2,
      applied: 1,
      changed: 1,
      skipped: 1,
      status: 'done',
    })
    expect((await items(ready.id)).map(({ state }) => state)).toEqual(['skipped', 'changed'])
  })
})

test('an item shows what it would have done and what it did, when the order has moved meanwhile', async () => {
  const cure = await poison(opened.database.pool, 'MOVE%')
  const [id = ''] = await giveUp(chargedEvent('MOVE-1', 'evt_a'))
  await cure()
  const ready = await shadow({ kind: 'events', ids: [id] })
  // Another message tells the same before anybody applies.
  await deliver(deps, account.id, chargedEvent('MOVE-1', 'evt_b'))
  await drainEvents(deps)
  await apply(ready.id)
  const [item] = await items(ready.id)
  expect(item?.shadowChanges?.length).toBeGreaterThan(0)
  expect(item).toMatchObject({
    state: 'unchanged',
    shadowOutcome: 'applied',
    applyOutcome: 'no_change',
    applyChanges: [],
  })
})

describe('control', () => {
  /** A job over two given-up events, with the shadow run behind it. */
  async function readyJob(): Promise<string> {
    await giveUp(Buffer.from('{'), Buffer.from('{ '))
    return (await shadow(filterScope())).id
  }

  test('of two presses one wins, and the other is told', async () => {
    const jobId = await readyJob()
    const presses = await Promise.allSettled([
      applyReplay(deps, actor, { jobId, again: null }),
      applyReplay(deps, actor, { jobId, again: null }),
    ])
    expect(presses.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const lost = presses.find((press) => press.status === 'rejected')
    expect(lost?.reason).toMatchObject({
      code: 'conflict',
      message: 'This replay is being applied, so it cannot be applied.',
    })
    const audit = await deps.store.audit.bySubject(account.id, 'replay_job', jobId)
    expect(audit.map(({ action }) => action)).toEqual(['replay_job.create', 'replay_job.apply'])
  })

  test('a paused job does nothing until it is resumed, and goes on where it was', async () => {
    await giveUp(Buffer.from('{'), Buffer.from('{ '))
    const { id: jobId } = await make(filterScope())
    expect(await pauseReplay(deps, actor, { jobId })).toMatchObject({
      status: 'paused',
      pausedFrom: 'shadowing',
    })
    expect(await drainReplays(deps)).toBe(0)
    await expect(pauseReplay(deps, actor, { jobId })).rejects.toThrow('is paused')
    expect(await resumeReplay(deps, actor, { jobId })).toMatchObject({ status: 'shadowing', note: null })
    await drainReplays(deps)
    expect(await job(jobId)).toMatchObject({ status: 'ready', shadowed: 2 })
  })

  test('a stopped job keeps what it did and does no more', async () => {
    const jobId = await readyJob()
    await applyReplay(deps, actor, { jobId, again: null })
    await stopReplay(deps, actor, { jobId })
    expect(await drainReplays(deps)).toBe(0)
    expect(await job(jobId)).toMatchObject({
      status: 'stopped',
      applied: 0,
      note: `Stopped by ${actor.name}.`,
    })
    await expect(resumeReplay(deps, actor, { jobId })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('another account cannot touch it', async () => {
    const jobId = await readyJob()
    const stranger = await createStaff(opened.database, await createAccount(opened.database), 'admin')
    await expect(applyReplay(deps, stranger, { jobId, again: null })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('a shadow run that nobody applies runs out', async () => {
    const jobId = await readyJob()
    deps.clock.advance(DAY_MS - 1_000)
    expect(await drainReadyReplays(deps)).toBe(0)
    deps.clock.advance(2_000)
    expect(await drainReadyReplays(deps)).toBe(1)
    expect(await job(jobId)).toMatchObject({ status: 'stopped' })
  })
})

test('events of one order are rehearsed on top of each other, as they will be applied', async () => {
  const cure = await poison(opened.database.pool, 'TWO%')
  const ids = await giveUp(chargedEvent('TWO-1', 'evt_a'), chargedEvent('TWO-1', 'evt_b'))
  await cure()
  const ready = await shadow({ kind: 'events', ids })
  // Alone, the second would create the order as well.
  expect((await items(ready.id)).map(({ state }) => state)).toEqual(['would_change', 'would_not_change'])
  await apply(ready.id)
  const done = await items(ready.id)
  expect(done.map(({ state }) => state)).toEqual(['changed', 'unchanged'])
  expect(done.map(({ applyChanges }) => applyChanges)).toEqual(done.map(({ shadowChanges }) => shadowChanges))
})
