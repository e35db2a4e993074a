/** The filter of an orders list as SQL. Every value travels as a parameter. */
import { exponentOf, otherDecimals } from '../domain/money.ts'
import {
  DATE_FIELDS,
  FLAG_FIELDS,
  HIGH_VALUE_MAJOR,
  MONEY_FIELDS,
  RANGE_FIELDS,
  type FlagField,
  type RangeField,
} from '../domain/search-fields.ts'
import { EMPTY_QUERY, type SearchQuery } from '../domain/search-query.ts'
import { rangeEnds } from '../domain/search-range.ts'
import { ATTENTION_STATUSES, HANDLING_CODES, NEVER_STUCK_CODE, STUCK_AFTER_MS } from '../domain/stuck.ts'
import { timeRangeOf } from '../domain/time-range.ts'
import { containing, listConditions } from './orders-where-lists.ts'
import { NOTED, recordsIn, TAGGED } from './orders-where-records.ts'
import { plannedValues, type Mark, type Values } from './text-sql.ts'

/** Which orders of an account: a query as the parser reads it, and what it means for whom and when. */
export type OrderFilter = {
  query: SearchQuery
  /** The account's: amounts are written with its decimals. */
  currency: string
  /** Created at or after. */
  from: Date | null
  /** Created before. */
  to: Date | null
  /** What relative times and ages are counted from. */
  now: Date
  /** Who asks, for `is:mine`. */
  userId: string
  /** Only orders as they were then: what has come or changed since is not among them. */
  asOf: Date | null
  /** Who asks may not see personal data, and finds nobody by a part of it. */
  masked: boolean
}

/** The filter that narrows nothing. */
export const NO_FILTER: OrderFilter = {
  query: EMPTY_QUERY,
  currency: 'INR',
  from: null,
  to: null,
  now: new Date(0),
  userId: '00000000-0000-0000-0000-000000000000',
  asOf: null,
  masked: false,
}

/** A condition under construction: `$1` is the account. */
export type Where = { text: string; values: unknown[] }

/**
 * The condition of a list. `orders` is the only table whose columns it names outside of subqueries.
 *
 * @param values of the statement that it is for, of which the first is the account
 */
export function whereOf(
  accountId: string,
  filter: OrderFilter,
  { list, mark }: Values = plannedValues(accountId),
): Where {
  const { query, from, to, asOf } = filter
  const conditions = [
    'merchant_account_id = $1',
    ...(from === null ? [] : [`created_at >= ${mark(from)}`]),
    ...(to === null ? [] : [`created_at < ${mark(to)}`]),
    ...(asOf === null ? [] : [`changed_at <= ${mark(asOf)}`]),
    ...listConditions(query, mark, filter),
    ...rangeConditions(filter, mark),
    ...dateConditions(filter, mark),
    ...FLAG_FIELDS.flatMap((field) => flagConditions(filter, field, mark)),
    ...(query.text === null ? [] : [containing(query.text, mark, filter)]),
    ...query.notText.map((text) => `${containing(text, mark, filter)} is not true`),
  ]
  return { text: conditions.join(' and '), values: list }
}

/**
 * The filters of the alternatives in `has:dispute,discrepancy`: what any of them finds is what the filter finds. With both
 * in one condition PostgreSQL asks it of every order there is; for one alone it begins with the records, when they are few.
 */
export function alternativesOf(filter: OrderFilter): readonly OrderFilter[] {
  const { query } = filter
  for (const field of FLAG_FIELDS) {
    const flags = query.flags[field]
    const words = flags?.wanted.find((group) => group.length > 1)
    if (flags === undefined || words === undefined) continue
    const others = flags.wanted.filter((group) => group !== words)
    return words.map((word) => {
      const only = { ...flags, wanted: [...others, [word]] }
      return { ...filter, query: { ...query, flags: { ...query.flags, [field]: only } } }
    })
  }
  return [filter]
}

const RANGE_SQL: Readonly<Record<RangeField, string>> = {
  amount: 'amount_minor',
  // As refundedMinorOf (refund-block.ts) has it.
  refunded: '(refunded_minor + external_refunded_minor - external_pending_minor)',
  // As leftMinorOf (refund-block.ts) has it.
  refundable:
    'greatest(charged_minor - reserved_minor - refunded_minor - external_refunded_minor - disputed_minor, 0)',
  attempts: 'attempt_count',
}

