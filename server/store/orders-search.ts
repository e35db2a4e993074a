import { z } from 'zod'
import {
  DISPLAY_STATUSES,
  PAYMENT_STATUSES,
  REFUND_STATES,
  type DisplayStatus,
} from '../domain/payment-status.ts'
import { FACET_FIELDS, TAG_FIELDS } from '../domain/search-fields.ts'
import { selectList } from './columns.ts'
import type { OrderSort } from '../domain/order-columns.ts'
import { addPosition, orderBy, positionText, readPosition } from './orders-order.ts'
import { isLookup, pageStatement, prepared } from './orders-page-plan.ts'
import { pageSource } from './orders-page-source.ts'
import { alternativesOf, whereOf, type OrderFilter, type Where } from './orders-where.ts'
import { WORD_COLUMNS } from './orders-where-lists.ts'
import { orderSelection } from './orders-selection.ts'
import type { Sql } from './sql.ts'
import { plannedValues, unplannedValues } from './text-sql.ts'

/** Counts up to here are exact; beyond, a sample says about how many there are. */
export const EXACT_COUNT_MAX = 10_000

/** Orders that a sample looks at. At a million orders that is one in fifty. */
const SAMPLE_ROWS = 20_000

/** Facets are counted over so many of the newest matching orders. */
export const FACETS_COUNTED_MAX = 10_000

/** Tags with counts at most: unlike the values of other fields they are as many as people make. */
const TAGS_COUNTED_MAX = 100

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
  customerRef: z.string().nullable(),
  customerName: z.string().nullable(),
  customerEmail: z.string().nullable(),
  chargedMinor: z.bigint(),
  reservedMinor: z.bigint(),
  refundedMinor: z.bigint(),
  externalRefundedMinor: z.bigint(),
  externalPendingMinor: z.bigint(),
  excessMinor: z.bigint(),
  disputedMinor: z.bigint(),
  unconfirmedSince: z.date().nullable(),
  errorMessage: z.string().nullable(),
  changedAt: z.date(),
  lastCheckedAt: z.date().nullable(),
})

const foundRow = orderListRow.extend({ place: z.number() })

/** One order in a list. */
export type OrderListRow = z.infer<typeof orderListRow>

/** A page, with the cursors of the pages on both sides; null where there is none. */
export type OrderPage = { rows: OrderListRow[]; nextCursor: string | null; previousCursor: string | null }

/** How many orders match; `within` is by how much of itself an estimate may be off, 19 times out of 20. */
export type OrderCount = { count: number; exact: boolean; within: number }

/** An order that was found, and by which of the filters asked for: their places, in order. */
export type FoundOrder = { row: OrderListRow; by: number[] }

const LIST = selectList(Object.keys(orderListRow.shape))
const countRow = z.object({ count: z.bigint() })
const sizeRow = z.object({ rows: z.number() })
const wordRow = z.object({ word: z.string() })
const facetRow = z.object({
  field: z.enum([...FACET_FIELDS, ...TAG_FIELDS]),
  value: z.string().nullable(),
  count: z.bigint(),
})

