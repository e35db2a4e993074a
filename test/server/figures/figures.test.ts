/** Figures equal a recount whatever is written by whom at the same time; what does not is found, put right and told. */
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { figureSlotOf } from '../../../server/domain/figure.ts'
import { checkFigures, recountDay } from '../../../server/services/figures/check-figures.ts'
import { foldFigures } from '../../../server/services/figures/fold-figures.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, orderBody, webhookBody } from '../../support/factories.ts'
import { buildDeps, deliver, openDatabase, testClock, type TestDeps } from '../../support/harness.ts'
import { processEvent } from '../../../server/services/webhooks/process-event.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeAll(async () => {
  opened = await openDatabase()
})
beforeEach(async () => {
  deps = buildDeps({ database: opened.database, clock: testClock('2026-11-20T06:30:00.000Z') })
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

const DAY = new Date('2026-11-19T18:30:00.000Z')
const LONG = { from: DAY, to: new Date('2026-11-26T18:30:00.000Z') }
const STATUSES = ['created', 'pending', 'charged', 'failed', 'authorised'] as const
const GATEWAYS = [null, 'PAYU', 'RAZORPAY', 'CASHFREE']
const METHODS = [null, 'UPI', 'CARD']

/** One statement of a writer: `rows` orders or refunds of those there are, chosen by `pick`. */
type Step = { kind: (typeof KINDS)[number]; pick: number; rows: number }
const KINDS = ['make', 'move', 'date', 'touch', 'drop', 'refund', 'settle', 'fold', 'recount'] as const

/** A transaction of some steps; `kept` says whether it commits. */
type Work = { steps: Step[]; kept: boolean }

const work: fc.Arbitrary<Work> = fc.record({
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      pick: fc.integer({ min: 0, max: 997 }),
      rows: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  kept: fc.boolean(),
})

/** Statements that only figures make hard: each touches many orders of many groups at once. */
const SQL: Readonly<Record<Exclude<Step['kind'], 'fold' | 'recount'>, string>> = {
  make: `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
      provider_status, payment_status, display_status, gateway, method_type, created_at)
    select $1, r, lower(r), case when n % 7 = 0 then 'USD' else 'INR' end, 100 * ($2::int + n), 0, 'NEW', 'created', 'pending',
      ($4::text[])[1 + ($2::int + n) % 4], ($5::text[])[1 + ($2::int * n) % 3], '2026-11-20T00:00Z'::timestamptz + ($2::int + n) * interval '7 min'
    from generate_series(1, $3::int) as n, lateral (select 'O-' || $2::int || '-' || n as r) as ref
    on conflict (merchant_account_id, order_ref_key) do update set amount_minor = orders.amount_minor + 1`,
  move: `update orders set payment_status = ($4::text[])[1 + ($2::int + amount_minor) % 5],
      display_status = case when ($2::int + amount_minor) % 5 = 2 then 'charged' else 'pending' end,
      charged_minor = greatest(refunded_minor + excess_minor, case when ($2::int + amount_minor) % 5 = 2 then amount_minor else 0 end),
      gateway = case when $2::int % 2 = 0 then ($5::text[])[1 + amount_minor % 4] else gateway end
    where id in (select id from orders where merchant_account_id = $1 order by md5(order_ref || $2::int::text) limit $3::int)`,
  date: `update orders set created_at = created_at + $2::int * interval '11 min'
    where id in (select id from orders where merchant_account_id = $1 order by md5(order_ref || $2::int::text) limit $3::int)`,
  touch: `update orders set changed_at = now()
    where id in (select id from orders where merchant_account_id = $1 order by md5(order_ref || $2::int::text) limit $3::int)`,
  drop: `delete from orders o where id in (select id from orders where merchant_account_id = $1
      and not exists (select 1 from refund r where r.order_id = orders.id) order by md5(order_ref || $2::int::text) limit $3::int)`,
  refund: `insert into refund (merchant_account_id, order_id, unique_request_id, origin, amount_minor, currency, status, created_at,
      settled_at)
    select merchant_account_id, id, 'k' || $2::int, 'external', 100, currency,
      case when $2::int % 2 = 0 then 'succeeded' else 'pending' end, created_at,
      case when $2::int % 4 = 0 then created_at + $2::int * interval '3 min' end
    from orders where merchant_account_id = $1 order by md5(order_ref || $2::int::text) limit $3::int
    on conflict do nothing`,
  settle: `update refund set status = case when $2::int % 3 = 0 then 'failed' else 'succeeded' end,
      settled_at = created_at + $2::int * interval '13 min', amount_minor = amount_minor + $2::int % 2
    where id in (select id from refund where merchant_account_id = $1 order by md5(unique_request_id || id || $2::int) limit $3::int)`,
}

const EXTRA: Partial<Record<Step['kind'], unknown[]>> = {
  make: [GATEWAYS, METHODS],
  move: [STATUSES, GATEWAYS],
}
/** What PostgreSQL says to a transaction that has to begin again: a deadlock, or a key that another was quicker with. */
const AGAIN = new Set(['40P01', '23001', '23503', '23505'])

async function write(client: pg.PoolClient, { steps, kept }: Work): Promise<void> {
  for (;;)
    try {
      await client.query('begin')
      for (const { kind, pick, rows } of steps)
        if (kind === 'fold') await client.query('select fold_figures($1)', [rows])
        else if (kind === 'recount')
          await client.query("select count(*) from recount_figures($1, '-infinity', 'infinity')", [
            account.id,
          ])
        else await client.query(SQL[kind], [account.id, pick, rows, ...(EXTRA[kind] ?? [])])
      await client.query(kept ? 'commit' : 'rollback')
      return
    } catch (error) {
      await client.query('rollback')
      if (!(error instanceof Error && 'code' in error && AGAIN.has(String(error.code)))) throw error
    }
}

/** Runs every list of transactions on a connection of its own, all at once. */
async function writeTogether(writers: readonly Work[][]): Promise<void> {
  await Promise.all(
    writers.map(async (works) => {
      const client = await opened.database.pool.connect()
      try {
        // They lock each other's orders in any order, and would wait a second each time.
        await client.query("set deadlock_timeout = '5ms'")
        for (const each of works) await write(client, each)
      } finally {
        client.release()
      }
    }),
  )
}

/** The same sums from the rows themselves. */
async function counted(): Promise<unknown> {
  const { rows } = await opened.database.pool.query(
    `select coalesce(gateway, '') as "group", currency, payment_status as outcome,
       count(*)::int as count, sum(amount_minor)::text as "amountMinor", sum(charged_minor)::text as "chargedMinor"
     from orders where merchant_account_id = $1 and created_at >= $2 and created_at < $3
     group by 1, 2, 3 order by 1, 2, 3`,
    [account.id, LONG.from, LONG.to],
  )
  return rows.map(({ amountMinor, chargedMinor, ...row }) => ({
    ...row,
    amountMinor: BigInt(amountMinor),
    chargedMinor: BigInt(chargedMinor),
  }))
}

async function countedRefunds(): Promise<unknown> {
  const { rows } = await opened.database.pool.query(
    `select currency, count(*)::int as count, sum(amount_minor)::text as "amountMinor" from refund
     where merchant_account_id = $1 and status = 'succeeded'
       and coalesce(settled_at, created_at) >= $2 and coalesce(settled_at, created_at) < $3 group by 1 order by 1`,
    [account.id, LONG.from, LONG.to],
  )
  return rows.map(({ amountMinor, ...row }) => ({ ...row, amountMinor: BigInt(amountMinor) }))
}

const figures = () => deps.store.figures.orders(account.id, LONG, 'gateway')
const differences = async () => {
  const { rows } = await opened.database.pool.query(
    "select * from recount_figures($1, '-infinity', 'infinity')",
    [account.id],
  )
  return rows
}

async function foldAll(): Promise<void> {
  for (let left = 1; left > 0;) left = await foldFigures(deps)
}

async function order(orderId: string, status: string, amount: number, at: string): Promise<void> {
  const attempt = { txnId: `${orderId}-1`, status, amount, created: at }
  const body = orderBody({ orderId, status, amount, at, created: at, attempt })
  const name = status === 'CHARGED' ? 'ORDER_SUCCEEDED' : 'ORDER_FAILED'
  await processEvent(
    deps,
    await deliver(deps, account.id, webhookBody({ id: `evt_${orderId}_${status}`, name, at, order: body })),
  )
}

describe('figures', () => {
  test('equal a recount after any writers at once, with deadlocks, rollbacks and folds between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(work, { minLength: 2, maxLength: 6 }), { minLength: 4, maxLength: 6 }),
        async (writers) => {
          account = await createAccount(opened.database)
          const makers: Work[] = [
            { kept: true, steps: [{ kind: 'make', pick: writers.length, rows: 60 }] },
            { kept: true, steps: [{ kind: 'refund', pick: 4, rows: 20 }] },
          ]
          await writeTogether([makers])
          await writeTogether(writers)
          expect(await figures()).toEqual(await counted())
          expect(await deps.store.figures.refunds(account.id, LONG)).toEqual(await countedRefunds())
          expect(await differences()).toEqual([])
          await foldAll()
          expect(await figures()).toEqual(await counted())
          expect(await deps.store.figures.refunds(account.id, LONG)).toEqual(await countedRefunds())
          expect(await differences()).toEqual([])
        },
      ),
      { numRuns: 12, endOnFailure: true },
    )
  }, 120_000)

  test('follow an order from failed to charged within the webhook that says so', async () => {
    await order('F-1', 'FAILURE', 100, '2026-11-20T06:10:00Z')
    expect(await figures()).toMatchObject([
      { outcome: 'failed', count: 1, amountMinor: 10_000n, chargedMinor: 0n },
    ])
    await order('F-1', 'CHARGED', 100, '2026-11-20T06:12:00Z')
    expect(await figures()).toMatchObject([{ outcome: 'charged', count: 1, chargedMinor: 10_000n }])
    await foldAll()
    expect(await figures()).toMatchObject([{ outcome: 'charged', count: 1, chargedMinor: 10_000n }])
  })

  test('leave no empty slots behind', async () => {
    await order('E-1', 'FAILURE', 100, '2026-11-20T06:10:00Z')
    await foldAll()
    await order('E-1', 'CHARGED', 100, '2026-11-20T06:12:00Z')
    await foldAll()
    const { rows } = await opened.database.pool.query(
      'select span_seconds, outcome from figure_slot where merchant_account_id = $1 order by 1',
      [account.id],
    )
    expect(rows).toEqual([900, 10_800, 86_400].map((span_seconds) => ({ span_seconds, outcome: 'charged' })))
  })

  test('hold sums beyond 64 bits', async () => {
    await opened.database.pool.query(
      `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, provider_status,
         payment_status, display_status, created_at)
       select $1, 'B-' || n, 'b-' || n, 'INR', 9000000000000000000, 'NEW', 'created', 'pending', '2026-11-20T06:10:00Z'
       from generate_series(1, 3) as n`,
      [account.id],
    )
    await foldAll()
    expect(await figures()).toMatchObject([{ count: 3, amountMinor: 27_000_000_000_000_000_000n }])
  })
})

