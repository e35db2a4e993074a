/**
 * The filter language of the transactions list. `parseQuery` reads what a person typed or what stands in the address,
 * `printQuery` writes it in one canonical form; a query that does not parse is never run, because running a wider
 * query than was asked for is how people act on the wrong rows. The time range is a separate control.
 */
import { DISPLAY_STATUSES, type DisplayStatus } from './payment-status.ts'
import { joinAmounts, parseAmountClause, printAmount, type AmountFilter } from './search-amount.ts'
import { splitTerms, splitValues, unquoted, type Term } from './search-terms.ts'
import { closestWord } from './search-words.ts'
import { canonicalTimeRange } from './time-range.ts'

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

export type QueryError = {
  /** The part of the query that cannot be read. */
  at: string
  message: string
  /** One press that repairs it: words for the button, and the whole query with the repair. */
  fix?: { label: string; text: string }
}

/** `time` is set when the query named a time range (`created:`), which belongs to its own control. */
export type ParsedQuery =
  { ok: true; query: SearchQuery; time: string | null } | { ok: false; error: QueryError }

/** Shortest text of a field: with less the search would read every order. An order's beginning may be shorter. */
export const FIND_CHARS_MIN = 3

export type FieldName = 'status' | 'amount' | 'gateway' | 'method' | 'is' | 'created' | FindField

const FIELDS: Readonly<Record<string, FieldName>> = {
  status: 'status',
  s: 'status',
  amount: 'amount',
  a: 'amount',
  gateway: 'gateway',
  pg: 'gateway',
  method: 'method',
  pm: 'method',
  is: 'is',
  created: 'created',
  order: 'order',
  ref: 'ref',
  email: 'email',
  phone: 'phone',
  customer: 'customer',
  name: 'customer',
}

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

type State = { query: SearchQuery; time: string | null; loose: string[]; currency: string; whole: string }
type Step = QueryError | null

/** Reads a query; amounts are in `currency`. */
export function parseQuery(text: string, { currency }: { currency: string }): ParsedQuery {
  const split = splitTerms(text)
  if (!split.ok) return { ok: false, error: { at: split.at, message: 'A quote is not closed' } }
  const state: State = { query: { ...EMPTY_QUERY }, time: null, loose: [], currency, whole: text }
  for (const term of split.terms) {
    const error = takeTerm(state, term)
    if (error) return { ok: false, error }
  }
  const { query, loose, time } = state
  if (query.status.length > 0 && query.notStatus.length > 0) {
    query.status = query.status.filter((status) => !query.notStatus.includes(status))
    query.notStatus = []
    if (query.status.length === 0) {
      return {
        ok: false,
        error: { at: text, message: 'The same status is asked for and left out. Keep one.' },
      }
    }
  }
  if (loose.length === 0) return { ok: true, query, time }
  const words = loose.join(' ')
  if (query.find) return { ok: false, error: oneSearch(words, query.find.text) }
  query.find = { field: 'text', text: words }
  return { ok: true, query, time }
}

function takeTerm(state: State, term: Term): Step {
  const { raw, field: typed, value, negated } = term
  if (typed === null) {
    if (negated) return { at: raw, message: 'Text cannot be left out with a minus. Only status can.' }
    state.loose.push(value)
    return null
  }
  const field = FIELDS[typed.toLowerCase()]
  if (!field) return unknownField(state, term, typed)
  if (unquoted(value) === '')
    return { at: raw, message: field === 'created' ? 'Add a date' : `Add ${article(field)} ${field}` }
  if (negated && field !== 'status') {
    return { at: raw, message: `Only status can be left out with a minus. Remove the minus from ${field}.` }
  }
  switch (field) {
    case 'status':
      return takeStatus(state, term)
    case 'method':
      return takeMethod(state, term)
    case 'gateway':
      state.query.gateway = sortedUnion(
        state.query.gateway,
        splitValues(value).map((name) => name.toLowerCase()),
      )
      return null
    case 'is':
      if (unquoted(value).toLowerCase() !== 'stuck') return { at: raw, message: 'is takes stuck' }
      state.query.stuck = true
      return null
    case 'amount':
      return takeAmount(state, term)
    case 'created':
      return takeTime(state, term)
    case 'order':
    case 'ref':
    case 'email':
    case 'phone':
    case 'customer':
      return takeFind(state, field, term)
  }
}

