import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drainEvents, EVENT_BATCH, eventJobs } from '../../../server/jobs/process-events.ts'
import { startJobs } from '../../../server/jobs/runner.ts'
import { processBatch } from '../../../server/services/webhooks/process-batch.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { connect } from '../../../server/store/database.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, fakeJuspay, openDatabase, type TestDeps } from '../../support/harness.ts'
import { hundredWebhooks, seededRandom, shuffled } from '../../support/scenario.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeEach(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
})
afterEach(() => opened.close())

const DAY_MS = 24 * 60 * 60 * 1_000

/** A message about an order at a minute of the morning; the status word is the attempt's too. */
function told(
  orderId: string,
  minute: number,
  status = 'CHARGED',
  extra: Record<string, unknown> = {},
): Buffer {
  const at = `2026-11-20T05:${String(minute).padStart(2, '0')}:00Z`
  const attempt = { txnId: `m-${orderId}-1`, status }
  const order = orderBody({ orderId, status, amount: 250, at, attempt, extra })
  return webhookBody({ id: `evt_${orderId}_${minute}`, name: 'ORDER_UPDATED', at, order })
}

/** Stores several bodies; their ids in the same order. */
async function deliverAll(bodies: readonly Buffer[], to = account): Promise<string[]> {
  const ids = []
  for (const body of bodies) ids.push(await deliver(deps, to.id, body))
  return ids
}

const event = (id: string) => deps.store.webhookEvents.byId(account.id, id)

async function query<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
  return (await opened.database.pool.query<T>(text, values)).rows
}

/** Everything an account's messages left, without ids and instants of ours. */
async function outcomeOf(accountId: string): Promise<unknown> {
  const ours = ['id', 'merchant_account_id', 'order_id', 'source_id', 'seq']
  const tables = {
    orders: 'order_ref_key',
    transaction: 'txn_ref',
    refund: 'unique_request_id',
    order_change: 'occurred_at, changes::text',
    discrepancy: 'kind, theirs, detail',
    webhook_event: 'event_ref',
  }
  const dropped = [...ours, 'xid', 'bucket', 'dedupe_key']
  const found: Record<string, unknown> = {}
  for (const [table, order] of Object.entries(tables))
    found[table] = await query(
      `select to_jsonb(t) - $2::text[] as row from ${table} t where merchant_account_id = $1 order by ${order}`,
      [accountId, dropped],
    )
  return found
}

test('a batch leaves exactly what its events leave one by one: rows, versions, change log and verdicts', async () => {
  const other = await createAccount(opened.database)
  const bodies = shuffled(
    hundredWebhooks().map(({ body }) => body),
    seededRandom(11),
  )
  await deliverAll(bodies)
  while ((await processBatch(deps, 1)).count > 0);
  await deliverAll(bodies, other)
  deps.woken.length = 0
  expect((await processBatch(deps, bodies.length)).count).toBe(100)
  expect(deps.woken).toEqual(['live'])
  expect(await outcomeOf(other.id)).toEqual(await outcomeOf(account.id))
})

test('of a batch, changes of one order are recorded in the order they were made', async () => {
  await deliverAll([told('SEQ', 1, 'STARTED'), told('SEQ', 2, 'AUTHORIZING'), told('SEQ', 3)])
  expect((await processBatch(deps, EVENT_BATCH)).count).toBe(3)
  const order = await deps.store.orders.byRef(account.id, 'SEQ')
  expect(order?.version).toBe(3)
  const log = await deps.store.orderChanges.byOrder(account.id, order?.id ?? '')
  const words = log.flatMap(({ changes }) =>
    changes.flatMap(({ subject, field, after }) =>
      subject === 'order' && field === 'providerStatus' ? [after] : [],
    ),
  )
  expect(words).toEqual(['STARTED', 'AUTHORIZING', 'CHARGED'])
})

