/** Which reads of orders are prepared: those whose best plan follows from their text alone. */
import { hash } from 'node:crypto'
import type { OrderSort } from '../domain/order-columns.ts'
import type { WordField } from '../domain/search-fields.ts'
import { rangeEnds, type RangeFilter } from '../domain/search-range.ts'
import { isPhoneEnd } from './orders-where-lists.ts'
import type { OrderFilter } from './orders-where.ts'
import type { Statement } from './sql.ts'

/** Each has an index that begins with it and goes on in the order of creation. */
const ORDERED_WORDS: readonly WordField[] = ['status', 'gateway', 'method', 'last4']
/** Statements that a connection keeps a plan of; the dashboard asks for some dozens. */
const PREPARED_MAX = 200

/** Names by text, the same for every connection. */
const names = new Map<string, string>()

/**
 * A page as a statement. Planning one takes as long as reading it, since every index of orders is considered; where an
 * index gives the rows in their order whatever the values, each connection plans it once.
 */
export function pageStatement(text: string, filter: OrderFilter, sort: OrderSort): Statement {
  return isSteady(filter, sort) ? prepared(text) : text
}

/** Text as a statement that each connection plans once, while there are not too many of those. */
export function prepared(text: string): Statement {
  const known = names.get(text)
  if (known === undefined && names.size >= PREPARED_MAX) return text
  const name = known ?? `orders_${hash('sha1', text)}`
  names.set(text, name)
  return { name, text }
}

/** Whether no value of the filter could make another index the better one. */
function isSteady({ query, from, to, asOf }: OrderFilter, sort: OrderSort): boolean {
  const { lists, ranges, dates, flags, text, notText } = query
  const others = [ranges, dates, flags].some((clauses) => Object.keys(clauses).length > 0)
  if (asOf !== null || others || text !== null || notText.length > 0) return false
  const fields = Object.keys(lists)
  if (sort !== 'created' && sort !== '-created') return fields.length === 0 && from === null && to === null
  if (fields.length === 0) return true
  const word = ORDERED_WORDS.find((field) => field === fields[0])
  const list = word === undefined ? undefined : lists[word]
  return fields.length === 1 && list !== undefined && isOneWord(list)
}

/**
 * Whether it asks for one fact that an index answers whatever it is: few orders, or those of an amount or a card in their
 * order.
 */
export function isLookup({ query, asOf }: OrderFilter): boolean {
  const { lists, ranges, dates, flags, text, notText } = query
  const others = asOf !== null || text !== null || notText.length > 0
  const [field, more] = [lists, ranges, dates, flags].flatMap((clauses) => Object.keys(clauses))
  if (others || field === undefined || more !== undefined) return false
  if (field === 'amount') return ranges.amount !== undefined && isOneValue(ranges.amount)
  return LOOKED_UP.some((one) => {
    const list = field === one ? lists[one] : undefined
    if (list === undefined || list.unwanted.length > 0 || list.presence !== null) return false
    if (one === 'order') return list.wanted.every((ref) => !ref.endsWith('*'))
    if (one === 'phone') return isOneWord(list) && list.wanted.every(isPhoneEnd)
    return one === 'ref' || isOneWord(list)
  })
}

const LOOKED_UP = ['order', 'ref', 'last4', 'phone'] as const

function isOneValue(range: RangeFilter): boolean {
  const { min, max } = rangeEnds(range)
  return min !== null && min === max
}

function isOneWord(list: {
  wanted: readonly string[]
  unwanted: readonly string[]
  presence: string | null
}): boolean {
  return list.wanted.length === 1 && list.unwanted.length === 0 && list.presence === null
}
