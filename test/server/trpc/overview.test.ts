/** The overview's figures are those of the lists they lead to, and everybody sees only what waits for them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import type { DisplayStatus } from '../../../server/domain/payment-status.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { UNKNOWN_CHARGES_QUERY } from '../../../server/domain/unknown-amount.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { NEEDS_COUNTED_MAX } from '../../../server/store/needs.ts'
import { NO_FILTER } from '../../../server/store/orders-where.ts'
import {
  overviewGateways,
  overviewMethods,
  overviewNeeds,
  overviewSeries,
  overviewSummary,
} from '../../../server/trpc/overview-figures.ts'
import { sessionCounts } from '../../../server/trpc/session-counts.ts'
import { createAccount, createStaff } from '../../support/factories.ts'
import { buildDeps, openDatabase, testClock, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let made = 0

beforeAll(async () => {
  opened = await openDatabase()
})
beforeEach(async () => {
  deps = buildDeps({ database: opened.database, clock: testClock('2026-11-20T06:40:00.000Z') })
  account = await createAccount(opened.database)
})
afterAll(() => opened.close())

type Made = {
  at: string
  pay?: string
  shown?: DisplayStatus
  amount?: number
  count?: number
  gateway?: string | null
  currency?: string
}

/** Orders as they are stored: triggers count them, whoever writes. */
async function make({
  at,
  pay = 'charged',
  shown = 'charged',
  amount = 100,
  count = 1,
  gateway = 'PAYU',
  currency = 'INR',
}: Made): Promise<void> {
  made += count
  await opened.database.pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor, provider_status,
       payment_status, display_status, gateway, method_type, created_at)
     select $1, 'V-' || n, 'v-' || n, $2, $3::bigint * 100, case when $4 = 'charged' then $3::bigint * 100 else 0 end, 'NEW', $4, $5, $6,
       case when $4 <> 'created' then 'UPI' end, $7
     from generate_series($8::int - $9::int + 1, $8::int) as n`,
    [account.id, currency, amount, pay, shown, gateway, new Date(at), made, count],
  )
}

const TODAY = { range: 'today', compare: 'last_week' } as const
const summary = () => overviewSummary(deps, account.id, TODAY)
/** How many orders the list of this query has, as its link asks for it. */
async function listed(q: string, from: Date, to: Date | null): Promise<number> {
  const parsed = parseQuery(q, { currency: 'INR' })
  if (!parsed.ok) throw new Error(parsed.error.message)
  const filter = { ...NO_FILTER, query: parsed.query, from, to, now: deps.clock.now() }
  return (await deps.store.orders.countUpTo(account.id, filter, 1_000)).count
}
const as = (role: Role): Promise<StaffActor> => createStaff(opened.database, account, role)

describe('the summary', () => {
  test('counts today from midnight in India, and no order of the day before', async () => {
    await make({ at: '2026-11-19T18:29:59.999Z' })
    await make({ at: '2026-11-19T18:30:00.000Z', amount: 250 })
    await make({ at: '2026-11-20T06:39:00Z', pay: 'failed', shown: 'failed' })
    await make({ at: '2026-11-20T06:20:00Z', pay: 'created', shown: 'pending', gateway: null, amount: 70 })
    await make({ at: '2026-11-20T06:10:00Z', pay: 'charged', shown: 'partial', amount: 50 })
    const found = await summary()
    expect(found).toMatchObject({
      from: new Date('2026-11-19T18:30:00Z'),
      payments: { charged: 2, failed: 1, pending: 1, other: 0 },
      amounts: [{ currency: 'INR', chargedMinor: 30_000n, pendingMinor: 7_000n, failedMinor: 10_000n }],
    })
    expect(await listed('pay:charged', found.from, found.to)).toBe(found.payments.charged)
    expect(await listed('pay:failed', found.from, found.to)).toBe(found.payments.failed)
    expect(await listed('pay:created,pending', found.from, found.to)).toBe(found.payments.pending)
  })

  test('says how many charged orders its sums know no amount of, and leads to exactly those', async () => {
    expect(await summary()).toMatchObject({ amountUnknown: { count: 0, more: false } })
    await make({ at: '2026-11-20T05:00:00Z' })
    await make({ at: '2026-11-20T05:00:00Z', amount: 0, shown: 'review', count: 2 })
    await make({ at: '2026-11-20T05:00:00Z', amount: 0, shown: 'review', currency: 'JPY' })
    // Neither of another window, nor what nobody has paid.
    await make({ at: '2026-11-19T05:00:00Z', amount: 0, shown: 'review' })
    await make({ at: '2026-11-20T05:00:00Z', amount: 0, pay: 'created', shown: 'pending' })
    const found = await summary()
    expect(found).toMatchObject({ payments: { charged: 4 }, amountUnknown: { count: 3, more: false } })
    expect(await listed(UNKNOWN_CHARGES_QUERY, found.from, found.to)).toBe(3)
  })

  test('never adds two currencies', async () => {
    await make({ at: '2026-11-20T05:00:00Z' })
    await make({ at: '2026-11-20T05:00:00Z', currency: 'USD', amount: 30 })
    expect((await summary()).amounts).toMatchObject([
      { currency: 'INR', chargedMinor: 10_000n },
      { currency: 'USD', chargedMinor: 3_000n },
    ])
  })

  test('compares what is over with the same hours a week before', async () => {
    await make({ at: '2026-11-20T06:20:00Z' })
    await make({ at: '2026-11-20T06:35:00Z', amount: 900 })
    await make({ at: '2026-11-13T06:29:00Z', amount: 80 })
    await make({ at: '2026-11-13T06:31:00Z', amount: 7_000 })
    const { comparison, amounts } = await summary()
    expect(amounts[0]?.chargedMinor).toBe(100_000n)
    expect(comparison).toMatchObject({
      until: new Date('2026-11-20T06:30:00Z'),
      current: { payments: { charged: 1 }, amounts: [{ chargedMinor: 10_000n }] },
      before: { payments: { charged: 1 }, amounts: [{ chargedMinor: 8_000n }] },
    })
  })

  test('counts refunds when they succeed, whenever the order was', async () => {
    await make({ at: '2026-10-02T06:20:00Z', amount: 500 })
    await opened.database.pool.query(
      `insert into refund (merchant_account_id, order_id, unique_request_id, origin, amount_minor, currency, status, settled_at)
       select merchant_account_id, id, 'back', 'external', 4200, 'INR', 'succeeded', '2026-11-20T02:00:00Z' from orders
       where merchant_account_id = $1`,
      [account.id],
    )
    expect(await summary()).toMatchObject({
      payments: { charged: 0 },
      refunds: 1,
      amounts: [{ currency: 'INR', chargedMinor: 0n, refundedMinor: 4_200n }],
    })
  })

  test.each(['today', '24h', '7d', '30d'] as const)(
    'of %s is the sum of its slots and of its methods',
    async (range) => {
      for (const at of [
        '2026-11-20T06:39:00Z',
        '2026-11-19T20:00:00Z',
        '2026-11-15T01:00:00Z',
        '2026-10-28T00:00:00Z',
      ])
        await make({ at, count: 3 })
      await deps.store.figures.fold(1_000)
      await make({ at: '2026-11-20T06:39:30Z', pay: 'failed', shown: 'failed' })
      const [whole, series, methods] = await Promise.all([
        overviewSummary(deps, account.id, { range, compare: 'none' }),
        overviewSeries(deps, account.id, range),
        overviewMethods(deps, account.id, range),
      ])
      const charged = series.slots.reduce((sum, { payments }) => sum + payments.charged, 0)
      expect(charged).toBe(whole.payments.charged)
      expect(charged).toBe({ today: 6, '24h': 6, '7d': 9, '30d': 12 }[range])
      expect(methods.methods).toMatchObject([{ label: 'UPI', payments: whole.payments }])
      expect(series.slots.at(-1)?.payments.failed).toBe(1)
    },
  )
})

describe('gateways', () => {
  test('are flagged when their last hour is far below their week, and only with enough tries', async () => {
    await make({ at: '2026-11-18T06:00:00Z', count: 95 })
    await make({ at: '2026-11-18T06:00:00Z', count: 5, pay: 'failed', shown: 'failed' })
    await make({ at: '2026-11-20T06:00:00Z', count: 40 })
    await make({ at: '2026-11-20T06:00:00Z', count: 9, pay: 'failed', shown: 'failed' })
    const flagged = async () => (await overviewGateways(deps, account.id)).gateways[0]
    expect(await flagged()).toMatchObject({
      label: 'PayU',
      now: { charged: 40, failed: 9 },
      dropPoints: null,
    })
    await make({ at: '2026-11-20T06:35:00Z', pay: 'failed', shown: 'failed', amount: 70 })
    const found = await flagged()
    expect(found?.dropPoints).toBeCloseTo(15)
    expect(found?.failed).toEqual([{ currency: 'INR', amountMinor: 97_000n }])
  })
})

describe('what needs somebody', () => {
  test('is what the role can act on', async () => {
    await make({ at: '2026-11-20T05:00:00Z', pay: 'pending', shown: 'pending', amount: 40 })
    await make({ at: '2026-11-20T06:39:00Z', pay: 'pending', shown: 'pending' })
    await make({ at: '2026-11-01T05:00:00Z', pay: 'unknown', shown: 'unknown', amount: 60 })
    const kinds = async (role: Role) =>
      (await overviewNeeds(deps, await as(role))).needs.map(({ kind }) => kind)
    expect(await kinds('support')).toEqual(['orders'])
    expect(await kinds('viewer')).toEqual([])
    const { needs } = await overviewNeeds(deps, await as('ops'))
    expect(needs).toMatchObject([
      {
        count: 2,
        amounts: [{ currency: 'INR', amountMinor: 10_000n }],
        oldestAt: new Date('2026-11-01T05:00:00Z'),
      },
    ])
    expect(await listed('is:stuck', new Date('2026-10-21T06:40:00Z'), null)).toBe(needs[0]?.count)
  })

  test('has the oldest among those that are counted, when they are not all counted', async () => {
    await make({
      at: '2026-11-20T05:00:00Z',
      pay: 'unknown',
      shown: 'unknown',
      amount: 40,
      count: NEEDS_COUNTED_MAX,
    })
    await make({ at: '2026-11-01T05:00:00Z', pay: 'unknown', shown: 'unknown', amount: 60 })
    const { needs } = await overviewNeeds(deps, await as('ops'))
    expect(needs).toMatchObject([
      { count: NEEDS_COUNTED_MAX, atLeast: true, oldestAt: new Date('2026-11-01T05:00:00Z') },
    ])
  })

  test('tells an approver of requests of others, with the oldest', async () => {
    await make({ at: '2026-11-20T05:00:00Z' })
    const [approver, finance] = [await as('approver'), await as('finance')]
    const ask = (by: StaffActor, key: string, at: string) =>
      opened.database.pool.query(
        `insert into refund_request (merchant_account_id, order_id, client_key, amount_minor, currency, reason, note, status,
           needs_approval, requested_by, requested_at, request_hash, approval_hash, policy_version, policy_reason, expires_at)
         select merchant_account_id, id, $2, 1000, 'INR', 'other', '', 'pending_approval', true, $3, $4, '\\x00', '\\x00', 1, '',
           $4::timestamptz + interval '2 days' from orders
         where merchant_account_id = $1`,
        [account.id, key, by.userId, new Date(at)],
      )
    await ask(finance, 'a'.repeat(32), '2026-11-20T04:30:00Z')
    await ask(approver, 'b'.repeat(32), '2026-11-20T03:30:00Z')
    expect((await overviewNeeds(deps, approver)).needs).toMatchObject([
      { kind: 'approvals', count: 1, oldestAt: new Date('2026-11-20T04:30:00Z') },
    ])
    // As many stand beside the place, and none for those who cannot decide.
    const badge = async (person: StaffActor) =>
      (await sessionCounts(deps, { ...person, currency: account.currency })).approvals
    expect(await badge(approver)).toBe(1)
    expect(await badge(finance)).toBe(0)
    expect(await badge(await as('viewer'))).toBe(0)
  })
})
