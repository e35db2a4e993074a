/**
 * The filter language of the transactions list. `parseQuery` reads what a person typed or what stands in the address,
 * `printQuery` writes it in one canonical form. The text is also what travels to the server, which reads it with this
 * same parser: there is no second description of a filter that could say something else, and a server that does not
 * know a field refuses the query instead of leaving the field out. The time range is a separate control.
 */
import { exponentOf } from './money.ts'
import { parseSearchAmount, printSearchAmount } from './search-amount.ts'
import {
  DATE_FIELDS,
  FIELD_ALIASES,
  FLAG_FIELDS,
  LIST_FIELDS,
  MONEY_FIELDS,
  PART_CHARS_MIN,
  PERSONAL_FIELDS,
  RANGE_FIELDS,
  UNAVAILABLE_FIELDS,
  type DateField,
  type FlagField,
  type ListField,
  type MoneyField,
  type OrderField,
  type RangeField,
} from './search-fields.ts'
import {
  parseSearch,
  printText,
  quoted,
  timeHelp,
  type Parsed,
  type SearchField,
  type SearchSchema,
  type Step,
} from './search-language.ts'
import { settleWords, takeFlag, takeList } from './search-lists.ts'
import { joinRanges, parseRange, printRange, type RangeFilter } from './search-range.ts'
import { unquoted, type Term } from './search-terms.ts'
import { canonicalTimeRange, joinTimeRanges } from './time-range.ts'

/** Any of `wanted`, none of `unwanted`; `none` also takes orders without a value, `any` only those with one. */
export type ListFilter = {
  wanted: readonly string[]
  unwanted: readonly string[]
  presence: 'any' | 'none' | null
}

/** At least one of every group, and none of `unwanted`. */
export type FlagFilter = { wanted: readonly (readonly string[])[]; unwanted: readonly string[] }

/** Everything narrows; what is absent does not. */
export type SearchQuery = {
  lists: Readonly<Partial<Record<ListField, ListFilter>>>
  /** Money in minor units, with the decimals of the account's currency. */
  ranges: Readonly<Partial<Record<RangeField, RangeFilter>>>
  /** A time range in its notation, or `any` or `none`. */
  dates: Readonly<Partial<Record<DateField, string>>>
  flags: Readonly<Partial<Record<FlagField, FlagFilter>>>
  /** Text of no field: what people find orders by contains it. */
  text: string | null
  notText: readonly string[]
}

export type ParsedQuery = Parsed<SearchQuery>

/** No filter at all: every order in the time range. */
export const EMPTY_QUERY: SearchQuery = {
  lists: {},
  ranges: {},
  dates: {},
  flags: {},
  text: null,
  notText: [],
}

/**
 * Whether a query may say who a customer is. Text of no field may: it is looked for in names and addresses.
 */
export function namesPerson({ lists, text, notText }: SearchQuery): boolean {
  return text !== null || notText.length > 0 || PERSONAL_FIELDS.some((field) => lists[field] !== undefined)
}

/** The longest query: five hundred order references and some more. */
export const QUERY_CHARS_MAX = 14_000

/**
 * Reads a query. An amount is compared with each order in the order's own currency, written with the decimals of
 * `currency`, the account's: what an amount means does not depend on the clauses beside it.
 */
export function parseQuery(text: string, { currency }: { currency: string }): ParsedQuery {
  if (text.length > QUERY_CHARS_MAX)
    return { ok: false, error: { at: '', message: `A filter has at most ${QUERY_CHARS_MAX} characters` } }
  return parseSearch(text, orderSchema(currency))
}

