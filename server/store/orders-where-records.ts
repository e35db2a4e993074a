/** Orders by their records in other tables: attempts, refunds, events, notes, tags. */
import type { IdField, ListField } from '../domain/search-fields.ts'
import { clean, isUuid, likeText, lower, type Mark } from './text-sql.ts'

/** Word for word the condition of `orders_noted_idx`, or the planner cannot use it. */
export const NOTED = 'note_count > 0'

/** Records of an order in another table: the index of each begins with account and order. */
export function recordsIn(table: string, more = ''): string {
  return `exists (select 1 from ${table} x
    where x.merchant_account_id = orders.merchant_account_id and x.order_id = orders.id${more})`
}

export const TAGGED = recordsIn('order_tag')

/** Ids of orders as one array, worked out once and looked up in the primary key. */
export function ordersIn(...selects: string[]): string {
  return `id = any(array(${selects.join(' union all ')}))`
}

/**
 * The same by where the rows lie, which spares the way through the primary key. Only where every order has to be among
 * them: beside another condition with "or" PostgreSQL would read all orders.
 */
export function ordersAt(select: string): string {
  return `ctid = any(array(${select}))`
}

/**
 * The same asked of each order that is read anyway: looked up by its hash, where an array would be gone through for every
 * order. PostgreSQL does so whatever their number, since it takes those of an array for few.
 */
export function amongOrders(...selects: string[]): string {
  return `(id in (select unnest(array(${selects.join(' union all ')}))))`
}

/** What is looked for among the records of orders. */
export type OfRecords = Exclude<IdField, 'order'> | 'note'

export function isOfRecords(field: ListField): field is OfRecords {
  return field in RECORD_SQL
}

/** The ids of the orders that have such records, as selects. */
export const RECORD_SQL: Readonly<Record<OfRecords, (values: readonly string[], mark: Mark) => string[]>> = {
  txn: (refs, mark) => [
    `select t.order_id from transaction t
     where t.merchant_account_id = $1 and lower(t.txn_ref) = any(${mark(refs.map(lower))})`,
  ],
  refund(refs, mark) {
    const keys = `select r.order_id from refund r
      where r.merchant_account_id = $1 and lower(r.unique_request_id) = any(${mark(refs.map(lower))})`
    const ids = refs.filter(isUuid)
    if (ids.length === 0) return [keys]
    return [
      keys,
      `select r.order_id from refund r where r.merchant_account_id = $1 and r.id = any(${mark(ids)}::uuid[])`,
    ]
  },
  event(refs, mark) {
    const byRef = `select e.order_id from webhook_event e
      where e.merchant_account_id = $1 and e.next_try_at is null and e.event_ref = any(${mark(refs.map(clean))})`
    const ids = refs.filter(isUuid)
    if (ids.length === 0) return [byRef]
    return [
      byRef,
      `select e.order_id from webhook_event e where e.merchant_account_id = $1 and e.id = any(${mark(ids)}::uuid[])`,
    ]
  },
  batch(refs, mark) {
    const numbers = refs.filter((ref) => /^\d{1,9}$/.test(ref)).map(Number)
    const ids = refs.filter(isUuid)
    return [
      `select w.order_id from bulk_row w join bulk_batch b on b.id = w.batch_id
       where b.merchant_account_id = $1 and (b.no = any(${mark(numbers)}::int[]) or b.id = any(${mark(ids)}::uuid[]))`,
    ]
  },
  ref(refs, mark) {
    const keys = mark(refs.map(lower))
    const attempt = (column: string): string =>
      `select t.order_id from transaction t where t.merchant_account_id = $1 and lower(t.${column}) = any(${keys})`
    const refund = (column: string): string =>
      `select r.order_id from refund r where r.merchant_account_id = $1 and lower(r.${column}) = any(${keys})`
    return [
      `select o.id from orders o where o.merchant_account_id = $1 and lower(o.provider_order_ref) = any(${keys})`,
      attempt('txn_ref'),
      attempt('gateway_ref'),
      attempt('rrn'),
      refund('unique_request_id'),
      refund('ref'),
      refund('arn'),
    ]
  },
  // As `order_note_text_idx` has it: one that was struck is no longer said.
  note: (values, mark) =>
    values.map(
      (value) => `select n.order_id from order_note n where n.merchant_account_id = $1 and n.struck_at is null
        and lower(n.text) like ${mark(`%${likeText(lower(value))}%`)}`,
    ),
}
