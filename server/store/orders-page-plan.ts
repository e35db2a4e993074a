/** Which pages of an orders list are prepared: those whose best plan follows from their text alone. */
import { hash } from 'node:crypto'
import type { OrderSort } from '../domain/order-columns.ts'
import type { WordField } from '../domain/search-fields.ts'
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
  if (!isSteady(filter, sort)) return text
  const known = names.get(text)
  if (known === undefined && names.size >= PREPARED_MAX) return text
  const name = known ?? `orders_page_${hash('sha1', text)}`
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

function isOneWord(list: {
  wanted: readonly string[]
  unwanted: readonly string[]
  presence: string | null
}): boolean {
  return list.wanted.length === 1 && list.unwanted.length === 0 && list.presence === null
}
