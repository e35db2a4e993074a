/**
 * The filter language of the transactions list. `parseQuery` reads what a person typed or what stands in the address,
 * `printQuery` writes it in one canonical form. The time range is a separate control.
 */
import { DISPLAY_STATUSES, type DisplayStatus } from './payment-status.ts'
import { joinAmounts, parseAmountClause, printAmount, type AmountFilter } from './search-amount.ts'
import {
  enumValues,
  parseSearch,
  printText,
  quoted,
  settleLists,
  sortedUnion,
  type Parsed,
  type QueryError,
  type SearchField,
  type SearchSchema,
  type Step,
} from './search-language.ts'
import { splitValues, unquoted, type Term } from './search-terms.ts'

/** Words of `method:` and Juspay's `payment_method_type` behind each (API reference §3.3). */
export const METHOD_TYPES = {
  card: 'CARD',
  upi: 'UPI',
  netbanking: 'NB',
  wallet: 'WALLET',
  paylater: 'CONSUMER_FINANCE',
  cod: 'CASH',
} as const

export type MethodWord = keyof typeof METHOD_TYPES

export const METHOD_WORDS: readonly MethodWord[] = ['card', 'upi', 'netbanking', 'wallet', 'paylater', 'cod']

/** Where the text is looked for: a named field, or by its shape. */
export const FIND_FIELDS = ['customer', 'email', 'order', 'phone', 'ref'] as const
export type FindField = (typeof FIND_FIELDS)[number]

export type SearchQuery = {
  status: DisplayStatus[]
  /** Statuses left out; only together with an empty `status`. */
  notStatus: DisplayStatus[]
  amount: AmountFilter | null
  /** Lower case, sorted. */
  gateway: string[]
  method: MethodWord[]
  /** Only orders that need a person (`is:stuck`). */
  stuck: boolean
  find: { field: FindField | 'text'; text: string } | null
}

export type ParsedQuery = Parsed<SearchQuery>

/** Shortest text of a field: with less the search would read every order. An order's beginning may be shorter. */
export const FIND_CHARS_MIN = 3

/** No filter at all: every order in the time range. */
export const EMPTY_QUERY: SearchQuery = {
  status: [],
  notStatus: [],
  amount: null,
  gateway: [],
  method: [],
  stuck: false,
  find: null,
}

/** Reads a query; amounts are in `currency`. */
export function parseQuery(text: string, { currency }: { currency: string }): ParsedQuery {
  return parseSearch(text, orderSchema(currency))
}

function orderSchema(currency: string): SearchSchema<SearchQuery> {
  return {
    empty: EMPTY_QUERY,
    time: ['created'],
    fields: [
      { name: 'status', aliases: ['s'], negatable: true, take: takeStatus },
      {
        name: 'amount',
        aliases: ['a'],
        take: (query, term) => takeAmount(query, term, currency),
      },
      { name: 'gateway', aliases: ['pg'], take: takeGateway },
      { name: 'method', aliases: ['pm'], take: takeMethod },
      { name: 'is', take: takeIs },
      findField('order'),
      findField('ref'),
      findField('email'),
      findField('phone'),
      findField('customer', ['name']),
    ],
    settle(query, whole) {
      const settled = settleLists('status', query.status, query.notStatus, whole)
      if (!settled.ok) return settled.error
      query.status = settled.wanted
      query.notStatus = settled.unwanted
      return null
    },
    takeText(query, text) {
      if (query.find) return oneSearch(text, query.find.text)
      query.find = { field: 'text', text }
      return null
    },
  }
}

function findField(name: FindField, aliases: readonly string[] = []): SearchField<SearchQuery> {
  return { name, aliases, take: (query, term) => takeFind(query, name, term) }
}

function takeStatus(query: SearchQuery, term: Term, whole: string): Step {
  const found = enumValues('status', term, DISPLAY_STATUSES, whole)
  if (!found.ok) return found.error
  const key = term.negated ? 'notStatus' : 'status'
  query[key] = sortedUnion(query[key], found.values)
  return null
}

function takeMethod(query: SearchQuery, term: Term, whole: string): Step {
  const found = enumValues('method', term, METHOD_WORDS, whole)
  if (!found.ok) return found.error
  query.method = sortedUnion(query.method, found.values)
  return null
}

function takeGateway(query: SearchQuery, { value }: Term): Step {
  query.gateway = sortedUnion(
    query.gateway,
    splitValues(value).map((name) => name.toLowerCase()),
  )
  return null
}

function takeIs(query: SearchQuery, { raw, value }: Term): Step {
  if (unquoted(value).toLowerCase() !== 'stuck') return { at: raw, message: 'is takes stuck' }
  query.stuck = true
  return null
}

function takeAmount(query: SearchQuery, term: Term, currency: string): Step {
  const value = unquoted(term.value)
  const clause = parseAmountClause(value, currency)
  if (!clause.ok) return { at: clause.at, message: clause.message }
  const joined = joinAmounts(query.amount, clause.filter, value)
  if (!joined.ok) return { at: joined.at, message: joined.message }
  query.amount = joined.filter
  return null
}

function takeFind(query: SearchQuery, field: FindField, { raw, value }: Term): Step {
  const { find } = query
  const text = field === 'phone' ? phoneDigits(value) : unquoted(value)
  if (find) return oneSearch(text, find.text)
  if (field !== 'order' && text.length < FIND_CHARS_MIN) {
    const what = field === 'phone' ? 'digits' : 'characters'
    return { at: raw, message: `Type at least ${FIND_CHARS_MIN} ${what} of ${field}` }
  }
  query.find = { field, text }
  return null
}

function oneSearch(second: string, first: string): QueryError {
  return { at: second, message: `One search at a time: keep "${first}" or "${second}".` }
}

/** Digits of an Indian phone number without the country's prefix. */
export function phoneDigits(text: string): string {
  return text.replace(/\D/g, '').replace(/^(?:91|0)(?=\d{10}$)/, '')
}

/** The query as canonical text; `parseQuery` of it gives the same query. */
export function printQuery(query: SearchQuery, { currency }: { currency: string }): string {
  const { status, notStatus, amount, gateway, method, stuck, find } = query
  return [
    ...(status.length ? [`status:${status.join(',')}`] : []),
    ...(notStatus.length ? [`-status:${notStatus.join(',')}`] : []),
    ...(amount ? printAmount(amount, currency) : []),
    ...(gateway.length ? [`gateway:${gateway.map(quoted).join(',')}`] : []),
    ...(method.length ? [`method:${method.join(',')}`] : []),
    ...(stuck ? ['is:stuck'] : []),
    ...(find ? [find.field === 'text' ? printText(find.text) : `${find.field}:${quoted(find.text)}`] : []),
  ].join(' ')
}
