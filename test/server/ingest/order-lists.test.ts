import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseQuery } from '../../../server/domain/search-query.ts'
import { ORDER_SORTS, type OrderSort } from '../../../server/domain/order-columns.ts'
import { EXACT_COUNT_MAX, orderSearch, type OrderListRow } from '../../../server/store/orders-search.ts'
import { NO_FILTER, type OrderFilter } from '../../../server/store/orders-where.ts'
import { sqlOf } from '../../../server/store/sql.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, createStaff } from '../../support/factories.ts'
import { STUCK_AFTER_MS } from '../../../server/domain/stuck.ts'
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
  await opened.database.pool.query(
    `insert into order_note (merchant_account_id, order_id, author_id, text, at) select merchant_account_id, id, $1,
       'Called about ' || order_ref || ' ' || try, created_at from orders, generate_series(1, 40) as try where gateway = 'RARE'`,
    [(await createStaff(opened.database, account, 'support')).userId],
  )
  await opened.database.pool.query('vacuum analyze orders, transaction, order_note')
}, 60_000)
afterAll(() => opened.close())

/** Orders with few distinct creation times and amounts, so that ties are common. */
async function insertOrders(from: number, to: number): Promise<void> {
  await opened.database.pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
       provider_status, payment_status, display_status, gateway, method_type, created_at, changed_at, search_text, customer_name, customer_email, customer_phone, card_last4, payer_vpa)
     select $1, 'ORD-' || n, 'ord-' || n, 'INR', (n % 50) * 100, 0,
       case when n % 10 = 0 then 'AUTHORIZATION_FAILED' else 'CHARGED' end,
       case when n % 10 = 0 then 'failed' else 'charged' end,
       case when n % 10 = 0 then 'failed' when n % 777 = 0 then 'disputed'
         when n % 1111 = 0 then 'pending' else 'charged' end,
       case when n % 500 = 0 then 'RARE' else 'RAZORPAY' end, case when n % 3 = 0 then 'UPI' else 'CARD' end,
       timestamptz '2026-11-01 00:00Z' + (n / 5) * interval '1 minute',
       timestamptz '2026-11-01 00:00Z' + (n::bigint * 7919 % 24000) * interval '1 minute',
       'ord-' || n || ' ord-' || n || '-1 juspay-' || n || ' nina' || n || ' asha' || n || '@example.test 98' || lpad(n::text, 8, '0'),
       'Nina' || n, 'Asha' || n || '@example.test', '+91 98' || lpad(n::text, 8, '0'),
       case when n % 3 <> 0 then lpad((n % 10000)::text, 4, '0') end, case when n % 3 = 0 then 'asha' || n || '@okhdfc' end
     from generate_series($2::int, $3::int) as n`,
    [account.id, from, to],
  )
}

const NOW = new Date('2026-12-01T00:00:00Z')

/** The filter of a query's text. */
function filterOf(q: string, more: Partial<OrderFilter> = {}): OrderFilter {
  const parsed = parseQuery(q, { currency: 'INR' })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { ...NO_FILTER, now: NOW, query: parsed.query, ...more }
}

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
      await insertOrders(n, n)
    } while (cursor !== null && round < 100)
    const ids = new Set(seen.map(({ id }) => id))
    expect(ids.size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(ROWS / 10)
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
    ['customer', 'asha5001', []],
    ['email', 'nina5001', []],
    ['email', '100%', []],
  ] as const)('%s %s', async (field, q, refs) => {
    expect((await found(field, q)).toSorted()).toEqual(refs.toSorted())
  })

  test('a name may be written in any case, and only names count', async () => {
    expect(await found('customer', 'NINA5001')).toEqual(['ORD-5001'])
  })
})

describe('what needs a person', () => {
  test('is disputed at any age and pending only when old, exactly', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + Math.floor(n / 5) * 60_000)
    const before = at(11_110)
    const now = new Date(before.getTime() + STUCK_AFTER_MS)
    const filter = filterOf('is:stuck', { now })
    const page = await deps.store.orders.list(account.id, filter, {
      sort: '-created',
      cursor: null,
      limit: 100,
    })
    const expected = Array.from({ length: ROWS }, (_, i) => i + 1).filter((n) => {
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
})

test('another account sees nothing of it', async () => {
  const other = await createAccount(opened.database)
  const page = await deps.store.orders.list(other.id, filterOf('order:ORD-1'), {
    sort: '-created',
    cursor: null,
    limit: 5,
  })
  expect(page.rows).toEqual([])
  expect(await deps.store.orders.find(other.id, 'ORD-1')).toBeNull()
})

describe('plans', () => {
  /** The statement a list sends, explained. */
  async function planOf(filter: OrderFilter, sort: OrderSort): Promise<string> {
    const sent: { text: string; values: unknown[] }[] = []
    const { pool } = opened.database
    const recorder = {
      query: async (statement: string | { text: string; values: unknown[] }, values: unknown[]) => {
        sent.push(typeof statement === 'string' ? { text: statement, values } : statement)
        return typeof statement === 'string' ? pool.query(statement, values) : pool.query(statement)
      },
    }
    const { nextCursor: cursor } = await list('', 5)
    const search = orderSearch(sqlOf(recorder as unknown as typeof pool))
    await search.list(account.id, filter, { sort, cursor, limit: 50 })
    const last = sent.at(-1)
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${last?.text}`, last?.values)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  test.each([
    ['newest first', '', '-created', 'created_at_id_idx'],
    ['oldest first', '', 'created', 'created_at_id_idx'],
    ['by amount', '', 'amount', 'amount_minor_created_at_id_idx'],
    ['by amount, largest first', '', '-amount', 'amount_minor_created_at_id_idx'],
    ['changed last', '', '-updated', 'changed_at_id_idx'],
    ['of a rare status', 'status:disputed', '-created', 'display_status_created_at_id_idx'],
    ['of a rare gateway', 'gateway:rare', '-created', 'gateway_created_at_id_idx'],
    ['containing a text', 'asha4567@', '-created', 'orders_search_idx'],
    ['containing a long reference', 'juspay-od2cm0cv07p2', '-created', 'orders_search_idx'],
    ['containing a name', '"asha sharma"', '-created', 'orders_search_idx'],
    ['of an e-mail', 'email:asha4567@', '-created', 'orders_contact_idx'],
    ['of a phone', 'phone:9800000042', '-created', 'orders_contact_idx'],
    ['of the end of a phone', 'phone:00042', '-created', 'orders_phone_end_idx'],
    ['of a name', 'name:nina4567', '-created', 'orders_search_idx'],
    ['of a reference', 'ref:juspay-4567', '-created', 'orders_provider_ref_idx'],
    ['of a reference of an attempt', 'ref:juspay-4567', '-created', 'transaction_rrn_idx'],
    ['of an attempt', 'txn:ord-4567-1', '-created', 'transaction_ref_idx'],
    ['of a refund', 'refund:rf4567', '-created', 'refund_'],
    ['of an order', 'order:ord-4567', '-created', 'order_ref_key'],
    ['of the beginning of an ID', 'order:ord-4567*', '-created', 'order_ref_key_key'],
    ['of a card', 'last4:4242', '-created', 'orders_last4_idx'],
    ['of a UPI address', 'vpa:asha4567@okhdfc', '-created', 'orders_contact_idx'],
    ['with a rare outcome', 'pay:unknown', '-created', 'orders_rare_payment_idx'],
    ['with one of some rare outcomes', 'pay:voided,unknown', '-created', 'orders_rare_payment_idx'],
    ['with a rare code', 'code:FOO', '-created', 'orders_rare_code_idx'],
    ['in a rare currency', 'currency:USD', '-created', 'orders_rare_currency_idx'],
    ['of many attempts', 'attempts:>7', '-created', 'orders_many_attempts_idx'],
    ['much of which went back', 'refunded:>100000', '-created', 'orders_refunded_idx'],
    ['charged on a day', 'charged_at:2026-10-01', '-created', 'orders_charged_idx'],
    ['of a card network', 'network:diners', '-created', 'orders_network_idx'],
    ['with a word in the error', 'error:honour', '-created', 'orders_error_idx'],
    ['of a bank', 'bank:hdfc', '-created', 'method_type_created_at_id_idx'],
    ['with a note', 'has:note', '-created', 'orders_noted_idx'],
    ['with a text in a note', 'note:ord-4500', '-created', 'order_note_text_idx'],
    ['that need a person', 'is:stuck', '-created', 'orders_attention_idx'],
  ] as const)('%s use an index and read no whole table', async (_name, q, sort, index) => {
    const plan = await planOf(filterOf(q, { now: new Date('2026-11-03') }), sort)
    expect(plan).toContain(index)
    // The refund table is empty here; an empty table is always read whole.
    expect(plan).not.toMatch(/Seq Scan on (?!refund\b)/)
  })

  test('newest and oldest need no sort', async () => {
    for (const sort of ORDER_SORTS) expect(await planOf(filterOf(''), sort)).not.toMatch(/\bSort\b/)
  })
})
