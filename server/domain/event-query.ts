/** The filter language of webhook events: its fields, read into an {@link EventFilter} and written in canonical form. */
import { ANY_EVENT, EVENT_OUTCOMES, type EventFilter } from './event-filter.ts'
import { EVENT_NAMES } from './event-name.ts'
import { DISPLAY_STATUSES } from './payment-status.ts'
import {
  enumValues,
  parseSearch,
  printText,
  quoted,
  settleLists,
  sortedUnion,
  type Parsed,
  type SearchField,
  type SearchSchema,
  type Step,
} from './search-language.ts'
import { unquoted, type Term } from './search-terms.ts'

const UNIT_MS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, min: 60_000 }
const DURATION = /^(\d{1,7})(ms|s|min)?$/i
const OPERATOR = /^(>=|<=|>|<|=)/
const TOOK_MAX_MS = 2_147_483_647
const TOOK_HELP = 'took takes a time, for example >50, >=2s or 10..100'

const SCHEMA: SearchSchema<EventFilter> = {
  empty: ANY_EVENT,
  time: ['received', 'created'],
  fields: [
    { name: 'status', aliases: ['s'], negatable: true, take: takeStatus },
    oneValue('event'),
    { name: 'event_name', aliases: ['name'], negatable: true, take: takeName },
    { name: 'is', take: takeIs },
    oneValue('order'),
    { name: 'outcome', aliases: ['o'], negatable: true, take: takeOutcome },
    oneValue('sender'),
    { name: 'took', take: takeTook },
  ],
  settle(filter, whole) {
    const names = settleLists('event_name', filter.names, filter.notNames, whole)
    if (!names.ok) return names.error
    const statuses = settleLists('status', filter.statuses, filter.notStatuses, whole)
    if (!statuses.ok) return statuses.error
    Object.assign(filter, {
      names: names.wanted,
      notNames: names.unwanted,
      statuses: statuses.wanted,
      notStatuses: statuses.unwanted,
    })
    // An event may fit two outcomes (applied and duplicate), so that both lists together say something.
    const outcomes = settleLists('outcome', filter.outcomes, filter.notOutcomes, whole)
    return outcomes.ok ? null : outcomes.error
  },
  takeText(filter, text) {
    filter.text = text
    return null
  },
}

/** Reads a filter of events. */
export function parseEventQuery(text: string): Parsed<EventFilter> {
  return parseSearch(text, SCHEMA)
}

function oneValue(field: 'event' | 'order' | 'sender'): SearchField<EventFilter> {
  return {
    name: field,
    take(filter, { raw, value }, whole) {
      const text = unquoted(value)
      if (field === 'event' && EVENT_NAMES.includes(text.toUpperCase())) {
        return {
          at: raw,
          message: 'event takes the ID of an event. Its name goes with event_name.',
          fix: { label: 'Use event_name', text: whole.replace(raw, `event_name:${value}`) },
        }
      }
      const before = filter[field]
      if (before !== null && before !== text)
        return { at: raw, message: `One ${field} at a time: keep "${before}" or "${text}".` }
      filter[field] = text
      return null
    },
  }
}

function takeStatus(filter: EventFilter, term: Term, whole: string): Step {
  const found = enumValues('status', term, DISPLAY_STATUSES, whole)
  if (!found.ok) return found.error
  const key = term.negated ? 'notStatuses' : 'statuses'
  filter[key] = sortedUnion(filter[key], found.values)
  return null
}

function takeOutcome(filter: EventFilter, term: Term, whole: string): Step {
  const found = enumValues('outcome', term, EVENT_OUTCOMES, whole)
  if (!found.ok) return found.error
  const key = term.negated ? 'notOutcomes' : 'outcomes'
  filter[key] = sortedUnion(filter[key], found.values)
  return null
}

/** Juspay writes names in capitals; a name in quotes is taken as it stands. */
function takeName(filter: EventFilter, { value, negated }: Term): Step {
  const names = (value.match(/(?:"[^"]*"|[^,"])+/g) ?? [])
    .map((name) => (name.startsWith('"') ? unquoted(name) : unquoted(name).toUpperCase()))
    .filter(Boolean)
  const key = negated ? 'notNames' : 'names'
  filter[key] = sortedUnion(filter[key], names)
  return null
}

function takeIs(filter: EventFilter, { raw, value }: Term): Step {
  if (unquoted(value).toLowerCase() !== 'late') return { at: raw, message: 'is takes late' }
  filter.late = true
  return null
}

function takeTook(filter: EventFilter, { raw, value }: Term): Step {
  const limits = limitsOf(unquoted(value))
  if (limits === null) return { at: raw, message: TOOK_HELP }
  const { min, max } = limits
  if (min !== null && filter.tookMin !== null)
    return { at: raw, message: 'Two lower limits on took. Keep one.' }
  if (max !== null && filter.tookMax !== null)
    return { at: raw, message: 'Two upper limits on took. Keep one.' }
  filter.tookMin ??= min
  filter.tookMax ??= max
  if (filter.tookMin !== null && filter.tookMax !== null && filter.tookMin > filter.tookMax)
    return { at: raw, message: 'No time is both above the lower and below the upper limit' }
  return null
}