/** Lists, counts and facets. */
export function orderSearch(sql: Sql) {
  const page = async (
    accountId: string,
    filter: OrderFilter,
    { sort, cursor, limit }: { sort: OrderSort; cursor: string | null; limit: number },
  ): Promise<OrderPage> => {
    const where = whereOf(accountId, filter)
    const position = readPosition(cursor)
    const back = position?.back ?? false
    if (position !== null) addPosition(where, sort, position)
    // The limit as a literal: without its value a plan would be made for a tenth of all rows.
    const ordered = `order by ${orderBy(sort, back)} limit ${limit + 1}`
    const source = await pageSource(sql, where, { filter, sort, page: ordered })
    const text = `select ${LIST} from ${source} ${ordered}`
    const found = await sql.rows(orderListRow, pageStatement(text, filter, sort), where.values)
    // The extra row only says that there is more that way.
    const more = found.length > limit
    const rows = back ? found.slice(0, limit).toReversed() : found.slice(0, limit)
    const [first, last] = [rows[0], rows.at(-1)]
    return {
      rows,
      nextCursor: last && (back || more) ? positionText({ keys: last, back: false }) : null,
      previousCursor:
        first && (back ? more : position !== null) ? positionText({ keys: first, back: true }) : null,
    }
  }

  const boundedCount = async (accountId: string, filter: OrderFilter, max: number): Promise<number> => {
    const found = foundBy(accountId, filter, { columns: 'id', end: `limit ${max + 1}` })
    const row = await sql.first(
      countRow,
      `select count(*) as count from (${found.text}) as bounded`,
      found.values,
    )
    return Number(row?.count ?? 0n)
  }

  return {
    ...orderSelection(sql),

    /** One page of orders; each order once, also while others arrive. */
    list: page,

    /**
     * The page around an order, which is on it when it matches. An order that is not there begins the list at the top.
     */
    async listAround(
      accountId: string,
      filter: OrderFilter,
      { sort, orderId, limit }: { sort: OrderSort; orderId: string; limit: number },
    ): Promise<OrderPage> {
      const keys = await sql.first(
        orderListRow,
        `select ${LIST} from orders where merchant_account_id = $1 and id = $2`,
        [accountId, orderId],
      )
      if (keys === null) return page(accountId, filter, { sort, cursor: null, limit })
      const half = Math.floor(limit / 2)
      const before = await page(accountId, filter, {
        sort,
        cursor: positionText({ keys, back: true }),
        limit: half,
      })
      // From the last row before it, so that the row itself comes next if it matches.
      const last = before.rows.at(-1)
      const cursor = last === undefined ? null : positionText({ keys: last, back: false })
      const rest = await page(accountId, filter, { sort, cursor, limit: limit - before.rows.length })
      return {
        rows: [...before.rows, ...rest.rows],
        nextCursor: rest.nextCursor,
        previousCursor: before.previousCursor,
      }
    },

    /**
     * The newest orders of each filter in one statement, each order once; what an earlier filter found comes first.
     * Every filter costs one bounded read of its own index.
     */
    async findAny(accountId: string, filters: readonly OrderFilter[], limit: number): Promise<FoundOrder[]> {
      if (filters.length === 0) return []
      // Planning takes longer than reading, since every filter weighs all indexes of orders.
      const lookups = filters.every(isLookup)
      const values = lookups ? unplannedValues(accountId) : plannedValues(accountId)
      const parts = filters.map((filter, place) => {
        const where = whereOf(accountId, filter, values)
        return `(select ${place} as place, ${LIST} from orders where ${where.text}
          order by created_at desc, id desc limit ${limit})`
      })
      const text = parts.join(' union all ')
      const rows = await sql.rows(foundRow, lookups ? prepared(text) : text, values.list)
      const found = new Map<string, FoundOrder>()
      for (const { place, ...row } of rows.toSorted((a, b) => a.place - b.place)) {
        const known = found.get(row.id)
        if (known) known.by.push(place)
        else found.set(row.id, { row, by: [place] })
      }
      return [...found.values()]
        .toSorted(
          (a, b) => (a.by[0] ?? 0) - (b.by[0] ?? 0) || b.row.createdAt.getTime() - a.row.createdAt.getTime(),
        )
        .slice(0, limit)
    },

    /** Orders as the list has them, by their ids and in no order: rows that changed while they were shown. */
    rowsByIds: (accountId: string, orderIds: readonly string[]): Promise<OrderListRow[]> =>
      sql.rows(
        orderListRow,
        `select ${LIST} from orders where merchant_account_id = $1 and id = any($2::uuid[])`,
        [accountId, orderIds],
      ),

    /** How many orders match: exact up to {@link EXACT_COUNT_MAX}, else from a sample. */
    async estimate(accountId: string, filter: OrderFilter): Promise<OrderCount> {
      const count = await boundedCount(accountId, filter, EXACT_COUNT_MAX)
      if (count <= EXACT_COUNT_MAX) return { count, exact: true, within: 0 }
      return sampled(sql, accountId, filter)
    },

    /** How many orders match, however many: reads them all. */
    async countExactly(accountId: string, filter: OrderFilter): Promise<OrderCount> {
      const where = whereOf(accountId, filter)
      const row = await sql.first(
        countRow,
        `select count(*) as count from orders where ${where.text}`,
        where.values,
      )
      return { count: Number(row?.count ?? 0n), exact: true, within: 0 }
    },

    /** How many orders match, counted up to `max`. */
    async countUpTo(
      accountId: string,
      filter: OrderFilter,
      max: number,
    ): Promise<{ count: number; more: boolean }> {
      const count = await boundedCount(accountId, filter, max)
      return { count: Math.min(count, max), more: count > max }
    },

    /**
     * What can be filtered by: the gateways and method types in use at all, and how the newest matching orders divide,
     * counted over at most {@link FACETS_COUNTED_MAX}. Those that are alike in all fields are counted first: some hundreds
     * of groups, and not every order again for each field.
     */
    async facets(accountId: string, filter: OrderFilter) {
      const end = `order by created_at desc, id desc limit ${FACETS_COUNTED_MAX}`
      const fields = FACET_FIELDS.map((field) => `${WORD_COLUMNS[field]} as ${field}`)
      const columns = ['id', 'created_at', ...fields].join(', ')
      const found = foundBy(accountId, filter, { columns, end })
      const rows = await sql.rows(
        facetRow,
        `with newest as materialized (${found.text}),
         alike as materialized (
           select ${FACET_FIELDS.join(', ')}, count(*) as orders from newest group by ${FACET_FIELDS.join(', ')})
         ${FACET_FIELDS.map(
           (field) =>
             `select '${field}' as field, ${field}::text as value, sum(orders)::bigint as count from alike group by 2`,
         ).join(' union all ')}
         union all (select 'tag', t.tag, count(*) from newest n
           join order_tag t on t.merchant_account_id = $1 and t.order_id = n.id
           group by t.tag order by count(*) desc, t.tag limit ${TAGS_COUNTED_MAX})`,
        found.values,
      )
      const counts = rows.flatMap(({ field, value, count }) =>
        value === null ? [] : [{ field, value, count: Number(count) }],
      )
      const ofStatus = new Map(
        counts.filter(({ field }) => field === 'status').map(({ value, count }) => [value, count]),
      )
      const counted = [...ofStatus.values()].reduce((sum, count) => sum + count, 0)
      return {
        gateways: await distinct(sql, accountId, 'gateway'),
        methodTypes: await distinct(sql, accountId, 'method_type'),
        statuses: DISPLAY_STATUSES.flatMap((status): { status: DisplayStatus; count: number }[] => {
          const count = ofStatus.get(status)
          return count === undefined ? [] : [{ status, count }]
        }),
        counts,
        /** Of how many orders the counts are. */
        counted,
        /** Whether those are all that match. */
        all: counted < FACETS_COUNTED_MAX,
      }
    },
  }
}

