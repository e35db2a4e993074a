/** Pages whose orders PostgreSQL would meet too late on the way: the same orders in the same order, from another source. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ORDER_SORTS, type OrderSort } from '../../../server/domain/order-columns.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { orderSearch } from '../../../server/store/orders-search.ts'
import type { OrderFilter } from '../../../server/store/orders-where.ts'
import { sqlOf } from '../../../server/store/sql.ts'
import { createAccount } from '../../support/factories.ts'
import { openDatabase } from '../../support/harness.ts'
import { filterOf, insertOrders } from '../../support/many-orders.ts'

const ORDERS = 1_200
const PAGE = 40

const storedRow = z.object({
  id: z.string(),
  amount: z.coerce.number(),
  refunded: z.coerce.number(),
  refundable: z.coerce.number(),
  created: z.date(),
  updated: z.date(),
  status: z.string(),
})
type Stored = z.infer<typeof storedRow>

let opened: Awaited<ReturnType<typeof openDatabase>>
let account: AccountRecord
let stored: Stored[]

beforeAll(async () => {
  opened = await openDatabase()
  account = await createAccount(opened.database)
  const { pool } = opened.database
  await insertOrders(pool, account.id, { from: 1, to: ORDERS })
  // Most are charged as they stand; some twice and with a surcharge, some paid back, of them some more than was charged.
  await pool.query(
    `update orders set
       charged_minor = case when amount_minor % 700 = 0 then 0 when amount_minor % 1100 = 0 then 2 * amount_minor + 300
         else amount_minor end`,
  )
  await pool.query(
    `update orders set
       refunded_minor = case when amount_minor % 500 = 0 then charged_minor / 3 else 0 end,
       external_refunded_minor = case when amount_minor % 1300 = 0 then charged_minor + 900 else 0 end,
       excess_minor = case when amount_minor % 1300 = 0 then charged_minor + 900 else 0 end,
       external_pending_minor = case when amount_minor % 2600 = 0 then 100 else 0 end,
       reserved_minor = case when amount_minor % 1700 = 0 then charged_minor / 4 else 0 end,
       disputed_minor = case when amount_minor % 1900 = 0 then charged_minor else 0 end`,
  )
  await pool.query('analyze orders')
  const { rows } = await pool.query(
    `select id, amount_minor as amount,
       refunded_minor + external_refunded_minor - external_pending_minor as refunded,
       greatest(charged_minor - reserved_minor - refunded_minor - external_refunded_minor - disputed_minor, 0) as refundable,
       created_at as created, changed_at as updated, display_status as status from orders`,
  )
  stored = rows.map((row) => storedRow.parse(row))
}, 60_000)
afterAll(() => opened.close())

type Part = 'walk' | 'sorted' | 'in two'

/** Lists, and where each page came from. */
function listing(): { search: ReturnType<typeof orderSearch>; parts: Set<Part> } {
  const parts = new Set<Part>()
  const search = orderSearch(
    sqlOf((statement: pg.QueryArrayConfig) => {
      if (!statement.text.startsWith('explain'))
        parts.add(
          statement.text.includes('union all')
            ? 'in two'
            : statement.text.includes('offset 0')
              ? 'sorted'
              : 'walk',
        )
      return opened.database.pool.query(statement)
    }),
  )
  return { search, parts }
}

const DAY = { from: new Date('2026-11-01T02:00:00Z'), to: new Date('2026-11-01T03:00:00Z') }
const minor = (rupees: number): number => rupees * 100

const FILTERS: readonly { q: string; more?: Partial<OrderFilter>; meant: (order: Stored) => boolean }[] = [
  { q: 'refundable:>20', meant: ({ refundable }) => refundable > minor(20) },
  { q: 'refundable:>=45', meant: ({ refundable }) => refundable >= minor(45) },
  { q: 'refundable:1..10', meant: ({ refundable }) => refundable >= minor(1) && refundable <= minor(10) },
  { q: 'refundable:<5', meant: ({ refundable }) => refundable < minor(5) },
  { q: 'refunded:>0', meant: ({ refunded }) => refunded > 0 },
  { q: 'refunded:>20', meant: ({ refunded }) => refunded > minor(20) },
  {
    q: 'refunded:>10 refundable:>15',
    meant: ({ refunded, refundable }) => refunded > minor(10) && refundable > minor(15),
  },
  {
    q: 'refundable:>20 amount:<30 -status:failed',
    meant: ({ refundable, amount, status }) =>
      refundable > minor(20) && amount < minor(30) && status !== 'failed',
  },
  { q: 'amount:>40', meant: ({ amount }) => amount > minor(40) },
  { q: '', more: DAY, meant: ({ created }) => created >= DAY.from && created < DAY.to },
  {
    q: 'updated:2026-11-03',
    meant: ({ updated }) =>
      updated >= new Date('2026-11-03T00:00:00+05:30') && updated < new Date('2026-11-04T00:00:00+05:30'),
  },
]