function rangeConditions({ query, currency }: OrderFilter, mark: Mark): string[] {
  const conditions: string[] = []
  for (const field of RANGE_FIELDS) {
    const range = query.ranges[field]
    if (range === undefined) continue
    const { min, max } = rangeEnds(range)
    if (min !== null && min === max) conditions.push(`${RANGE_SQL[field]} = ${mark(min)}`)
    else {
      if (min !== null) conditions.push(`${RANGE_SQL[field]} >= ${mark(min)}`)
      if (max !== null) conditions.push(`${RANGE_SQL[field]} <= ${mark(max)}`)
    }
  }
  if (MONEY_FIELDS.some((field) => query.ranges[field])) conditions.push(comparable(currency, mark))
  return conditions
}

/** An order in a currency with other decimals has no amount that could be compared with the one asked for. */
function comparable(currency: string, mark: Mark): string {
  const others = otherDecimals(currency)
  // Beside a currency of two decimals the few others are left out; beside one of those, only its own is compared.
  return exponentOf(currency) === 2 ? `currency <> all(${mark(others)})` : `currency = ${mark(currency)}`
}

const DATE_SQL = { updated: 'changed_at', charged_at: 'charged_at' } as const

function dateConditions({ query, now }: OrderFilter, mark: Mark): string[] {
  return DATE_FIELDS.flatMap((field) => {
    const text = query.dates[field]
    const column = DATE_SQL[field]
    if (text === undefined) return []
    if (text === 'any' || text === 'none') return [`${column} is ${text === 'any' ? 'not ' : ''}null`]
    const range = timeRangeOf(text, now)
    // Not a range: nothing matches, rather than everything.
    if (range === null) return ['false']
    return [
      `${column} is not null`,
      ...(range.from ? [`${column} >= ${mark(range.from)}`] : []),
      ...(range.to ? [`${column} < ${mark(range.to)}`] : []),
    ]
  })
}

const literals = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')
const HANDLING = `provider_status in (${literals(HANDLING_CODES)})`
/** Word for word the condition of `orders_attention_idx`, or the planner cannot use it. */
const MAY_BE_STUCK = `(display_status in (${literals(['pending', ...ATTENTION_STATUSES])}) or ${HANDLING})`

/** As `isAmountUnknown` (unknown-amount.ts), and word for word the condition of `orders_amount_unknown_idx`. */
export const AMOUNT_UNKNOWN = '(amount_minor = 0 and charged_minor = 0)'

/** Orders that need a person: those that only one ends, and as `stuckSince` (stuck.ts) those whose outcome is overdue. */
export function stuckSql(now: Date, mark: Mark): string {
  const before = (ms: number): string => mark(new Date(now.getTime() - ms))
  return `(${MAY_BE_STUCK} and (
    display_status in (${literals(ATTENTION_STATUSES)})
    or (${HANDLING} and changed_at < ${before(STUCK_AFTER_MS.handling)})
    or (display_status = 'pending' and provider_status <> '${NEVER_STUCK_CODE}' and created_at <
      case payment_status when 'created' then ${before(STUCK_AFTER_MS.created)}::timestamptz
        else ${before(STUCK_AFTER_MS.pending)}::timestamptz end)))`
}

function flagSql(filter: OrderFilter, word: string, mark: Mark): string {
  switch (word) {
    case 'refund':
      return recordsIn('refund')
    case 'dispute':
      return recordsIn('dispute')
    case 'note':
      return NOTED
    case 'tag':
      return TAGGED
    case 'discrepancy':
      return recordsIn('discrepancy', ` and x.status = 'open'`)
    case 'failed_event':
      return recordsIn('webhook_event', ` and x.status in ('failed', 'dead')`)
    case 'late':
      return recordsIn('webhook_gap')
    case 'mine':
      return recordsIn('refund_request', ` and x.requested_by = ${mark(filter.userId)}`)
    case 'high_value': {
      const minor = HIGH_VALUE_MAJOR * 10n ** BigInt(exponentOf(filter.currency))
      return `(amount_minor >= ${mark(minor)} and ${comparable(filter.currency, mark)})`
    }
    case 'amount_unknown':
      return AMOUNT_UNKNOWN
    case 'stuck':
      return stuckSql(filter.now, mark)
    default:
      throw new Error(`no condition for the flag ${word}`)
  }
}

function flagConditions(filter: OrderFilter, field: FlagField, mark: Mark): string[] {
  const flags = filter.query.flags[field]
  if (flags === undefined) return []
  const any = (words: readonly string[]): string => {
    const each = words.map((word) => flagSql(filter, word, mark))
    return each.length === 1 ? (each[0] ?? 'false') : `(${each.join(' or ')})`
  }
  return [...flags.wanted.map(any), ...(flags.unwanted.length > 0 ? [`not ${any(flags.unwanted)}`] : [])]
}