/** Orders that match, each once, as a query of `columns`: those of every alternative of the filter, up to where `end` says. */
function foundBy(
  accountId: string,
  filter: OrderFilter,
  { columns, end }: { columns: string; end: string },
): Where {
  const values = plannedValues(accountId)
  const parts = alternativesOf(filter).map(
    (one) => `(select ${columns} from orders where ${whereOf(accountId, one, values).text} ${end})`,
  )
  const [only = ''] = parts
  const text = parts.length === 1 ? only : `select * from (${parts.join(' union ')}) as found ${end}`
  return { text, values: values.list }
}

/** Half of the width in which 95 of 100 normally distributed values lie, in standard deviations. */
const Z95 = 1.96
const HEX_DIGITS = 8

/**
 * Ids of orders are random (gen_random_uuid), so those below a bound are a random sample of all orders, which the primary
 * key reads without the rest. Of `k` found in it the standard deviation is at most the square root of `k`.
 */
async function sampled(sql: Sql, accountId: string, filter: OrderFilter): Promise<OrderCount> {
  const size = await sql.first(
    sizeRow,
    `select greatest(reltuples, 1)::float8 as rows from pg_class where oid = 'orders'::regclass`,
  )
  const share = Math.min(1, SAMPLE_ROWS / (size?.rows ?? 1))
  if (share === 1) return countAll(sql, accountId, filter)
  const bound = Math.round(share * 16 ** HEX_DIGITS)
    .toString(16)
    .padStart(HEX_DIGITS, '0')
  const where = whereOf(accountId, filter)
  const row = await sql.first(
    countRow,
    `select count(*) as count from orders where ${where.text} and id < $${where.values.length + 1}`,
    [...where.values, `${bound}-0000-0000-0000-000000000000`],
  )
  const found = Number(row?.count ?? 0n)
  const count = Math.max(Math.round(found / share), EXACT_COUNT_MAX + 1)
  const within = Math.ceil((100 * Z95) / Math.sqrt(Math.max(found, 1))) / 100
  return { count, exact: false, within: Math.min(within, 1) }
}

async function countAll(sql: Sql, accountId: string, filter: OrderFilter): Promise<OrderCount> {
  const where = whereOf(accountId, filter)
  const row = await sql.first(
    countRow,
    `select count(*) as count from orders where ${where.text}`,
    where.values,
  )
  return { count: Number(row?.count ?? 0n), exact: true, within: 0 }
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
