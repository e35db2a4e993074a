/** Clauses with a list of values: words, ids, parts of a text and flags. Several clauses on one field become one list. */
import { tagForm } from './order-tag.ts'
import { phoneDigits } from './phone.ts'
import {
  ENUM_WORDS,
  FLAG_WORDS,
  ID_FIELDS,
  ORDERS_MAX,
  PART_CHARS_MIN,
  PART_FIELDS,
  UNAVAILABLE_WORDS,
  VALUES_MAX,
  WORD_FIELDS,
  type FlagField,
  type ListField,
} from './search-fields.ts'
import { enumValues, settleLists, sortedUnion, type QueryError, type Step } from './search-language.ts'
import type { FlagFilter, ListFilter, SearchQuery } from './search-query.ts'
import { splitMarked, type Term } from './search-terms.ts'

const NOTHING: ListFilter = { wanted: [], unwanted: [], presence: null }
const NO_FLAGS: FlagFilter = { wanted: [], unwanted: [] }

const IDS: ReadonlySet<string> = new Set(ID_FIELDS)
const PARTS: ReadonlySet<string> = new Set(PART_FIELDS)
const PRESENCE: ReadonlySet<string> = new Set(['any', 'none'])
const OPPOSITE = { any: 'none', none: 'any' } as const

type Values = { ok: true; values: string[] } | { ok: false; error: QueryError }

/** Puts `field:a,b` into the query. */
export function takeList(query: SearchQuery, field: ListField, term: Term, whole: string): Step {
  const before = query.lists[field] ?? NOTHING
  const presence = presenceOf(field, term)
  if (presence === 'mixed')
    return { at: term.raw, message: `any and none stand alone: ${field}:any or ${field}:none.` }
  if (presence !== null) return takePresence(query, field, term, presence)
  const read = valuesOf(field, term, whole)
  if (!read.ok) return read.error
  const key = term.negated ? 'unwanted' : 'wanted'
  // An order would have to have both, which one list of alternatives cannot say; more alternatives would widen.
  if ((PARTS.has(field) || field === 'tag') && before[key].length > 0 && !term.negated)
    return { at: term.raw, message: `Two filters on ${field}. Put both into one, with a comma for either.` }
  const values = sortedUnion(before[key], read.values)
  const max = field === 'order' ? ORDERS_MAX : VALUES_MAX
  if (values.length > max) {
    const what = field === 'order' ? 'orders' : `values of ${field}`
    const given = field === 'order' ? 'You pasted' : 'You gave'
    return { at: field, message: `Up to ${max} ${what} at once. ${given} ${values.length}.` }
  }
  return put(query, field, { ...before, [key]: values }, term)
}

function put(query: SearchQuery, field: ListField, next: ListFilter, { raw }: Term): Step {
  if (next.presence !== null && next.wanted.length > 0)
    return { at: raw, message: `any and none stand alone: ${field}:any or ${field}:none.` }
  // An order without a value has none that could be left out.
  const settled = next.presence === 'none' ? { ...next, unwanted: [] } : next
  query.lists = { ...query.lists, [field]: settled }
  return null
}

function presenceOf(field: ListField, { value }: Term): 'any' | 'none' | 'mixed' | null {
  const values = splitMarked(value)
  const words = values.filter(({ text, quoted }) => !quoted && PRESENCE.has(text.toLowerCase()))
  const word = words[0]?.text.toLowerCase()
  if (word === undefined || IDS.has(field) || ENUM_WORDS[field]?.includes(word)) return null
  if (values.length > 1) return 'mixed'
  return word === 'any' ? 'any' : 'none'
}

function takePresence(query: SearchQuery, field: ListField, term: Term, word: 'any' | 'none'): Step {
  const before = query.lists[field] ?? NOTHING
  const presence = term.negated ? OPPOSITE[word] : word
  if (before.presence !== null && before.presence !== presence)
    return { at: term.raw, message: `No order both has and lacks a value of ${field}. Keep one.` }
  return put(query, field, { ...before, presence }, term)
}

/** The values as the query keeps them: in the case in which the field is compared, or the error of the first bad one. */
function valuesOf(field: ListField, term: Term, whole: string): Values {
  const known = ENUM_WORDS[field]
  if (known) return unavailableWord(field, term) ?? enumValues(field, term, known, whole)
  const values: string[] = []
  for (const { text } of splitMarked(term.value)) {
    const value = NORMAL_FORMS[field]?.(text) ?? text
    const problem = problemOf(field, value)
    if (problem !== null) return { ok: false, error: { at: term.raw, message: problem } }
    values.push(value)
  }
  if (values.length > 0) return { ok: true, values }
  return { ok: false, error: { at: term.raw, message: `Add a value to ${field}` } }
}

