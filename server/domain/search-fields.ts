/**
 * The fields of the orders filter as data: what kind each is and which words it takes. Parser, printer, suggestions and
 * SQL all go by these lists, so that a field cannot be known to one and unknown to another.
 */
import { DISPLAY_STATUSES, PAYMENT_STATUSES } from './payment-status.ts'

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

/** Fields of which an order has one value at most: compared whole, without regard to case. */
export const WORD_FIELDS = [
  'status',
  'pay',
  'code',
  'currency',
  'gateway',
  'method',
  'bank',
  'network',
  'last4',
] as const
export type WordField = (typeof WORD_FIELDS)[number]

/** Those whose values are offered with how many orders have each. */
export const FACET_FIELDS = [
  'status',
  'code',
  'currency',
  'gateway',
  'method',
  'bank',
  'network',
] as const satisfies readonly WordField[]
export type FacetField = (typeof FACET_FIELDS)[number] | TagField

/** Names and ids that an order may have several of: compared whole, without regard to case. */
export const ID_FIELDS = ['order', 'txn', 'refund', 'event', 'batch', 'ref'] as const
export type IdField = (typeof ID_FIELDS)[number]

/** Words that people put on an order, several at once: compared whole, in one case. */
export const TAG_FIELDS = ['tag'] as const
export type TagField = (typeof TAG_FIELDS)[number]

/** A merchant's own fields, as Juspay keeps them with an order. */
export const UDF_FIELDS = [
  'udf1',
  'udf2',
  'udf3',
  'udf4',
  'udf5',
  'udf6',
  'udf7',
  'udf8',
  'udf9',
  'udf10',
] as const
export type UdfField = (typeof UDF_FIELDS)[number]

export function isUdfField(field: string): field is UdfField {
  return (UDF_FIELDS as readonly string[]).includes(field)
}

/** Texts that are found by a part of them. */
export const PART_FIELDS = [
  'vpa',
  'customer',
  'email',
  'phone',
  'name',
  'error',
  'note',
  ...UDF_FIELDS,
] as const
export type PartField = (typeof PART_FIELDS)[number]

/** Those that say who a customer is: what is asked of them names a person. */
export const PERSONAL_FIELDS: readonly PartField[] = ['customer', 'email', 'name', 'phone', 'vpa']

/** All whose clause is a list of values. */
export const LIST_FIELDS = [...WORD_FIELDS, ...ID_FIELDS, ...TAG_FIELDS, ...PART_FIELDS] as const
export type ListField = (typeof LIST_FIELDS)[number]

export const MONEY_FIELDS = ['amount', 'refunded', 'refundable'] as const
export type MoneyField = (typeof MONEY_FIELDS)[number]
export const RANGE_FIELDS = [...MONEY_FIELDS, 'attempts'] as const
export type RangeField = (typeof RANGE_FIELDS)[number]

/** Dates beside the time control, which is about creation. */
export const DATE_FIELDS = ['updated', 'charged_at'] as const
export type DateField = (typeof DATE_FIELDS)[number]

/** What an order may have or be, several at once. */
export const FLAG_WORDS = {
  has: ['refund', 'dispute', 'note', 'tag', 'discrepancy', 'failed_event'],
  is: ['stuck', 'high_value', 'mine', 'late', 'amount_unknown'],
} as const
export type FlagField = keyof typeof FLAG_WORDS
export const FLAG_FIELDS: readonly FlagField[] = ['has', 'is']

export type OrderField = ListField | RangeField | DateField | FlagField

/** Fields whose words are a closed set. */
export const ENUM_WORDS: Partial<Record<ListField, readonly string[]>> = {
  status: DISPLAY_STATUSES,
  pay: PAYMENT_STATUSES,
  method: METHOD_WORDS,
}

/** Other names of fields. */
export const FIELD_ALIASES: Partial<Record<OrderField, readonly string[]>> = {
  status: ['s'],
  amount: ['a'],
  gateway: ['pg'],
  method: ['pm'],
  ref: ['rrn', 'utr', 'arn'],
}

/** From how many major units on an order is of high value: one lakh. */
export const HIGH_VALUE_MAJOR = 100_000n

/** What the design names and Paydesk has no data for. Asking for it is refused; ignoring it would widen the list. */
export const UNAVAILABLE_FIELDS: Readonly<Record<string, string>> = {
  issuer: 'issuer cannot be filtered: Paydesk does not keep the bank that issued a card.',
  bin: 'bin cannot be filtered: Paydesk keeps the last four digits of a card only. Use last4.',
}

export const UNAVAILABLE_WORDS: Readonly<Record<string, string>> = {
  'method:emi': 'Paydesk does not keep which card payments were in instalments. Use method:card.',
  'is:test':
    'Test orders are in an account of their own: the name at the top says which account you look at.',
}

/** Order references in one list at most. */
export const ORDERS_MAX = 500
/** Values of any other field at most. */
export const VALUES_MAX = 50
/** Shortest text that is looked for inside of others: with less the search would read every order. */
export const PART_CHARS_MIN = 3