function unknownField(state: State, { raw }: Term, typed: string): QueryError {
  const names = Object.keys(FIELDS).filter((name) => name.length > 2)
  const near = closestWord(typed.toLowerCase(), names)
  const message = `${typed} is not a filter.`
  if (!near) return { at: raw, message: `${message} To search for it as text, put it in quotes.` }
  return {
    at: raw,
    message: `${message} Did you mean ${near}?`,
    fix: { label: `Use ${near}`, text: state.whole.replace(`${typed}:`, `${near}:`) },
  }
}

function takeStatus(state: State, { raw, value, negated }: Term): Step {
  const found = enumValues(state, 'status', value, DISPLAY_STATUSES, raw)
  if (!found.ok) return found.error
  const key = negated ? 'notStatus' : 'status'
  state.query[key] = sortedUnion(state.query[key], found.values)
  return null
}

function takeMethod(state: State, { raw, value }: Term): Step {
  const found = enumValues(state, 'method', value, METHOD_WORDS, raw)
  if (!found.ok) return found.error
  state.query.method = sortedUnion(state.query.method, found.values)
  return null
}

function enumValues<Word extends string>(
  state: State,
  field: string,
  value: string,
  words: readonly Word[],
  raw: string,
): { ok: true; values: Word[] } | { ok: false; error: QueryError } {
  const values: Word[] = []
  for (const typed of splitValues(value)) {
    const known = words.find((word) => word === typed.toLowerCase())
    if (!known) {
      const near = closestWord(typed.toLowerCase(), words)
      const message = `${field} has no ${typed}.`
      if (!near) return { ok: false, error: { at: raw, message: `${message} It takes ${words.join(', ')}.` } }
      const fix = { label: `Use ${near}`, text: state.whole.replace(typed, near) }
      return { ok: false, error: { at: raw, message: `${message} Did you mean ${near}?`, fix } }
    }
    values.push(known)
  }
  return { ok: true, values }
}

function takeAmount(state: State, term: Term): Step {
  const value = unquoted(term.value)
  const clause = parseAmountClause(value, state.currency)
  if (!clause.ok) return { at: clause.at, message: clause.message }
  const joined = joinAmounts(state.query.amount, clause.filter, value)
  if (!joined.ok) return { at: joined.at, message: joined.message }
  state.query.amount = joined.filter
  return null
}

function takeTime(state: State, { raw, value }: Term): Step {
  const time = canonicalTimeRange(unquoted(value))
  if (!time)
    return { at: raw, message: 'created takes today, yesterday, -24h, -7d or 2026-11-01..2026-11-15' }
  if (state.time !== null) return { at: raw, message: 'Two time ranges. Keep one.' }
  state.time = time
  return null
}

function takeFind(state: State, field: FindField, { raw, value }: Term): Step {
  const { find } = state.query
  const text = field === 'phone' ? phoneDigits(value) : unquoted(value)
  if (find) return oneSearch(text, find.text)
  if (field !== 'order' && text.length < FIND_CHARS_MIN) {
    const what = field === 'phone' ? 'digits' : 'characters'
    return { at: raw, message: `Type at least ${FIND_CHARS_MIN} ${what} of ${field}` }
  }
  state.query.find = { field, text }
  return null
}

function oneSearch(second: string, first: string): QueryError {
  return { at: second, message: `One search at a time: keep "${first}" or "${second}".` }
}

/** Digits of an Indian phone number without the country's prefix. */
export function phoneDigits(text: string): string {
  return text.replace(/\D/g, '').replace(/^(?:91|0)(?=\d{10}$)/, '')
}

function article(word: string): 'a' | 'an' {
  return /^[aeo]/.test(word) ? 'an' : 'a'
}

function sortedUnion<Word extends string>(a: readonly Word[], b: readonly Word[]): Word[] {
  return [...new Set([...a, ...b])].toSorted()
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

function quoted(text: string): string {
  return /[\s,:"]/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}

/** Words stay words; anything that would be read as a clause or a minus is quoted. */
function printText(text: string): string {
  return /[:"]|^-|\s/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}
