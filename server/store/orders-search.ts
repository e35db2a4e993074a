import { z } from 'zod'
import {
  DISPLAY_STATUSES,
  PAYMENT_STATUSES,
  REFUND_STATES,
  type DisplayStatus,
} from '../domain/payment-status.ts'
import { selectList } from './columns.ts'
import { NO_FILTER, searchWhere, whereOf, type OrderFilter, type Where } from './orders-where.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

export const ORDER_SORTS = ['created', '-created', 'amount', '-amount'] as const
export type OrderSort = (typeof ORDER_SORTS)[number]

/** Counts up to here are exact; beyond, the planner's estimate is good enough and costs nothing. */
export const EXACT_COUNT_MAX = 10_000

const orderListRow = z.object({
  id: z.string(),
  orderRef: z.string(),
  createdAt: z.date(),
  amountMinor: z.bigint(),
  currency: z.string(),
  displayStatus: z.enum(DISPLAY_STATUSES),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  providerStatus: z.string(),
  refundState: z.enum(REFUND_STATES),
  methodType: z.string().nullable(),
  method: z.string().nullable(),
  cardBrand: z.string().nullable(),
  cardLast4: z.string().nullable(),
  gateway: z.string().nullable(),
  attemptCount: z.number(),
  customerName: z.string().nullable(),
  customerEmail: z.string().nullable(),
  chargedMinor: z.bigint(),
  reservedMinor: z.bigint(),
  refundedMinor: z.bigint(),
  externalRefundedMinor: z.bigint(),
  excessMinor: z.bigint(),
  disputedMinor: z.bigint(),
  errorMessage: z.string().nullable(),
  changedAt: z.date(),
  lastCheckedAt: z.date().nullable(),
})

/** One order in a list. */
export type OrderListRow = z.infer<typeof orderListRow>

const LIST = selectList(Object.keys(orderListRow.shape))
const countRow = z.object({ count: z.bigint() })
const planRow = z.object({
  'QUERY PLAN': z.array(z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })),
})
const wordRow = z.object({ word: z.string() })

/** Lists, counts and facets. Paging is by keys, never by offset: a row that arrives moves nothing. */
export function orderSearch(sql: Sql) {
  const boundedCount = async (where: Where, max = EXACT_COUNT_MAX): Promise<number> => {
    const row = await sql.first(
      countRow,
      `select count(*) as count from (select 1 from orders where ${where.text} limit ${max + 1}) as bounded`,
      where.values,
    )
    return Number(row?.count ?? 0n)
  }
  return {
    /** One page of orders; each order once, also while others arrive. */
    async list(
      accountId: string,
      filter: OrderFilter,
      page: { sort: OrderSort; cursor: string | null; limit: number },
    ): Promise<Page<OrderListRow>> {
      const where = await searchWhere(sql, accountId, filter)
      addCursor(where, page.sort, page.cursor)
      const rows = await sql.rows(
        orderListRow,
        `select ${LIST} from orders where ${where.text} order by ${ORDER_BY[page.sort]} limit $${where.values.length + 1}`,
        [...where.values, page.limit + 1],
      )
      return toPage(rows, page.limit, (row) => cursorOf(row))
    },

    /** How many orders match: exact up to {@link EXACT_COUNT_MAX}, else the planner's estimate. */
    async estimate(accountId: string, filter: OrderFilter): Promise<{ count: number; exact: boolean }> {
      const where = await searchWhere(sql, accountId, filter)
      const count = await boundedCount(where)
      if (count <= EXACT_COUNT_MAX) return { count, exact: true }
      const plan = await sql.first(
        planRow,
        `explain (format json) select 1 from orders where ${where.text}`,
        where.values,
      )
      const estimated = plan?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? count
      return { count: Math.max(count, Math.round(estimated)), exact: false }
    },

    /** How many orders match, counted up to `max`. */
    async countUpTo(
      accountId: string,
      filter: OrderFilter,
      max: number,
    ): Promise<{ count: number; more: boolean }> {
      const count = await boundedCount(await searchWhere(sql, accountId, filter), max)
      return { count: Math.min(count, max), more: count > max }
    },

    /** What can be filtered by: the gateways and method types in use, and how many orders each status has. */
    async facets(accountId: string, range: { from: Date | null; to: Date | null }) {
      const statuses: { status: DisplayStatus; count: number }[] = []
      for (const status of DISPLAY_STATUSES) {
        const count = await boundedCount(whereOf(accountId, { ...NO_FILTER, ...range, status: [status] }))
        if (count > 0) statuses.push({ status, count })
      }
      return {
        gateways: await distinct(sql, accountId, 'gateway'),
        methodTypes: await distinct(sql, accountId, 'method_type'),
        statuses,
      }
    },
  }
}

/** The distinct values of an indexed column by jumping from one to the next, not by reading all rows. */
async function distinct(sql: Sql, accountId: string, column: 'gateway' | 'method_type'): Promise<string[]> {
  const next = (condition: string): string =>
    `(select ${column} as word from orders where merchant_account_id = $1 and ${condition} order by ${column} limit 1)`
  const rows = await sql.rows(
    wordRow,
    `with recursive found as (
       ${next(`${column} is not null`)} union all
       select (${next(`${column} > found.word`)}) from found where found.word is not null
     ) select word from found where word is not null`,
    [accountId],
  )
  return rows.map((row) => row.word)
}

const ORDER_BY: Readonly<Record<OrderSort, string>> = {
  '-created': 'created_at desc, id desc',
  created: 'created_at, id',
  // The index is (amount, created_at desc, id desc); read backwards it gives the other direction.
  amount: 'amount_minor, created_at desc, id desc',
  '-amount': 'amount_minor desc, created_at, id',
}

const cursorShape = z.tuple([z.string().regex(/^\d{1,18}$/), z.iso.datetime(), z.uuid()])

function cursorOf(row: OrderListRow): string {
  return cursorText([row.amountMinor.toString(), row.createdAt.toISOString(), row.id])
}

function addCursor(where: Where, sort: OrderSort, cursor: string | null): void {
  const position = readCursor(cursor, cursorShape)
  if (position === null) return
  const [amount, createdAt, id] = position
  const base = where.values.length
  where.values.push(createdAt, id)
  const [at, key] = [`$${base + 1}::timestamptz`, `$${base + 2}::uuid`]
  if (sort === '-created') where.text += ` and (created_at, id) < (${at}, ${key})`
  else if (sort === 'created') where.text += ` and (created_at, id) > (${at}, ${key})`
  else {
    where.values.push(amount)
    const amountMark = `$${base + 3}::bigint`
    where.text +=
      sort === 'amount'
        ? ` and amount_minor >= ${amountMark} and (amount_minor > ${amountMark} or (created_at, id) < (${at}, ${key}))`
        : ` and amount_minor <= ${amountMark} and (amount_minor < ${amountMark} or (created_at, id) > (${at}, ${key}))`
  }
}
