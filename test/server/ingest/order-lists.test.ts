import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ORDER_SORTS, type OrderSort } from '../../../server/domain/order-columns.ts'
import {
  EXACT_COUNT_MAX,
  FACETS_COUNTED_MAX,
  type OrderListRow,
  type OrderPage,
} from '../../../server/store/orders-search.ts'
import { createAccount } from '../../support/factories.ts'
import { STUCK_AFTER_MS } from '../../../server/domain/stuck.ts'
import { buildDeps, type TestDeps } from '../../support/harness.ts'
import { filterOf, insertOrders, MANY, openManyOrders, type ManyOrders } from '../../support/many-orders.ts'

let opened: ManyOrders['opened']
let account: ManyOrders['account']
let deps: TestDeps

beforeAll(async () => {
  ;({ opened, account } = await openManyOrders())
  deps = buildDeps({ database: opened.database })
}, 60_000)
afterAll(() => opened.close())

const list = (q: string, limit = 50, cursor: string | null = null) =>
  deps.store.orders.list(account.id, filterOf(q), { sort: '-created', cursor, limit })

/** What a sort goes by. */
function keyOf(sort: OrderSort, row: OrderListRow): number {
  if (sort.endsWith('amount')) return Number(row.amountMinor)
  return (sort.endsWith('updated') ? row.changedAt : row.createdAt).getTime()
}

describe('paging', () => {
  test.each(ORDER_SORTS)('by %s gives each order once, in order, while others arrive', async (sort) => {
    const filter = filterOf('status:failed')
    const seen: { id: string; key: number }[] = []
    let cursor: string | null = null
    let round = 0
    do {
      const page = await deps.store.orders.list(account.id, filter, { sort, cursor, limit: 100 })
      for (const row of page.rows) seen.push({ id: row.id, key: keyOf(sort, row) })
      cursor = page.nextCursor
      round += 1
      const n = 1_000_000 + ORDER_SORTS.indexOf(sort) * 10_000 + round * 10
      await insertOrders(opened.database.pool, account.id, { from: n, to: n })
    } while (cursor !== null && round < 100)
    const ids = new Set(seen.map(({ id }) => id))
    expect(ids.size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(MANY / 10)
    const keys = seen.map(({ key }) => key)
    expect(keys).toEqual(keys.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b)))
  })

  test.each(ORDER_SORTS)('by %s goes back the way it came, page for page', async (sort) => {
    const filter = filterOf('status:failed')
    const forth: string[][] = []
    let cursor: string | null = null
    let last: { rows: OrderListRow[]; previousCursor: string | null } | null = null
    for (let round = 0; round < 5; round++) {
      const page = await deps.store.orders.list(account.id, filter, { sort, cursor, limit: 30 })
      forth.push(page.rows.map(({ id }) => id))
      last = page
      cursor = page.nextCursor
    }
    const back = [forth.at(-1) ?? []]
    while (last?.previousCursor) {
      const page = await deps.store.orders.list(account.id, filter, {
        sort,
        cursor: last.previousCursor,
        limit: 30,
      })
      expect(page.nextCursor).not.toBeNull()
      back.unshift(page.rows.map(({ id }) => id))
      last = page
    }
    expect(back).toEqual(forth)
  })

  test.each(ORDER_SORTS)('by %s opens at an order, with what stands on both sides', async (sort) => {
    const filter = filterOf('status:failed')
    const all = await deps.store.orders.list(account.id, filter, { sort, cursor: null, limit: 100 })
    const row = all.rows[60]
    if (!row) throw new Error('too few orders')
    const page = await deps.store.orders.listAround(account.id, filter, { sort, orderId: row.id, limit: 20 })
    expect(page.rows.map(({ id }) => id)).toEqual(all.rows.slice(50, 70).map(({ id }) => id))
    expect(page.previousCursor).not.toBeNull()
    const before = await deps.store.orders.list(account.id, filter, {
      sort,
      cursor: page.previousCursor,
      limit: 10,
    })
    expect(before.rows.map(({ id }) => id)).toEqual(all.rows.slice(40, 50).map(({ id }) => id))
    const first = all.rows[0]
    if (!first) throw new Error('no orders')
    const top = await deps.store.orders.listAround(account.id, filter, { sort, orderId: first.id, limit: 20 })
    expect(top.rows.map(({ id }) => id)).toEqual(all.rows.slice(0, 20).map(({ id }) => id))
    expect(top.previousCursor).toBeNull()
  })

  test('a cursor that is not ours, and an order that is not there, start at the top', async () => {
    const top = await list('', 1)
    expect((await list('', 1, 'nonsense')).rows).toEqual(top.rows)
    const orderId = '00000000-0000-4000-8000-000000000000'
    const around = await deps.store.orders.listAround(account.id, filterOf(''), {
      sort: '-created',
      orderId,
      limit: 1,
    })
    expect(around.rows).toEqual(top.rows)
  })
})

