import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXACT_COUNT_MAX, ORDER_SORTS } from '../../../server/store/orders-search.ts'
import { NO_FILTER, type OrderFilter } from '../../../server/store/orders-where.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'

const ROWS = 24_000

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
  account = await createAccount(opened.database)
  await insertOrders(1, ROWS)
  await opened.database.pool.query(
    `insert into transaction (merchant_account_id, order_id, txn_ref, provider_status, payment_status)
     select merchant_account_id, id, order_ref || '-1', provider_status, payment_status from orders`,
  )
  await opened.database.pool.query('vacuum analyze orders, transaction')
}, 60_000)
afterAll(() => opened.close())

/** Orders with few distinct creation times and amounts, so that ties are common. */
async function insertOrders(from: number, to: number): Promise<void> {
  await opened.database.pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
       provider_status, payment_status, display_status, gateway, method_type, created_at, search_text, customer_name, customer_email, customer_phone)
     select $1, 'ORD-' || n, 'ord-' || n, 'INR', (n % 50) * 100, 0,
       case when n % 10 = 0 then 'AUTHORIZATION_FAILED' else 'CHARGED' end,
       case when n % 10 = 0 then 'failed' else 'charged' end,
       case when n % 10 = 0 then 'failed' when n % 777 = 0 then 'disputed'
         when n % 1111 = 0 then 'pending' else 'charged' end,
       case when n % 500 = 0 then 'RARE' else 'RAZORPAY' end, case when n % 3 = 0 then 'UPI' else 'CARD' end,
       timestamptz '2026-11-01 00:00Z' + (n / 5) * interval '1 minute',
       'ord-' || n || ' ord-' || n || '-1 juspay-' || n || ' nina' || n || ' asha' || n || '@example.test 98' || lpad(n::text, 8, '0'),
       'Nina' || n, 'Asha' || n || '@example.test', '+91 98' || lpad(n::text, 8, '0')
     from generate_series($2::int, $3::int) as n`,
    [account.id, from, to],
  )
}

const list = (filter: Partial<OrderFilter>, limit = 50, cursor: string | null = null) =>
  deps.store.orders.list(account.id, { ...NO_FILTER, ...filter }, { sort: '-created', cursor, limit })

describe('paging', () => {
  test.each(ORDER_SORTS)('by %s gives each order once, in order, while others arrive', async (sort) => {
    const filter = { ...NO_FILTER, status: ['failed' as const] }
    const seen: { id: string; key: number }[] = []
    let cursor: string | null = null
    let round = 0
    do {
      const page = await deps.store.orders.list(account.id, filter, { sort, cursor, limit: 100 })
      for (const row of page.rows)
        seen.push({
          id: row.id,
          key: sort.endsWith('amount') ? Number(row.amountMinor) : row.createdAt.getTime(),
        })
      cursor = page.nextCursor
      round += 1
      const n = 1_000_000 + ORDER_SORTS.indexOf(sort) * 10_000 + round * 10
      await insertOrders(n, n)
    } while (cursor !== null && round < 100)
    const ids = new Set(seen.map(({ id }) => id))
    expect(ids.size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(ROWS / 10)
    const keys = seen.map(({ key }) => key)
    expect(keys).toEqual(keys.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b)))
  })

  test('a cursor that is not ours starts at the top', async () => {
    const page = await list({}, 1, 'nonsense')
    expect(page.rows).toHaveLength(1)
  })
})

describe('search in one field', () => {
  const found = async (searchIn: OrderFilter['searchIn'], q: string) =>
    (await list({ searchIn, q })).rows.map((row) => row.orderRef)

  beforeAll(async () => {
    const { pool } = opened.database
    await pool.query(
      `update orders set provider_order_ref = 'JUSPAY-5001' where order_ref = 'ORD-5001' and merchant_account_id = $1`,
      [account.id],
    )
    // The words of ORD-77 hold the others' values, in fields of another kind.
    await pool.query(
      `update orders set search_text = search_text || ' asha5001@example.test 9800005001 juspay-5001 nina5001'
       where order_ref = 'ORD-77' and merchant_account_id = $1`,
      [account.id],
    )
  })

  test.each([
    ['email', 'aSHa5001@example', ['ORD-5001']],
    ['phone', '98000-05001', ['ORD-5001']],
    ['phone', '0005001', ['ORD-5001']],
    ['phone', 'no digits', []],
    ['ref', 'juspay-5001', ['ORD-5001']],
    ['ref', 'ord-5001-1', ['ORD-5001']],
    ['ref', 'nina5001', []],
    ['order', 'ord-4567', ['ORD-4567']],
    ['order', 'd-4567', []],
    ['customer', 'asha5001', []],
    ['email', 'nina5001', []],
    ['email', '100%', []],
  ] as const)('%s %s', async (field, q, refs) => {
    expect(await found(field, q)).toEqual(refs)
  })

  test('a name may be written in any case, and only names count', async () => {
    expect(await found('customer', 'NINA5001')).toEqual(['ORD-5001'])
  })
})

describe('what needs a person', () => {
  test('is disputed at any age and pending only when old, exactly', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + Math.floor(n / 5) * 60_000)
    const before = at(11_110)
    const page = await list({ stuckBefore: before, amountMax: null }, 100)
    const expected = Array.from({ length: ROWS }, (_, i) => i + 1).filter((n) => {
      if (n % 10 === 0) return false
      if (n % 777 === 0) return true
      return n % 1111 === 0 && at(n).getTime() < before.getTime()
    })
    expect(new Set(page.rows.map((row) => row.orderRef))).toEqual(new Set(expected.map((n) => `ORD-${n}`)))
    expect(page.rows.length).toBe(expected.length)
    const filter = { ...NO_FILTER, stuckBefore: before }
    expect(await deps.store.orders.countUpTo(account.id, filter, 999)).toEqual({
      count: expected.length,
      more: false,
    })
    expect(await deps.store.orders.countUpTo(account.id, filter, 3)).toEqual({ count: 3, more: true })
  })
})

describe('search', () => {
  test.each([
    ['a reference in any case', 'oRd-123', ['ORD-123']],
    ['part of an e-mail', 'asha4567@', ['ORD-4567']],
    ['a phone number as stored', '9800000042', ['ORD-42']],
    ['a phone number as people write it', '+91 98000 00042', ['ORD-42']],
    ['nothing that exists', 'zebra', []],
    ['characters with a meaning to LIKE', '%%%', []],
    ['a NUL', 'ORD-7\u0000', ['ORD-7']],
  ])('finds %s', async (_name, q, found) => {
    expect((await list({ q })).rows.map((row) => row.orderRef)).toEqual(found)
  })

  test('a short text matches the beginning of references', async () => {
    expect((await list({ q: 'or' }, 5)).rows).toHaveLength(5)
    expect((await list({ q: 'zz' }, 5)).rows).toHaveLength(0)
  })

  test('filters narrow together', async () => {
    const { rows } = await list({
      gateway: ['RARE'],
      methodType: ['UPI'],
      amountMin: 0n,
      amountMax: 0n,
      from: new Date('2026-11-01T00:00:00Z'),
      to: new Date('2026-11-02T00:00:00Z'),
    })
    expect(rows.map((row) => row.orderRef)).toEqual(['ORD-6000', 'ORD-4500', 'ORD-3000', 'ORD-1500'])
  })
})

test('counts are exact up to ten thousand and estimated beyond', async () => {
  const count = (filter: Partial<OrderFilter>) =>
    deps.store.orders.estimate(account.id, { ...NO_FILTER, ...filter })
  expect(await count({ gateway: ['RARE'] })).toMatchObject({ exact: true })
  expect((await count({ gateway: ['RARE'] })).count).toBeGreaterThanOrEqual(48)
  const all = await count({})
  expect(all.exact).toBe(false)
  expect(all.count).toBeGreaterThan(EXACT_COUNT_MAX)
})

test('facets name what is in use', async () => {
  const facets = await deps.store.orders.facets(account.id, { from: null, to: null })
  expect(facets.gateways).toEqual(['RARE', 'RAZORPAY'])
  expect(facets.methodTypes).toEqual(['CARD', 'UPI'])
  expect(facets.statuses.map(({ status }) => status)).toEqual(['charged', 'pending', 'failed', 'disputed'])
})

test('another account sees nothing of it', async () => {
  const other = await createAccount(opened.database)
  const page = await deps.store.orders.list(
    other.id,
    { ...NO_FILTER, q: 'ORD-1' },
    { sort: '-created', cursor: null, limit: 5 },
  )
  expect(page.rows).toEqual([])
  expect(await deps.store.orders.find(other.id, 'ORD-1')).toBeNull()
})

describe('plans', () => {
  /** The statement a list sends, explained. */
  async function planOf(filter: Partial<OrderFilter>, sort: (typeof ORDER_SORTS)[number]): Promise<string> {
    const sent: { text: string; values: unknown[] }[] = []
    const { pool } = opened.database
    const recorder = {
      query: async (text: string, values: unknown[]) => {
        sent.push({ text, values })
        return pool.query(text, values)
      },
    }
    const { orderSearch } = await import('../../../server/store/orders-search.ts')
    const { sqlOf } = await import('../../../server/store/sql.ts')
    const cursor = (await list({}, 5)).nextCursor
    await orderSearch(sqlOf(recorder as unknown as typeof pool)).list(
      account.id,
      { ...NO_FILTER, ...filter },
      { sort, cursor, limit: 50 },
    )
    const last = sent.at(-1)
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${last?.text}`, last?.values)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  test.each([
    ['newest first', {}, '-created', 'created_at_id_idx'],
    ['oldest first', {}, 'created', 'created_at_id_idx'],
    ['by amount', {}, 'amount', 'amount_minor_created_at_id_idx'],
    ['by amount, largest first', {}, '-amount', 'amount_minor_created_at_id_idx'],
    ['of a rare status', { status: ['disputed'] }, '-created', 'display_status_created_at_id_idx'],
    ['of a rare gateway', { gateway: ['RARE'] }, '-created', 'gateway_created_at_id_idx'],
    ['containing a text', { q: 'asha4567@' }, '-created', 'orders_search_idx'],
    ['of an e-mail', { q: 'asha4567@', searchIn: 'email' }, '-created', 'orders_search_idx'],
    ['of a phone', { q: '9800000042', searchIn: 'phone' }, '-created', 'orders_search_idx'],
    ['of a name', { q: 'nina4567', searchIn: 'customer' }, '-created', 'orders_search_idx'],
    ['of a reference', { q: 'juspay-4567', searchIn: 'ref' }, '-created', 'orders_search_idx'],
    ['of the beginning of an ID', { q: 'ord-4567', searchIn: 'order' }, '-created', 'orders_ref_prefix_idx'],
    ['that need a person', { stuckBefore: new Date('2026-11-03') }, '-created', 'orders_attention_idx'],
  ] as const)('%s use an index and read no whole table', async (_name, filter, sort, index) => {
    const plan = await planOf({ ...filter } as Partial<OrderFilter>, sort)
    expect(plan).toContain(index)
    // The refund table is empty here; an empty table is always read whole.
    expect(plan).not.toMatch(/Seq Scan on (?!refund\b)/)
  })

  test('newest and oldest need no sort', async () => {
    for (const sort of ['-created', 'created', 'amount', '-amount'] as const)
      expect(await planOf({}, sort)).not.toMatch(/\bSort\b/)
  })
})
