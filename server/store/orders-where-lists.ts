/** Clauses with lists of values as SQL: words, ids and parts of a text. */
import {
  ID_FIELDS,
  METHOD_TYPES,
  METHOD_WORDS,
  PART_FIELDS,
  WORD_FIELDS,
  type IdField,
  type PartField,
  type WordField,
} from '../domain/search-fields.ts'
import type { SearchQuery } from '../domain/search-query.ts'

/** Adds a value and answers its place in the statement. */
export type Mark = (value: unknown) => string

/** The conditions of all lists of a query. */
export function listConditions(query: SearchQuery, mark: Mark): string[] {
  const conditions: string[] = []
  for (const field of [...WORD_FIELDS, ...ID_FIELDS, ...PART_FIELDS]) {
    const list = query.lists[field]
    if (list === undefined) continue
    if (list.presence !== null)
      conditions.push(`${presenceColumn(field)} is ${list.presence === 'any' ? 'not ' : ''}null`)
    if (list.wanted.length > 0) conditions.push(anyOf(field, list.wanted, mark))
    // An order without a value does not have the value that is left out.
    if (list.unwanted.length > 0) conditions.push(`(${anyOf(field, list.unwanted, mark)}) is not true`)
  }
  return conditions
}

function anyOf(field: WordField | IdField | PartField, values: readonly string[], mark: Mark): string {
  if (isWord(field)) return wordSql(field, values, mark)
  if (isId(field)) return ID_SQL[field](values, mark)
  const each = values.map((value) => partSql(field, value, mark))
  return each.length === 1 ? (each[0] ?? 'false') : `(${each.join(' or ')})`
}

function isWord(field: string): field is WordField {
  return (WORD_FIELDS as readonly string[]).includes(field)
}

function isId(field: string): field is IdField {
  return (ID_FIELDS as readonly string[]).includes(field)
}

const WORD_COLUMNS: Readonly<Record<WordField, string>> = {
  status: 'display_status',
  pay: 'payment_status',
  code: 'provider_status',
  currency: 'currency',
  gateway: 'gateway',
  method: 'method_type',
  bank: `(case when method_type = 'NB' then lower(regexp_replace(method, '^(NB|JP)_', '', 'i')) end)`,
  network: 'lower(card_brand)',
  last4: 'card_last4',
}

function wordSql(field: WordField, words: readonly string[], mark: Mark): string {
  const values = words.map((word) => stored(field, word))
  // One value as an equality: only then does the index also give the order.
  if (values.length === 1) return `${WORD_COLUMNS[field]} = ${mark(values[0])}`
  return `${WORD_COLUMNS[field]} = any(${mark(values)})`
}

/** A word as the column has it: Juspay writes gateways and methods in capitals. */
function stored(field: WordField, word: string): string {
  if (field === 'gateway') return word.toUpperCase()
  const method = field === 'method' && METHOD_WORDS.find((one) => one === word)
  return method ? METHOD_TYPES[method] : clean(word)
}