describe('search in one field', () => {
  const found = async (field: string, q: string) =>
    (await list(`${field}:"${q}"`)).rows.map((row) => row.orderRef)

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
    ['phone', '5001', ['ORD-15001', 'ORD-5001']],
    ['phone', '98*5001', ['ORD-15001', 'ORD-5001']],
    ['phone', '97*5001', []],
    ['ref', 'juspay-5001', ['ORD-5001']],
    ['ref', 'ord-5001-1', ['ORD-5001']],
    ['ref', 'nina5001', []],
    ['order', 'ord-4567', ['ORD-4567']],
    [
      'order',
      'ord-456*',
      [
        'ORD-4569',
        'ORD-4568',
        'ORD-4567',
        'ORD-4566',
        'ORD-4565',
        'ORD-4564',
        'ORD-4563',
        'ORD-4562',
        'ORD-4561',
        'ORD-4560',
        'ORD-456',
      ],
    ],
    ['order', 'd-4567', []],
    ['txn', 'ord-4567-1', ['ORD-4567']],
    ['customer', 'asha5001@', []],
    ['customer', 'cust_125', ['ORD-500', 'ORD-501', 'ORD-502', 'ORD-503']],
    ['customer', 'CUST_5999*', ['ORD-23996', 'ORD-23997', 'ORD-23998', 'ORD-23999']],
    ['customer', 'st_5999', []],
    ['email', 'nina5001', []],
    ['email', '100%', []],
  ] as const)('%s %s', async (field, q, refs) => {
    expect((await found(field, q)).toSorted()).toEqual(refs.toSorted())
  })

  test('a name may be written in any case, and only names count', async () => {
    expect(await found('name', 'NINA5001')).toEqual(['ORD-5001'])
  })
})

describe('what needs a person', () => {
  test('is disputed at any age and pending only when old, exactly', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + Math.floor(n / 5) * 60_000)
    const before = at(11_110)
    const now = new Date(before.getTime() + STUCK_AFTER_MS.pending)
    const filter = filterOf('is:stuck', { now })
    const page = await deps.store.orders.list(account.id, filter, {
      sort: '-created',
      cursor: null,
      limit: 100,
    })
    const expected = Array.from({ length: MANY }, (_, i) => i + 1).filter((n) => {
      if (n % 10 === 0) return false
      if (n % 777 === 0) return true
      return n % 1111 === 0 && at(n).getTime() < before.getTime()
    })
    expect(new Set(page.rows.map((row) => row.orderRef))).toEqual(new Set(expected.map((n) => `ORD-${n}`)))
    expect(page.rows.length).toBe(expected.length)
    expect(await deps.store.orders.countUpTo(account.id, filter, 999)).toEqual({
      count: expected.length,
      more: false,
    })
    expect(await deps.store.orders.countUpTo(account.id, filter, 3)).toEqual({ count: 3, more: true })
  })
})

describe('search', () => {
  test.each([
    [
      'a part of a reference in any case',
      'oRd-2399',
      [
        'ORD-23999',
        'ORD-23998',
        'ORD-23997',
        'ORD-23996',
        'ORD-23995',
        'ORD-23994',
        'ORD-23993',
        'ORD-23992',
        'ORD-23991',
        'ORD-23990',
        'ORD-2399',
      ],
    ],
    ['part of an e-mail', 'asha4567@', ['ORD-4567']],
    ['a phone number as stored', '9800000042', ['ORD-42']],
    ['nothing that exists', 'zebra', []],
    ['characters with a meaning to LIKE', '%%%', []],
    ['a NUL', 'ORD-7777\u0000', ['ORD-7777']],
  ])('finds %s', async (_name, q, found) => {
    const refs = (await list(`"${q}"`)).rows.map((row) => row.orderRef)
    expect(refs.toSorted()).toEqual(found.toSorted())
  })

  test('filters narrow together', async () => {
    const filter = filterOf('gateway:rare method:upi amount:=0', {
      from: new Date('2026-11-01T00:00:00Z'),
      to: new Date('2026-11-02T00:00:00Z'),
    })
    const { rows } = await deps.store.orders.list(account.id, filter, {
      sort: '-created',
      cursor: null,
      limit: 50,
    })
    expect(rows.map((row) => row.orderRef)).toEqual(['ORD-6000', 'ORD-4500', 'ORD-3000', 'ORD-1500'])
  })
})

describe('counts', () => {
  const count = (q: string) => deps.store.orders.estimate(account.id, filterOf(q))

  test('are exact up to ten thousand', async () => {
    const rare = await count('gateway:rare')
    expect(rare).toMatchObject({ exact: true, within: 0 })
    expect(rare.count).toBeGreaterThanOrEqual(48)
  })

  test('beyond come from a sample, within what they say', async () => {
    await opened.database.pool.query('analyze orders')
    for (const q of [
      '',
      'status:charged',
      'gateway:razorpay',
      'method:card',
      '-gateway:rare',
      'amount:>=1',
    ]) {
      const [about, exactly] = [await count(q), await deps.store.orders.countExactly(account.id, filterOf(q))]
      expect(exactly.count).toBeGreaterThan(EXACT_COUNT_MAX)
      // A sample of this many orders is wrong by more than three times its 95 % bound once in 10^8.
      const off = Math.abs(about.count - exactly.count) / exactly.count
      expect(off, q).toBeLessThanOrEqual(Math.max(3 * about.within, 0.001))
      expect(about.within).toBeLessThan(0.05)
    }
  })
})

