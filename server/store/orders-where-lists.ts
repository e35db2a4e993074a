/** Clauses with lists of values as SQL: words, ids and parts of a text. */
import {
  ID_FIELDS,
  isUdfField,
  LIST_FIELDS,
  METHOD_TYPES,
  METHOD_WORDS,
  PART_CHARS_MIN,
  WORD_FIELDS,
  type IdField,
  type ListField,
  type PartField,
  type UdfField,
  type WordField,
} from '../domain/search-fields.ts'
import type { SearchQuery } from '../domain/search-query.ts'
import { isHost, shownOrWhole, shownPart } from './orders-where-shown.ts'
import { inOtherScript } from './script-sql.ts'
import {
  amongOrders,
  isOfRecords,
  NOTED,
  ordersAt,
  ordersIn,
  RECORD_SQL,
  type OfRecords,
  recordsIn,
  TAGGED,
} from './orders-where-records.ts'
import {
  clean,
  contains,
  digitsOf,
  endsOfNumber,
  likeText,
  lookedUpBy,
  lower,
  type Mark,
} from './text-sql.ts'

/**
 * The conditions of all lists of a query.
 * @param reader.masked may not see personal data, and finds no order by a part of it
 */
export function listConditions(query: SearchQuery, mark: Mark, { masked }: { masked: boolean }): string[] {
  const conditions: string[] = []
  for (const field of LIST_FIELDS) {
    const list = query.lists[field]
    if (list === undefined) continue
    if (list.presence !== null) conditions.push(presenceSql(field, list.presence))
    if (list.wanted.length > 0) conditions.push(anyOf(field, list.wanted, mark, { masked, left: false }))
    if (list.unwanted.length > 0) conditions.push(noneOf(field, list.unwanted, mark, masked))
  }
  return conditions
}

/** `left`: to be left out, so that every order is asked and none is looked up. */
type Asked = { masked: boolean; left: boolean }

function anyOf(field: ListField, values: readonly string[], mark: Mark, { masked, left }: Asked): string {
  if (isWord(field)) return wordSql(field, values, mark)
  if (field === 'order') return orderSql(values, mark)
  if (field === 'tag') return recordsIn('order_tag', ` and x.tag = any(${mark(values)})`)
  if (isOfRecords(field)) return recordsSql(field, values, mark, { masked, left })
  return either(
    values.map((value) => {
      const found =
        field === 'phone'
          ? phoneSql(value, mark, { left, alone: values.length === 1 })
          : partSql(field, value, mark)
      const shown = masked ? shownPart(field, value, mark) : null
      return shown === null ? found : `(${found} and ${shown})`
    }),
  )
}

function noneOf(field: ListField, values: readonly string[], mark: Mark, masked: boolean): string {
  if (isAlways(field)) return otherWord(field, values, mark)
  const any = anyOf(field, values, mark, { masked, left: true })
  // That records are there is known of every order. And only so are they not read whole for the first few orders.
  if (field === 'tag') return `not ${any}`
  // An order without a value does not have the value that is left out.
  return `(${any}) is not true`
}

function recordsSql(
  field: OfRecords,
  values: readonly string[],
  mark: Mark,
  { masked, left }: Asked,
): string {
  const among = left ? amongOrders : ordersIn
  if (field !== 'note' || !masked) return among(...RECORD_SQL[field](values, mark))
  return either(
    values.map(
      (value) => `(${among(...RECORD_SQL.note([value], mark))} and ${shownPart('note', value, mark)})`,
    ),
  )
}

function either(each: readonly string[]): string {
  return each.length === 1 ? (each[0] ?? 'false') : `(${each.join(' or ')})`
}

function isWord(field: string): field is WordField {
  return (WORD_FIELDS as readonly string[]).includes(field)
}

function isId(field: string): field is IdField {
  return (ID_FIELDS as readonly string[]).includes(field)
}

const BANK = `(case when method_type = 'NB' then lower(regexp_replace(method, '^(NB|JP)_', '', 'i')) end)`

/** Said with the method, of which PostgreSQL has statistics and an index. */
const BANKED = `(method_type = 'NB' and ${BANK} is not null)`

/** The column of each, as it is compared. */
export const WORD_COLUMNS: Readonly<Record<WordField, string>> = {
  status: 'display_status',
  pay: 'payment_status',
  code: 'provider_status',
  currency: 'currency',
  gateway: 'gateway',
  method: 'method_type',
  bank: BANK,
  network: 'lower(card_brand)',
  last4: 'card_last4',
}

