/** Writes of whole orders with their attempts and refunds: each table of any number of orders in one statement. */
import { z } from 'zod'
import { searchTextOf, type OrderAggregate } from '../domain/order.ts'
import type { RefundRecord } from '../domain/refund.ts'
import type { TransactionRecord } from '../domain/transaction.ts'
import { fieldColumns, rowOf, rowsParameter, type Row } from './columns.ts'
import type { LockedAggregate, OrderKey, SweepTimes } from './order-locks.ts'
import { ORDER_FIELDS, TRANSACTION_FIELDS } from './order-rows.ts'
import type { Prepared, Sql } from './sql.ts'

/** What an order is to be, beside the aggregate itself. */
export type OrderState = SweepTimes & {
  next: OrderAggregate
  /** When something changed last that people see. */
  changedAt: Date
  version: number
  now: Date
}

/** An order never heard of. */
export type NewOrder = OrderKey & OrderState

/** An order held under its lock, as it was and as it is to be. */
export type ChangedOrder = OrderState & { before: LockedAggregate }

/** Attempts and refunds to write where they differ from `before`. */
export type ChangedParts = {
  accountId: string
  orderId: string
  before: Pick<OrderAggregate, 'transactions' | 'refunds'>
  next: Pick<OrderAggregate, 'transactions' | 'refunds'>
  now: Date
}

/** A refund that a message made known to us. */
export type InsertedRefund = { id: string; orderId: string; uniqueRequestId: string }

const ORDER_COLUMNS = fieldColumns(ORDER_FIELDS)
const OWN_COLUMNS = ['changed_at', 'next_check_at', 'unconfirmed_since', 'version', 'search_text']
const SET_COLUMNS = [...ORDER_COLUMNS.map(([, column]) => column), ...OWN_COLUMNS]
const INSERT_COLUMNS = [...SET_COLUMNS, 'merchant_account_id', 'order_ref_key', 'first_seen_at'].join(', ')

const INSERT_ORDERS: Prepared = {
  name: 'orders_insert',
  text: `insert into orders (${INSERT_COLUMNS})
    select ${INSERT_COLUMNS} from json_populate_recordset(null::orders, $1::json)
    on conflict (merchant_account_id, order_ref_key) do nothing
    returning id as "orderId", merchant_account_id as "accountId", order_ref_key as key`,
}

const UPDATE_ORDERS: Prepared = {
  name: 'orders_update',
  text: `update orders o set ${SET_COLUMNS.map((column) => `${column} = r.${column}`).join(', ')}
    from json_populate_recordset(null::orders, $1::json) as r
    where o.merchant_account_id = r.merchant_account_id and o.id = r.id`,
}

const TRANSACTION_COLUMNS = fieldColumns(TRANSACTION_FIELDS)
const TRANSACTION_SET = TRANSACTION_COLUMNS.map(([, column]) => column)
const TRANSACTION_INSERT = [...TRANSACTION_SET, 'merchant_account_id', 'order_id', 'first_seen_at'].join(', ')

const SAVE_TRANSACTIONS: Prepared = {
  name: 'transactions_save',
  text: `insert into transaction (${TRANSACTION_INSERT})
    select ${TRANSACTION_INSERT} from json_populate_recordset(null::transaction, $1::json)
    on conflict (merchant_account_id, order_id, txn_ref) do update
    set ${TRANSACTION_SET.map((column) => `${column} = excluded.${column}`).join(', ')}`,
}

/** What a message may write on a refund. Identity and amount of ours are frozen; sending belongs to the sender. */
export const TOLD_REFUND_FIELDS = [
  'amountMinor',
  'status',
  'providerStatus',
  'sentToGateway',
  'gateway',
  'ref',
  'arn',
  'errorCode',
  'errorMessage',
  'initiatedBy',
  'expectedCreditAt',
  'providerCreatedAt',
  'settledAt',
  'settledByPeople',
  'txnRef',
  'parts',
] as const satisfies readonly (keyof RefundRecord)[]
const TOLD_REFUND_COLUMNS = fieldColumns(TOLD_REFUND_FIELDS)
const TOLD_SET = TOLD_REFUND_COLUMNS.map(([, column]) => column)
const REFUND_IDENTITY = fieldColumns(['uniqueRequestId', 'origin', 'currency'] as const)
const REFUND_INSERT = [
  ...TOLD_SET,
  ...REFUND_IDENTITY.map(([, column]) => column),
  'merchant_account_id',
  'order_id',
  'created_at',
  'changed_at',
].join(', ')

const INSERT_REFUNDS: Prepared = {
  name: 'refunds_insert',
  text: `insert into refund (${REFUND_INSERT})
    select ${REFUND_INSERT} from json_populate_recordset(null::refund, $1::json)
    returning id, order_id as "orderId", unique_request_id as "uniqueRequestId"`,
}

