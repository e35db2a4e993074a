/** What the filter language means, said a second time and without SQL: one order in memory either matches or does not. */
import {
  METHOD_TYPES,
  type IdField,
  type ListField,
  type PartField,
} from '../../server/domain/search-fields.ts'
import type { ListFilter, SearchQuery } from '../../server/domain/search-query.ts'
import { exponentOf } from '../../server/domain/money.ts'
import { rangeEnds, type RangeFilter } from '../../server/domain/search-range.ts'
import { timeRangeOf, type TimeRange } from '../../server/domain/time-range.ts'

const HOUR_MS = 3_600_000

export type ModelOrder = {
  orderRef: string
  providerOrderRef: string | null
  displayStatus: string
  paymentStatus: string
  providerStatus: string
  currency: string
  gateway: string | null
  methodType: string | null
  method: string | null
  cardBrand: string | null
  cardLast4: string | null
  payerVpa: string | null
  amountMinor: bigint
  chargedMinor: bigint
  reservedMinor: bigint
  refundedMinor: bigint
  externalRefundedMinor: bigint
  externalPendingMinor: bigint
  disputedMinor: bigint
  attemptCount: number
  createdAt: Date
  changedAt: Date
  chargedAt: Date | null
  customerRef: string | null
  customerName: string | null
  customerEmail: string | null
  customerPhone: string | null
  errorCode: string | null
  errorMessage: string | null
  udf: Record<string, string>
  attempts: { txnRef: string; gatewayRef: string | null; rrn: string | null }[]
  refunds: { key: string; ref: string | null; arn: string | null }[]
  events: { ref: string; failed: boolean }[]
  dispute: boolean
  discrepancy: boolean
  gap: boolean
  mine: boolean
  notes: { text: string; struck: boolean }[]
  tags: string[]
}

export type Asked = { now: Date; range: TimeRange; currency: string }

/** Whether the order belongs to the filtered list. */
export function matchesOrder(order: ModelOrder, query: SearchQuery, asked: Asked): boolean {
  const money = ['amount', 'refunded', 'refundable'] as const
  const comparable = exponentOf(order.currency) === exponentOf(asked.currency)
  if (money.some((field) => query.ranges[field]) && !comparable) return false
  return (
    within(order.createdAt, asked.range) &&
    Object.entries(query.lists).every(([field, list]) => inList(order, field as ListField, list)) &&
    Object.entries(query.ranges).every(([field, range]) => inRange(amountsOf(order)[field] ?? 0n, range)) &&
    Object.entries(query.dates).every(([field, text]) =>
      inDate(field === 'updated' ? order.changedAt : order.chargedAt, text, asked.now),
    ) &&
    Object.values(query.flags).every(
      ({ wanted, unwanted }) =>
        wanted.every((group) => group.some((word) => hasFlag(order, word, comparable, asked.now))) &&
        !unwanted.some((word) => hasFlag(order, word, comparable, asked.now)),
    ) &&
    (query.text === null || containsText(order, query.text)) &&
    !query.notText.some((text) => containsText(order, text))
  )
}

function amountsOf(order: ModelOrder): Record<string, bigint> {
  const gone = order.refundedMinor + order.externalRefundedMinor
  const left = order.chargedMinor - order.reservedMinor - gone - order.disputedMinor
  return {
    amount: order.amountMinor,
    refunded: gone - order.externalPendingMinor,
    refundable: left > 0n ? left : 0n,
    attempts: BigInt(order.attemptCount),
  }
}

function inRange(value: bigint, range: RangeFilter): boolean {
  const { min, max } = rangeEnds(range)
  return (min === null || value >= min) && (max === null || value <= max)
}

function within(at: Date, { from, to }: TimeRange): boolean {
  return (from === null || at >= from) && (to === null || at < to)
}

function inDate(at: Date | null, text: string, now: Date): boolean {
  if (text === 'none') return at === null
  if (text === 'any') return at !== null
  const range = timeRangeOf(text, now)
  return at !== null && range !== null && within(at, range)
}

function inList(order: ModelOrder, field: ListField, list: ListFilter): boolean {
  const has = (value: string): boolean => hasValue(order, field, value)
  const empty = partsOf(order, field).every((part) => part === null)
  if (list.presence === 'none' && !empty) return false
  if (list.presence === 'any' && empty) return false
  return (list.wanted.length === 0 || list.wanted.some(has)) && !list.unwanted.some(has)
}

const WHOLE: ReadonlySet<string> = new Set([
  'status',
  'pay',
  'code',
  'currency',
  'gateway',
  'method',
  'bank',
  'network',
  'last4',
  'order',
  'txn',
  'refund',
  'event',
  'ref',
  'tag',
])

function hasValue(order: ModelOrder, field: ListField, wanted: string): boolean {
  const value = wanted.toLowerCase()
  if (field === 'phone') return hasPhone(order.customerPhone, value)
  if (field === 'customer') return hasCustomer(order, wanted)
  if (field === 'event') return order.events.some(({ ref }) => ref === wanted)
  const word = field === 'method' ? METHOD_TYPES[wanted as keyof typeof METHOD_TYPES].toLowerCase() : value
  const parts = partsOf(order, field).map((part) => part?.toLowerCase() ?? null)
  if (field === 'order' && value.endsWith('*'))
    return parts.some((part) => part?.startsWith(value.slice(0, -1)))
  return parts.some((part) => (WHOLE.has(field) ? part === word : (part?.includes(word) ?? false)))
}