function wordSql(field: WordField, words: readonly string[], mark: Mark): string {
  const values = words.map((word) => stored(field, word))
  // Said again by itself, so that the index over methods serves.
  if (field === 'bank') return `(method_type = 'NB' and ${BANK} = any(${mark(values)}))`
  // One value as an equality: only then does the index also give the order.
  if (values.length === 1) return `${WORD_COLUMNS[field]} = ${mark(values[0])}`
  return `${WORD_COLUMNS[field]} = any(${mark(values)})`
}

/** Words that every order has. Only of those is another word the opposite, and an index over rare ones finds it. */
const ALWAYS = ['status', 'pay', 'code', 'currency'] as const satisfies readonly WordField[]

function isAlways(field: string): field is (typeof ALWAYS)[number] {
  return (ALWAYS as readonly string[]).includes(field)
}

function otherWord(field: (typeof ALWAYS)[number], words: readonly string[], mark: Mark): string {
  const values = words.map((word) => stored(field, word))
  if (values.length === 1) return `${WORD_COLUMNS[field]} <> ${mark(values[0])}`
  return `${WORD_COLUMNS[field]} <> all(${mark(values)})`
}

/** A word as the column has it: Juspay writes gateways and methods in capitals. */
function stored(field: WordField, word: string): string {
  if (field === 'gateway') return word.toUpperCase()
  const method = field === 'method' && METHOD_WORDS.find((one) => one === word)
  return method ? METHOD_TYPES[method] : clean(word)
}

function presenceSql(field: ListField, presence: 'any' | 'none'): string {
  if (field === 'tag') return presence === 'any' ? TAGGED : `not ${TAGGED}`
  if (field === 'note') return presence === 'any' ? NOTED : 'note_count = 0'
  if (field === 'bank') return presence === 'any' ? BANKED : `${BANKED} is not true`
  // Within coalesce the planner takes it for a coin's throw, and not for one order in two hundred.
  if (isUdfField(field))
    return presence === 'any'
      ? `coalesce(${udfColumn(field)} is not null, false)`
      : `coalesce(${udfColumn(field)} is null, true)`
  // Column by column, as PostgreSQL has statistics and indexes of them.
  const columns = presenceColumns(field)
  if (presence === 'any') return either(columns.map((column) => `${column} is not null`))
  return columns.map((column) => `${column} is null`).join(' and ')
}

/** An order has a value when one of these has. */
function presenceColumns(field: Exclude<WordField | IdField | ColumnPart, 'bank' | UdfField>): string[] {
  if (field === 'network') return ['card_brand']
  if (field === 'customer') return ['customer_name', 'customer_ref']
  if (field === 'error') return ['error_code', 'error_message']
  if (isWord(field)) return [WORD_COLUMNS[field]]
  return [isId(field) ? 'id' : PART_COLUMNS[field]]
}

function orderSql(refs: readonly string[], mark: Mark): string {
  const whole = refs.filter((ref) => !ref.endsWith('*')).map(lower)
  const begun = refs.filter((ref) => ref.endsWith('*')).map((ref) => `${likeText(lower(ref).slice(0, -1))}%`)
  return either([
    ...(whole.length === 0 ? [] : [`order_ref_key = any(${mark(whole)})`]),
    ...begun.map((pattern) => `order_ref_key like ${mark(pattern)}`),
  ])
}

const PHONE_DIGITS = digitsOf('customer_phone')
/** The character behind `9`. */
const AFTER_DIGITS = ':'

/** Notes are records of their own. */
type ColumnPart = Exclude<PartField, 'note'>

const udfColumn = (field: UdfField): string => `(udf ->> '${field}')`

const PART_COLUMNS: Readonly<Record<Exclude<ColumnPart, UdfField | 'customer'>, string>> = {
  vpa: 'payer_vpa',
  email: 'customer_email',
  phone: 'customer_phone',
  name: 'customer_name',
  error: `(coalesce(error_code, '') || ' ' || coalesce(error_message, ''))`,
}

/**
 * One field contains the text. Addresses and numbers have a trigram index. A name is found through the one over
 * `search_text`, and the field itself decides; an index for each field would cost every webhook as many more writes.
 */
function partSql(field: Exclude<ColumnPart, 'phone'>, value: string, mark: Mark): string {
  if (field === 'email' || field === 'vpa') return addressSql(`lower(${PART_COLUMNS[field]})`, value, mark)
  if (field === 'customer') return customerSql(value, mark)
  const pattern = mark(`%${likeText(lower(value))}%`)
  const one = (column: string): string => `lower(${column}) like ${pattern}`
  if (field === 'name') return throughSearchText(value, one(PART_COLUMNS.name), mark)
  // Word for word the condition of `orders_error_idx`.
  if (field === 'error')
    return `((error_code is not null or error_message is not null) and ${one(PART_COLUMNS.error)})`
  return udfSql(value, one(udfColumn(field)), mark)
}

