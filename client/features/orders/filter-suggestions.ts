/** What the filter bar offers while a person types. Pure: the bar only draws it. */
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { DISPLAY_STATUSES } from '../../../server/domain/payment-status.ts'
import {
  EMPTY_QUERY,
  METHOD_WORDS,
  printQuery,
  type SearchQuery,
} from '../../../server/domain/search-query.ts'
import { shapeOf } from '../../../server/domain/search-words.ts'
import type { QueryOffer, QueryPill } from '../../lib/use-query-line.ts'
import { STATUS_LABELS } from '../../ui/status-role.ts'

type Facets = {
  gateways: readonly string[]
  statuses: readonly { status: string; count: number }[]
}

const FIELD_HELP: readonly (readonly [field: string, help: string])[] = [
  ['status', 'charged, pending, failed, refunded…'],
  ['amount', '>5000, 1L..2.5L, =499'],
  ['gateway', 'razorpay, payu…'],
  ['method', 'card, upi, netbanking…'],
  ['is', 'stuck: orders that need a person'],
  ['order', 'beginning of the order ID'],
  ['ref', 'UTR, RRN, ARN or gateway ID'],
  ['email', 'customer’s email'],
  ['phone', 'customer’s phone'],
  ['customer', 'customer’s name'],
]

/** Offers for the word being typed at the end of `text`. */
export function offersFor(text: string, facets: Facets | undefined): QueryOffer[] {
  const start = text.lastIndexOf(' ') + 1
  const before = text.slice(0, start)
  const word = text.slice(start)
  const colon = word.indexOf(':')
  if (colon < 0) return [...shapeOffers(text), ...fieldOffers(before, word.toLowerCase())]
  const field = word.slice(0, colon).replace(/^-/, '').toLowerCase()
  const typed = word.slice(colon + 1).toLowerCase()
  // In a list only the last value is being typed.
  const kept = typed.slice(0, typed.lastIndexOf(',') + 1)
  const part = typed.slice(kept.length)
  const head = `${before}${word.slice(0, colon + 1)}${kept}`
  return valuesOf(field, facets)
    .filter(({ value, label }) => value.startsWith(part) || label.toLowerCase().startsWith(part))
    .map(({ value, label, count }) => ({
      id: `value-${value}`,
      label: value,
      help: label.toLowerCase() === value ? '' : label,
      count,
      text: `${head}${value}`,
      run: true,
    }))
}

function shapeOffers(text: string): QueryOffer[] {
  const shape = shapeOf(text)
  if (!shape) return []
  const clause = `${shape.field}:${shape.value}`
  return [{ id: 'shape', label: shape.label, help: clause, text: clause, run: true }]
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

function valuesOf(
  field: string,
  facets: Facets | undefined,
): { value: string; label: string; count?: number | undefined }[] {
  if (field === 'status' || field === 's') {
    return DISPLAY_STATUSES.map((status) => ({
      value: status,
      label: STATUS_LABELS[status],
      count: facets?.statuses.find((one) => one.status === status)?.count,
    }))
  }
  if (field === 'is') return [{ value: 'stuck', label: 'pending over 30 min, review, unknown, disputed' }]
  if (field === 'method' || field === 'pm') return METHOD_WORDS.map((value) => ({ value, label: value }))
  if (field === 'gateway' || field === 'pg') {
    return (facets?.gateways ?? []).map((code) => ({ value: code.toLowerCase(), label: gatewayLabel(code) }))
  }
  return []
}

/** The finished clauses of a query as pills. */
export function pillsOf(query: SearchQuery, currency: string): QueryPill<SearchQuery>[] {
  const pills: QueryPill<SearchQuery>[] = []
  const add = (id: string, part: Partial<SearchQuery>, more?: { label?: string; negated?: boolean }) => {
    const clause = printQuery({ ...EMPTY_QUERY, ...part }, { currency })
    if (clause === '') return
    const without: SearchQuery = { ...query }
    for (const key of Object.keys(part)) Object.assign(without, { [key]: Reflect.get(EMPTY_QUERY, key) })
    const label = more?.label ?? id
    const value = clause.replaceAll(new RegExp(`(^|\\s)-?${label}:`, 'g'), (_, space: string) =>
      space === '' ? '' : ' and ',
    )
    pills.push({ id, label, value, clause, without, ...(more?.negated && { negated: true }) })
  }
  add('status', { status: query.status })
  add('not-status', { notStatus: query.notStatus }, { label: 'status', negated: true })
  add('amount', { amount: query.amount })
  add('gateway', { gateway: query.gateway })
  add('method', { method: query.method })
  add('is', { stuck: query.stuck })
  add('find', { find: query.find }, { label: query.find?.field ?? 'text' })
  return pills
}
