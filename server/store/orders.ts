import { z } from 'zod'
import { searchTextOf, type OrderAggregate, type OrderRecord } from '../domain/order.ts'
import { isSettledRefund, type RefundRecord } from '../domain/refund.ts'
import type { TransactionRecord } from '../domain/transaction.ts'
import { columnOf, columnValue, selectList } from './columns.ts'
import {
  ORDER_FIELDS,
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
import { orderReads } from './orders-read.ts'
import { orderSearch } from './orders-search.ts'
import type { Sql } from './sql.ts'

/** An order under its row lock, with everything that decides its money. */
export type LockedAggregate = OrderAggregate & {
  orderId: string
  accountId: string
  version: number
  changedAt: Date
  lastCheckedAt: Date | null
  nextCheckAt: Date | null
  unconfirmedSince: Date | null
}

/** When the sweep looks at an order next, and since when its money is only claimed. */
export type SweepTimes = { nextCheckAt: Date | null; unconfirmedSince: Date | null }

/** Who is due for a status check. */
export type DueCheck = { orderId: string; accountId: string }

const idRow = z.object({ id: z.string() })
const dueRow = z.object({ orderId: z.string(), accountId: z.string() })

/** Orders with their attempts and refunds. Reads for lists are in `orders-search.ts`, for one order in `orders-read.ts`. */
export function orderStore(sql: Sql) {
  // `no key update`: two transactions that have each written a row referring to the order (a status check, say) hold a
  // share of its key, and would wait for each other for ever if they then asked for the whole row.
  const lock = async (condition: string, values: readonly unknown[]): Promise<LockedAggregate | null> => {
    const row = await sql.first(
      orderRow,
      `select ${selectList(STORED_ORDER_FIELDS)} from orders where merchant_account_id = $1 and ${condition} for no key update`,
      values,
    )
    return row === null ? null : loadAggregate(sql, row)
  }
  return {
    ...orderReads(sql),
    ...orderSearch(sql),

    /** Locks the order row and loads the aggregate; every change of an order's money starts here. */
    lockAggregate: (accountId: string, orderId: string): Promise<LockedAggregate | null> =>
      lock('id = $2', [accountId, orderId]),

    /** The same by the merchant's reference, which Juspay treats without regard to case. */
    lockByRef: (accountId: string, orderRef: string): Promise<LockedAggregate | null> =>
      lock('order_ref_key = lower($2)', [accountId, orderRef]),

    /**
     * Inserts an order never heard of, with its attempts and refunds.
     * @returns its id, or null when another transaction inserted the same reference first: lock it and merge again.
     */
    async insertAggregate(
      accountId: string,
      aggregate: OrderAggregate,
      when: SweepTimes & { now: Date },
    ): Promise<string | null> {
      const record = orderColumns(aggregate)
      const columns = [
        'merchant_account_id',
        'order_ref_key',
        'first_seen_at',
        'changed_at',
        'next_check_at',
        'unconfirmed_since',
      ]
      const { now, nextCheckAt, unconfirmedSince } = when
      const values = [accountId, aggregate.order.orderRef, now, now, nextCheckAt, unconfirmedSince]
      const places = values.map((_, index) => (index === 1 ? 'lower($2)' : `$${index + 1}`))
      const names = [...columns, ...record.map(([name]) => name)]
      const all = [...values, ...record.map(([, value]) => value)]
      const marks = [...places, ...record.map((_, index) => `$${values.length + index + 1}`)]
      const row = await sql.first(
        idRow,
        `insert into orders (${names.join(', ')}) values (${marks.join(', ')})
         on conflict (merchant_account_id, order_ref_key) do nothing returning id`,
        all,
      )
      if (row === null) return null
      const empty = { transactions: [], refunds: [] }
      await saveParts(sql, { orderId: row.id, accountId, ...empty }, aggregate, now)
      return row.id
    },

    /**
     * Writes what differs between the locked aggregate and `next`.
     * @param when.changed whether anything changed that people see: only that counts as a version.
     */
    async saveAggregate(
      before: LockedAggregate,
      next: OrderAggregate,
      when: SweepTimes & { now: Date; changed: boolean },
    ): Promise<void> {
      const record = orderColumns(next)
      const sets = record.map(([name], index) => `${name} = $${index + 7}`)
      await sql.run(
        `update orders set changed_at = case when $5 then $3 else changed_at end, next_check_at = $4,
           unconfirmed_since = $6, version = version + case when $5 then 1 else 0 end, ${sets.join(', ')}
         where merchant_account_id = $1 and id = $2`,
        [
          before.accountId,
          before.orderId,
          when.now,
          when.nextCheckAt,
          when.changed,
          when.unconfirmedSince,
          ...record.map(([, value]) => value),
        ],
      )
      await saveParts(sql, before, next, when.now)
    },

    /**
     * Writes the balance and the states that follow from it after refunds or requests changed. The caller holds the
     * row lock and has run `derive`. Returns the order's new version.
     */
    async saveBalance(accountId: string, orderId: string, order: OrderRecord, now: Date): Promise<number> {
      const row = await sql.first(
        z.object({ version: z.number() }),
        `update orders set charged_minor = $3, reserved_minor = $4, refunded_minor = $5,
           external_refunded_minor = $6, excess_minor = $7, refund_state = $8, display_status = $9,
           in_review = $10, changed_at = $11, version = version + 1
         where merchant_account_id = $1 and id = $2 returning version`,
        [
          accountId,
          orderId,
          order.chargedMinor,
          order.reservedMinor,
          order.refundedMinor,
          order.externalRefundedMinor,
          order.excessMinor,
          order.refundState,
          order.displayStatus,
          order.inReview,
          now,
        ],
      )
      return row?.version ?? 0
    },

    /** Notes that Juspay was asked, and when to ask again. Not a change of the order: the version stays. */
    async markChecked(
      accountId: string,
      orderId: string,
      at: { checkedAt: Date | null; nextCheckAt: Date | null },
    ): Promise<void> {
      await sql.run(
        `update orders set last_checked_at = coalesce($3, last_checked_at), next_check_at = $4,
           check_count = check_count + 1
         where merchant_account_id = $1 and id = $2`,
        [accountId, orderId, at.checkedAt, at.nextCheckAt],
      )
    },

    /**
     * Takes at most `limit` orders that are due and moves them to `leaseUntil`, so that no other process asks about
     * them meanwhile and a crash only delays them.
     */
    takeDueChecks: (now: Date, leaseUntil: Date, limit: number): Promise<DueCheck[]> =>
      sql.rows(
        dueRow,
        `update orders set next_check_at = $2 where id in (
           select id from orders where next_check_at <= $1
           order by next_check_at limit $3 for update skip locked
         ) returning id as "orderId", merchant_account_id as "accountId"`,
        [now, leaseUntil, limit],
      ),
  }
}

async function loadAggregate(sql: Sql, row: StoredOrder): Promise<LockedAggregate> {
  const key = [row.merchantAccountId, row.id]
  const where = 'merchant_account_id = $1 and order_id = $2'
  const transactions = await sql.rows(
    transactionRow,
    `select ${selectList(TRANSACTION_FIELDS)} from transaction where ${where}`,
    key,
  )
  const refunds = await sql.rows(
    refundRow,
    `select ${selectList(REFUND_FIELDS)} from refund where ${where} order by created_at, id`,
    key,
  )
  const requests = await sql.rows(
    requestHoldRow,
    `select id, amount_minor as "amountMinor", status from refund_request where ${where} order by requested_at, id`,
    key,
  )
  return {
    orderId: row.id,
    accountId: row.merchantAccountId,
    version: row.version,
    changedAt: row.changedAt,
    lastCheckedAt: row.lastCheckedAt,
    nextCheckAt: row.nextCheckAt,
    unconfirmedSince: row.unconfirmedSince,
    order: orderOf(row),
    transactions,
    refunds,
    requests,
  }
}

function orderColumns(aggregate: OrderAggregate): (readonly [string, unknown])[] {
  const values = new Map<string, unknown>(Object.entries(aggregate.order))
  const record = ORDER_FIELDS.map((field) => [columnOf(field), columnValue(values.get(field))] as const)
  // Sorted, so that the text does not depend on which refund was heard of first.
  const refunds = aggregate.refunds.toSorted((a, b) => (a.uniqueRequestId < b.uniqueRequestId ? -1 : 1))
  return [...record, ['search_text', searchTextOf({ ...aggregate, refunds })]]
}

type Parts = {
  orderId: string
  accountId: string
  transactions: readonly TransactionRecord[]
  refunds: readonly RefundRecord[]
}

async function saveParts(sql: Sql, before: Parts, next: OrderAggregate, now: Date): Promise<void> {
  const oldTransactions = new Map(before.transactions.map((record) => [record.txnRef, record]))
  for (const record of next.transactions)
    if (!same(oldTransactions.get(record.txnRef), record)) await saveTransaction(sql, before, record, now)
  const oldRefunds = new Map(before.refunds.map((record) => [record.uniqueRequestId, record]))
  for (const record of next.refunds)
    if (!same(oldRefunds.get(record.uniqueRequestId), record)) await saveRefund(sql, before, record, now)
}

/** Whether two records hold the same values. Keys may come in another order, as stamps do. */
export function same(a: object | undefined, b: object): boolean {
  return a !== undefined && canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

async function saveTransaction(sql: Sql, key: Parts, record: TransactionRecord, now: Date): Promise<void> {
  const entries = Object.entries(record)
  const names = entries.map(([field]) => columnOf(field))
  await sql.run(
    `insert into transaction (merchant_account_id, order_id, first_seen_at, ${names.join(', ')})
     values ($1, $2, $3, ${names.map((_, index) => `$${index + 4}`).join(', ')})
     on conflict (merchant_account_id, order_id, txn_ref) do update
     set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [key.accountId, key.orderId, now, ...entries.map(([, value]) => columnValue(value))],
  )
}

/** What a message may write on a refund. Identity and amount of ours are frozen; sending belongs to the sender. */
const TOLD_REFUND_COLUMNS = [
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
] as const satisfies readonly (keyof RefundRecord)[]

async function saveRefund(sql: Sql, key: Parts, record: RefundRecord, now: Date): Promise<void> {
  const values = TOLD_REFUND_COLUMNS.map((field) => record[field])
  const names = TOLD_REFUND_COLUMNS.map(columnOf)
  if (record.id === null) {
    await sql.run(
      `insert into refund (merchant_account_id, order_id, unique_request_id, origin, currency, created_at,
         ${names.join(', ')})
       values ($1, $2, $3, $4, $5, $6, ${names.map((_, index) => `$${index + 7}`).join(', ')})`,
      [key.accountId, key.orderId, record.uniqueRequestId, record.origin, record.currency, now, ...values],
    )
    return
  }
  // Juspay knowing a refund of ours proves that it was sent, whatever our row remembers (a restored backup forgets).
  await sql.run(
    `update refund set ${names.map((name, index) => `${name} = $${index + 5}`).join(', ')},
       first_sent_at = case when origin = 'paydesk' then coalesce(first_sent_at, $4) else first_sent_at end,
       next_action_at = case when $3 then null else next_action_at end,
       lease_until = case when status = 'sending' then null else lease_until end
     where merchant_account_id = $1 and id = $2`,
    [key.accountId, record.id, isSettledRefund(record.status), now, ...values],
  )
}
