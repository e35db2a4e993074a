/** What the filter bar offers while a person types. Pure: the bar only draws it. */
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { DISPLAY_STATUSES, PAYMENT_STATUSES } from '../../../server/domain/payment-status.ts'
import { parseSearchAmount } from '../../../server/domain/search-amount.ts'
import {
  FIELD_ALIASES,
  FLAG_WORDS,
  METHOD_TYPES,
  METHOD_WORDS,
  MONEY_FIELDS,
  type FacetField,
  type OrderField,
} from '../../../server/domain/search-fields.ts'
import { clausesOf, type SearchQuery } from '../../../server/domain/search-query.ts'
import { readScraps } from '../../../server/domain/search-scraps.ts'
import { shapeOf } from '../../../server/domain/search-words.ts'
import type { QueryOffer, QueryPill } from '../../lib/use-query-line.ts'
import { STATUS_LABELS } from '../../ui/status-role.ts'

export type Facets = {
  gateways: readonly string[]
  counts: readonly { field: FacetField; value: string; count: number }[]
  /** Whether the counts are of all orders that match. */
  all: boolean
}

export type OfferContext = { facets: Facets | undefined; currency: string; now: Date }

/** Every field of the bar with one line of help, the usual ones first. */
export const FIELD_HELP: readonly (readonly [field: OrderField | 'created', help: string])[] = [
  ['status', 'charged, pending, failed, refunded…'],
  ['amount', '>5000, 1L..2.5L, =499'],
  ['gateway', 'razorpay, payu…'],
  ['method', 'card, upi, netbanking…'],
  ['is', 'stuck, high_value, mine, late, amount_unknown'],
  ['has', 'refund, dispute, note, tag, discrepancy, failed_event'],
  ['order', 'order ID; several with commas; ORD-1* for a beginning'],
  ['ref', 'UTR, RRN, ARN or gateway ID, in full'],
  ['email', 'part of the customer’s email'],
  ['phone', 'last digits, or six and more from anywhere'],
  ['name', 'part of the customer’s name'],
  ['customer', 'part of the customer’s name, or customer ID; cust_1* for a beginning'],
  ['created', 'today, yesterday, last_week, -7d, 2026-11-22'],
  ['updated', 'when it changed last: -1h, today'],
  ['charged_at', 'when it was charged: -1h, today'],
  ['code', 'Juspay’s own status: AUTHORIZATION_FAILED…'],
  ['error', 'part of the error code or message'],
  ['note', 'part of a note on the order'],
  ['tag', 'a tag on the order; any, none'],
  ['attempts', 'how many tries: >1'],
  ['refundable', 'what is left to refund: >0'],
  ['refunded', 'what went back: >0'],
  ['pay', 'payment status, whatever was refunded'],
  ['last4', 'last four digits of the card'],
  ['network', 'visa, mastercard, rupay…'],
  ['bank', 'bank of net banking: hdfc, icici…'],
  ['vpa', 'part of the UPI address'],
  ['currency', 'INR, USD…'],
  ['txn', 'Juspay’s ID of an attempt'],
  ['refund', 'ID of a refund'],
  ['event', 'ID of a webhook event'],
  ['batch', 'number of a bulk refund'],
  ['udf1', 'your own field, udf1 to udf10'],
]

/** A field and its colon: "12:30" is a time. */
const CLAUSE = /(?<!\S)-?[a-z]\w*:/i

/** Offers for the word being typed at the end of `text`. */
export function offersFor(text: string, context: OfferContext): QueryOffer[] {
  const start = text.lastIndexOf(' ') + 1
  const before = text.slice(0, start)
  const word = text.slice(start)
  const colon = CLAUSE.test(word) ? word.indexOf(':') : -1
  if (colon < 0) return [...readingOffers(text, context), ...fieldOffers(before, word.toLowerCase())]
  const head = `${before}${word.slice(0, colon + 1)}`
  const field = fieldNamed(word.slice(0, colon))
  const typed = word.slice(colon + 1)
  if (isMoney(field) || field === 'attempts') return limitOffers(head, field, typed, context.currency)
  // In a list only the last value is being typed.
  const kept = typed.slice(0, typed.lastIndexOf(',') + 1)
  const part = typed.slice(kept.length).toLowerCase()
  return valuesOf(field, context.facets)
    .filter(({ value, label }) => value.startsWith(part) || label.toLowerCase().startsWith(part))
    .map(({ value, label, count }) => ({
      id: `value-${value}`,
      label: value,
      help: label.toLowerCase() === value.toLowerCase() ? '' : label,
      count,
      text: `${head}${kept}${value}`,
      run: true,
    }))
}

/** The field behind a typed name or its short form; the name itself when it is neither. */
function fieldNamed(typed: string): string {
  const name = typed.replace(/^-/, '').toLowerCase()
  const found = FIELD_HELP.find(([field]) => field !== 'created' && FIELD_ALIASES[field]?.includes(name))
  return found?.[0] ?? name
}

function isMoney(field: string): boolean {
  return (MONEY_FIELDS as readonly string[]).includes(field)
}

