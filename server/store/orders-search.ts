import { z } from 'zod'
import {
  DISPLAY_STATUSES,
  PAYMENT_STATUSES,
  REFUND_STATES,
  type DisplayStatus,
} from '../domain/payment-status.ts'
import { selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

export const ORDER_SORTS = ['created', '-created', 'amount', '-amount'] as const
export type OrderSort = (typeof ORDER_SORTS)[number]

/** What the orders list may be narrowed by. Empty lists and nulls do not narrow. */
export type OrderFilter = {
  /** An order reference, or any text of three characters or more in references and customer words. */
  q: string
  status: readonly DisplayStatus[]
  gateway: readonly string[]
  methodType: readonly string[]
  amountMin: bigint | null
  amountMax: bigint | null
  /** Created at or after. */
  from: Date | null
  /** Created before. */
  to: Date | null
}

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

type Where = { text: string; values: unknown[] }

/** Lists, counts and facets. Paging is by keys, never by offset: a row that arrives moves nothing. */
export function orderSearch(sql: Sql) {
  const boundedCount = async (where: Where): Promise<number> => {
    const row = await sql.first(
      countRow,
      `select count(*) as count from (select 1 from orders where ${where.text} limit ${EXACT_COUNT_MAX + 1}) as bounded`,
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

/** The filter that narrows nothing. */
export const NO_FILTER: OrderFilter = {
  q: '',
  status: [],
  gateway: [],
  methodType: [],
  amountMin: null,
  amountMax: null,
  from: null,
  to: null,
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

function whereOf(accountId: string, filter: OrderFilter): Where {
  const where: Where = { text: 'merchant_account_id = $1', values: [accountId] }
  if (filter.status.length > 0) add(where, (mark) => `display_status = any(${mark})`, [...filter.status])
  if (filter.gateway.length > 0) add(where, (mark) => `gateway = any(${mark})`, [...filter.gateway])
  if (filter.methodType.length > 0) add(where, (mark) => `method_type = any(${mark})`, [...filter.methodType])
  if (filter.amountMin !== null) add(where, (mark) => `amount_minor >= ${mark}`, filter.amountMin)
  if (filter.amountMax !== null) add(where, (mark) => `amount_minor <= ${mark}`, filter.amountMax)
  if (filter.from !== null) add(where, (mark) => `created_at >= ${mark}`, filter.from)
  if (filter.to !== null) add(where, (mark) => `created_at < ${mark}`, filter.to)
  return where
}

function add(where: Where, condition: (mark: string) => string, value: unknown): void {
  // One value in a list as an equality: only then does the index also give the order.
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined
  where.values.push(single === undefined ? value : single)
  const text = condition(`$${where.values.length}`)
  where.text += ` and ${single === undefined ? text : text.replace(/any\((\$\d+)\)/, '$1')}`
}

/** Adds the search text: the order of exactly this reference when there is one, else whatever contains the text. */
async function searchWhere(sql: Sql, accountId: string, filter: OrderFilter): Promise<Where> {
  const where = whereOf(accountId, filter)
  const q = filter.q.replaceAll('\u0000', '').trim()
  if (q === '') return where
  const exact = await sql.first(
    z.object({ id: z.string() }),
    'select id from orders where merchant_account_id = $1 and order_ref_key = lower($2)',
    [accountId, q],
  )
  if (exact !== null) add(where, (mark) => `id = ${mark}`, exact.id)
  else if (q.length < 3) add(where, (mark) => `order_ref_key like lower(${mark})`, `${likeText(q)}%`)
  else add(where, (mark) => `search_text like lower(${mark})`, `%${likeText(phoneDigits(q) ?? q)}%`)
  return where
}

/** The last ten digits of something typed like a phone number: numbers are stored with and without +91 and spaces. */
function phoneDigits(q: string): string | null {
  if (!/^[+\d][\d\s()-]*$/.test(q) || !/[\s()+-]/.test(q)) return null
  const digits = q.replace(/\D/g, '')
  return digits.length >= 10 && digits.length <= 13 ? digits.slice(-10) : null
}

function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
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
