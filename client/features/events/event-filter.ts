/**
 * The filter of the feed: `event:NAME` and `outcome:word` clauses, several of one kind joined by "or", and free text (an
 * order or an event id in full, or part of an event name). It is kept in the address and also tried on live rows.
 */
import type { EventRow, EventStatus } from './event-types.ts'

export type EventSearch = { q: string; event: string; outcome: string }

export const NO_FILTER: EventSearch = { q: '', event: '', outcome: '' }

/** Statuses by the word a person types, and the word each is shown by. */
const OUTCOMES = {
  waiting: 'received',
  applied: 'processed',
  ignored: 'ignored',
  failed: 'failed',
  'given-up': 'dead',
} as const satisfies Record<string, EventStatus>

type Outcome = keyof typeof OUTCOMES

/** Words that may stand after `outcome:`. */
export const OUTCOME_WORDS = ['waiting', 'applied', 'ignored', 'failed', 'given-up'] as const

/** The events Juspay sends (API reference §6.4), offered while typing; other names can be typed in full. */
export const EVENT_NAMES = [
  'ORDER_SUCCEEDED',
  'ORDER_FAILED',
  'ORDER_CREATED',
  'ORDER_AUTHORIZED',
  'ORDER_REFUNDED',
  'ORDER_REFUND_FAILED',
  'TXN_CREATED',
  'TXN_CHARGED',
  'TXN_FAILED',
  'REFUND_INITIATED',
  'REFUND_MANUAL_REVIEW_NEEDED',
  'AUTO_REFUND_INITIATED',
  'AUTO_REFUND_SUCCEEDED',
  'AUTO_REFUND_FAILED',
] as const

export type EventClause = { id: string; label: 'event' | 'outcome' | 'text'; value: string }

function listOf(text: string): string[] {
  return text.split(',').filter(Boolean)
}

function isOutcome(word: string): word is Outcome {
  return word in OUTCOMES
}

/** What the server is asked. */
export function filterInput(search: EventSearch): { q: string; names: string[]; statuses: EventStatus[] } {
  return {
    q: search.q,
    names: listOf(search.event),
    statuses: listOf(search.outcome)
      .filter(isOutcome)
      .map((word) => OUTCOMES[word]),
  }
}

/** Whether a live row belongs to the list, by the server's own rules as far as a row shows them. */
export function matchesFilter(row: EventRow, search: EventSearch): boolean {
  const { q, names, statuses } = filterInput(search)
  if (names.length > 0 && (row.eventName === null || !names.includes(row.eventName))) return false
  if (statuses.length > 0 && !statuses.includes(row.status)) return false
  if (q === '') return true
  const text = q.toLowerCase()
  return row.orderRef?.toLowerCase() === text || (row.eventName?.toLowerCase().includes(text) ?? false)
}

/** The clauses in force, one pill each. */
export function clausesOf(search: EventSearch): EventClause[] {
  return [
    ...listOf(search.event).map((value) => ({ id: `event:${value}`, label: 'event' as const, value })),
    ...listOf(search.outcome).map((value) => ({ id: `outcome:${value}`, label: 'outcome' as const, value })),
    ...(search.q === '' ? [] : [{ id: 'text', label: 'text' as const, value: search.q }]),
  ]
}

export function withoutClause(search: EventSearch, clause: Pick<EventClause, 'id'>): EventSearch {
  const keep = clausesOf(search).filter(({ id }) => id !== clause.id)
  const valuesOf = (label: EventClause['label']) =>
    keep.filter((one) => one.label === label).map((one) => one.value)
  return {
    q: valuesOf('text').join(' '),
    event: valuesOf('event').join(','),
    outcome: valuesOf('outcome').join(','),
  }
}

export type Typed = { ok: true; search: EventSearch } | { ok: false; message: string; known: string | null }

/** Adds what was typed to the filter in force. Free text replaces the free text before. */
export function addTyped(search: EventSearch, typed: string): Typed {
  let next = search
  const free: string[] = []
  for (const token of typed.trim().split(/\s+/).filter(Boolean)) {
    const clause = /^(event|outcome):(.*)$/i.exec(token)
    if (!clause) {
      free.push(token)
      continue
    }
    const field = clause[1]?.toLowerCase() === 'event' ? 'event' : 'outcome'
    const words = (clause[2] ?? '').split(',').filter(Boolean)
    if (words.length === 0) return { ok: false, message: `Say which ${field}, after the colon.`, known: null }
    for (const word of words) {
      const value = field === 'event' ? word.toUpperCase() : word.toLowerCase()
      if (field === 'outcome' && !isOutcome(value))
        return {
          ok: false,
          message: `No outcome is called "${word}". Use ${OUTCOME_WORDS.join(', ')}.`,
          known: null,
        }
      const values = new Set([...listOf(next[field]), value])
      next = { ...next, [field]: [...values].join(',') }
    }
  }
  return { ok: true, search: free.length ? { ...next, q: free.join(' ') } : next }
}

export type EventOffer = { id: string; label: string; help?: string; text: string; run: boolean }

const OFFERS_MAX = 8

/** What to offer for the text so far: the fields, or the values of the field that was begun. */
export function offersFor(typed: string): EventOffer[] {
  const token = typed.split(/\s+/).at(-1) ?? ''
  const before = typed.slice(0, typed.length - token.length)
  const clause = /^(event|outcome):(.*)$/i.exec(token)
  if (!clause) {
    if (token === '') return []
    const fields: EventOffer[] = [
      { id: 'event', label: 'event:', help: 'Name as Juspay sends it', text: `${before}event:`, run: false },
      {
        id: 'outcome',
        label: 'outcome:',
        help: OUTCOME_WORDS.join(', '),
        text: `${before}outcome:`,
        run: false,
      },
    ]
    return fields.filter(({ label }) => label.startsWith(token.toLowerCase()))
  }
  const field = clause[1]?.toLowerCase() ?? ''
  const begun = (clause[2] ?? '').toLowerCase()
  const values: readonly string[] = field === 'event' ? EVENT_NAMES : OUTCOME_WORDS
  return values
    .filter((value) => value.toLowerCase().includes(begun))
    .slice(0, OFFERS_MAX)
    .map((value) => ({
      id: `${field}-${value}`,
      label: value,
      text: `${before}${field}:${value}`,
      run: true,
    }))
}
