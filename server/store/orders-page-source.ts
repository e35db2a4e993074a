/**
 * What a page of an orders list is read from. PostgreSQL walks along the order that is asked for when it expects to meet
 * enough matching orders on the way, and takes what matches as spread evenly over it. Sums and instants are not: by amount,
 * the orders with much left come last of a million; by creation, those changed on one day stand together.
 */
import { z } from 'zod'
import type { OrderSort } from '../domain/order-columns.ts'
import { DATE_FIELDS, RANGE_FIELDS, type RangeField } from '../domain/search-fields.ts'
import { rangeEnds } from '../domain/search-range.ts'
import { timeRangeOf } from '../domain/time-range.ts'
import type { OrderFilter, Where } from './orders-where.ts'
import type { Sql } from './sql.ts'

/** So many orders are read and put in order at once when a walk would begin at the wrong end. */
const SORTED_FAR_MAX = 50_000
/** And when nobody knows where they stand: so many are as quick to sort as to meet. */
const SORTED_MAX = 6_000
/** A walk from the newest order is soon past so much. */
const SOON_MS = 2 * 86_400_000

/** What grows together. */
const SUMS = ['amount', 'refunded', 'refundable']
const INSTANTS = ['created', 'updated', 'charged_at']

/** Sums that an order has no more of than its amount, unless it is one of {@link BEYOND}. */
const PARTS_OF_AMOUNT: readonly RangeField[] = ['refundable', 'refunded']

/** Who paid, or was paid back, more than the amount. Word for word the condition of `orders_beyond_amount_idx`. */
const BEYOND = '(charged_minor > amount_minor or excess_minor > 0)'

const estimateRow = z.object({
  'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]),
})

/**
 * The source of a page as `from` has it: a table called `orders`, with the conditions.
 *
 * @param page `order by` and `limit` of the page
 */
export async function pageSource(
  sql: Sql,
  where: Where,
  { filter, sort, page }: { filter: OrderFilter; sort: OrderSort; page: string },
): Promise<string> {
  const walk = `orders where ${where.text}`
  const most = sortedMax(filter, sort)
  if (most > 0) {
    const plan = await sql.first(estimateRow, `explain (format json) select from ${walk}`, where.values)
    // Behind the fence PostgreSQL looks for the cheapest way to all of them.
    if ((plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? Infinity) <= most)
      return `(select * from ${walk} offset 0) as orders`
  }
  const least = sort.endsWith('amount') ? leastAmount(filter) : 0n
  if (least <= 0n) return walk
  const mark = `$${where.values.push(least)}::bigint`
  return `((select * from ${walk} and amount_minor >= ${mark} ${page})
    union all (select * from ${walk} and amount_minor < ${mark} and ${BEYOND} offset 0)) as orders`
}

type Ends = { field: string; lower: boolean; upper: boolean }

/** How many matching orders are better read at once and sorted than met on the way; 0 where the way leads to them. */
function sortedMax(filter: OrderFilter, sort: OrderSort): number {
  const down = sort.startsWith('-')
  const lead = down ? sort.slice(1) : sort
  const alike = lead === 'amount' ? SUMS : INSTANTS
  const each = endsOf(filter).map(({ field, lower, upper }) => {
    if (field === lead) return 0
    if (!alike.includes(field)) return SORTED_MAX
    // Upwards by amount the page begins at the least that an order can have.
    return (down ? upper : lower && lead !== 'amount') ? SORTED_FAR_MAX : 0
  })
  return Math.max(0, ...each)
}

/** What is asked for between two ends, and which of them keep a walk waiting. */
function endsOf({ query, from, to, now }: OrderFilter): Ends[] {
  const soon = new Date(now.getTime() - SOON_MS)
  const sums = RANGE_FIELDS.flatMap((field): Ends[] => {
    const range = query.ranges[field]
    if (range === undefined) return []
    const { min, max } = rangeEnds(range)
    // Of one sum an index has the order too.
    if (min === max) return []
    return [{ field, lower: min !== null, upper: max !== null }]
  })
  const instants = [
    { field: 'created', range: { from, to } },
    ...DATE_FIELDS.map((field) => ({ field, range: timeRangeOf(query.dates[field] ?? '', now) })),
  ].flatMap(({ field, range }): Ends[] =>
    range === null || (range.from ?? range.to) === null
      ? []
      : [{ field, lower: range.from !== null, upper: range.to !== null && range.to < soon }],
  )
  return [...sums, ...instants]
}

/** The least amount that an order asked for can have, other than one of {@link BEYOND}; 0 when any. */
function leastAmount({ query }: OrderFilter): bigint {
  const least = PARTS_OF_AMOUNT.map((field) => {
    const range = query.ranges[field]
    return (range && rangeEnds(range).min) ?? 0n
  })
  return least.reduce((most, min) => (min > most ? min : most), 0n)
}
