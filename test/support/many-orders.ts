/** Enough orders that PostgreSQL plans for them as it would for a million, with all that is filtered by, made in SQL. */
import type pg from 'pg'
import { parseQuery } from '../../server/domain/search-query.ts'
import type { AccountRecord } from '../../server/store/accounts.ts'
import { NO_FILTER, type OrderFilter } from '../../server/store/orders-where.ts'
import { createAccount, createStaff } from './factories.ts'
import { openDatabase } from './harness.ts'

export const MANY = 24_000

/** When the orders are looked at: after the last of them. */
const NOW = new Date('2026-12-01T00:00:00Z')

/** The filter of a query's text. @throws when it is none */
export function filterOf(q: string, more: Partial<OrderFilter> = {}): OrderFilter {
  const parsed = parseQuery(q, { currency: 'INR' })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { ...NO_FILTER, now: NOW, query: parsed.query, ...more }
}

/** A database with the many orders of one account. */
export type ManyOrders = { opened: Awaited<ReturnType<typeof openDatabase>>; account: AccountRecord }

/** Makes the orders in a database of their own, which the caller closes. */
export async function openManyOrders(): Promise<ManyOrders> {
  const opened = await openDatabase()
  const account = await createAccount(opened.database)
  const author = await createStaff(opened.database, account, 'support')
  await insertMany(opened.database.pool, account.id, author.userId)
  return { opened, account }
}

/** ORD-1 to ORD-{@link MANY} with an attempt each, the rare ones with notes and a tag of `authorId`, a third with another; planned for as they are. */
async function insertMany(pool: pg.Pool, accountId: string, authorId: string): Promise<void> {
  await insertOrders(pool, accountId, { from: 1, to: MANY })
  await pool.query(
    `insert into transaction (merchant_account_id, order_id, txn_ref, provider_status, payment_status)
     select merchant_account_id, id, order_ref || '-1', provider_status, payment_status from orders`,
  )
  await pool.query(
    `insert into order_note (merchant_account_id, order_id, author_id, text, at) select merchant_account_id, id, $1,
       'Called about ' || order_ref || ' ' || try, created_at from orders, generate_series(1, 40) as try where gateway = 'RARE'`,
    [authorId],
  )
  await pool.query(
    `insert into order_tag (merchant_account_id, order_id, tag, added_by, added_at)
     select merchant_account_id, id, case when gateway = 'RARE' then 'rare' else 'usual' end, $1, created_at
     from orders where gateway = 'RARE' or amount_minor % 300 = 0`,
    [authorId],
  )
  await pool.query('vacuum analyze orders, transaction, order_note, order_tag')
}

/** Orders with few distinct creation times and amounts, so that ties are common. */
export async function insertOrders(
  pool: pg.Pool,
  accountId: string,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await pool.query(
    `insert into orders (merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
       provider_status, payment_status, display_status, gateway, method_type, created_at, changed_at, search_text, customer_ref, customer_name, customer_email, customer_phone, card_last4, payer_vpa, udf)
     select $1, 'ORD-' || n, 'ord-' || n, 'INR', (n % 50) * 100, 0,
       case when n % 10 = 0 then 'AUTHORIZATION_FAILED' else 'CHARGED' end,
       case when n % 10 = 0 then 'failed' else 'charged' end,
       case when n % 10 = 0 then 'failed' when n % 777 = 0 then 'disputed'
         when n % 1111 = 0 then 'pending' else 'charged' end,
       case when n % 500 = 0 then 'RARE' else 'RAZORPAY' end, case when n % 3 = 0 then 'UPI' else 'CARD' end,
       timestamptz '2026-11-01 00:00Z' + (n / 5) * interval '1 minute',
       timestamptz '2026-11-01 00:00Z' + (n::bigint * 7919 % 24000) * interval '1 minute',
       'ord-' || n || ' ord-' || n || '-1 juspay-' || n || ' cust_' || n / 4 || ' nina' || n || ' asha' || n || '@example.test 98' || lpad(n::text, 8, '0'),
       'cust_' || n / 4, 'Nina' || n, 'Asha' || n || '@example.test', '+91 98' || lpad(n::text, 8, '0'),
       case when n % 3 <> 0 then lpad((n % 10000)::text, 4, '0') end, case when n % 3 = 0 then 'asha' || n || '@okhdfc' end,
       case when n % 3 = 0 then jsonb_build_object('udf1', 'store-' || n % 100, 'udf2', 'till-' || n) else '{}' end
     from generate_series($2::int, $3::int) as n`,
    [accountId, from, to],
  )
}
