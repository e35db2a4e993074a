/** What the filter bar of events offers while a person types, and the pills of a query. Pure: the bar only draws it. */
import { EVENT_OUTCOMES, type EventFilter } from '../../../server/domain/event-filter.ts'
import { EVENT_NAMES, eventLabel } from '../../../server/domain/event-name.ts'
import { eventClausesOf } from '../../../server/domain/event-query.ts'
import { DISPLAY_STATUSES } from '../../../server/domain/payment-status.ts'
import type { QueryOffer, QueryPill } from '../../lib/use-query-line.ts'
import { STATUS_LABELS } from '../../ui/status-role.ts'
import type { EventFacets } from './event-types.ts'
import { OUTCOME_HELP } from './event-words.ts'

const FIELD_HELP: readonly (readonly [field: string, help: string])[] = [
  ['event_name', 'ORDER_SUCCEEDED, TXN_CREATED…'],
  ['outcome', 'applied, failed, held, stale…'],
  ['status', 'order status now: charged, pending…'],
  ['order', 'order ID in full'],
  ['event', 'event ID, ours or Juspay’s'],
  ['is', 'late: came over a minute after it happened'],
  ['took', 'processing time: >50, >=2s, 10..100'],
  ['sender', 'beginning of the address it came from'],
]
const OFFERS_MAX = 12

/** Offers for the word being typed at the end of `text`. */
export function offersFor(text: string, facets: EventFacets | undefined): QueryOffer[] {
  const start = text.lastIndexOf(' ') + 1
  const before = text.slice(0, start)
  const word = text.slice(start)
  const colon = word.indexOf(':')
  if (colon < 0) return fieldOffers(before, word.toLowerCase())
  const field = word.slice(0, colon).replace(/^-/, '').toLowerCase()
  const typed = word.slice(colon + 1).toLowerCase()
  // In a list only the last value is being typed.
  const kept = typed.slice(0, typed.lastIndexOf(',') + 1)
  const part = typed.slice(kept.length)
  const head = `${before}${word.slice(0, colon + 1)}${kept}`
  return valuesOf(field, facets)
    .filter(({ value, help }) => value.toLowerCase().includes(part) || help.toLowerCase().startsWith(part))
    .slice(0, OFFERS_MAX)
    .map(({ value, help, count }) => ({
      id: `value-${value}`,
      label: value,
      help,
      count,
      text: `${head}${value}`,
      run: true,
    }))
}

function fieldOffers(before: string, word: string): QueryOffer[] {
  return FIELD_HELP.filter(([field]) => field.startsWith(word)).map(([field, help]) => ({
    id: `field-${field}`,
    label: `${field}:`,
    help,
    text: `${before}${field}:`,
    run: false,
  }))
}

type Value = { value: string; help: string; count?: number | undefined }

function valuesOf(field: string, facets: EventFacets | undefined): Value[] {
  switch (field) {
    case 'event_name':
    case 'name':
      return namesOf(facets)
    case 'outcome':
    case 'o':
      return EVENT_OUTCOMES.map((value) => ({
        value,
        help: OUTCOME_HELP[value],
        count: facets?.outcomes.find(({ outcome }) => outcome === value)?.count,
      }))
    case 'status':
    case 's':
      return DISPLAY_STATUSES.map((value) => ({ value, help: STATUS_LABELS[value] }))
    case 'is':
      return [{ value: 'late', help: 'came over a minute after it happened' }]
    case 'took':
      return [
        { value: '>100', help: 'longer than 100 ms' },
        { value: '>=1s', help: 'one second or longer' },
      ]
    default:
      return []
  }
}

/** Names that came, most first, then those that may come. */
function namesOf(facets: EventFacets | undefined): Value[] {
  const came = facets?.names ?? []
  const known = new Set(came.map(({ name }) => name))
  return [
    ...came.map(({ name, count }) => ({
      value: name === name.toUpperCase() && !/[\s,:]/.test(name) ? name : `"${name}"`,
      help: eventLabel(name),
      count,
    })),
    ...EVENT_NAMES.filter((name) => !known.has(name)).map((value) => ({ value, help: eventLabel(value) })),
  ]
}

/** The finished clauses of a filter as pills. */
export function pillsOf(filter: EventFilter): QueryPill<EventFilter>[] {
  return eventClausesOf(filter).map(({ id, field, negated, text: clause, without }) => {
    const value = field === 'text' ? clause : clause.slice(clause.indexOf(':') + 1)
    return { id, label: field, value, clause, without, ...(negated && { negated }) }
  })
}