describe('the standing check', () => {
  /** Writes past the triggers, as nobody should. */
  async function writeUnseen(): Promise<void> {
    const client = await opened.database.pool.connect()
    try {
      await client.query('begin')
      await client.query('set local session_replication_role = replica')
      await client.query(SQL.make, [account.id, 3, 5, GATEWAYS, METHODS])
      await client.query('commit')
    } finally {
      client.release(true)
    }
  }

  test('finds what was written past it, puts it right, and tells about it', async () => {
    await order('S-1', 'CHARGED', 100, '2026-11-20T06:10:00Z')
    await writeUnseen()
    expect(await figures()).not.toEqual(await counted())
    expect(await recountDay(deps, { accountId: account.id, day: DAY })).toBeGreaterThan(0)
    expect(await figures()).toEqual(await counted())
    await foldAll()
    expect(await figures()).toEqual(await counted())
    expect(await recountDay(deps, { accountId: account.id, day: DAY })).toBe(0)
    expect(deps.logged).toEqual(['figures differed from a recount and were put right'])
    const { rows } = await opened.database.pool.query(
      "select action, actor_name from audit_entry where merchant_account_id = $1 and action like 'figures.%'",
      [account.id],
    )
    expect(rows).toEqual([{ action: 'figures.corrected', actor_name: 'figure-checker' }])
    expect(await deps.store.figures.checkState(account.id)).toMatchObject({ difference: { day: DAY } })
  })

  test('comes to every day of every account, one at a time', async () => {
    const other = await createAccount(opened.database)
    for (const at of ['2026-11-01T10:00:00Z', '2026-11-09T10:00:00Z', '2026-11-20T06:00:00Z'])
      await order(`P-${at}`, 'CHARGED', 100, at)
    const mine = account
    account = other
    await order('P-other', 'CHARGED', 100, '2026-11-05T10:00:00Z')
    await opened.database.pool.query(
      "update figure_check set merchant_account_id = null, day = null, due_at = '2000-01-01'",
    )
    const seen = new Set<string>()
    for (let ended: Date | null = null; ended === null;) {
      deps.clock.advance(3_600_000)
      for (const { accountId, day } of await checkFigures(deps)) seen.add(`${accountId} ${day.toISOString()}`)
      const state = await deps.store.figures.checkState(mine.id)
      ended = state.passEndedAt
    }
    for (const at of ['2026-11-01T10:00:00Z', '2026-11-09T10:00:00Z', '2026-11-20T06:00:00Z'])
      expect(seen).toContain(`${mine.id} ${figureSlotOf(new Date(at), 86_400).toISOString()}`)
    expect(seen).toContain(
      `${other.id} ${figureSlotOf(new Date('2026-11-05T10:00:00Z'), 86_400).toISOString()}`,
    )
  })

  test('waits until it is due', async () => {
    await opened.database.pool.query("update figure_check set due_at = '2026-11-20T06:31:00Z'")
    expect(await checkFigures(deps)).toEqual([])
  })
})