// Juspay knowing a refund of ours proves that it was sent, whatever our row remembers (a restored backup forgets).
const UPDATE_REFUNDS: Prepared = {
  name: 'refunds_update',
  text: `update refund f set ${TOLD_SET.map((column) => `${column} = r.${column}`).join(', ')},
      first_sent_at = case when f.origin = 'paydesk' then coalesce(f.first_sent_at, r.first_sent_at) else f.first_sent_at end,
      changed_at = r.changed_at,
      next_action_at = case when r.status in ('succeeded', 'failed', 'rejected') then null else f.next_action_at end,
      lease_until = case when f.status = 'sending' then null else f.lease_until end
    from json_populate_recordset(null::refund, $1::json) as r
    where f.merchant_account_id = r.merchant_account_id and f.id = r.id`,
}

const insertedRow = z.object({ orderId: z.string(), accountId: z.string(), key: z.string() })
const insertedRefundRow = z.object({ id: z.string(), orderId: z.string(), uniqueRequestId: z.string() })

/** Bulk writes of orders; the caller holds the locks of those that exist. */
export function orderWrites(sql: Sql) {
  return {
    /** Inserts orders never heard of. Those that another transaction inserted first are not in the answer. */
    async insertOrders(orders: readonly NewOrder[]): Promise<(OrderKey & { orderId: string })[]> {
      if (orders.length === 0) return []
      // In one order everywhere: two transactions that insert the same orders then wait for each other only one way.
      const sorted = orders.toSorted((a, b) => compare(a.accountId, b.accountId) || compare(a.key, b.key))
      const rows = sorted.map((order) => ({
        ...orderRowOf(order),
        merchant_account_id: order.accountId,
        order_ref_key: order.key,
        first_seen_at: order.now,
      }))
      return sql.rows(insertedRow, INSERT_ORDERS, [rowsParameter(rows)])
    },

    /** Writes orders over what is stored, except those of which nothing differs. */
    async saveOrders(orders: readonly ChangedOrder[]): Promise<void> {
      const rows = orders.filter(differs).map((order) => ({
        ...orderRowOf(order),
        merchant_account_id: order.before.accountId,
        id: order.before.orderId,
      }))
      if (rows.length > 0) await sql.run(UPDATE_ORDERS, [rowsParameter(rows)])
    },

    /** Writes the attempts and refunds that differ. Returns the refunds that are new. */
    async saveParts(orders: readonly ChangedParts[]): Promise<InsertedRefund[]> {
      const transactions = orders.flatMap(transactionRows)
      if (transactions.length > 0) await sql.run(SAVE_TRANSACTIONS, [rowsParameter(transactions)])
      const refunds = orders.flatMap(refundRows)
      const known = refunds.filter((row) => row['id'] !== null)
      if (known.length > 0) await sql.run(UPDATE_REFUNDS, [rowsParameter(known)])
      const fresh = refunds.filter((row) => row['id'] === null)
      if (fresh.length === 0) return []
      return sql.rows(insertedRefundRow, INSERT_REFUNDS, [rowsParameter(fresh)])
    },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function orderRowOf({ next, changedAt, version, nextCheckAt, unconfirmedSince }: OrderState): Row {
  // Sorted, so that the text depends on what is known and not on when it was heard of.
  const refunds = next.refunds.toSorted((a, b) => compare(a.uniqueRequestId, b.uniqueRequestId))
  const transactions = next.transactions.toSorted((a, b) => compare(a.txnRef, b.txnRef))
  return {
    ...rowOf(next.order, ORDER_COLUMNS),
    changed_at: changedAt,
    next_check_at: nextCheckAt,
    unconfirmed_since: unconfirmedSince,
    version,
    search_text: searchTextOf({ ...next, transactions, refunds }),
  }
}

/** What people see comes with a version; the rest is what the merge remembers and when the sweep looks. */
function differs({ before, next, version, nextCheckAt, unconfirmedSince }: ChangedOrder): boolean {
  return (
    version !== before.version ||
    !same(before.nextCheckAt, nextCheckAt) ||
    !same(before.unconfirmedSince, unconfirmedSince) ||
    !same(before.order, next.order)
  )
}

function transactionRows({ accountId, orderId, before, next, now }: ChangedParts): Row[] {
  const old = new Map(before.transactions.map((record) => [record.txnRef, record]))
  return changed(next.transactions, (record: TransactionRecord) => old.get(record.txnRef)).map((record) => ({
    ...rowOf(record, TRANSACTION_COLUMNS),
    merchant_account_id: accountId,
    order_id: orderId,
    first_seen_at: now,
  }))
}

function refundRows({ accountId, orderId, before, next, now }: ChangedParts): Row[] {
  const old = new Map(before.refunds.map((record) => [record.uniqueRequestId, record]))
  return changed(next.refunds, (record: RefundRecord) => old.get(record.uniqueRequestId)).map((record) => ({
    ...rowOf(record, TOLD_REFUND_COLUMNS),
    ...rowOf(record, REFUND_IDENTITY),
    id: record.id,
    merchant_account_id: accountId,
    order_id: orderId,
    created_at: now,
    changed_at: now,
    first_sent_at: now,
  }))
}

function changed<T extends object>(records: readonly T[], before: (record: T) => T | undefined): T[] {
  return records.filter((record) => !same(before(record), record))
}

/** Whether two values are the same, whatever the order of their keys, as with stamps. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime()
  const [left, right] = [new Map<string, unknown>(Object.entries(a)), Object.entries(b)]
  return (
    left.size === right.length && right.every(([key, value]) => left.has(key) && same(left.get(key), value))
  )
}