function orderSchema(currency: string): SearchSchema<SearchQuery> {
  const field = (
    name: OrderField,
    negatable: boolean,
    take: SearchField<SearchQuery>['take'],
  ): SearchField<SearchQuery> => ({ name, aliases: FIELD_ALIASES[name] ?? [], negatable, take })
  return {
    empty: EMPTY_QUERY,
    time: ['created'],
    unavailable: UNAVAILABLE_FIELDS,
    fields: [
      ...LIST_FIELDS.map((name) =>
        field(name, true, (query, term, whole) => takeList(query, name, term, whole)),
      ),
      ...MONEY_FIELDS.map((name) =>
        field(name, false, (query, term) => takeMoney(query, name, term, currency)),
      ),
      field('attempts', false, takeAttempts),
      ...DATE_FIELDS.map((name) => field(name, false, (query, term) => takeDate(query, name, term))),
      ...FLAG_FIELDS.map((name) =>
        field(name, true, (query, term, whole) => takeFlag(query, name, term, whole)),
      ),
    ],
    settle: (query, whole) => settleWords(query, whole) ?? sameDecimals(query, currency),
    takeText(query, text) {
      const short = shortText(text)
      if (short) return short
      query.text = text
      return null
    },
    takeNotText(query, text) {
      query.notText = [...new Set([...query.notText, text])].toSorted()
      return shortText(text)
    },
  }
}

function shortText(text: string): Step {
  if (text.trim().length >= PART_CHARS_MIN) return null
  return {
    at: text,
    message: `Type at least ${PART_CHARS_MIN} characters, or the beginning of an order ID as order:${quoted(text)}*`,
  }
}

/** Yen have no decimals: no order in yen is found by an amount in rupees, and asking for one is told so. */
function sameDecimals(query: SearchQuery, currency: string): Step {
  const money = MONEY_FIELDS.find((name) => query.ranges[name])
  if (money === undefined) return null
  const other = query.lists.currency?.wanted.find((named) => exponentOf(named) !== exponentOf(currency))
  if (other === undefined) return null
  const message = `Amounts here have the decimals of ${currency}. Remove ${money} or currency:${other}.`
  return { at: `currency:${other}`, message }
}

function takeMoney(query: SearchQuery, field: MoneyField, term: Term, currency: string): Step {
  return takeRange(query, field, term, (value) => parseSearchAmount(field, value, currency))
}

const COUNT = /^\d{1,9}$/

function takeAttempts(query: SearchQuery, term: Term): Step {
  return takeRange(query, 'attempts', term, (value) =>
    COUNT.test(value)
      ? { ok: true, value: BigInt(value) }
      : { ok: false, at: value, message: 'attempts takes a whole number, for example 2 or >1' },
  )
}

function takeRange(
  query: SearchQuery,
  field: RangeField,
  term: Term,
  read: Parameters<typeof parseRange>[2],
): Step {
  const value = unquoted(term.value)
  const clause = parseRange(field, value, read)
  const joined = clause.ok ? joinRanges(field, query.ranges[field] ?? null, clause.filter, value) : clause
  if (!joined.ok) return { at: joined.at, message: joined.message }
  query.ranges = { ...query.ranges, [field]: joined.filter }
  return null
}

function takeDate(query: SearchQuery, field: DateField, { raw, value }: Term): Step {
  const text = unquoted(value)
  const before = query.dates[field]
  const word = /^(any|none)$/i.exec(text)?.[0].toLowerCase()
  const range = word ?? canonicalTimeRange(text)
  if (range === null || range === 'all') return { at: raw, message: timeHelp(field) }
  const joined = before === undefined || before === range ? range : joinTimeRanges(before, range)
  if (joined === null) return { at: raw, message: `Two time ranges on ${field}. Keep one.` }
  query.dates = { ...query.dates, [field]: joined }
  return null
}

/** One clause of a query: what it is about, its canonical text, and the query that is left when it goes. */
export type QueryClause = {
  /** Stable while the clause changes: the field, with a minus where it leaves out. */
  id: string
  field: OrderField | 'text'
  negated: boolean
  text: string
  without: SearchQuery
}

/** The query as canonical text; `parseQuery` of it gives the same query. */
export function printQuery(query: SearchQuery, { currency }: { currency: string }): string {
  return clausesOf(query, { currency })
    .map(({ text }) => text)
    .join(' ')
}

/** These come first, in this order; the others by the alphabet, and text at the end. */
const FIRST: readonly OrderField[] = ['status', 'amount', 'gateway', 'method']