/**
 * A customer by ID (`=cust_1`), by the beginning of one (`cust_1*`), or by a part of name or ID. An ID is looked for as it
 * was typed and in one case: so `orders_customer_idx` answers, which has it as the shop wrote it.
 */
function customerSql(value: string, mark: Mark): string {
  if (value.startsWith('=')) {
    const id = clean(value.slice(1))
    return `customer_ref = any(${mark([...new Set([id, id.toLowerCase(), id.toUpperCase()])])})`
  }
  if (value.endsWith('*')) {
    const begun = value.slice(0, -1)
    return throughSearchText(begun, `lower(customer_ref) like ${mark(`${likeText(lower(begun))}%`)}`, mark)
  }
  const part = mark(`%${likeText(lower(value))}%`)
  return throughSearchText(
    value,
    `lower(customer_name) like ${part} or lower(customer_ref) like ${part}`,
    mark,
  )
}

/**
 * Who matches in one of the ten fields matches in the text of all, where a value stands as JSON has it. The first part is
 * word for word the condition of `orders_udf_idx`.
 */
function udfSql(value: string, inField: string, mark: Mark): string {
  const asJson = JSON.stringify(clean(value)).slice(1, -1)
  return `(udf <> '{}' and ${contains('lower(udf::text)', asJson, mark)} and coalesce(${inField}, false))`
}

/**
 * Who matches in a field matches in `search_text`. Within coalesce the planner takes the field for a coin's throw; it would
 * take it for a second rare thing, and sort thousands of orders by a common name to show fifty.
 */
function throughSearchText(value: string, inField: string, mark: Mark): string {
  const looked = inOtherScript(lower(value), mark) ?? contains('search_text', value, mark)
  return `(${looked} and coalesce(${inField}, false))`
}

/** Hosts are everybody's, so an address is looked up by what stands before them. */
function addressSql(column: string, value: string, mark: Mark): string {
  const [name = '', host = ''] = value.split('@')
  const telling = name.length < PART_CHARS_MIN || host === '' ? value : `${name}@`
  return contains(column, value, mark, lookedUpBy(lower(telling)))
}

/** From so many digits on a part of a number is looked for anywhere in it; fewer are its last ones, as people say them. */
const PHONE_ANYWHERE_DIGITS = 6

/** Whether it asks for the last digits of a number. */
export function isPhoneEnd(value: string): boolean {
  return value.length < PHONE_ANYWHERE_DIGITS && !value.includes('*')
}

/** `alone`: no other value of the field would do. */
function phoneSql(value: string, mark: Mark, { left, alone }: { left: boolean; alone: boolean }): string {
  const [head = '', tail] = value.split('*')
  const ends = (digits: string): string => {
    const begun = digits.split('').toReversed().join('')
    const backwards = `reverse(${digitsOf(left ? 'customer_phone' : 'o.customer_phone')})`
    // Bounds, which the index serves whatever they are; of a pattern the planner would have to see the value.
    const inBounds = `${backwards} ~>=~ ${mark(begun)} and ${backwards} ~<~ ${mark(`${begun}${AFTER_DIGITS}`)}`
    if (left) return `(${inBounds})`
    const found = (column: string): string =>
      `select o.${column} from orders o where o.merchant_account_id = $1 and ${inBounds}`
    return alone ? ordersAt(found('ctid')) : ordersIn(found('id'))
  }
  if (isPhoneEnd(value)) return ends(value)
  if (tail === undefined) return contains(PHONE_DIGITS, head, mark, endsOfNumber(head))
  const begins = `${PHONE_DIGITS} ~ ${mark(`^(91|0)?${head}`)}`
  if (tail !== '') return `(${ends(tail)} and ${begins})`
  return `(${contains(PHONE_DIGITS, head, mark)} and ${begins})`
}

/** What people find an order by contains the text, and shows it to a reader who is `masked`. */
export function containing(text: string, mark: Mark, { masked }: { masked: boolean }): string {
  if (!masked || isHost(text)) return anywhere(text, mark, [contains('lower(payer_vpa)', text, mark)])
  // Of a UPI address no other part is shown, and what has no @ is no whole one.
  const address = text.includes('@') ? [`lower(payer_vpa) like ${mark(likeText(lower(text)))}`] : []
  return `(${anywhere(text, mark, address)} and ${shownOrWhole(text, mark)})`
}

function anywhere(text: string, mark: Mark, inAddress: readonly string[]): string {
  const looked = inOtherScript(lower(text), mark)
  if (looked === null) return either([contains('search_text', text, mark), ...inAddress])
  const found = either([`search_text like ${mark(`%${likeText(lower(text))}%`)}`, ...inAddress])
  return `(${looked} and coalesce(${found}, false))`
}
