/** The conditions of an orders list as SQL. Every value travels as a parameter. */
import { z } from 'zod'
import type { DisplayStatus } from '../domain/payment-status.ts'
import type { FindField } from '../domain/search-query.ts'
import { ATTENTION_STATUSES } from '../domain/stuck.ts'
import type { Sql } from './sql.ts'

/** What the orders list may be narrowed by. Empty lists and nulls do not narrow. */
export type OrderFilter = {
  /** An order reference, or any text of three characters or more in references and customer words. */
  q: string
  /** The one field that `q` is looked for in; null looks in all of them. */
  searchIn: FindField | null
  /** Only orders that need a person, a pending one when it was created before this. */
  stuckBefore: Date | null
  status: readonly DisplayStatus[]
  gateway: readonly string[]
  methodType: readonly string[]
  amountMin: bigint | null
  amountMax: bigint | null
  /** Created at or after. */
  from: Date | null
  /** Created before. */
  to: Date | null
}

/** The filter that narrows nothing. */
export const NO_FILTER: OrderFilter = {
  q: '',
  searchIn: null,
  stuckBefore: null,
  status: [],
  gateway: [],
  methodType: [],
  amountMin: null,
  amountMax: null,
  from: null,
  to: null,
}

/** Shortest text that the trigram index can find inside another. */
export const TRIGRAM_CHARS = 3

export type Where = { text: string; values: unknown[] }

/** Everything but the search text. */
export function whereOf(accountId: string, filter: OrderFilter): Where {
  const where: Where = { text: 'merchant_account_id = $1', values: [accountId] }
  if (filter.status.length > 0) add(where, (mark) => `display_status = any(${mark})`, [...filter.status])
  if (filter.gateway.length > 0) add(where, (mark) => `gateway = any(${mark})`, [...filter.gateway])
  if (filter.methodType.length > 0) add(where, (mark) => `method_type = any(${mark})`, [...filter.methodType])
  if (filter.amountMin !== null) add(where, (mark) => `amount_minor >= ${mark}`, filter.amountMin)
  if (filter.amountMax !== null) add(where, (mark) => `amount_minor <= ${mark}`, filter.amountMax)
  if (filter.from !== null) add(where, (mark) => `created_at >= ${mark}`, filter.from)
  if (filter.to !== null) add(where, (mark) => `created_at < ${mark}`, filter.to)
  if (filter.stuckBefore !== null)
    add(
      where,
      (mark) => `${MAY_BE_STUCK} and (display_status <> 'pending' or created_at < ${mark})`,
      filter.stuckBefore,
    )
  return where
}

/** As literals and word for word the condition of `orders_attention_idx`, or the planner cannot use it. */
export const MAY_BE_STUCK = `display_status in (${['pending', ...ATTENTION_STATUSES].map((status) => `'${status}'`).join(', ')})`

function add(where: Where, condition: (mark: string) => string, value: unknown): void {
  // One value in a list as an equality: only then does the index also give the order.
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined
  where.values.push(single === undefined ? value : single)
  const text = condition(`$${where.values.length}`)
  where.text += ` and ${single === undefined ? text : text.replace(/any\((\$\d+)\)/, '$1')}`
}

/** The whole filter. Free text is the order of exactly this reference when there is one, else whatever contains it. */
export async function searchWhere(sql: Sql, accountId: string, filter: OrderFilter): Promise<Where> {
  const where = whereOf(accountId, filter)
  const q = filter.q.replaceAll('\u0000', '').trim()
  if (q === '') return where
  if (filter.searchIn !== null) {
    addFieldSearch(where, filter.searchIn, q)
    return where
  }
  const exact = await sql.first(
    z.object({ id: z.string() }),
    'select id from orders where merchant_account_id = $1 and order_ref_key = lower($2)',
    [accountId, q],
  )
  if (exact !== null) add(where, (mark) => `id = ${mark}`, exact.id)
  else if (q.length < TRIGRAM_CHARS) addRefPrefix(where, q)
  else add(where, (mark) => `search_text like lower(${mark})`, `%${likeText(phoneDigits(q) ?? q)}%`)
  return where
}

function addRefPrefix(where: Where, q: string): void {
  add(where, (mark) => `order_ref_key like lower(${mark})`, `${likeText(q)}%`)
}

/**
 * One field contains the text. The trigram index over all fields finds the few orders that may match, and the field
 * itself decides; an index for each field would cost every webhook five more writes.
 */
function addFieldSearch(where: Where, field: FindField, q: string): void {
  if (field === 'order') return addRefPrefix(where, q)
  const text = field === 'phone' ? (phoneDigits(q) ?? q.replace(/\D/g, '')) : q
  // Nothing of a phone number in it: nothing matches.
  if (text === '') where.text += ' and false'
  else
    add(
      where,
      (mark) => `search_text like lower(${mark}) and ${FIELD_CONDITIONS[field](`lower(${mark})`)}`,
      `%${likeText(text)}%`,
    )
}

const FIELD_CONDITIONS: Readonly<Record<Exclude<FindField, 'order'>, (pattern: string) => string>> = {
  email: (pattern) => `lower(customer_email) like ${pattern}`,
  phone: (pattern) => `regexp_replace(customer_phone, '\\D', '', 'g') like ${pattern}`,
  customer: (pattern) => `(lower(customer_name) like ${pattern} or lower(customer_ref) like ${pattern})`,
  ref: (pattern) => `(lower(provider_order_ref) like ${pattern}
    or exists (select 1 from transaction t
      where t.merchant_account_id = orders.merchant_account_id and t.order_id = orders.id
        and (lower(t.txn_ref) like ${pattern} or lower(t.gateway_ref) like ${pattern} or lower(t.rrn) like ${pattern}))
    or exists (select 1 from refund r
      where r.merchant_account_id = orders.merchant_account_id and r.order_id = orders.id
        and (lower(r.unique_request_id) like ${pattern} or lower(r.ref) like ${pattern} or lower(r.arn) like ${pattern})))`,
}

/** The last ten digits of something typed like a phone number: numbers are stored with and without +91 and spaces. */
function phoneDigits(q: string): string | null {
  if (!/^[+\d][\d\s()-]*$/.test(q) || !/[\s()+-]/.test(q)) return null
  const digits = q.replace(/\D/g, '')
  return digits.length >= 10 && digits.length <= 13 ? digits.slice(-10) : null
}

/** Text as a literal part of a LIKE pattern. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