test('facets name what is in use and how what matches divides', async () => {
  const facets = await deps.store.orders.facets(account.id, filterOf(''))
  expect(facets.gateways).toEqual(['RARE', 'RAZORPAY'])
  expect(facets.methodTypes).toEqual(['CARD', 'UPI'])
  expect(facets.statuses.map(({ status }) => status)).toEqual(['charged', 'pending', 'failed', 'disputed'])
  expect(facets).toMatchObject({ all: false, counted: 10_000 })
  const rare = await deps.store.orders.facets(account.id, filterOf('gateway:rare method:upi'))
  expect(rare.all).toBe(true)
  expect(rare.counts.find(({ value }) => value === 'RARE')?.count).toBe(rare.counted)
  expect(rare.counts.some(({ value }) => value === 'CARD')).toBe(false)
  expect(rare.counts).toContainEqual({ field: 'currency', value: 'INR', count: rare.counted })
  expect(rare.counts.filter(({ field }) => field === 'tag')).toEqual([
    { field: 'tag', value: 'rare', count: rare.counted },
  ])
  const codes = (all: typeof rare) => all.counts.filter(({ field }) => field === 'code')
  expect(
    codes(facets)
      .map(({ value }) => value)
      .toSorted(),
  ).toEqual(['AUTHORIZATION_FAILED', 'CHARGED'])
  // Every rare one failed.
  expect(codes(rare)).toEqual([{ field: 'code', value: 'AUTHORIZATION_FAILED', count: rare.counted }])
})

test.each([
  '',
  'status:failed',
  '-gateway:rare',
  'gateway:rare method:upi',
  'tag:usual',
  'order:nobody',
  'has:tag,note',
  'has:dispute,note',
  'has:tag,note has:note,dispute is:stuck,high_value',
])('facets of "%s" are those of the newest orders counted one by one', async (q) => {
  const filter = filterOf(q)
  const counted = new Map<string, number>()
  const add = (field: string, value: string | null): void => {
    if (value !== null) counted.set(`${field} ${value}`, (counted.get(`${field} ${value}`) ?? 0) + 1)
  }
  const ids: string[] = []
  for (let cursor: string | null = null; ids.length < FACETS_COUNTED_MAX;) {
    const page: OrderPage = await deps.store.orders.list(account.id, filter, {
      sort: '-created',
      cursor,
      limit: Math.min(2_000, FACETS_COUNTED_MAX - ids.length),
    })
    for (const row of page.rows) {
      ids.push(row.id)
      add('status', row.displayStatus)
      add('code', row.providerStatus)
      add('currency', row.currency)
      add('gateway', row.gateway)
      add('method', row.methodType)
      add('network', row.cardBrand?.toLowerCase() ?? null)
    }
    cursor = page.nextCursor
    if (cursor === null) break
  }
  const tags = await opened.database.pool.query<{ tag: string }>(
    'select tag from order_tag where order_id = any($1::uuid[])',
    [ids],
  )
  for (const { tag } of tags.rows) add('tag', tag)
  const facets = await deps.store.orders.facets(account.id, filter)
  const offered = facets.counts.filter(({ field }) => field !== 'bank')
  expect(new Map(offered.map(({ field, value, count }) => [`${field} ${value}`, count]))).toEqual(counted)
  expect(facets.counted).toBe(ids.length)
  const { count } = await deps.store.orders.estimate(account.id, filter)
  expect(Math.min(count, FACETS_COUNTED_MAX)).toBe(ids.length)
})

test('a bank is offered as its clause finds it', async () => {
  await opened.database.pool.query(
    `update orders set method_type = 'NB', method = case order_ref when 'ORD-10' then 'NB_HDFC' else 'JP_HDFC' end
     where order_ref in ('ORD-10', 'ORD-11') and merchant_account_id = $1`,
    [account.id],
  )
  const { counts } = await deps.store.orders.facets(account.id, filterOf('method:netbanking'))
  expect(counts).toContainEqual({ field: 'bank', value: 'hdfc', count: 2 })
  expect((await list('bank:hdfc')).rows).toHaveLength(2)
})

test('another account sees nothing of it', async () => {
  const other = await createAccount(opened.database)
  const page = await deps.store.orders.list(other.id, filterOf('order:ORD-1'), {
    sort: '-created',
    cursor: null,
    limit: 5,
  })
  expect(page.rows).toEqual([])
  expect(await deps.store.orders.pageOf(other.id, 'ORD-1')).toBeNull()
})
