/**
 * The filter language of every list, without the fields of any. A schema names the fields of one list; `parseSearch`
 * reads what a person typed or what stands in the address. A query that does not parse is never run, because running
 * a wider query than was asked for is how people act on the wrong rows.
 */
import { plainText } from './plain-text.ts'
import { splitTerms, splitValues, unquoted, type Term } from './search-terms.ts'
import { closestWord } from './search-words.ts'
import { canonicalTimeRange, joinTimeRanges } from './time-range.ts'

export type QueryError = {
  /** The part of the query that cannot be read. */
  at: string
  message: string
  /** One press that repairs it: words for the button, and the whole query with the repair. */
  fix?: { label: string; text: string }
}

/** Null when the clause was taken. */
export type Step = QueryError | null

/** `time` is set when the query named a time range, which belongs to its own control. */
export type Parsed<Query> = { ok: true; query: Query; time: string | null } | { ok: false; error: QueryError }

export type SearchField<Query> = {
  name: string
  aliases?: readonly string[]
  /** May be left out with a minus. */
  negatable?: boolean
  /** Puts one clause into the query, which is the parser's own copy; `whole` is for repairs. */
  take: (query: Query, term: Term, whole: string) => Step
}

export type SearchSchema<Query> = {
  empty: Query
  fields: readonly SearchField<Query>[]
  /** Names of the clause that is a time range. */
  time: readonly [name: string, ...aliases: string[]]
  /** Takes the words that belong to no field, joined by spaces. */
  takeText: (query: Query, text: string) => Step
  /** Takes text that is left out; without it such text is refused. */
  takeNotText?: (query: Query, text: string) => Step
  /** Fields that the language names and this list cannot answer, with the reason: refused, never ignored. */
  unavailable?: Readonly<Record<string, string>>
  /** Looks at the clauses together, before the text is taken. */
  settle?: (query: Query, whole: string) => Step
}

type State<Query> = {
  schema: SearchSchema<Query>
  query: Query
  time: string | null
  loose: string[]
  whole: string
}

/** Reads a query by the fields of `schema`. */
export function parseSearch<Query extends object>(typed: string, schema: SearchSchema<Query>): Parsed<Query> {
  const text = plainText(typed)
  const split = splitTerms(text)
  if (!split.ok) return { ok: false, error: { at: split.at, message: 'A quote is not closed' } }
  const state: State<Query> = { schema, query: { ...schema.empty }, time: null, loose: [], whole: text }
  for (const term of split.terms) {
    const error = takeTerm(state, term)
    if (error) return { ok: false, error }
  }
  const { query, loose, time } = state
  const error =
    schema.settle?.(query, text) ?? (loose.length === 0 ? null : schema.takeText(query, loose.join(' ')))
  return error ? { ok: false, error } : { ok: true, query, time }
}

function takeTerm<Query>(state: State<Query>, term: Term): Step {
  const { raw, field: typed, value, negated } = term
  const { fields, time } = state.schema
  if (typed === null) {
    if (negated && state.schema.takeNotText) return state.schema.takeNotText(state.query, value)
    if (negated)
      return { at: raw, message: `Text cannot be left out with a minus. Only ${leftOut(fields)} can.` }
    state.loose.push(value)
    return null
  }
  const name = typed.toLowerCase()
  const unavailable = state.schema.unavailable?.[name]
  if (unavailable !== undefined) return { at: raw, message: unavailable }
  const field = fields.find((one) => one.name === name || one.aliases?.includes(name))
  const isTime = time.includes(name)
  if (!field && !isTime) return unknownField(state, term, typed)
  const called = field?.name ?? time[0]
  if (unquoted(value) === '')
    return { at: raw, message: isTime ? 'Add a date' : `Add ${article(called)} ${spoken(called)}` }
  if (negated && !field?.negatable) return { at: raw, message: cannotNegate(called, fields) }
  return field ? field.take(state.query, term, state.whole) : takeTime(state, term)
}

