import { z } from 'zod'
import { selectList } from './columns.ts'
import {
  orderRow,
  STORED_ORDER_FIELDS,
  storedTransactionRow,
  TRANSACTION_FIELDS,
  type StoredOrder,
  type StoredTransaction,
} from './order-rows.ts'
import { lower } from './text-sql.ts'
import type { Prepared, Sql } from './sql.ts'

/** What is asked of orders all day is prepared: planning it costs more than running it. */
function orderBy(name: string, condition: string): Prepared {
  const text = `select ${selectList(STORED_ORDER_FIELDS)} from orders where merchant_account_id = $1 and ${condition}`
  return { name, text }
}

const BY_REF = orderBy('order_by_ref', 'order_ref_key = lower($2)')
const BY_ID = orderBy('order_by_id', 'id = $2')

const ATTEMPTS: Prepared = {
  name: 'order_attempts',
  text: `select ${selectList(['id', 'firstSeenAt', ...TRANSACTION_FIELDS])} from transaction
    where merchant_account_id = $1 and order_id = $2
    order by created_at nulls first, length(txn_ref), txn_ref`,
}

/** Reads of one order. */
export function orderReads(sql: Sql) {
  return {
    byId: (accountId: string, orderId: string): Promise<StoredOrder | null> =>
      sql.first(orderRow, BY_ID, [accountId, orderId]),

    byRef: (accountId: string, orderRef: string): Promise<StoredOrder | null> =>
      sql.first(orderRow, BY_REF, [accountId, orderRef]),

    /** Ids of orders by their references, in the order asked; null for those not known. */
    async idsByRefs(asked: readonly { accountId: string; orderRef: string }[]): Promise<(string | null)[]> {
      if (asked.length === 0) return []
      const rows = await sql.rows(
        z.object({ id: z.string().nullable() }),
        `select o.id from unnest($1::uuid[], $2::text[]) with ordinality as asked (account_id, ref, no)
         left join orders o on o.merchant_account_id = asked.account_id and o.order_ref_key = lower(asked.ref)
         order by asked.no`,
        [asked.map(({ accountId }) => accountId), asked.map(({ orderRef }) => orderRef)],
      )
      return rows.map(({ id }) => id)
    },

    /** References of orders by their ids, in the order asked; those that the account does not have are left out. */
    async refsOf(accountId: string, orderIds: readonly string[]): Promise<string[]> {
      const rows = await sql.rows(
        z.object({ ref: z.string() }),
        `select o.order_ref as ref from unnest($2::uuid[]) with ordinality as asked (id, no)
         join orders o on o.merchant_account_id = $1 and o.id = asked.id order by asked.no`,
        [accountId, [...new Set(orderIds)]],
      )
      return rows.map(({ ref }) => ref)
    },

    /** The order of an attempt, by Juspay's `txn_id`. */
    async idByTxnRef(accountId: string, txnRef: string): Promise<string | null> {
      const row = await sql.first(
        z.object({ id: z.string() }),
        `select order_id as id from transaction
         where merchant_account_id = $1 and lower(txn_ref) = $3 and txn_ref = $2
         order by order_id limit 1`,
        [accountId, txnRef, lower(txnRef)],
      )
      return row?.id ?? null
    },

    /** The attempts of one order, in the order they were made. */
    attempts: (accountId: string, orderId: string): Promise<StoredTransaction[]> =>
      sql.rows(storedTransactionRow, ATTEMPTS, [accountId, orderId]),
  }
}