describe('a poison event in a full batch', () => {
  /** Counts transactions: what retries cost, without a clock. */
  function counted(): { deps: TestDeps; transactions: () => number } {
    let count = 0
    const transaction: TestDeps['store']['transaction'] = (work) => {
      count += 1
      return deps.store.transaction(work)
    }
    return { deps: { ...deps, store: { ...deps.store, transaction } }, transactions: () => count }
  }

  test('costs the others a few more transactions once, and nothing when it is tried again', async () => {
    await query(`
      create function refuse_poison() returns trigger language plpgsql as $$
      begin if new.order_ref = 'BAD' then raise exception 'poisoned'; end if; return new; end $$`)
    await query(`create trigger poison before insert or update on orders
      for each row execute function refuse_poison()`)
    const good = Array.from({ length: EVENT_BATCH - 1 }, (_, index) => told(`GOOD-${index}`, 1))
    const ids = await deliverAll([...good.slice(0, 40), told('BAD', 1), ...good.slice(40)])
    const [bad] = ids.splice(40, 1)
    const first = counted()
    expect(await drainEvents(first.deps)).toBe(EVENT_BATCH)
    expect(await event(bad ?? '')).toMatchObject({ status: 'failed', tries: 1, error: 'poisoned' })
    expect(
      await query(`select outcome, count(*)::int from webhook_event where id = any($1) group by 1`, [ids]),
    ).toEqual([{ outcome: 'applied', count: EVENT_BATCH - 1 }])
    // The batch, both halves at each of log2(100) levels, the event alone with its note, and the last empty claim.
    expect(first.transactions()).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(EVENT_BATCH)) + 3)

    deps.clock.advance(DAY_MS)
    await deliverAll(Array.from({ length: 50 }, (_, index) => told(`LATER-${index}`, 1)))
    const second = counted()
    expect(await drainEvents(second.deps)).toBe(51)
    expect(await event(bad ?? '')).toMatchObject({ status: 'failed', tries: 2 })
    // One batch for the fifty, the poison alone, its note, and the last empty claim: nothing was run twice.
    expect(second.transactions()).toBeLessThanOrEqual(4)
  })
})

describe('two processes', () => {
  test('never have events of one order in hand together, and wait for nobody’s', async () => {
    const twin = connect(opened.database.url)
    try {
      const other = buildDeps({ database: twin, clock: deps.clock })
      await deliverAll([told('HELD', 1, 'STARTED'), told('HELD', 2), told('FREE', 1)])
      await deps.store.transaction(async (tx) => {
        const held = await tx.webhookEvents.claimDue(deps.clock.now(), 1)
        expect(held).toHaveLength(1)
        // The other process takes what is free and leaves the second event of the order that is held.
        expect((await processBatch(other, EVENT_BATCH)).count).toBe(1)
        expect((await processBatch(other, EVENT_BATCH)).count).toBe(0)
      })
      expect((await deps.store.orders.byRef(account.id, 'FREE'))?.version).toBe(1)
      expect(await deps.store.orders.byRef(account.id, 'HELD')).toBeNull()
      expect((await processBatch(other, EVENT_BATCH)).count).toBe(2)
    } finally {
      await twin.close()
    }
  })

  test('hammering the same orders apply every event once, one after the other', async () => {
    const twin = connect(opened.database.url)
    try {
      const other = buildDeps({ database: twin, clock: deps.clock })
      const orders = Array.from({ length: 8 }, (_, index) => `H-${index}`)
      const bodies = orders.flatMap((ref) =>
        Array.from({ length: 25 }, (_, minute) =>
          told(ref, minute, 'STARTED', { description: `step ${minute}` }),
        ),
      )
      await deliverAll(shuffled(bodies, seededRandom(5)))
      // Small batches, so that their orders overlap all the time.
      const work = async (one: TestDeps): Promise<number> => {
        let total = 0
        for (let { count } = await processBatch(one, 7); ; { count } = await processBatch(one, 7)) {
          total += count
          const [{ left } = { left: 0 }] = await query<{ left: number }>(
            'select count(*)::int as left from webhook_event where next_try_at is not null',
          )
          if (left === 0) return total
        }
      }
      const totals = await Promise.all([deps, other, deps, other, deps, other].map(work))
      expect(totals.reduce((sum, one) => sum + one, 0)).toBe(bodies.length)
      expect([...deps.logged, ...other.logged]).toEqual([])
      // Each change starts where the one before it ended: no two were made side by side.
      const log = await query<{ ref: string; before: string | null; after: string | null }>(
        `select o.order_ref as ref, c->>'before' as before, c->>'after' as after
         from order_change join orders o on o.id = order_id, jsonb_array_elements(changes) c
         where c->>'field' = 'description' order by o.order_ref, order_change.seq`,
      )
      for (const ref of orders) {
        const steps = log.filter((step) => step.ref === ref)
        expect(steps.at(-1)?.after).toBe('step 24')
        for (const [index, step] of steps.entries()) expect(step.before).toBe(steps[index - 1]?.after ?? null)
      }
      expect(
        await query(`select version - (select count(*) from order_change where order_id = orders.id) as extra
          from orders group by 1`),
      ).toEqual([{ extra: 0n }])
    } finally {
      await twin.close()
    }
  })
})

