/** Orders under their row locks, many in one statement. Every change of an order's money starts here. */
import { z } from 'zod'
import type { OrderAggregate } from '../domain/order.ts'
import { selectList } from './columns.ts'
import {
  orderOf,
  orderRow,
  REFUND_FIELDS,
  refundRow,
  requestHoldRow,
  STORED_ORDER_FIELDS,
  TRANSACTION_FIELDS,
  transactionRow,
  type StoredOrder,
} from './order-rows.ts'
import type { Prepared, Sql } from './sql.ts'

/** When the sweep looks at an order next, and since when its money is only claimed. */
export type SweepTimes = { nextCheckAt: Date | null; unconfirmedSince: Date | null }

/** An order under its row lock, with everything that decides its money. */
export type LockedAggregate = OrderAggregate &
  SweepTimes & {
    orderId: string
    accountId: string
    version: number
    changedAt: Date
    lastCheckedAt: Date | null
  }

/** An order by the merchant's reference as PostgreSQL folds it: Juspay treats it without regard to case. */
export type OrderKey = { accountId: string; key: string }

// `no key update`: two transactions that have each written a row referring to the order (a status check, say) hold a
// share of its key, and would wait for each other for ever if they then asked for the whole row.
const LOCK = 'for no key update'
const LOCK_ONE = `select ${selectList(STORED_ORDER_FIELDS)} from orders where merchant_account_id = $1`

/** Locked in the order of their keys, whoever asks: two batches can wait for each other's orders only one way. */
const LOCK_BY_KEYS: Prepared = {
  name: 'orders_lock',
  text: `select ${selectList(STORED_ORDER_FIELDS, 'o')}, o.order_ref_key as key
    from unnest($1::uuid[], $2::text[]) as asked (account_id, key)
    join orders o on o.merchant_account_id = asked.account_id and o.order_ref_key = asked.key
    order by o.merchant_account_id, o.order_ref_key ${LOCK} of o`,
}

const LOCK_ROWS: Prepared = {
  name: 'orders_lock_rows',
  text: `select id from orders where merchant_account_id = $1 and id = any($2::uuid[]) order by order_ref_key ${LOCK}`,
}

const KEYS: Prepared = {
  name: 'orders_fold',
  text: 'select lower(ref) as key from unnest($1::text[]) with ordinality as asked (ref, no) order by no',
}

const OF_ORDERS = 'merchant_account_id = any($1::uuid[]) and order_id = any($2::uuid[])'
const PARTS = {
  transactions: {
    name: 'orders_transactions',
    text: `select order_id as "orderId", ${selectList(TRANSACTION_FIELDS)} from transaction where ${OF_ORDERS}`,
  },
  refunds: {
    name: 'orders_refunds',
    text: `select order_id as "orderId", ${selectList(REFUND_FIELDS)} from refund where ${OF_ORDERS}
      order by created_at, id`,
  },
  requests: {
    name: 'orders_requests',
    text: `select order_id as "orderId", id, amount_minor as "amountMinor", status, txn_ref as "txnRef"
      from refund_request
      where ${OF_ORDERS} order by requested_at, id`,
  },
} as const satisfies Record<string, Prepared>

const keyRow = z.object({ key: z.string() })
const idRow = z.object({ id: z.string() })
const lockedRow = z.object({ ...orderRow.shape, key: z.string() })
const owner = { orderId: z.string() }
const transactionOfOrder = z.object({ ...transactionRow.shape, ...owner })
const refundOfOrder = z.object({ ...refundRow.shape, ...owner })
const requestOfOrder = z.object({ ...requestHoldRow.shape, ...owner })

/** Locks of orders; each holds until the end of the transaction. */
export function orderLocks(sql: Sql) {
  const one = async (condition: string, values: readonly unknown[]): Promise<LockedAggregate | null> => {
    const rows = await sql.rows(orderRow, `${LOCK_ONE} and ${condition} ${LOCK}`, values)
    return (await withParts(sql, rows))[0] ?? null
  }
  return {
    /** Locks the order row and loads the aggregate. */
    lockAggregate: (accountId: string, orderId: string): Promise<LockedAggregate | null> =>
      one('id = $2', [accountId, orderId]),

    /** The same by the merchant's reference. */
    lockByRef: (accountId: string, orderRef: string): Promise<LockedAggregate | null> =>
      one('order_ref_key = lower($2)', [accountId, orderRef]),

    /** Locks order rows without what belongs to them, in the same order of keys; the ids of those there are. */
    async lockRows(accountId: string, orderIds: readonly string[]): Promise<string[]> {
      return (await sql.rows(idRow, LOCK_ROWS, [accountId, orderIds])).map(({ id }) => id)
    },

    /** The keys of references, in their order, folded by the database, whose collation decides what is equal. */
    async keysOf(orderRefs: readonly string[]): Promise<string[]> {
      if (orderRefs.length === 0) return []
      return (await sql.rows(keyRow, KEYS, [orderRefs])).map(({ key }) => key)
    },

    /** Locks all orders of `keys` (each key once); those not known are not in the answer. */
    async lockByKeys(keys: readonly OrderKey[]): Promise<(LockedAggregate & OrderKey)[]> {
      if (keys.length === 0) return []
      const rows = await sql.rows(lockedRow, LOCK_BY_KEYS, [
        keys.map(({ accountId }) => accountId),
        keys.map(({ key }) => key),
      ])
      const locked = await withParts(sql, rows)
      return locked.map((aggregate, index) => ({ ...aggregate, key: rows[index]?.key ?? '' }))
    },
  }
}

async function withParts(sql: Sql, rows: readonly StoredOrder[]): Promise<LockedAggregate[]> {
  if (rows.length === 0) return []
  const ids = [[...new Set(rows.map((row) => row.merchantAccountId))], rows.map((row) => row.id)]
  const transactions = byOrder(await sql.rows(transactionOfOrder, PARTS.transactions, ids))
  const refunds = byOrder(await sql.rows(refundOfOrder, PARTS.refunds, ids))
  const requests = byOrder(await sql.rows(requestOfOrder, PARTS.requests, ids))
  return rows.map((row) => ({
    orderId: row.id,
    accountId: row.merchantAccountId,
    version: row.version,
    changedAt: row.changedAt,
    lastCheckedAt: row.lastCheckedAt,
    nextCheckAt: row.nextCheckAt,
    unconfirmedSince: row.unconfirmedSince,
    order: orderOf(row),
    transactions: transactions.get(row.id) ?? [],
    refunds: refunds.get(row.id) ?? [],
    requests: requests.get(row.id) ?? [],
  }))
}

function byOrder<T extends { orderId: string }>(rows: readonly T[]): Map<string, Omit<T, 'orderId'>[]> {
  const groups = new Map<string, Omit<T, 'orderId'>[]>()
  for (const { orderId, ...record } of rows) {
    const group = groups.get(orderId)
    if (group === undefined) groups.set(orderId, [record])
    else group.push(record)
  }
  return groups
}