function presenceColumn(field: WordField | IdField | PartField): string {
  if (isWord(field)) return WORD_COLUMNS[field]
  if (isId(field)) return 'id'
  return field === 'error' ? 'coalesce(error_code, error_message)' : PART_COLUMNS[field]
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids of orders as one array, worked out once and looked up in the primary key. */
function ordersIn(...selects: string[]): string {
  return `id = any(array(${selects.join(' union all ')}))`
}

const ID_SQL: Readonly<Record<IdField, (ids: readonly string[], mark: Mark) => string>> = {
  order(refs, mark) {
    const whole = refs.filter((ref) => !ref.endsWith('*')).map(lower)
    const begun = refs
      .filter((ref) => ref.endsWith('*'))
      .map((ref) => `${likeText(lower(ref).slice(0, -1))}%`)
    const each = [
      ...(whole.length === 0 ? [] : [`order_ref_key = any(${mark(whole)})`]),
      ...begun.map((pattern) => `order_ref_key like ${mark(pattern)}`),
    ]
    return each.length === 1 ? (each[0] ?? 'false') : `(${each.join(' or ')})`
  },
  txn: (refs, mark) =>
    ordersIn(
      `select t.order_id from transaction t
       where t.merchant_account_id = $1 and lower(t.txn_ref) = any(${mark(refs.map(lower))})`,
    ),
  refund(refs, mark) {
    const keys = `select r.order_id from refund r
      where r.merchant_account_id = $1 and lower(r.unique_request_id) = any(${mark(refs.map(lower))})`
    const ids = refs.filter((ref) => UUID.test(ref))
    if (ids.length === 0) return ordersIn(keys)
    return ordersIn(
      keys,
      `select r.order_id from refund r where r.merchant_account_id = $1 and r.id = any(${mark(ids)}::uuid[])`,
    )
  },
  event(refs, mark) {
    const byRef = `select e.order_id from webhook_event e
      where e.merchant_account_id = $1 and e.next_try_at is null and e.event_ref = any(${mark(refs.map(clean))})`
    const ids = refs.filter((ref) => UUID.test(ref))
    if (ids.length === 0) return ordersIn(byRef)
    return ordersIn(
      byRef,
      `select e.order_id from webhook_event e where e.merchant_account_id = $1 and e.id = any(${mark(ids)}::uuid[])`,
    )
  },
  batch(refs, mark) {
    const numbers = refs.filter((ref) => /^\d{1,9}$/.test(ref)).map(Number)
    const ids = refs.filter((ref) => UUID.test(ref))
    return ordersIn(
      `select w.order_id from bulk_row w join bulk_batch b on b.id = w.batch_id
       where b.merchant_account_id = $1 and (b.no = any(${mark(numbers)}::int[]) or b.id = any(${mark(ids)}::uuid[]))`,
    )
  },
  ref(refs, mark) {
    const keys = mark(refs.map(lower))
    const attempt = (column: string): string =>
      `select t.order_id from transaction t where t.merchant_account_id = $1 and lower(t.${column}) = any(${keys})`
    const refund = (column: string): string =>
      `select r.order_id from refund r where r.merchant_account_id = $1 and lower(r.${column}) = any(${keys})`
    return ordersIn(
      `select o.id from orders o where o.merchant_account_id = $1 and lower(o.provider_order_ref) = any(${keys})`,
      attempt('txn_ref'),
      attempt('gateway_ref'),
      attempt('rrn'),
      refund('unique_request_id'),
      refund('ref'),
      refund('arn'),
    )
  },
}

const PHONE_DIGITS = `regexp_replace(customer_phone, '\\D', '', 'g')`

const PART_COLUMNS: Readonly<Record<PartField, string>> = {
  vpa: 'payer_vpa',
  customer: 'coalesce(customer_name, customer_ref)',
  email: 'customer_email',
  phone: 'customer_phone',
  name: 'customer_name',
  error: `(coalesce(error_code, '') || ' ' || coalesce(error_message, ''))`,
  udf1: `(udf ->> 'udf1')`,
  udf2: `(udf ->> 'udf2')`,
  udf3: `(udf ->> 'udf3')`,
  udf4: `(udf ->> 'udf4')`,
  udf5: `(udf ->> 'udf5')`,
  udf6: `(udf ->> 'udf6')`,
  udf7: `(udf ->> 'udf7')`,
  udf8: `(udf ->> 'udf8')`,
  udf9: `(udf ->> 'udf9')`,
  udf10: `(udf ->> 'udf10')`,
}

/**
 * One field contains the text. For what is in `search_text`, the trigram index over it finds the few orders that may
 * match and the field itself decides; an index for each field would cost every webhook as many more writes.
 */
function partSql(field: PartField, value: string, mark: Mark): string {
  if (field === 'phone') return phoneSql(value, mark)
  const pattern = mark(`%${likeText(lower(value))}%`)
  const inField =
    field === 'customer'
      ? `(lower(customer_name) like ${pattern} or lower(customer_ref) like ${pattern})`
      : `lower(${PART_COLUMNS[field]}) like ${pattern}`
  return field === 'email' || field === 'name' || field === 'customer'
    ? `(search_text like ${pattern} and ${inField})`
    : inField
}

/** From so many digits on a part of a number is looked for anywhere in it; fewer are its last ones, as people say them. */
const PHONE_ANYWHERE_DIGITS = 6

function phoneSql(value: string, mark: Mark): string {
  const [head = '', tail] = value.split('*')
  const ends = (digits: string): string =>
    `reverse(${PHONE_DIGITS}) like ${mark(`${digits.split('').toReversed().join('')}%`)}`
  if (tail === undefined) {
    if (head.length < PHONE_ANYWHERE_DIGITS) return ends(head)
    const pattern = mark(`%${head}%`)
    return `(search_text like ${pattern} and ${PHONE_DIGITS} like ${pattern})`
  }
  const begins = `${PHONE_DIGITS} ~ ${mark(`^(91|0)?${head}`)}`
  if (tail !== '') return `(${ends(tail)} and ${begins})`
  return `(search_text like ${mark(`%${head}%`)} and ${begins})`
}

/** What people find an order by contains the text. */
export function containing(text: string, mark: Mark): string {
  const pattern = mark(`%${likeText(lower(text))}%`)
  return `(search_text like ${pattern} or lower(payer_vpa) like ${pattern})`
}

function lower(text: string): string {
  return clean(text).toLowerCase()
}

/** PostgreSQL has no NUL in text. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '')
}

/** Text as a literal part of a LIKE pattern. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