describe('two bodies under one id of Juspay’s', () => {
  const variant = (amount: number): Buffer => {
    const at = '2026-11-20T05:30:00Z'
    const attempt = { txnId: 'm-VAR-1', status: 'CHARGED' }
    const order = orderBody({ orderId: 'VAR', status: 'CHARGED', amount, at, attempt })
    return webhookBody({ id: 'evt_same', name: 'ORDER_SUCCEEDED', at, order })
  }

  test.each([
    ['in one batch', true],
    ['one long after the other', false],
  ])('are both kept and marked, and their order is asked about at once: %s', async (_name, together) => {
    const first = await deliver(deps, account.id, variant(100))
    if (!together) {
      await drainEvents(deps)
      expect((await event(first))?.variant).toBe(false)
      deps.clock.advance(DAY_MS)
    }
    const second = await deliver(deps, account.id, variant(90))
    await drainEvents(deps)
    expect(second).not.toBe(first)
    expect(await event(first)).toMatchObject({ variant: true, outcome: 'applied' })
    expect(await event(second)).toMatchObject({ variant: true, status: 'processed' })
    const now = deps.clock.now().getTime()
    const due = async () =>
      (await deps.store.orders.byRef(account.id, 'VAR'))?.nextCheckAt?.getTime() ?? Infinity
    expect(await due()).toBeLessThanOrEqual(now)
    // A replay of a known variant asks nothing again.
    await query('update orders set next_check_at = null')
    await processEvent(deps, second, { by: 'replay' })
    expect(await due()).toBeGreaterThan(now)
  })
})

test('a webhook does not put off a question to Juspay that is due', async () => {
  await deliverAll([told('DUE', 1, 'STARTED')])
  await drainEvents(deps)
  const due = (await deps.store.orders.byRef(account.id, 'DUE'))?.nextCheckAt
  expect(due).toBeInstanceOf(Date)
  deps.clock.set(new Date((due?.getTime() ?? 0) + 1_000))
  await deliverAll([told('DUE', 2)])
  await drainEvents(deps)
  expect((await deps.store.orders.byRef(account.id, 'DUE'))?.nextCheckAt).toEqual(due)
})

test('a Juspay that does not answer holds up no event', async () => {
  let answer: (() => void) | undefined
  const silent = fakeJuspay(() => 'unavailable')
  const juspay = {
    ...silent,
    getOrder: async (...asked: Parameters<typeof silent.getOrder>) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return silent.getOrder(...asked)
    },
  }
  deps = buildDeps({ database: opened.database, juspay })
  const refund = { order_id: 'NOBODY', unique_request_id: 'X1', amount: 1, status: 'SUCCESS' }
  const orphan = { id: 'r', event_name: 'REFUND_SUCCEEDED', content: { refund } }
  const [waiting] = await deliverAll([Buffer.from(JSON.stringify(orphan))])
  const runner = startJobs(
    deps,
    { on: () => () => undefined },
    eventJobs().map((job) => ({ ...job, everyMs: 10 })),
  )
  try {
    await expect.poll(() => answer).toBeDefined()
    const later = await deliverAll(Array.from({ length: 150 }, (_, index) => told(`L-${index}`, 1)))
    await expect
      .poll(
        () =>
          query(
            `select count(*)::int as done from webhook_event where id = any($1) and outcome = 'applied'`,
            [later],
          ),
        { timeout: 10_000 },
      )
      .toEqual([{ done: 150 }])
    expect(await event(waiting ?? '')).toMatchObject({ status: 'failed', outcome: 'no_order_yet' })
  } finally {
    answer?.()
    await runner.stop()
  }
})