function takeTime<Query>(state: State<Query>, { raw, value }: Term): Step {
  const time = canonicalTimeRange(unquoted(value))
  if (time === null) return { at: raw, message: timeHelp(state.schema.time[0]) }
  const joined = state.time === null ? time : joinTimeRanges(state.time, time)
  if (joined === null) return { at: raw, message: 'Two time ranges. Keep one.' }
  state.time = joined
  return null
}

/** What a field that takes a time is given. */
export function timeHelp(field: string): string {
  return `${field} takes today, yesterday, last_week, this_month, -24h, -7d or 2026-11-01..2026-11-15`
}

/** Above this many the fields that may be left out are not counted up any more. */
const LEFT_OUT_TOLD_MAX = 8

function cannotNegate<Query>(field: string, fields: readonly SearchField<Query>[]): string {
  if (fields.filter(({ negatable }) => negatable).length > LEFT_OUT_TOLD_MAX)
    return `${field} cannot be left out with a minus. Turn its limit round.`
  return `Only ${leftOut(fields)} can be left out with a minus. Remove the minus from ${field}.`
}

function unknownField<Query>(state: State<Query>, { raw }: Term, typed: string): QueryError {
  const { fields, time } = state.schema
  const names = [...fields.flatMap(({ name, aliases = [] }) => [name, ...aliases]), ...time]
  const near = closestWord(
    typed.toLowerCase(),
    names.filter((name) => name.length > 2),
  )
  const message = `${typed} is not a filter.`
  if (!near) return { at: raw, message: `${message} To search for it as text, put it in quotes.` }
  return {
    at: raw,
    message: `${message} Did you mean ${near}?`,
    fix: { label: `Use ${near}`, text: state.whole.replace(`${typed}:`, `${near}:`) },
  }
}

/** The fields that may be left out, as a list in words. */
function leftOut<Query>(fields: readonly SearchField<Query>[]): string {
  const names = fields.filter(({ negatable }) => negatable).map(({ name }) => name)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** The words of a comma list, each one of `words`; otherwise what is wrong, with the nearest word as the repair. */
export function enumValues<Word extends string>(
  field: string,
  { raw, value }: Term,
  words: readonly Word[],
  whole: string,
): { ok: true; values: Word[] } | { ok: false; error: QueryError } {
  const values: Word[] = []
  for (const typed of splitValues(value)) {
    const known = words.find((word) => word === typed.toLowerCase())
    if (!known) {
      const near = closestWord(typed.toLowerCase(), words)
      const message = `${field} has no ${typed}.`
      if (!near) return { ok: false, error: { at: raw, message: `${message} It takes ${words.join(', ')}.` } }
      const fix = { label: `Use ${near}`, text: whole.replace(typed, near) }
      return { ok: false, error: { at: raw, message: `${message} Did you mean ${near}?`, fix } }
    }
    values.push(known)
  }
  return { ok: true, values }
}

/** A list and the list that is left out, with what is in both taken out of the first; an error when nothing is left. */
export function settleLists<Word extends string>(
  field: string,
  wanted: readonly Word[],
  unwanted: readonly Word[],
  whole: string,
): { ok: true; wanted: Word[]; unwanted: Word[] } | { ok: false; error: QueryError } {
  if (wanted.length === 0 || unwanted.length === 0)
    return { ok: true, wanted: [...wanted], unwanted: [...unwanted] }
  const left = wanted.filter((word) => !unwanted.includes(word))
  if (left.length > 0) return { ok: true, wanted: left, unwanted: [] }
  return {
    ok: false,
    error: { at: whole, message: `The same ${spoken(field)} is asked for and left out. Keep one.` },
  }
}

export function sortedUnion<Word extends string>(a: readonly Word[], b: readonly Word[]): Word[] {
  return [...new Set([...a, ...b])].toSorted()
}

/** A value of a clause, in quotes where it would be cut. */
export function quoted(text: string): string {
  return /[\s,:"]/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}

/** Words stay words; anything that would be read as a clause or a minus is quoted. */
export function printText(text: string): string {
  return /[:"]|^-|\s/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}

/** "event_name" as people say it. */
function spoken(name: string): string {
  return name.replaceAll('_', ' ')
}

function article(word: string): 'a' | 'an' {
  return /^[aeo]/.test(word) ? 'an' : 'a'
}