function hasCustomer({ customerName, customerRef }: ModelOrder, wanted: string): boolean {
  if (wanted.startsWith('=')) {
    const id = wanted.slice(1)
    return [id, id.toLowerCase(), id.toUpperCase()].some((one) => one === customerRef)
  }
  const [ref, part] = [customerRef?.toLowerCase() ?? '', wanted.toLowerCase()]
  if (part.endsWith('*')) return ref.startsWith(part.slice(0, -1))
  return ref.includes(part) || (customerName?.toLowerCase().includes(part) ?? false)
}

function hasPhone(phone: string | null, wanted: string): boolean {
  if (phone === null) return false
  const digits = phone.replace(/\D/g, '')
  const [head = '', tail] = wanted.split('*')
  if (tail === undefined) return head.length < 6 ? digits.endsWith(head) : digits.includes(head)
  const begins = digits.startsWith(head) || digits.startsWith(`91${head}`) || digits.startsWith(`0${head}`)
  return digits.endsWith(tail) && begins
}

function partsOf(order: ModelOrder, field: ListField): (string | null)[] {
  const ids: Partial<Record<IdField, (string | null)[]>> = {
    order: [order.orderRef],
    txn: order.attempts.map(({ txnRef }) => txnRef),
    refund: order.refunds.map(({ key }) => key),
    event: order.events.map(({ ref }) => ref),
    ref: [
      order.providerOrderRef,
      ...order.attempts.flatMap(({ txnRef, gatewayRef, rrn }) => [txnRef, gatewayRef, rrn]),
      ...order.refunds.flatMap(({ key, ref, arn }) => [key, ref, arn]),
    ],
  }
  const words: Partial<Record<ListField, string | null>> = {
    status: order.displayStatus,
    pay: order.paymentStatus,
    code: order.providerStatus,
    currency: order.currency,
    gateway: order.gateway,
    method: order.methodType,
    bank: order.methodType === 'NB' ? (order.method?.replace(/^(NB|JP)_/i, '') ?? null) : null,
    network: order.cardBrand,
    last4: order.cardLast4,
    vpa: order.payerVpa,
    email: order.customerEmail,
    phone: order.customerPhone,
    name: order.customerName,
  }
  if (field === 'note') return standingNotes(order)
  if (field === 'tag') return order.tags
  if (field === 'customer') return [order.customerName, order.customerRef]
  if (field === 'error') {
    if (order.errorCode === null && order.errorMessage === null) return [null]
    return [`${order.errorCode ?? ''} ${order.errorMessage ?? ''}`]
  }
  if (field.startsWith('udf')) return [order.udf[field] ?? null]
  return ids[field as IdField] ?? [words[field as PartField] ?? null]
}

/** A note that was taken back says nothing any more. */
function standingNotes(order: ModelOrder): string[] {
  return order.notes.filter(({ struck }) => !struck).map(({ text }) => text)
}

function hasFlag(order: ModelOrder, word: string, comparable: boolean, now: Date): boolean {
  switch (word) {
    case 'refund':
      return order.refunds.length > 0
    case 'dispute':
      return order.dispute
    case 'note':
      return standingNotes(order).length > 0
    case 'tag':
      return order.tags.length > 0
    case 'discrepancy':
      return order.discrepancy
    case 'failed_event':
      return order.events.some(({ failed }) => failed)
    case 'late':
      return order.gap
    case 'mine':
      return order.mine
    case 'amount_unknown':
      return order.amountMinor === 0n && order.chargedMinor === 0n
    case 'high_value':
      return comparable && order.amountMinor >= 10_000_000n
    case 'stuck':
      return (
        ['review', 'unknown', 'disputed'].includes(order.displayStatus) ||
        (['CAPTURE_INITIATED', 'VOID_INITIATED'].includes(order.providerStatus) &&
          now.getTime() - order.changedAt.getTime() > 2 * HOUR_MS) ||
        (order.displayStatus === 'pending' &&
          order.providerStatus !== 'COD_INITIATED' &&
          now.getTime() - order.createdAt.getTime() >
            (order.paymentStatus === 'created' ? 24 : 0.5) * HOUR_MS)
      )
    default:
      throw new Error(word)
  }
}

/** As `searchTextOf` puts it together. */
export function searchTextOfModel(order: ModelOrder): string {
  const words = [
    order.orderRef,
    order.providerOrderRef,
    order.customerRef,
    order.customerName,
    order.customerEmail,
    order.customerPhone,
    order.customerPhone?.replace(/\D/g, '').replace(/^(?:91|0)(?=\d{10}$)/, '') ?? null,
    ...order.attempts.flatMap(({ txnRef, gatewayRef, rrn }) => [txnRef, gatewayRef, rrn]),
    ...order.refunds.flatMap(({ key, ref, arn }) => [key, ref, arn]),
  ]
  const known = words.filter((word): word is string => word !== null && word !== '')
  return [...new Set(known.map((word) => word.toLowerCase()))].join(' ')
}

function containsText(order: ModelOrder, text: string): boolean {
  const wanted = text.toLowerCase()
  return (
    searchTextOfModel(order).includes(wanted) || (order.payerVpa?.toLowerCase().includes(wanted) ?? false)
  )
}