/** Both ends included, in whole milliseconds; null when the text is none of the forms. */
function limitsOf(text: string): { min: number | null; max: number | null } | null {
  const range = text.split('..')
  if (range.length === 2) {
    const [from = '', to = ''] = range
    const min = from === '' ? null : msOf(from)
    const max = to === '' ? null : msOf(to)
    if (from === '' && to === '') return null
    return (from !== '' && min === null) || (to !== '' && max === null) ? null : { min, max }
  }
  const operator = OPERATOR.exec(text)?.[0] ?? '='
  const ms = msOf(text.replace(OPERATOR, ''))
  if (ms === null) return null
  switch (operator) {
    case '>':
      return ms < TOOK_MAX_MS ? { min: ms + 1, max: null } : null
    case '>=':
      return { min: ms, max: null }
    case '<':
      return ms > 0 ? { min: null, max: ms - 1 } : null
    case '<=':
      return { min: null, max: ms }
    default:
      return { min: ms, max: ms }
  }
}

function msOf(text: string): number | null {
  const match = DURATION.exec(text)
  if (!match) return null
  const ms = Number(match[1]) * (UNIT_MS[(match[2] ?? '').toLowerCase()] ?? 1)
  return ms <= TOOK_MAX_MS ? ms : null
}

type Part = { id: string; field: string; keys: readonly (keyof EventFilter)[]; negated?: true }

const PARTS: readonly Part[] = [
  { id: 'status', field: 'status', keys: ['statuses'] },
  { id: 'not-status', field: 'status', keys: ['notStatuses'], negated: true },
  { id: 'event', field: 'event', keys: ['event'] },
  { id: 'event_name', field: 'event_name', keys: ['names'] },
  { id: 'not-event_name', field: 'event_name', keys: ['notNames'], negated: true },
  { id: 'is', field: 'is', keys: ['late'] },
  { id: 'order', field: 'order', keys: ['order'] },
  { id: 'outcome', field: 'outcome', keys: ['outcomes'] },
  { id: 'not-outcome', field: 'outcome', keys: ['notOutcomes'], negated: true },
  { id: 'sender', field: 'sender', keys: ['sender'] },
  { id: 'took', field: 'took', keys: ['tookMin', 'tookMax'] },
  { id: 'text', field: 'text', keys: ['text'] },
]

/** A clause of a filter, with the filter that is left without it. */
export type EventClause = {
  id: string
  field: string
  negated: boolean
  text: string
  without: EventFilter
}

/** The clauses in canonical order. */
export function eventClausesOf(filter: EventFilter): EventClause[] {
  return PARTS.flatMap(({ id, field, keys, negated = false }) => {
    const text = printEventQuery({ ...ANY_EVENT, ...only(filter, keys) })
    return text === '' ? [] : [{ id, field, negated, text, without: { ...filter, ...only(ANY_EVENT, keys) } }]
  })
}

function only(filter: EventFilter, keys: readonly (keyof EventFilter)[]): Partial<EventFilter> {
  return Object.fromEntries(keys.map((key) => [key, filter[key]]))
}

/** The filter as canonical text; `parseEventQuery` of it gives the same filter. */
export function printEventQuery(filter: EventFilter): string {
  const list = (name: string, values: readonly string[]) =>
    values.length ? [`${name}:${values.join(',')}`] : []
  return [
    ...list('status', filter.statuses),
    ...list('-status', filter.notStatuses),
    ...(filter.event === null ? [] : [`event:${quoted(filter.event)}`]),
    ...list('event_name', filter.names.map(printName)),
    ...list('-event_name', filter.notNames.map(printName)),
    ...(filter.late ? ['is:late'] : []),
    ...(filter.order === null ? [] : [`order:${quoted(filter.order)}`]),
    ...list('outcome', filter.outcomes),
    ...list('-outcome', filter.notOutcomes),
    ...(filter.sender === null ? [] : [`sender:${quoted(filter.sender)}`]),
    ...printTook(filter),
    ...(filter.text === null ? [] : [printText(filter.text)]),
  ].join(' ')
}

function printName(name: string): string {
  return name === name.toUpperCase() ? quoted(name) : `"${name.replaceAll('"', '')}"`
}

function printTook({ tookMin, tookMax }: EventFilter): string[] {
  if (tookMin === null && tookMax === null) return []
  if (tookMin === tookMax) return [`took:=${tookMin}`]
  if (tookMin === null) return [`took:<=${tookMax}`]
  return [tookMax === null ? `took:>=${tookMin}` : `took:${tookMin}..${tookMax}`]
}