/** What the text may be, beside text: the kind of thing it looks like first, then the other ways to read it. */
export function readingOffers(text: string, { currency, now }: Omit<OfferContext, 'facets'>): QueryOffer[] {
  if (CLAUSE.test(text)) return []
  const shape = shapeOf(text)
  const first = shape ? [{ label: shape.label, clause: `${shape.field}:${shape.value}` }] : []
  const others = readScraps(text, { currency, now })
    .map(({ q, t, label }) => ({ label, clause: t === 'all' ? q : `${q} created:${t}`.trim() }))
    // As text it is searched for anyway.
    .filter(({ clause }) => !clause.startsWith('"') && clause !== first[0]?.clause)
  return [...first, ...others].slice(0, READINGS_OFFERED).map(({ label, clause }) => ({
    id: `reading-${clause}`.replaceAll(/[^\w-]/g, '_'),
    label,
    help: clause,
    text: clause,
    run: true,
  }))
}

const READINGS_OFFERED = 4

function fieldOffers(before: string, word: string): QueryOffer[] {
  return FIELD_HELP.filter(([field]) => field.startsWith(word)).map(([field, help]) => ({
    id: `field-${field}`,
    label: `${field}:`,
    help,
    text: `${before}${field}:`,
    run: false,
  }))
}

const LIMITS = [
  ['>', 'more than'],
  ['>=', 'at least'],
  ['<', 'less than'],
  ['<=', 'at most'],
  ['=', 'exactly'],
] as const

/** The operators in words, once a number stands there. */
function limitOffers(head: string, field: string, typed: string, currency: string): QueryOffer[] {
  const number = typed.replace(/^(>=|<=|>|<|=)/, '')
  const amount = isMoney(field) ? parseSearchAmount(field, number, currency) : null
  if (amount ? !amount.ok : !/^\d+$/.test(number)) return []
  const shown = amount?.ok ? formatMoney({ minor: amount.value, currency }) : number
  return LIMITS.map(([operator, words]) => ({
    id: `limit-${operator}`,
    label: `${words} ${shown}`,
    help: `${field}:${operator}${number}`,
    text: `${head}${operator}${number}`,
    run: true,
  }))
}

type Value = { value: string; label: string; count?: number | undefined }

function valuesOf(field: string, facets: Facets | undefined): Value[] {
  const count = (of: FacetField, value: string): number | undefined =>
    // Counts of a part would pass for counts of the whole.
    facets?.all ? facets.counts.find((one) => one.field === of && one.value === value)?.count : undefined
  switch (field) {
    case 'status':
      return DISPLAY_STATUSES.map((value) => ({
        value,
        label: STATUS_LABELS[value],
        count: count('status', value),
      }))
    case 'pay':
      return PAYMENT_STATUSES.map((value) => ({ value, label: value }))
    case 'is':
      return FLAG_WORDS.is.map((value) => ({ value, label: FLAG_HELP[value] }))
    case 'has':
      return FLAG_WORDS.has.map((value) => ({ value, label: FLAG_HELP[value] }))
    case 'method':
      return METHOD_WORDS.map((value) => ({
        value,
        label: value,
        count: count('method', METHOD_TYPES[value]),
      }))
    case 'gateway':
      return (facets?.gateways ?? []).map((code) => ({
        value: code.toLowerCase(),
        label: gatewayLabel(code),
        count: count('gateway', code),
      }))
    case 'bank':
    case 'code':
    case 'currency':
    case 'network':
    case 'tag':
      return (facets?.counts ?? [])
        .filter((one) => one.field === field)
        .toSorted((a, b) => b.count - a.count)
        .map(({ value }) => ({ value, label: value, count: count(field, value) }))
    case 'created':
    case 'updated':
    case 'charged_at':
      return TIMES
    default:
      return []
  }
}

const TIMES: Value[] = [
  { value: 'today', label: 'today' },
  { value: 'yesterday', label: 'yesterday' },
  { value: '-1h', label: 'the last hour' },
  { value: '-24h', label: 'the last 24 hours' },
  { value: '-7d', label: 'the last 7 days' },
  { value: '-30d', label: 'the last 30 days' },
  { value: 'this_week', label: 'this week, from Monday' },
  { value: 'last_week', label: 'last week' },
  { value: 'this_month', label: 'this month' },
  { value: 'last_month', label: 'last month' },
]

const FLAG_HELP = {
  stuck: 'no outcome for too long, in review, unknown, disputed',
  high_value: '₹1,00,000.00 or more',
  mine: 'you asked for a refund of it',
  late: 'Juspay’s webhook was missed or late',
  amount_unknown: 'no amount that can be read',
  refund: 'any refund',
  dispute: 'any dispute',
  note: 'a note that stands',
  tag: 'any tag',
  discrepancy: 'an open discrepancy',
  failed_event: 'an event that could not be applied',
} as const

/** The finished clauses of a query as pills. */
export function pillsOf(query: SearchQuery, currency: string): QueryPill<SearchQuery>[] {
  return clausesOf(query, { currency }).map(({ id, field, negated, text, without }) => ({
    id,
    label: field,
    value:
      field === 'text'
        ? text
        : text.replaceAll(new RegExp(`(^| )-?${field}:`, 'g'), (_, space: string) =>
            space === '' ? '' : ' and ',
          ),
    clause: text,
    without,
    ...(negated && { negated }),
  }))
}