/** As a list has them: ties of an amount newest first, read the other way round when it goes down. */
function inOrder(sort: OrderSort): (a: Stored, b: Stored) => number {
  const way = sort.startsWith('-') ? -1 : 1
  const byId = (a: Stored, b: Stored): number => (a.id < b.id ? -1 : 1)
  if (sort.endsWith('amount'))
    return (a, b) => way * (a.amount - b.amount || +b.created - +a.created || byId(b, a))
  const key = sort.endsWith('updated') ? 'updated' : 'created'
  return (a, b) => way * (+a[key] - +b[key] || byId(a, b))
}

describe.each(ORDER_SORTS)('by %s', (sort) => {
  test.each(FILTERS)(
    '"$q" has each order once and in its place, there and back',
    async ({ q, more, meant }) => {
      const wanted = stored
        .filter(meant)
        .toSorted(inOrder(sort))
        .map(({ id }) => id)
      expect(wanted.length).toBeGreaterThan(PAGE / 2)
      expect(wanted.length).toBeLessThan(ORDERS)
      const { search } = listing()
      const filter = filterOf(q, more)
      const page = (cursor: string | null) => search.list(account.id, filter, { sort, cursor, limit: PAGE })
      const forth: string[] = []
      let last = await page(null)
      forth.push(...last.rows.map(({ id }) => id))
      while (last.nextCursor !== null) {
        last = await page(last.nextCursor)
        forth.push(...last.rows.map(({ id }) => id))
      }
      expect(forth).toEqual(wanted)
      const back = last.rows.map(({ id }) => id)
      while (last.previousCursor !== null) {
        last = await page(last.previousCursor)
        back.unshift(...last.rows.map(({ id }) => id))
      }
      expect(back).toEqual(wanted)
    },
  )
})

describe('a page comes', () => {
  const now = new Date('2026-12-01T00:00:00Z')
  const CASES: readonly [string, OrderSort, Part, Partial<OrderFilter>?][] = [
    ['', '-created', 'walk'],
    ['', '-created', 'walk', DAY],
    ['', '-updated', 'sorted', DAY],
    ['', 'updated', 'sorted', DAY],
    ['', '-updated', 'walk', { from: DAY.from }],
    ['status:failed', 'amount', 'walk'],
    ['amount:>40', 'amount', 'walk'],
    ['amount:=40', '-created', 'walk'],
    ['amount:>40', '-created', 'sorted'],
    ['refundable:>20', 'amount', 'in two'],
    ['refundable:>20', '-amount', 'in two'],
    ['refundable:1..20', '-amount', 'sorted'],
    ['refundable:<20', 'amount', 'walk'],
    ['refunded:>20', 'amount', 'in two'],
    ['updated:2026-11-03', '-created', 'sorted'],
    ['updated:2026-11-03', '-updated', 'walk'],
    ['updated:>=2026-11-03', '-created', 'walk'],
    ['charged_at:2026-11-03', '-created', 'sorted'],
    ['charged_at:none', '-created', 'walk'],
  ]
  test.each(CASES)('of "%s" by %s: %s', async (q, sort, part, more = {}) => {
    const { search, parts } = listing()
    await search.list(account.id, filterOf(q, { now, ...more }), { sort, cursor: null, limit: PAGE })
    expect([...parts]).toEqual([part])
  })

  test('on the way when too many match to be sorted', async () => {
    const texts: string[] = []
    const search = orderSearch(
      sqlOf(async (statement: pg.QueryArrayConfig) => {
        texts.push(statement.text)
        const result = await opened.database.pool.query(statement)
        if (statement.text.startsWith('explain')) result.rows = [[[{ Plan: { 'Plan Rows': 50_001 } }]]]
        return result
      }),
    )
    await search.list(account.id, filterOf('', DAY), { sort: '-updated', cursor: null, limit: PAGE })
    expect(texts).toHaveLength(2)
    expect(texts[1]).not.toContain('offset 0')
  })
})