/** Words that the design knows and Paydesk has no data for. */
function unavailableWord(field: string, { raw, value }: Term): { ok: false; error: QueryError } | null {
  for (const { text } of splitMarked(value)) {
    const message = UNAVAILABLE_WORDS[`${field}:${text.toLowerCase()}`]
    if (message !== undefined) return { ok: false, error: { at: raw, message } }
  }
  return null
}

const lower = (text: string): string => text.toLowerCase()
const upper = (text: string): string => text.toUpperCase()

const NORMAL_FORMS: Partial<Record<ListField, (text: string) => string>> = {
  code: upper,
  currency: upper,
  gateway: lower,
  bank: lower,
  network: lower,
  tag: tagForm,
  phone: phonePattern,
  customer: customerForm,
}

function problemOf(field: ListField, value: string): string | null {
  if (field === 'last4') return /^\d{4}$/.test(value) ? null : 'last4 takes four digits'
  if (field === 'currency')
    return /^[A-Z]{3}$/.test(value) ? null : 'currency takes three letters, for example INR'
  if (IDS.has(field) && PRESENCE.has(value.toLowerCase())) return `${field} takes an ID`
  if (field === 'customer' && value.startsWith('=')) return value.length > 1 ? null : 'Add a customer ID'
  if (field === 'customer' && value.endsWith('*') && value.length <= PART_CHARS_MIN)
    return `Type at least ${PART_CHARS_MIN} characters of customer`
  if (value.includes('*') && field !== 'order' && field !== 'phone') return null
  const given = value.replaceAll('*', '')
  if (field === 'order') {
    const star = value.indexOf('*')
    if (given === '') return 'Add an order'
    return star < 0 || star === value.length - 1 ? null : 'A star stands at the end of an order ID'
  }
  if (!PARTS.has(field) || given.length >= PART_CHARS_MIN) return null
  return `Type at least ${PART_CHARS_MIN} ${field === 'phone' ? 'digits' : 'characters'} of ${field}`
}

/** What a shop numbers its customers by, typed in full. */
const CUSTOMER_ID = /^(?=.*\d)[\w.-]+$/

/** An ID is one customer's, and `cust_1` no part of `cust_10`; a star at its end asks for those that begin so. */
function customerForm(text: string): string {
  return CUSTOMER_ID.test(text) ? `=${text}` : text
}

/** The digits of a phone number; one star stands for digits that are not known: `98*4321`. */
function phonePattern(text: string): string {
  const [head = '', tail] = text.split('*', 2)
  return tail === undefined ? phoneDigits(head) : `${phoneDigits(head)}*${tail.replace(/\D/g, '')}`
}

/** Puts `has:refund` or `is:stuck` into the query. Flags hold together, so a second clause narrows further. */
export function takeFlag(query: SearchQuery, field: FlagField, term: Term, whole: string): Step {
  const unavailable = unavailableWord(field, term)
  if (unavailable) return unavailable.error
  const found = enumValues<string>(field, term, FLAG_WORDS[field], whole)
  if (!found.ok) return found.error
  const before = query.flags[field] ?? NO_FLAGS
  const group = sortedUnion([], found.values)
  const next: FlagFilter = term.negated
    ? { ...before, unwanted: sortedUnion(before.unwanted, group) }
    : { ...before, wanted: sortedGroups([...before.wanted, group]) }
  query.flags = { ...query.flags, [field]: next }
  return null
}

/** Each group once, in the order of its text. */
function sortedGroups(groups: readonly (readonly string[])[]): (readonly string[])[] {
  const byText = new Map(groups.map((group) => [group.join(','), group]))
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

/** What is both asked for and left out goes from the list asked for; an error when nothing is left of it. */
export function settleWords(query: SearchQuery, whole: string): Step {
  for (const field of WORD_FIELDS) {
    const list = query.lists[field]
    if (list === undefined) continue
    const settled = settleLists(field, list.wanted, list.unwanted, whole)
    if (!settled.ok) return settled.error
    query.lists = { ...query.lists, [field]: { ...list, wanted: settled.wanted, unwanted: settled.unwanted } }
  }
  return null
}