const IN_ORDER: readonly OrderField[] = [
  ...FIRST,
  ...[...LIST_FIELDS, ...RANGE_FIELDS, ...DATE_FIELDS, ...FLAG_FIELDS]
    .filter((name) => !FIRST.includes(name))
    .toSorted(),
]

/** The clauses in canonical order. */
export function clausesOf(query: SearchQuery, { currency }: { currency: string }): QueryClause[] {
  const clauses = IN_ORDER.flatMap((name) => clausesOfField(query, name, currency))
  if (query.text !== null)
    clauses.push({
      id: 'text',
      field: 'text',
      negated: false,
      text: printText(query.text),
      without: { ...query, text: null },
    })
  for (const text of query.notText)
    clauses.push({
      id: `-text ${text}`,
      field: 'text',
      negated: true,
      text: `-${printText(text)}`,
      without: { ...query, notText: query.notText.filter((other) => other !== text) },
    })
  return clauses
}

function clausesOfField(query: SearchQuery, field: OrderField, currency: string): QueryClause[] {
  const clause = (
    text: string,
    without: SearchQuery,
    negated = false,
    id = field as string,
  ): QueryClause => ({
    id: negated ? `-${id}` : id,
    field,
    negated,
    text,
    without,
  })
  if (isIn(RANGE_FIELDS, field)) {
    const range = query.ranges[field]
    if (range === undefined) return []
    const print = (value: bigint): string =>
      isIn(MONEY_FIELDS, field) ? printSearchAmount(value, currency) : value.toString()
    const text = printRange(field, range, print).join(' ')
    return [clause(text, { ...query, ranges: withoutKey(query.ranges, field) })]
  }
  if (isIn(DATE_FIELDS, field)) {
    const date = query.dates[field]
    if (date === undefined) return []
    return [clause(`${field}:${date}`, { ...query, dates: withoutKey(query.dates, field) })]
  }
  if (isIn(FLAG_FIELDS, field)) return flagClauses(query, field, clause)
  const list = query.lists[field]
  if (list === undefined) return []
  const put = (next: ListFilter): SearchQuery => {
    const empty = next.wanted.length + next.unwanted.length === 0 && next.presence === null
    return { ...query, lists: empty ? withoutKey(query.lists, field) : { ...query.lists, [field]: next } }
  }
  const wanted = [...list.wanted.map(printValue), ...(list.presence === null ? [] : [list.presence])]
  return [
    ...(wanted.length
      ? [clause(`${field}:${wanted.join(',')}`, put({ ...list, wanted: [], presence: null }))]
      : []),
    ...(list.unwanted.length
      ? [clause(`-${field}:${list.unwanted.map(printValue).join(',')}`, put({ ...list, unwanted: [] }), true)]
      : []),
  ]
}

function flagClauses(
  query: SearchQuery,
  field: FlagField,
  clause: (text: string, without: SearchQuery, negated?: boolean, id?: string) => QueryClause,
): QueryClause[] {
  const flags = query.flags[field]
  if (flags === undefined) return []
  const put = (next: FlagFilter): SearchQuery => {
    const empty = next.wanted.length + next.unwanted.length === 0
    return { ...query, flags: empty ? withoutKey(query.flags, field) : { ...query.flags, [field]: next } }
  }
  return [
    ...flags.wanted.map((group) => {
      const text = `${field}:${group.join(',')}`
      const rest = flags.wanted.filter((other) => other !== group)
      return clause(text, put({ ...flags, wanted: rest }), false, text)
    }),
    ...(flags.unwanted.length
      ? [clause(`-${field}:${flags.unwanted.join(',')}`, put({ ...flags, unwanted: [] }), true)]
      : []),
  ]
}

/** `none` and `any` are words of the language; as text they are quoted. */
function printValue(value: string): string {
  return value === 'none' || value === 'any' ? `"${value}"` : quoted(value)
}

function isIn<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word)
}

function withoutKey<T extends object>(object: T, key: keyof T): T {
  const rest = { ...object }
  delete rest[key]
  return rest
}
